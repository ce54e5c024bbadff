"""What is alive at each step of inference: what the layer writes, what it reads, and what waits for a later reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.memory.graph import Graph
from archcalc.analyses.memory.inference import inference
from archcalc.analyses.memory.timeline import in_place, liveness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.timeline import Liveness
    from archcalc.engine.report import Report


class Moment(NamedTuple):
    """One step: the position of the layer that runs, and bits of one image.

    What a layer overwrites in place counts as what it writes, once.
    """

    layer: int
    written: int
    read: int
    waiting: int

    @property
    def alive(self) -> int:
        """All of it."""
        return self.written + self.read + self.waiting


class Inference(NamedTuple):
    """A run of a network, step by step."""

    report: Report
    liveness: Liveness
    moments: tuple[Moment, ...]

    @property
    def top(self) -> int:
        """The number of the first step at the peak."""
        return self.liveness.top

    def bytes(self, bits: int) -> int:
        """Return the bytes of the whole batch for bits of one image."""
        return -(-bits * self.report.setup.batch // 8)

    @property
    def alive_at_peak(self) -> list[tuple[int, int]]:
        """What is alive at the peak, oldest first: positions of layers, and bytes of their outputs."""
        sizes = self.liveness.timeline.sizes
        return [(buffer.layer, self.bytes(sizes[buffer])) for buffer in self.liveness.alive(self.top)]


def run(report: Report, *, fold: bool = False, share: bool = False) -> Inference:
    """Run a report's network without its training branches, as ``archcalc memory`` does.

    ``fold`` merges batch norm into the layer before it, ``share`` writes the inputs of concatenations into their place.
    """
    graph = Graph([layer for layer in report.layers if not layer.training], fold=fold)
    lifetimes = liveness(inference(graph, report.setup.bits, share=share))
    return Inference(report, lifetimes, tuple(_moments(lifetimes)))


def _moments(lifetimes: Liveness) -> Iterator[Moment]:
    timeline = lifetimes.timeline
    for time, event in enumerate(timeline.events):
        written = {timeline.storage_of(buffer) for buffer in event.writes}
        read = timeline.touched(event) - written - {in_place(lifetimes, event, time)}
        own, inputs = (sum(timeline.sizes[buffer] for buffer in buffers) for buffers in (written, read))
        yield Moment(event.layer, own, inputs, lifetimes.during[time] - own - inputs)
