"""Charts of steps: amounts that stand on one another, one step after the other, with the highest named."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.charts.axis import BYTES, Axis, from_zero
from archcalc.charts.content import Content
from archcalc.charts.marks import LINE, Picture, bar, disc, exact, group, rule, swatches, words
from archcalc.draw.metrics import fitted, width
from archcalc.draw.theme import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 900.0
TOP = 62.0
HEIGHT = 300.0
SIDE = 16.0
NAMES = 120.0
"""Pixels of a name below the steps, at most."""
NARROW = 11.0
"""Pixels between two names, at least."""
POINTED_AT = 600
"""Steps that can be pointed at one by one; of more, the parts can."""


class Step(NamedTuple):
    """A step: its amounts in the order of the legend, and what is said when it is pointed at."""

    name: str
    amounts: tuple[float, ...]
    tooltip: str


class Band(NamedTuple):
    """Steps that have one name below them: the first, and the one behind the last."""

    name: str
    first: int
    end: int


class StepChart(Content):
    """Amounts step by step."""

    upwards: str
    steps: tuple[Step, ...]
    bands: tuple[Band, ...]
    legend: tuple[tuple[str, str], ...]
    """A colour and what it means for each of the amounts, from the lowest up."""
    top: int
    """The step that is named as the highest."""
    says: str
    """What is said of it."""

    def picture(self) -> Picture:
        """Return it as it is drawn."""
        picture = Picture(self.title, self.subtitle, self.description, WIDTH)
        place = frame(self)
        picture.add(*_grid(place))
        for number, (look, says) in enumerate(self.legend):
            path = area(place, [(sum(step.amounts[:number]), step.amounts[number]) for step in self.steps])
            picture.add(group([f'<path class="area {look}" d="{path}"/>'], area=says))
        picture.add(*_bands(self, place), *_outline(place))
        picture.add(*_named(self, place), *_hits(self, place))
        low = max((_long(band.name) for band in self.bands), default=0.0)
        marks, bottom = swatches(self.legend, SIDE, TOP + HEIGHT + low + 24, WIDTH - 2 * SIDE)
        picture.add(*marks)
        picture.height = picture.notes(self.notes, bottom + LINE) + 2
        return picture


class Frame(NamedTuple):
    """Where steps are: the left end and the width of all of them, and the axis upwards."""

    left: float
    wide: float
    steps: int
    axis: Axis

    def x(self, step: int) -> float:
        """Return where a step begins."""
        return self.left + self.wide * step / self.steps

    def y(self, value: float) -> float:
        """Return how far down an amount reaches."""
        return TOP + HEIGHT * (1 - self.axis.at(value))


def frame(chart: StepChart) -> Frame:
    """Return where everything is."""
    most = max(sum(step.amounts) for step in chart.steps)
    axis = from_zero(chart.upwards, BYTES, most, HEIGHT, room=36, apart=44)
    left = 34 + max(width(tick.label, SMALL) for tick in axis.ticks)
    return Frame(left, WIDTH - SIDE - left, len(chart.steps), axis)


def area(place: Frame, heights: Sequence[tuple[float, float]]) -> str:
    """Return the outline of amounts that stand on others: there along their tops, and back below them."""
    there, back = [], []
    before: tuple[float, float] | None = None
    for number, (low, amount) in enumerate(heights):
        here = (low, low + amount)
        if here == before:
            continue
        x, y = exact(place.x(number)), exact(place.y(here[1]))
        there.append(f"M{x} {y}" if before is None else f"H{x}V{y}")
        if before is not None:
            back.append(f"H{x}V{exact(place.y(before[0]))}")
        before = here
    assert before is not None
    end = f"H{exact(place.x(place.steps))}V{exact(place.y(before[0]))}"
    return "".join((*there, end, *reversed(back), f"H{exact(place.left)}Z"))


def _grid(place: Frame) -> Iterator[str]:
    for tick in place.axis.ticks:
        y = place.y(tick.value)
        label = words(place.left - 6, y + 3.5, tick.label, "small end")
        yield group([rule(place.left, y, place.left + place.wide, y), label], tick="y")
    yield words(22, TOP + HEIGHT / 2, place.axis.title, "mid", turned=True)


def _outline(place: Frame) -> Iterator[str]:
    yield rule(place.left, TOP, place.left, TOP + HEIGHT, "frame")
    yield rule(place.left, TOP + HEIGHT, place.left + place.wide, TOP + HEIGHT, "frame")


def _long(name: str) -> float:
    return width(fitted(name, SMALL, NAMES), SMALL)


def _bands(chart: StepChart, place: Frame) -> Iterator[str]:
    """Yield lines between the parts where these are wide enough, and names below those that have room, widest first."""
    bottom = TOP + HEIGHT
    taken: list[float] = []
    for band in sorted(chart.bands, key=lambda band: (band.first - band.end, band.first)):
        start, end = place.x(band.first), place.x(band.end)
        if end - start >= 4:
            yield rule(end, bottom, end, bottom + 4, "frame")
        middle = (start + end) / 2
        if all(abs(middle - other) >= NARROW for other in taken):
            taken.append(middle)
            name = fitted(band.name, SMALL, NAMES)
            label = words(middle + 3.5, bottom + 8 + width(name, SMALL), name, "small", turned=True)
            yield group([label], tooltip=band.name, band=band.name)


def _named(chart: StepChart, place: Frame) -> Iterator[str]:
    """Yield what says which step is the highest."""
    y = place.y(sum(chart.steps[chart.top].amounts))
    x = (place.x(chart.top) + place.x(chart.top + 1)) / 2
    half = width(chart.says, 11, bold=True) / 2
    middle = min(max(x, place.left + half + 4), place.left + place.wide - half - 4)
    yield rule(place.left, y, place.left + place.wide, y, "guide")
    yield disc(x, y, 3.5, "dot")
    yield group([words(middle, y - 10, chart.says, "mid b halo")], peak=chart.steps[chart.top].name)


def _hits(chart: StepChart, place: Frame) -> Iterator[str]:
    """Yield what can be pointed at."""
    if len(chart.steps) <= POINTED_AT:
        for number, step in enumerate(chart.steps):
            x = place.x(number)
            yield group([bar(x, TOP, place.x(number + 1) - x, HEIGHT, "hit")], tooltip=step.tooltip, step=step.name)
        return
    for band in chart.bands:
        highest = max(chart.steps[band.first : band.end], key=lambda step: sum(step.amounts))
        x = place.x(band.first)
        said = f"{band.name}; the most in it:\n{highest.tooltip}"
        yield group([bar(x, TOP, place.x(band.end) - x, HEIGHT, "hit")], tooltip=said, step=band.name)
