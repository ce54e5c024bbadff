"""Charts of bubbles: where each stands, how large it is, and where its name goes."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from archcalc.charts.axis import Axis, axis, round_below, tick_label
from archcalc.charts.content import Content
from archcalc.charts.labels import REACH, Disc, Rect, Spot, place
from archcalc.charts.marks import Picture, disc, group, rule, words
from archcalc.draw.metrics import clipped, width
from archcalc.draw.theme import SMALL, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 900.0
TOP = 66.0
HEIGHT = 430.0
"""Pixels of the frame, unless names need more."""
USUAL = 30
"""Networks that a frame of that height holds."""
ATTEMPTS = 5
"""Heights that are tried until every name finds room."""
LEGEND = 138.0
LARGEST = 34.0
"""Radius of the largest bubble among a few; among many it is smaller."""
ONE_SIZE = 7.0
"""Radius of bubbles whose area says nothing."""
LABEL = 13.0
"""Height of a label."""
LONGEST = 32
"""Characters of a label; a tooltip has the whole name."""
_ROOM = 12.0
"""Pixels between the bubbles and the frame, at least."""

Said = tuple[str, str]
"""What an axis or an area is called, and its kind."""


class Bubble(NamedTuple):
    """A network as a bubble; ``look`` is its colour."""

    name: str
    x: float
    y: float
    area: float
    look: str
    dashed: bool
    tooltip: str


class BubbleChart(Content):
    """Networks as bubbles."""

    bubbles: tuple[Bubble, ...]
    across: Said
    upwards: Said
    areas: Said | None

    def picture(self) -> Picture:
        """Return it as it is drawn."""
        return _draw(self, place_all(self))


class Label(NamedTuple):
    """What is written beside a bubble: its name, and those of others in the very same place."""

    bubble: int
    names: tuple[str, ...]
    spot: Spot | None = None
    """None where there is no room: so many networks are in about one place."""

    @property
    def text(self) -> str:
        """What is written, in so many characters as there is room for."""
        return clipped(", ".join(self.names), LONGEST if len(self.names) == 1 else 2 * LONGEST)


class Plot(NamedTuple):
    """Where everything is: the frame, the axes, the disc of each bubble, and labels."""

    frame: Rect
    x: Axis
    y: Axis
    discs: tuple[Disc, ...]
    labels: tuple[Label, ...]
    largest: float
    """Radius of the largest bubble."""


def place_all(chart: BubbleChart) -> Plot:
    """Return where everything is; the frame is as high as names need it."""
    labels = _labels(chart)
    sizes = [(width(label.text, TEXT) + 2, LABEL) for label in labels]
    legend = LEGEND if chart.areas or _has_both(chart) else 16.0
    high, reach = HEIGHT * max(1.0, len(labels) / USUAL), REACH
    without = len(labels)
    for _ in range(ATTEMPTS):
        y = _axis(chart.upwards, [bubble.y for bubble in chart.bubbles], high, len(labels), apart=44)
        left = 34 + max((width(tick.label, SMALL) for tick in y.ticks), default=0)
        frame = Rect(left, TOP, WIDTH - left - legend, high)
        x = _axis(chart.across, [bubble.x for bubble in chart.bubbles], frame.wide, len(labels), apart=54)
        discs = _discs(chart, frame, x, y)
        spots = place([discs[label.bubble] for label in labels], sizes, frame, reach)
        before, without = without, spots.count(None)
        if not without or before <= without > len(labels) / 10:
            break
        high, reach = high * 1.25, reach * 1.4
    placed = tuple(label._replace(spot=spot) for label, spot in zip(labels, spots, strict=True))
    return Plot(frame, x, y, discs, placed, _largest(chart))


def _labels(chart: BubbleChart) -> list[Label]:
    """Return a label for each place, at the largest of the bubbles there."""
    places: dict[tuple[float, float], list[int]] = {}
    for number, bubble in enumerate(chart.bubbles):
        places.setdefault((bubble.x, bubble.y), []).append(number)
    return [
        Label(max(numbers, key=lambda number: chart.bubbles[number].area), _names(chart, numbers))
        for numbers in places.values()
    ]


def _names(chart: BubbleChart, numbers: list[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chart.bubbles[number].name for number in numbers))


def _axis(said: Said, values: list[float], pixels: float, count: int, *, apart: float) -> Axis:
    pad = (LARGEST if count <= 12 else 24.0) + _ROOM
    return axis(*said, values, pixels, pad=pad, apart=apart)


def _largest(chart: BubbleChart) -> float:
    if chart.areas is None:
        return ONE_SIZE
    return LARGEST if len(chart.bubbles) <= 12 else 24.0


def _discs(chart: BubbleChart, frame: Rect, x: Axis, y: Axis) -> tuple[Disc, ...]:
    """Return the bubbles: their areas are as their values."""
    most = max(bubble.area for bubble in chart.bubbles) or 1.0
    return tuple(
        Disc(
            frame.x + frame.wide * x.at(bubble.x),
            frame.y + frame.high * (1 - y.at(bubble.y)),
            max(_largest(chart) * sqrt(bubble.area / most), 0.1),
        )
        for bubble in chart.bubbles
    )


def _has_both(chart: BubbleChart) -> bool:
    """Whether some borders are dashed and some are not, so that a legend is needed."""
    return len({bubble.dashed for bubble in chart.bubbles}) > 1


def _draw(chart: BubbleChart, plot: Plot) -> Picture:
    picture = Picture(chart.title, chart.subtitle, chart.description, WIDTH)
    picture.add(*_axes(plot))
    order = sorted(range(len(plot.discs)), key=lambda number: -plot.discs[number].radius)
    for number in order:
        bubble, (x, y, radius) = chart.bubbles[number], plot.discs[number]
        look = f"bubble {bubble.look}{' dashed' if bubble.dashed else ''}"
        picture.add(group([disc(x, y, radius, look)], tooltip=bubble.tooltip, network=bubble.name))
    spots = [label.spot for label in plot.labels if label.spot is not None]
    picture.add(*(rule(*spot.lead, "lead") for spot in spots if spot.lead is not None))
    picture.add(*(disc(each.x, each.y, 2, "dot") for each in plot.discs))
    picture.add(*_written(chart, plot))
    if chart.areas is not None or _has_both(chart):
        picture.add(*_legend(chart, plot))
    end = picture.notes((*chart.notes, *_apart(plot)), plot.frame.y + plot.frame.high + 58)
    picture.height = end + 4
    return picture


def _written(chart: BubbleChart, plot: Plot) -> Iterator[str]:
    for label in plot.labels:
        if label.spot is not None:
            rect, bubble = label.spot.rect, chart.bubbles[label.bubble]
            mark = words(rect.x + 1, rect.y + LABEL - 3, label.text, "halo")
            yield group([mark], tooltip=bubble.tooltip, label=", ".join(label.names))


def _apart(plot: Plot) -> Iterator[str]:
    """Yield the names that are not written whole in the frame."""
    for label in plot.labels:
        if len(label.names) > 1 and label.text != ", ".join(label.names):
            yield f"In one place: {', '.join(label.names)}."
    without = [name for label in plot.labels if label.spot is None for name in label.names]
    if without:
        yield f"No room for the names of {', '.join(without)}."


def _axes(plot: Plot) -> Iterator[str]:
    """Yield the frame, the lines at the ticks, and what is written along it."""
    left, top, wide, high = plot.frame
    bottom = top + high
    for tick in plot.x.ticks:
        at = left + wide * plot.x.at(tick.value)
        yield group([rule(at, top, at, bottom), words(at, bottom + 15, tick.label, "small mid")], tick="x")
    for tick in plot.y.ticks:
        at = bottom - high * plot.y.at(tick.value)
        yield group([rule(left, at, left + wide, at), words(left - 6, at + 3.5, tick.label, "small end")], tick="y")
    yield f'<path class="frame" d="M{left:.1f} {top:.1f}h{wide:.1f}v{high:.1f}h{-wide:.1f}z"/>'
    yield words(left + wide / 2, bottom + 34, plot.x.title, "mid")
    yield words(22, top + high / 2, plot.y.title, "mid", turned=True)


def _legend(chart: BubbleChart, plot: Plot) -> Iterator[str]:
    left, top = plot.frame.x + plot.frame.wide + 18, plot.frame.y + 10
    most = max(bubble.area for bubble in chart.bubbles)
    if chart.areas is not None and most > 0:
        label, kind = chart.areas
        yield words(left, top, label, "small b")
        bottom = top + 2 * plot.largest + 8
        for value in round_areas(most, kind, plot.largest):
            radius = plot.largest * sqrt(value / most)
            line = bottom - 2 * radius
            yield group(
                [
                    disc(left + plot.largest, bottom - radius, radius, "outline"),
                    rule(left + plot.largest, line, left + 2 * plot.largest + 6, line, "lead"),
                    words(left + 2 * plot.largest + 9, line + 3.5, tick_label(value, kind)),
                ],
                size=f"{value:g}",
            )
        top = bottom + 26
    if _has_both(chart):
        yield words(left, top, "Accuracy", "small b")
        for number, (look, text) in enumerate((("outline", "of one crop"), ("outline dashed", "measured"))):
            yield disc(left + 7, top + 15 + 18 * number, 6, look)
            yield words(left + 19, top + 18.5 + 18 * number, text)
        yield words(left + 19, top + 49, "otherwise")


def round_areas(most: float, kind: str, largest: float) -> list[float]:
    """Return the areas that the legend shows: round ones, whose circles leave room for what they say."""
    found: list[float] = []
    value = most
    while value > 0 and len(found) < 3:
        value = round_below(value, kind)
        over = 2 * largest * sqrt(value / most)
        if not found or 2 * largest * sqrt(found[-1] / most) - over >= LABEL:
            found.append(value)
        if over < LABEL / 2:
            break
        value *= 0.999
    return found
