"""The timeline of training a batch: the forward pass, what it saves, and the gradients of the backward pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.memory.segments import segments
from archcalc.analyses.memory.timeline import (
    AGAIN,
    BACKWARD,
    FORWARD,
    GRADIENT,
    INDICES,
    MASK,
    VALUE,
    Buffer,
    Event,
    Timeline,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.graph import Graph
    from archcalc.engine.layer import Layer

BITS = {INDICES: 32, MASK: 8}
"""An index of max pooling is a 32-bit integer, a value of a mask takes a byte, whatever the type of values."""


class Work(NamedTuple):
    """MACs of a layer's backward pass: for the gradient of its input, and for that of its weights."""

    inputs: int
    weights: int


def work(graph: Graph, layer: Layer) -> Work:
    """Return a layer's backward MACs: one per forward MAC for the input's gradient, and one for the weights'.

    The gradient of its input is not needed if no layer before it has parameters.
    """
    trains = any(graph.trains[source] for source in layer.node.sources)
    return Work(layer.macs if trains else 0, layer.macs if layer.params else 0)


def training(graph: Graph, bits: int, *, share: bool = False, recompute: bool = False) -> tuple[int, Timeline]:
    """Return the number of segments and the timeline of one step of training: forward and backward.

    Each value has one gradient, alive from the first layer that adds to it until the backward pass of the value's own
    layer; layers that work in place in the forward pass do so in the backward pass. With ``recompute`` only values that
    connect segments are kept, and each segment runs again before its backward pass.
    """
    run = _Training(graph, bits, share, recompute)
    return run.final + 1, run.timeline()


class _Training:
    def __init__(self, graph: Graph, bits: int, share: bool, recompute: bool) -> None:
        self.graph = graph
        self.bits = bits
        self.share = share
        self.segment = segments(graph, self.weights()) if recompute else dict.fromkeys(graph.steps, 0)
        self.final = max(self.segment.values())
        self.borders = frozenset(
            value
            for value, readers in graph.readers.items()
            if any(self.segment[reader] != self.segment[value] for reader in readers)
        ) | ({0} if recompute else frozenset())
        self.sizes: dict[Buffer, int] = {}

    def weights(self) -> dict[int, int]:
        """Return how many bits of each layer are saved, to choose segments by."""
        saved = {value for position in self.graph.steps for value in self.graph.saved(position)}
        weights = {value: self.graph.values[value] * self.bits for value in saved}
        for position in self.graph.steps:
            for kind in self.extras(position):
                weights[position] = weights.get(position, 0) + self.graph.values[position] * BITS[kind]
        return weights

    def timeline(self) -> Timeline:
        events = [self.forward(position, FORWARD) for position in self.graph.steps]
        parts: list[list[int]] = [[] for _ in range(self.final + 1)]
        for position in self.graph.steps:
            parts[self.segment[position]].append(position)
        for number, within in reversed(list(enumerate(parts))):
            if number < self.final:
                events += [self.forward(position, AGAIN) for position in within if self.again(position)]
            events += [self.back(position) for position in reversed(within) if self.graph.trains[position]]
        kept = [value for value in self.graph.outputs if not self.graph.trains[value]]
        return Timeline(tuple(events), self.sizes, frozenset(Buffer(VALUE, value) for value in kept), self.views())

    def again(self, position: int) -> bool:
        """Whether a layer has to run again, since its output was not kept."""
        return bool(position not in self.borders or self.extras(position))

    def extras(self, position: int) -> tuple[str, ...]:
        """Return what a layer's backward pass needs besides its input and output."""
        saves = self.graph.layers[position].operation.saved_for_backward
        return (saves,) if saves in BITS and self.graph.trains[position] else ()

    def buffer(self, kind: str, position: int, phase: str) -> Buffer:
        """Return the buffer of a layer that an event of a phase touches, and record its size."""
        second = kind != GRADIENT and phase != FORWARD and self.segment[position] < self.final
        run = 1 if second and (kind != VALUE or position not in self.borders) else 0
        buffer = Buffer(kind, position, run)
        self.sizes[buffer] = self.graph.values[position] * BITS.get(kind, self.bits)
        return buffer

    def forward(self, position: int, phase: str) -> Event:
        reads = [self.buffer(VALUE, value, phase) for value in self.graph.inputs[position]]
        made = self.buffer(VALUE, position, phase)
        in_place = self.graph.overwrites(position)
        keeps = phase == AGAIN or self.segment[position] == self.final
        extras = [self.buffer(kind, position, phase) for kind in self.extras(position)] if keeps else []
        pair = None if in_place is None else (self.buffer(VALUE, in_place, phase), made)
        return Event(position, phase, tuple(reads), (made, *extras), pair)

    def back(self, position: int) -> Event:
        graph = self.graph
        gradient = self.buffer(GRADIENT, position, BACKWARD)
        trained = [value for value in graph.inputs[position] if graph.trains[value]]
        reads = [gradient, *(self.buffer(VALUE, value, BACKWARD) for value in graph.saved(position))]
        reads += [self.buffer(kind, position, BACKWARD) for kind in self.extras(position)]
        if position in graph.outputs:
            reads.append(self.buffer(VALUE, position, BACKWARD))
        writes = tuple(self.buffer(GRADIENT, value, BACKWARD) for value in trained)
        in_place = graph.overwrites(position)
        pair = (
            None
            if in_place is None or in_place not in trained
            else (gradient, self.buffer(GRADIENT, in_place, BACKWARD))
        )
        return Event(position, BACKWARD, tuple(dict.fromkeys(reads)), writes, pair)

    def views(self) -> dict[Buffer, Buffer]:
        """Return the buffers that are parts of a concatenation's: values, of either run, and gradients."""
        if not self.share:
            return {}
        parts = self.graph.views(training=True, apart=self.borders)
        return dict(self._parts(parts))

    def _parts(self, parts: dict[int, int]) -> Iterator[tuple[Buffer, Buffer]]:
        for part, whole in parts.items():
            yield Buffer(GRADIENT, part), Buffer(GRADIENT, whole)
            for phase in (FORWARD, BACKWARD):
                yield self.buffer(VALUE, part, phase), self.buffer(VALUE, whole, phase)
