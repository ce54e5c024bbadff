"""Where the names of bubbles stand: beside them, never on one another, on a centre or on the frame.

Each label has places in an order of preference: beside the bubble, then farther and farther away with a line that
leads to it. Labels take their best free place one after the other, the most crowded first; then each may move while the
others stay. The order is fixed, so the same bubbles give the same labels.
"""

from __future__ import annotations

from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GAP = 4.0
"""Pixels between a bubble and its label."""
CLEAR = 2.0
"""Pixels between two labels, and between a label and the frame."""
CENTRE = 4.0
"""Pixels around a centre that are no place for a label."""

REACH = 70.0
"""Pixels of a line that leads to a label, at most, where there is room enough."""

_RINGS = (14, 24, 36, 50, 68, 90, 116, 150, 190, 240, 300, 370)
_DIRECTIONS = 16
_ROUNDS, _PUSHING = 5, 3
"""Rounds in which labels may move, and those in which one without a place may take that of others."""


class Disc(NamedTuple):
    """A bubble: its centre and radius in pixels."""

    x: float
    y: float
    radius: float


class Rect(NamedTuple):
    """A rectangle in pixels."""

    x: float
    y: float
    wide: float
    high: float

    def overlaps(self, other: Rect, clear: float = 0.0) -> bool:
        """Whether it comes nearer to another one than that."""
        return (
            self.x < other.x + other.wide + clear
            and other.x < self.x + self.wide + clear
            and self.y < other.y + other.high + clear
            and other.y < self.y + self.high + clear
        )

    def holds(self, x: float, y: float, clear: float = 0.0) -> bool:
        """Whether a point is in it, or nearer to it than that."""
        return self.x - clear < x < self.x + self.wide + clear and self.y - clear < y < self.y + self.high + clear

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of it that is nearest to another."""
        return min(max(x, self.x), self.x + self.wide), min(max(y, self.y), self.y + self.high)


class Spot(NamedTuple):
    """A place of a label, what it costs, and the line that leads to it, if it is not beside its bubble."""

    rect: Rect
    cost: float
    lead: tuple[float, float, float, float] | None = None


def place(
    discs: Sequence[Disc], sizes: Sequence[tuple[float, float]], frame: Rect, reach: float = REACH
) -> list[Spot | None]:
    """Return a place for the label of each bubble, of the sizes given; None for one that finds none in this frame.

    No label is farther from its bubble than ``reach`` pixels.
    """
    plan = _Plan(discs, sizes, frame, reach)
    order = sorted(range(len(discs)), key=lambda place: (-plan.crowd(place), place))
    for attempt in range(_ROUNDS):
        moved = False
        for number in order:
            best = plan.best(number)
            if best is None and attempt < _PUSHING:
                best = plan.push(number)
            if best is not None and best != plan.spots[number]:
                plan.spots[number] = best
                moved = True
        if not moved:
            break
    return plan.spots


class _Plan:
    """Labels under way."""

    def __init__(self, discs: Sequence[Disc], sizes: Sequence[tuple[float, float]], frame: Rect, reach: float) -> None:
        self.discs = discs
        self.sizes = sizes
        self.frame = frame
        self.reach = reach
        self.spots: list[Spot | None] = [None] * len(discs)

    def crowd(self, number: int) -> float:
        """Return how crowded it is around a bubble."""
        own = self.discs[number]
        return sum(1 / (20 + hypot(own.x - disc.x, own.y - disc.y)) for disc in self.discs)

    def best(self, number: int) -> Spot | None:
        """Return the best free place of a label while the others stay where they are."""
        others = [spot for place, spot in enumerate(self.spots) if spot is not None and place != number]
        best: Spot | None = None
        own = self.discs[number]
        for spot in _places(own, *self.sizes[number], self.reach):
            if best is not None and spot.cost >= best.cost:
                if spot.lead is not None:
                    break
                continue
            if self._is_free(spot, others):
                cost = spot.cost + self._annoys(spot, number, others)
                if best is None or cost < best.cost:
                    best = spot._replace(cost=cost)
        return best

    def push(self, number: int) -> Spot | None:
        """Return the place where a label is in the way of the fewest others, which lose theirs."""
        found: tuple[int, Spot, list[int]] | None = None
        for spot in _places(self.discs[number], *self.sizes[number], self.reach):
            if self._is_possible(spot.rect):
                hit = [place for place, other in enumerate(self.spots) if other is not None and _clash(spot, other)]
                if found is None or len(hit) < found[0]:
                    found = (len(hit), spot, hit)
        if found is None:
            return None
        for place in found[2]:
            self.spots[place] = None
        return found[1]

    def _is_free(self, spot: Spot, others: Sequence[Spot]) -> bool:
        return self._is_possible(spot.rect) and not any(_clash(spot, other) for other in others)

    def _is_possible(self, rect: Rect) -> bool:
        """Whether it is within the frame, and on no centre."""
        frame = self.frame
        return (
            frame.x + CLEAR <= rect.x
            and rect.x + rect.wide <= frame.x + frame.wide - CLEAR
            and frame.y + CLEAR <= rect.y
            and rect.y + rect.high <= frame.y + frame.high - CLEAR
            and not any(rect.holds(disc.x, disc.y, CENTRE) for disc in self.discs)
        )

    def _annoys(self, spot: Spot, number: int, others: Sequence[Spot]) -> float:
        """Return what speaks against a place that is free."""
        rect, own = spot.rect, self.discs[number]
        cost = 0.0
        for disc in self.discs:
            if (disc.x, disc.y) == (own.x, own.y):
                continue
            x, y = rect.nearest(disc.x, disc.y)
            distance = hypot(disc.x - x, disc.y - y)
            cost += 2.5 - distance / disc.radius if distance < disc.radius else 0.0
            cost += 2.0 if distance < 9 else 0.0
            if spot.lead is not None and _distance(spot.lead, disc.x, disc.y) < CENTRE:
                cost += 4.0
        if spot.lead is not None:
            cost += sum(5.0 for other in others if other.lead is not None and _meet(spot.lead, other.lead))
        return cost


def _clash(one: Spot, other: Spot) -> bool:
    """Whether two labels overlap, or the line to one goes through the other."""
    return (
        one.rect.overlaps(other.rect, CLEAR)
        or (other.lead is not None and _crosses(other.lead, one.rect))
        or (one.lead is not None and _crosses(one.lead, other.rect))
    )


def _places(disc: Disc, wide: float, high: float, reach: float) -> Iterator[Spot]:
    """Yield the places of a label, the nearest first."""
    x, y, radius = disc
    aside, corner = radius + GAP, radius * 0.7071 + 1
    yield Spot(Rect(x + aside, y - high / 2, wide, high), 0.0)
    if 2 * radius > wide + 10 and radius > high + CENTRE + 6:
        yield Spot(Rect(x - wide / 2, y - high - CENTRE - 1, wide, high), 0.2)
        yield Spot(Rect(x - wide / 2, y + CENTRE + 1, wide, high), 0.3)
    yield Spot(Rect(x - aside - wide, y - high / 2, wide, high), 0.5)
    yield Spot(Rect(x - wide / 2, y - aside - high + 2, wide, high), 0.7)
    yield Spot(Rect(x - wide / 2, y + aside - 2, wide, high), 0.8)
    for cost, left in ((0.9, x - radius), (0.95, x + radius - wide)):
        yield Spot(Rect(left, y - aside - high + 2, wide, high), cost)
        yield Spot(Rect(left, y + aside - 2, wide, high), cost)
    for cost, across, down in ((1.0, 1, -1), (1.1, 1, 1), (1.2, -1, -1), (1.3, -1, 1)):
        left = x + corner if across > 0 else x - corner - wide
        yield Spot(Rect(left, y - corner - high if down < 0 else y + corner, wide, high), cost)
    for ring in map(float, _RINGS):
        if ring > reach:
            return
        directions = _DIRECTIONS if ring < 60 else 2 * _DIRECTIONS
        for number in range(directions):
            angle = 2 * pi * number / directions
            middle_x = x + cos(angle) * (radius + ring + wide / 2)
            middle_y = y + sin(angle) * (radius + ring + high / 2)
            rect = Rect(middle_x - wide / 2, middle_y - high / 2, wide, high)
            yield Spot(rect, 3.0 + ring / 8, _lead(disc, rect))


def _lead(disc: Disc, rect: Rect) -> tuple[float, float, float, float]:
    """Return the line from a bubble's centre to its label."""
    x, y = rect.nearest(disc.x, disc.y)
    return disc.x, disc.y, x, y


def _crosses(line: tuple[float, float, float, float], rect: Rect) -> bool:
    """Whether a line goes through a rectangle: it is cut at each side, and something is left (Liang and Barsky)."""
    x1, y1, x2, y2 = line
    first, last = 0.0, 1.0
    for step, ahead in (
        (x1 - x2, x1 - rect.x),
        (x2 - x1, rect.x + rect.wide - x1),
        (y1 - y2, y1 - rect.y),
        (y2 - y1, rect.y + rect.high - y1),
    ):
        if step == 0:
            if ahead < 0:
                return False
        elif step < 0:
            first = max(first, ahead / step)
        else:
            last = min(last, ahead / step)
    return first <= last


def _distance(line: tuple[float, float, float, float], x: float, y: float) -> float:
    """Return how far a point is from a line."""
    x1, y1, x2, y2 = line
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    share = min(1.0, max(0.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) if length else 0.0
    return hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1))


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two lines cross."""

    def side(line: tuple[float, float, float, float], x: float, y: float) -> float:
        x1, y1, x2, y2 = line
        return (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)

    return side(one, *other[:2]) * side(one, *other[2:]) < 0 and side(other, *one[:2]) * side(other, *one[2:]) < 0
