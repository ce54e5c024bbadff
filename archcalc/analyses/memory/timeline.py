"""Buffers and events: what a run touches step by step, and therefore what is alive when.

A buffer is alive from the first event that touches it to the last. Reuse of memory, work in place, the backward pass
and recomputation need no rules here: they only decide which events touch which buffers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VALUE, INDICES, MASK, GRADIENT = "value", "indices", "mask", "gradient"
"""What a buffer may hold: an output, indices of max pooling, a mask of dropout, the gradient of an output."""

FORWARD, AGAIN, BACKWARD = "forward", "again", "backward"
"""The phases of a run; ``again`` is the part of the forward pass that recomputation repeats."""


class Buffer(NamedTuple):
    """A piece of memory: what it holds, of which layer, and from the first (0) or second (1) run of that layer."""

    kind: str
    layer: int
    run: int = 0


class Event(NamedTuple):
    """One step of a run: the buffers that it reads and writes.

    ``in_place`` is a pair: a buffer that is read, and one that may overwrite it.
    """

    layer: int
    phase: str
    reads: tuple[Buffer, ...]
    writes: tuple[Buffer, ...]
    in_place: tuple[Buffer, Buffer] | None = None


class Timeline(NamedTuple):
    """The events of a run in order, and the sizes of its buffers, in bits for one image.

    ``kept`` buffers are alive to the end. ``views`` maps buffers to the one that they are part of, and take no memory
    besides: the inputs of a concatenation without copies.
    """

    events: tuple[Event, ...]
    sizes: Mapping[Buffer, int]
    kept: frozenset[Buffer] = frozenset()
    views: Mapping[Buffer, Buffer] = {}

    def storage_of(self, buffer: Buffer) -> Buffer:
        """Return the buffer that one is part of, or itself."""
        return self.views.get(buffer, buffer)

    def touched(self, event: Event) -> set[Buffer]:
        """Return the buffers that an event needs, views replaced by what they are part of."""
        if not self.views:
            return {*event.reads, *event.writes}
        return {self.storage_of(buffer) for buffer in (*event.reads, *event.writes)}

    def replaces(self, event: Event) -> tuple[Buffer, Buffer] | None:
        """Return the pair of buffers of which an event may overwrite the first by the second; None if it needs both."""
        if event.in_place is None:
            return None
        old, new = event.in_place
        before, behind = self.storage_of(old), self.storage_of(new)
        if before == behind or (before, behind) != (old, new) or self.sizes[old] != self.sizes[new]:
            return None
        return old, new


class Liveness(NamedTuple):
    """What is alive when. Times are indices of events; sizes are bits for one image."""

    timeline: Timeline
    first: dict[Buffer, int]
    last: dict[Buffer, int]
    during: tuple[int, ...]
    """What is alive while each event runs."""

    @property
    def peak(self) -> int:
        """The most that is alive at once."""
        return max(self.during)

    @property
    def top(self) -> int:
        """The first event at the peak."""
        return self.during.index(self.peak)

    def alive(self, time: int) -> list[Buffer]:
        """Return what is alive while an event runs, oldest first."""
        replaced = in_place(self, self.timeline.events[time], time)
        alive = [
            buffer for buffer, start in self.first.items() if start <= time <= self.last[buffer] and buffer != replaced
        ]
        return sorted(alive, key=lambda buffer: self.first[buffer])

    def between(self, time: int) -> list[Buffer]:
        """Return what is alive after an event and before the next."""
        return [buffer for buffer, start in self.first.items() if start <= time < self.last[buffer]]


def liveness(timeline: Timeline, kinds: Iterable[str] | None = None) -> Liveness:
    """Compute what is alive at each event; with ``kinds``, count only such buffers."""
    first: dict[Buffer, int] = {}
    last: dict[Buffer, int] = {}
    for time, event in enumerate(timeline.events):
        for buffer in timeline.touched(event):
            first.setdefault(buffer, time)
            last[buffer] = time
    end = len(timeline.events)
    last.update({timeline.storage_of(buffer): end for buffer in timeline.kept})
    lifetimes = Liveness(timeline, first, last, ())
    return lifetimes._replace(during=_during(lifetimes, None if kinds is None else frozenset(kinds)))


def in_place(lifetimes: Liveness, event: Event, time: int) -> Buffer | None:
    """Return the buffer that an event overwrites: one that nothing needs afterwards, by one that begins there."""
    pair = lifetimes.timeline.replaces(event)
    if pair is None or lifetimes.last[pair[0]] != time or lifetimes.first[pair[1]] != time:
        return None
    return pair[0]


def _during(lifetimes: Liveness, kinds: frozenset[str] | None) -> tuple[int, ...]:
    events, sizes = lifetimes.timeline.events, lifetimes.timeline.sizes
    begins, ends = [0] * (len(events) + 1), [0] * (len(events) + 1)
    for buffer, start in lifetimes.first.items():
        if kinds is None or buffer.kind in kinds:
            begins[start] += sizes[buffer]
            ends[lifetimes.last[buffer]] += sizes[buffer]
    alive, during = 0, []
    for time, event in enumerate(events):
        alive += begins[time]
        replaced = in_place(lifetimes, event, time)
        spared = sizes[replaced] if replaced is not None and (kinds is None or replaced.kind in kinds) else 0
        during.append(alive - spared)
        alive -= ends[time]
    return tuple(during)
