"""The memory of a step of training: weights with their state, and activations with their gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.memory.backward import Work, training, work
from archcalc.analyses.memory.graph import Graph
from archcalc.analyses.memory.timeline import AGAIN, FORWARD, GRADIENT, Buffer, Liveness, liveness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.options import MemoryOptions
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report

OPTIMIZERS = {"none": 0, "sgd": 0, "momentum": 1, "adam": 2, "adamw": 2}
"""Word to the values that the optimizer keeps for each parameter; ``none`` trains nothing."""

MASTER = 32
"""Bits of the weights and the optimizer's state in mixed precision."""


class Part(NamedTuple):
    """A part of the memory that does not depend on the batch: its word, label and bytes."""

    word: str
    label: str
    bytes: int


class Step(NamedTuple):
    """A step of training. ``parts`` do not depend on the batch; ``liveness`` is in bits for one image."""

    graph: Graph
    parts: tuple[Part, ...]
    liveness: Liveness
    gradients: int
    """The most that gradients of activations take at once."""
    segments: int
    """Segments of recomputation; 1 without it."""
    work: dict[int, Work]
    """Backward MACs, for the whole batch, by the layer's position."""

    @property
    def fixed(self) -> int:
        """Bytes that do not depend on the batch."""
        return sum(part.bytes for part in self.parts)

    @property
    def turn(self) -> int:
        """The last event of the forward pass."""
        events = self.liveness.timeline.events
        return max(time for time, event in enumerate(events) if event.phase == FORWARD)

    @property
    def saved(self) -> dict[Buffer, int]:
        """What the forward pass saves for the backward pass, with its bits."""
        sizes = self.liveness.timeline.sizes
        return {buffer: sizes[buffer] for buffer in self.liveness.between(self.turn)}

    @property
    def saved_by_layer(self) -> dict[int, int]:
        """The bits that are saved of each layer for the backward pass, by its position."""
        by_layer: dict[int, int] = {}
        for buffer, bits in self.saved.items():
            by_layer[buffer.layer] = by_layer.get(buffer.layer, 0) + bits
        return by_layer

    @property
    def alive_at_peak(self) -> dict[str, int]:
        """The bits that are alive at the peak of training, by what they hold."""
        sizes = self.liveness.timeline.sizes
        by_kind: dict[str, int] = {}
        for buffer in self.liveness.alive(self.liveness.top):
            by_kind[buffer.kind] = by_kind.get(buffer.kind, 0) + sizes[buffer]
        return by_kind

    @property
    def again(self) -> list[Layer]:
        """The layers that recomputation runs a second time."""
        return [self.graph.layers[event.layer] for event in self.liveness.timeline.events if event.phase == AGAIN]

    @property
    def again_macs(self) -> int:
        """MACs that recomputation adds, for the whole batch."""
        return sum(layer.macs for layer in self.again)

    @property
    def backward(self) -> Work:
        """Backward MACs of all layers, for the whole batch."""
        every = self.work.values()
        return Work(sum(macs.inputs for macs in every), sum(macs.weights for macs in every))


def train(report: Report, options: MemoryOptions) -> Step:
    """Analyse a step of training."""
    graph = Graph(report.layers)
    segments, timeline = training(graph, report.setup.bits, share=options.share, recompute=options.recompute)
    backward = {layer.position: work(graph, layer) for layer in report.layers}
    gradients = max(liveness(timeline, (GRADIENT,)).during)
    return Step(graph, tuple(_parts(report, options)), liveness(timeline), gradients, segments, backward)


def _parts(report: Report, options: MemoryOptions) -> Iterator[Part]:
    bits = report.setup.bits
    params, statistics = report.params, report.totals.buffers
    kept = MASTER if options.mixed else bits

    def part(word: str, label: str, values: int, bits: int) -> Part:
        return Part(word, label, -(-values * bits // 8))

    if options.mixed:
        yield part("weights", "weights, as float16", params, bits)
        yield part("master_weights", "weights, as float32", params, kept)
    else:
        yield part("weights", "weights", params, bits)
    yield part("gradients", "gradients of the weights", params, bits)
    state = OPTIMIZERS[options.optimizer]
    if state:
        values = "1 value" if state == 1 else f"{state} values"
        label = f"state of {options.optimizer}, {values} for each parameter"
        yield part("optimizer_state", label, params * state, kept)
    if statistics:
        yield part("running_statistics", "running statistics", statistics, kept)
