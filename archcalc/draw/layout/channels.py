"""Channels: the gaps between pieces that follow one another, in which edges change sides on tracks of their own."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

STRAIGHT = 20.0
"""Length of a gap that edges cross straight."""
BEFORE, TRACK, AFTER = 10.0, 8.0, 14.0
"""Lengths in front of the first track, between two, and behind the last, where arrows are."""


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
        return self.low <= other.high and other.low <= self.high

    def cost_above(self, other: _Net) -> int:
        """Return how much is crossed or covered where this one runs nearer to the start of the gap."""
        covered = len(self.ends & other.starts)
        return (
            sum(self.low < start < self.high for start in other.starts)
            + sum(other.low < end < other.high for end in self.ends)
            + 10 * covered
        )


def channel(crossings: list[Crossing]) -> tuple[float, dict[int, float]]:
    """Return the length of a gap and, for each edge that changes sides, how far along it does."""
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
    tracks = {crossing.edge: BEFORE + net.track * TRACK for net in nets for crossing in net.crossings}
    return BEFORE + last * TRACK + AFTER, tracks


def _in_order(nets: list[_Net]) -> list[_Net]:
    """Return nets so that little is crossed, the first ones nearest to the start."""
    score = dict.fromkeys(range(len(nets)), 0)
    for (i, first), (j, second) in combinations(enumerate(nets), 2):
        if first.meets(second):
            difference = first.cost_above(second) - second.cost_above(first)
            score[i] += difference
            score[j] -= difference
    return [nets[i] for i in sorted(score, key=lambda i: (score[i], i))]
