"""Bars in the cells of a table, drawn with characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archcalc.render.page import Grid

WIDTH = 14
"""Characters of the longest bar of a column."""

_PARTS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")


def with_bars(grid: Grid) -> Grid:
    """Return a table with a bar behind the text of each cell that has an amount."""
    if not grid.bars:
        return grid
    columns = [list(cells) for cells in zip(*grid.rows, strict=True)]
    for number, amounts in grid.bars.items():
        largest, width = max(amounts), max(map(len, columns[number]))
        columns[number] = [
            f"{text:>{width}} {_bar(amount, largest)}" for text, amount in zip(columns[number], amounts, strict=True)
        ]
    return grid.replace(rows=tuple(zip(*columns, strict=True)))


def _bar(amount: int, largest: int) -> str:
    """Draw an amount to an eighth of a character, rounded up so that nothing but 0 has no bar."""
    eighths = -(-8 * WIDTH * amount // largest) if largest else 0
    return "█" * (eighths // 8) + _PARTS[eighths % 8]
