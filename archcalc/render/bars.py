"""Bars in the cells of a table, drawn with characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.width import right, width

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
        below = [grid.total[number]] if grid.total else []
        largest, wide = max(amounts), max(map(width, [*columns[number], *below]))
        columns[number] = [
            f"{right(text, wide)} {_bar(amount, largest)}"
            for text, amount in zip(columns[number], amounts, strict=True)
        ]
    heads = tuple(head.replace(left=True) if number in grid.bars else head for number, head in enumerate(grid.heads))
    return grid.replace(heads=heads, rows=tuple(zip(*columns, strict=True)))


def _bar(amount: int, largest: int) -> str:
    """Draw an amount to an eighth of a character, rounded up so that nothing but 0 has no bar."""
    eighths = -(-8 * WIDTH * amount // largest) if largest else 0
    return "█" * (eighths // 8) + _PARTS[eighths % 8]
