"""All rows of a network as a tree: composites, what they hold, and in the end every primitive layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.rows import Row, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.engine.report import Report

    Level = dict[int, Row]
    """Rows by the place of their first layer."""


class TreeRow(NamedTuple):
    """A row, its level (1 for what ``show`` prints), the place of its first layer, and how many rows it unfolds to."""

    row: Row
    level: int
    first: int
    inside: int


def row_tree(report: Report) -> list[TreeRow]:
    """Return all rows, each before those that it unfolds to.

    Level 1 has the rows of the layer table, level 2 those into which it unfolds them, and so on; a row of one layer
    with others attached unfolds to these.
    """
    deepest = max(layer.name.count("/") for layer in report.layers) + 1
    levels = [_level(rows(report, depth)) for depth in range(1, deepest + 1)]
    primitive = [Row(layer.name, layer.name.rpartition("/")[2], (layer,)) for layer in report.layers]
    return list(_below([*levels, _level(primitive)], 0, len(report.layers), 1))


def _level(table: Sequence[Row]) -> Level:
    found: Level = {}
    place = 0
    for row in table:
        if not row.heading:
            found[place] = row
            place += len(row.layers)
    return found


def _below(levels: Sequence[Level], first: int, end: int, level: int) -> Iterator[TreeRow]:
    """Yield the rows of some layers, and below each those into which deeper levels part it."""
    if not levels:
        return
    at, deeper = levels[0], levels[1:]
    place = first
    while place < end:
        row = at[place]
        after = place + len(row.layers)
        inner = deeper
        while inner and len(inner[0][place].layers) == len(row.layers):
            inner = inner[1:]
        below = list(_below(inner, place, after, level + 1))
        yield TreeRow(row, level, place, sum(each.level == level + 1 for each in below))
        yield from below
        place = after
