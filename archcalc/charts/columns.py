"""Charts of columns: an error for each entry, and below it the depth of its network."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.charts.axis import NUMBER, PERCENT, Axis, from_zero
from archcalc.charts.content import Content
from archcalc.charts.marks import Picture, bar, group, rule, words
from archcalc.draw.metrics import fitted
from archcalc.draw.theme import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 900.0
LEFT, RIGHT = 62.0, 16.0
TOP, HIGH = 62.0, 240.0
"""Where errors begin, and how high their part is."""
BELOW, LOW = 372.0, 110.0
"""Where depths begin, and how high their part is."""
BAR = 0.62
"""Share of a column that its bar takes."""


class Column(NamedTuple):
    """An entry: what stands below it, its error as printed, and the depth of its network or what is said instead."""

    year: str
    team: str
    network: str
    error: float
    printed: str
    depth: int | None
    instead: str
    tooltip: str


class ColumnChart(Content):
    """Errors and depths, entry by entry."""

    columns: tuple[Column, ...]
    guide: tuple[float, str]
    """An error to compare with, and what it is."""

    def picture(self) -> Picture:
        """Return it as it is drawn."""
        picture = Picture(self.title, self.subtitle, self.description, WIDTH)
        errors, depths = axes(self)
        picture.add(*_scale(errors, TOP, HIGH), *_scale(depths, BELOW, LOW))
        pitch = (WIDTH - LEFT - RIGHT) / len(self.columns)
        value, says = self.guide
        y = TOP + HIGH * (1 - errors.at(value))
        picture.add(rule(LEFT, y, WIDTH - RIGHT, y, "guide"), words(WIDTH - RIGHT - 4, y - 5, says, "small end halo"))
        for number, column in enumerate(self.columns):
            marks = _column(column, number, pitch, errors, depths)
            picture.add(group(marks, tooltip=column.tooltip, entry=column.team))
        picture.height = picture.notes(self.notes, BELOW + LOW + 34) + 2
        return picture


def axes(chart: ColumnChart) -> tuple[Axis, Axis]:
    """Return the axes of errors and of depths."""
    most = max(column.error for column in chart.columns)
    deepest = max((column.depth or 0 for column in chart.columns), default=0)
    return (
        from_zero("Top-5 error", PERCENT, most, HIGH, room=24, apart=40),
        from_zero("Depth", NUMBER, deepest, LOW, room=20, apart=40),
    )


def _scale(axis: Axis, top: float, high: float) -> Iterator[str]:
    for tick in axis.ticks:
        y = top + high * (1 - axis.at(tick.value))
        look = "frame" if tick.value == 0 else "grid"
        label = words(LEFT - 6, y + 3.5, tick.label, "small end")
        yield group([rule(LEFT, y, WIDTH - RIGHT, y, look), label], tick=axis.title)
    yield words(22, top + high / 2, axis.title, "mid", turned=True)


def _column(column: Column, number: int, pitch: float, errors: Axis, depths: Axis) -> Iterator[str]:
    middle, wide = LEFT + pitch * (number + 0.5), pitch * BAR
    left, high = middle - wide / 2, HIGH * errors.at(column.error)
    yield group([bar(left, TOP + HIGH - high, wide, high, "bar pool")], bar="error")
    yield words(middle, TOP + HIGH - high - 5, column.printed, "small mid b halo")
    yield words(middle, TOP + HIGH + 17, column.year, "mid b")
    yield words(middle, TOP + HIGH + 31, fitted(column.team, SMALL, pitch - 4), "small mid")
    yield words(middle, TOP + HIGH + 45, fitted(column.network, SMALL, pitch - 4), "small mid soft")
    if column.depth is None:
        yield words(middle, BELOW + LOW - 5, fitted(column.instead, SMALL, pitch - 4), "small mid soft")
        return
    deep = LOW * depths.at(column.depth)
    yield group([bar(left, BELOW + LOW - deep, wide, deep, "bar conv")], bar="depth")
    yield words(middle, BELOW + LOW - deep - 5, str(column.depth), "small mid b halo")
