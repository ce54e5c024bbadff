"""The order of layers that needs the least memory: branches may run in another order than they are written in.

A network is cut where a single value connects the layers before with those after; between two cuts the best order is
found exactly. The state of the search is the set of layers that have run, since what is alive depends on that alone.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.memory.timeline import liveness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.analyses.memory.timeline import Buffer, Event, Liveness, Timeline

MAX_TRIES = 1_000_000
"""Events that the search of one part may try before it gives up."""

MAX_EVENTS = 1_000
"""Events that a part may have to be searched."""


class Order(NamedTuple):
    """The best order found, as a timeline, its peak in bits, and whether it is proven to be the best."""

    timeline: Timeline
    peak: int
    exact: bool
    moved: tuple[tuple[Event, ...], ...]
    """The parts that run in another order, each in that order."""


def best_order(timeline: Timeline) -> Order:
    """Return the order of events with the lowest peak; the order as written if the search is too large."""
    written = liveness(timeline)
    parts = list(_parts(timeline.events, timeline.kept))
    peaks = [max(written.during[start:stop]) for start, stop in parts]
    chosen = [timeline.events[start:stop] for start, stop in parts]
    moved, least, exact = [], 0, True
    for number in sorted(range(len(parts)), key=lambda each: -peaks[each]):
        if peaks[number] <= least:
            break
        best = _search(written, *parts[number])
        if best is None:
            exact = False
            best = peaks[number], chosen[number]
        if best[0] < peaks[number]:
            chosen[number] = best[1]
            moved.append(best[1])
        least = max(least, best[0])
    ordered = timeline._replace(events=tuple(event for part in chosen for event in part))
    return Order(ordered, least, exact, tuple(moved))


def _parts(events: Sequence[Event], kept: frozenset[Buffer]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of events between two cuts, where a single value connects them."""
    last = {buffer: time for time, event in enumerate(events) for buffer in (*event.reads, *event.writes)}
    last.update(dict.fromkeys(kept, len(events)))
    ends = [0] * (len(events) + 1)
    for time in last.values():
        ends[time] += 1
    alive, start = 0, 0
    for time, event in enumerate(events):
        alive += len(event.writes) - ends[time]
        if alive == 1 or time == len(events) - 1:
            yield start, time + 1
            start = time + 1


def _search(written: Liveness, start: int, stop: int) -> tuple[int, tuple[Event, ...]] | None:
    """Return the lowest peak of a part and its order; None if it is too large."""
    return _Part(written, start, stop).search() if stop - start <= MAX_EVENTS else None


class _Touch(NamedTuple):
    """A buffer within a part: its size, the events that touch it as bits, and whether it comes in or goes on."""

    size: int
    events: int
    comes: bool
    goes: bool

    def alive(self, done: int) -> bool:
        """Whether it is alive after a set of events has run."""
        return bool((self.comes or self.events & done) and (self.goes or self.events & ~done))


class _Part:
    """A part between two cuts, whose events may be put in another order."""

    def __init__(self, written: Liveness, start: int, stop: int) -> None:
        self.timeline = timeline = written.timeline
        self.events = timeline.events[start:stop]
        self.buffers = self._touches(written, start, stop)
        makers = {buffer: 1 << number for number, event in enumerate(self.events) for buffer in event.writes}
        self.needs = [sum({makers.get(each, 0) for each in event.reads}) for event in self.events]
        self.touched = [[self.buffers[each] for each in timeline.touched(event)] for event in self.events]

    def _touches(self, written: Liveness, start: int, stop: int) -> dict[Buffer, _Touch]:
        bits: dict[Buffer, int] = {}
        for number, event in enumerate(self.events):
            for buffer in self.timeline.touched(event):
                bits[buffer] = bits.get(buffer, 0) | 1 << number
        return {
            buffer: _Touch(
                self.timeline.sizes[buffer], events, written.first[buffer] < start, written.last[buffer] >= stop
            )
            for buffer, events in bits.items()
        }

    def search(self) -> tuple[int, tuple[Event, ...]] | None:
        """Return the lowest peak and its order; None if that would take too long."""
        everything = (1 << len(self.events)) - 1
        base = sum(each.size for each in self.buffers.values() if each.alive(0))
        queue: list[tuple[int, int, int, int]] = [(0, 0, 0, base)]
        came: dict[int, tuple[int, int]] = {}
        known = {0: 0}
        tries = 0
        while queue and tries < MAX_TRIES:
            tries += len(self.events)
            peak, _, done, alive = heapq.heappop(queue)
            if done == everything:
                return peak, self._order(came)
            if peak > known[done]:
                continue
            for number, most, after in self._steps(done, alive, peak):
                then, reached = done | 1 << number, max(peak, most)
                if reached < known.get(then, reached + 1):
                    known[then] = reached
                    came[then] = done, number
                    heapq.heappush(queue, (reached, -then.bit_count(), then, after))
        return None

    def _steps(self, done: int, alive: int, peak: int) -> Sequence[tuple[int, int, int]]:
        """Return the events that can run next, with what is alive meanwhile and afterwards.

        An event that neither raises the peak nor leaves more alive can as well run now, and is then the only one.
        """
        steps = []
        for number, needs in enumerate(self.needs):
            if done >> number & 1 or needs & ~done:
                continue
            most, after = self._run(number, done, alive)
            if most <= peak and after <= alive:
                return [(number, most, after)]
            steps.append((number, most, after))
        return steps

    def _run(self, number: int, done: int, alive: int) -> tuple[int, int]:
        """Return what is alive while an event runs, and afterwards."""
        then = done | 1 << number
        begins = sum(touch.size for touch in self.touched[number] if not touch.alive(done))
        ends = sum(touch.size for touch in self.touched[number] if not touch.alive(then))
        spared = 0
        pair = self.timeline.replaces(self.events[number])
        if pair is not None:
            old, new = self.buffers[pair[0]], self.buffers[pair[1]]
            spared = old.size if not old.alive(then) and not new.alive(done) else 0
        return alive + begins - spared, alive + begins - ends

    def _order(self, came: dict[int, tuple[int, int]]) -> tuple[Event, ...]:
        """Return the order by following the states back to the first."""
        done, numbers = (1 << len(self.events)) - 1, []
        while done:
            done, number = came[done]
            numbers.append(number)
        return tuple(self.events[number] for number in reversed(numbers))
