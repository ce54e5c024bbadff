"""Channels: the gaps between pieces that follow one another, in which edges change sides on tracks of their own."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    Turns = dict[int, list[tuple[float, float]]]

STRAIGHT = 20.0
"""Length of a gap that edges cross straight."""
BEFORE, TRACK, AFTER = 10.0, 8.0, 14.0
"""Lengths in front of the first track, between two, and behind the last, where arrows are."""
CLOSE = 4.0
"""Lines nearer than this look like one."""


class Crossing(NamedTuple):
    """An edge that crosses a gap: where from, where to, and what it comes from; edges of one source share a track."""

    edge: int
    source: int
    start: float
    end: float


class _Net:
    """The edges of one source: their starts and ends, and how far they reach."""

    def __init__(self, crossings: list[Crossing]) -> None:
        self.crossings = crossings
        self.starts = {crossing.start for crossing in crossings}
        self.ends = {crossing.end for crossing in crossings}
        self.low = min(self.starts | self.ends)
        self.high = max(self.starts | self.ends)
        self.track = 0

    def meets(self, other: _Net) -> bool:
        return self.low < other.high + CLOSE and other.low < self.high + CLOSE

    def cost_above(self, other: _Net) -> int:
        """Return how often edges cross where this one runs nearer to the start of the gap."""
        return sum(self.low < start < self.high for start in other.starts) + sum(
            other.low < end < other.high for end in self.ends
        )

    def must_be_above(self, other: _Net) -> bool:
        """Whether one of its starts is where the other one ends: behind it, they would run along one another."""
        return any(abs(start - end) < CLOSE for start in self.starts for end in other.ends)


def channel(crossings: list[Crossing]) -> tuple[float, Turns]:
    """Return the length of a gap and, for each edge that changes sides, where it turns: how far along, and to where."""
    together = len({crossing.end for crossing in crossings}) == 1
    nets_by: dict[int, list[Crossing]] = {}
    for crossing in crossings:
        if abs(crossing.start - crossing.end) > 0.01:
            nets_by.setdefault(0 if together else crossing.source, []).append(crossing)
    if not nets_by:
        return STRAIGHT, {}
    nets = _in_order([_Net(each) for each in nets_by.values()])
    for number, net in enumerate(nets):
        net.track = max((before.track + 1 for before in nets[:number] if before.meets(net)), default=0)
    last = max(net.track for net in nets)
    turns: Turns = {}
    evaded = 0
    for number, net in enumerate(nets):
        along = BEFORE + net.track * TRACK
        for crossing in net.crossings:
            turns[crossing.edge] = [(along, crossing.end)]
            if any(_is_close(crossing.end, other.starts) for other in nets[number + 1 :]):
                evaded += 1
                aside = _aside(crossing, [each for other in nets for each in other.crossings])
                turns[crossing.edge] = [(along, aside), (BEFORE + (last + evaded) * TRACK, crossing.end)]
    return BEFORE + (last + evaded) * TRACK + AFTER, turns


def _is_close(place: float, others: Iterable[float]) -> bool:
    return any(abs(place - other) < CLOSE for other in others)


def _aside(crossing: Crossing, crossings: list[Crossing]) -> float:
    """Return a place beside where an edge ends, at which no other edge comes or goes: where nets are in a circle."""
    known = [place for each in crossings for place in (each.start, each.end)]
    steps = (step * sign for step in range(5, 400, 5) for sign in (1, -1))
    return next((crossing.end + step for step in steps if not _is_close(crossing.end + step, known)), crossing.end)


def _in_order(nets: list[_Net]) -> list[_Net]:
    """Return nets so that none covers another, and little is crossed; the first ones nearest to the start."""
    score = dict.fromkeys(range(len(nets)), 0)
    above: dict[int, set[int]] = {number: set() for number in score}
    for (i, first), (j, second) in combinations(enumerate(nets), 2):
        if first.meets(second):
            difference = first.cost_above(second) - second.cost_above(first)
            score[i] += difference
            score[j] -= difference
            if first.must_be_above(second):
                above[j].add(i)
            if second.must_be_above(first):
                above[i].add(j)
    order: list[int] = []
    while score:
        free = [i for i in score if not above[i] & score.keys()] or list(score)  # in a circle, one has to be first
        chosen = min(free, key=lambda i: (score[i], i))
        order.append(chosen)
        del score[chosen]
    return [nets[i] for i in order]
