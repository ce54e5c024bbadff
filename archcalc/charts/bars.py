"""Charts of bars: a row for each layer, a panel for each quantity, every bar as long as its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.charts.content import Content
from archcalc.charts.marks import Picture, bar, group, rule, swatches, words
from archcalc.draw.metrics import fitted, width
from archcalc.draw.theme import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 900.0
TOP = 92.0
"""Where the first row begins."""
SIDE = 16.0
BETWEEN = 18.0
"""Pixels between two panels."""
WIDEST = 260.0
"""Pixels of the column of names, at most."""
INDENT = 12.0
ROW, LOW_ROW = 17.0, 13.0
"""Height of a row among a page's rows, and among more."""
PAGE = 60
"""Rows of a page."""


class Part(NamedTuple):
    """A part of a bar: its value, and its colour."""

    value: float
    look: str


class Row(NamedTuple):
    """A row: for each panel the parts of its bar, and what is written at its end."""

    path: str
    label: str
    level: int
    heading: bool
    tooltip: str
    bars: tuple[tuple[Part, ...], ...] = ()
    says: tuple[str, ...] = ()


class Panel(NamedTuple):
    """A panel: its word in data, what it shows, the sum of its rows, and its kind (axis.py)."""

    word: str
    title: str
    total: str
    kind: str


class BarChart(Content):
    """Rows of bars."""

    panels: tuple[Panel, ...]
    rows: tuple[Row, ...]
    legend: tuple[tuple[str, str], ...]
    """Colours and what they mean."""

    def picture(self) -> Picture:
        """Return it as it is drawn."""
        picture = Picture(self.title, self.subtitle, self.description, WIDTH)
        high = ROW if len(self.rows) <= PAGE else LOW_ROW
        left = _names(self)
        for number, panel in enumerate(self.panels):
            picture.add(words(left + number * _pitch(self, left), TOP - 16, panel.title, "b"))
            after = left + number * _pitch(self, left) + width(panel.title, 11, bold=True) + 8
            picture.add(words(after, TOP - 16, panel.total, "sub"))
        for number, row in enumerate(self.rows):
            picture.add(_row(self, row, TOP + number * high, high, left))
        bottom = TOP + len(self.rows) * high
        for number in range(len(self.panels)):
            at = left + number * _pitch(self, left)
            picture.add(rule(at, TOP - 4, at, bottom + 4, "frame"))
        marks, bottom = swatches(self.legend, SIDE, bottom + 16, WIDTH - 2 * SIDE)
        picture.add(*marks)
        picture.height = picture.notes(self.notes, bottom + 14) + 2
        return picture

    def most(self, panel: int) -> float:
        """Return the largest value of a panel."""
        return max((sum(part.value for part in row.bars[panel]) for row in self.rows if row.bars), default=0.0)

    def longest(self, panel: int) -> float:
        """Return the pixels of what is written at the ends of a panel's bars, at most."""
        return max((width(row.says[panel], SMALL) for row in self.rows if row.says), default=0.0)


def _names(chart: BarChart) -> float:
    """Return where the first panel begins: behind the names."""
    widths = (INDENT * row.level + width(row.label, SMALL, bold=row.heading) for row in chart.rows)
    return SIDE + min(max(widths, default=0.0), WIDEST) + 10


def _pitch(chart: BarChart, left: float) -> float:
    """Return how far apart two panels begin."""
    return (WIDTH - SIDE - left + BETWEEN) / len(chart.panels)


def _row(chart: BarChart, row: Row, top: float, high: float, left: float) -> str:
    base = top + high / 2 + 3.5
    x = SIDE + INDENT * row.level
    look = "small b" if row.heading else "small"
    marks = [words(x, base, fitted(row.label, SMALL, left - x - 6, bold=row.heading), look)]
    for number, (parts, says) in enumerate(zip(row.bars, row.says, strict=True)):
        marks += _bar(chart, number, parts, says, (left, top, high, base))
    marks.append(bar(SIDE, top, WIDTH - 2 * SIDE, high, "hit"))
    return group(marks, tooltip=row.tooltip, row=row.path)


def _bar(
    chart: BarChart, number: int, parts: tuple[Part, ...], says: str, place: tuple[float, float, float, float]
) -> Iterator[str]:
    """Yield the parts of a bar, one behind the other, and what is written at their end."""
    left, top, high, base = place
    pitch, most = _pitch(chart, left), chart.most(number)
    room = pitch - BETWEEN - chart.longest(number) - 5
    x = left + number * pitch
    for part in parts:
        if part.value > 0:
            wide = room * part.value / most
            yield group([bar(x, top + 2.5, wide, high - 5, f"bar {part.look}")], panel=chart.panels[number].word)
            x += wide
    if x > left + number * pitch:
        yield words(x + 5, base, says)
