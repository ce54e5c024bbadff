"""How a table fits the columns of a terminal: which of its columns are shown, how wide, and how far apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.record import Record
from archcalc.width import width

if TYPE_CHECKING:
    from archcalc.render.page import Grid

LEAST_LABEL = 12
"""Columns of a label that are kept in a terminal, however narrow."""


class Layout(Record):
    """The columns that are shown, the space between them, those left out, and how wide the columns are."""

    shown: list[int]
    gap: int
    dropped: list[int]
    widths: list[int]
    narrowed: bool
    """Whether anything had to be cut, wrapped or left out."""

    @property
    def columns(self) -> int:
        """The columns that the whole table takes."""
        return sum(self.widths) + self.gap * (len(self.shown) - 1) if self.shown else 0


def fit(grid: Grid, columns: int | None) -> Layout:
    """Choose the columns of a table that fit.

    First less space, then long texts are cut or wrapped, then fewer columns, those that a table does without. Where
    that is not enough, labels are cut; and where no more than their beginning would be left, the columns next to them
    go, so that the results stay.
    """
    whole = [_width(grid, index) for index in range(len(grid.heads))]
    shown, dropped = list(range(len(grid.heads))), list[int]()
    if columns is None:
        return Layout(shown, 2, dropped, whole, False)
    for gap in (2, 1):
        if sum(whole) + gap * (len(shown) - 1) <= columns:
            return Layout(shown, gap, dropped, whole, False)
    widths = [min(each, head.least or each) for each, head in zip(whole, grid.heads, strict=True)]

    room = columns

    def excess() -> int:
        return sum(widths[index] for index in shown) + len(shown) - 1 - room

    while excess() > 0:
        spare = [grid.heads[index].optional for index in shown if grid.heads[index].optional > 0]
        if not spare:
            break
        gone = [index for index in shown if grid.heads[index].optional == min(spare)]
        shown = [index for index in shown if index not in gone]
        dropped += gone
    _share_out(max(0, -excess()), [index for index in shown if widths[index] < whole[index]], widths, whole)
    label = widths[shown[0]]
    while label - excess() < min(label, LEAST_LABEL) and len(shown) > 2:
        dropped.append(shown.pop(1))
    kept = [widths[index] for index in shown]
    kept[0] = max(1, label - max(0, excess()))
    return Layout(shown, 1, sorted(dropped), kept, True)


def _share_out(spare: int, narrow: list[int], widths: list[int], whole: list[int]) -> None:
    """Widen columns that were made narrower, the narrowest first, until they are whole or nothing is left."""
    while spare > 0 and narrow:
        index = min(narrow, key=lambda each: widths[each])
        widths[index] += 1
        spare -= 1
        if widths[index] == whole[index]:
            narrow.remove(index)


def _width(grid: Grid, index: int) -> int:
    """Return how wide a column is with all of its texts, but for headings that are as wide as the table."""
    cells = [row[index] for number, row in enumerate(grid.rows) if number not in grid.headings or index or any(row[1:])]
    if grid.total:
        cells.append(grid.total[index])
    return max(map(width, [*cells, *grid.heads[index].text.split("\n")]))
