"""How much memory a network takes: as a sum, at its peak at inference, and in training.

``analyse`` is the entry point. Everything is computed in bits for one image, and returned in bytes for the batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.memory.graph import Graph
from archcalc.analyses.memory.inference import inference
from archcalc.analyses.memory.order import Order, best_order
from archcalc.analyses.memory.sums import Sum, sums
from archcalc.analyses.memory.timeline import Liveness, liveness
from archcalc.analyses.memory.training import Step, train
from archcalc.text.source import no_cyclic_collection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.options import MemoryOptions
    from archcalc.engine.report import Report


class PeakVariant(NamedTuple):
    """The peak under another rule: its word, and a description with the option that selects it."""

    word: str
    label: str
    peak: int


class Memory(NamedTuple):
    """What memory a network takes. Peaks are bits for one image; sizes of weights are bytes."""

    report: Report
    options: MemoryOptions
    sums: tuple[Sum, ...]
    graph: Graph
    running: Liveness
    others: tuple[PeakVariant, ...]
    order: Order
    weights: int
    """Parameters in the type in which they are kept, in bytes."""
    statistics: int
    """Running statistics of normalisation, in bytes; 0 if it is folded."""
    step: Step | None

    def bytes(self, bits: int) -> int:
        """Return the bytes of the whole batch for bits of one image."""
        return -(-bits * self.report.setup.batch // 8)

    def name(self, position: int) -> str:
        """Return the name of the layer at a position."""
        graph = self.graph if self.step is None else self.step.graph
        return graph.layers[position].name

    @property
    def dtype(self) -> str:
        """The name of the type of values."""
        return "mixed" if self.options.mixed else self.report.setup.dtype

    @property
    def peak(self) -> int:
        """The peak at inference, in bytes."""
        return self.bytes(self.running.peak)

    @property
    def alive_at_peak(self) -> list[tuple[int, int]]:
        """What is alive at the peak at inference: positions of layers, and bytes of their outputs."""
        sizes = self.running.timeline.sizes
        return [(buffer.layer, self.bytes(sizes[buffer])) for buffer in self.running.alive(self.running.top)]


def analyse(report: Report, options: MemoryOptions) -> Memory:
    """Analyse the memory of a network; training branches, if the report has them, take part in training only."""
    with no_cyclic_collection():
        return _analyse(report, options)


def _analyse(report: Report, options: MemoryOptions) -> Memory:
    bits = report.setup.bits
    layers = [layer for layer in report.layers if not layer.training]
    graph = Graph(layers, fold=options.fold)
    running = inference(graph, bits, share=options.share)
    statistics = sum(layer.buffers for layer in layers if layer.position not in graph.folded)
    return Memory(
        report,
        options,
        tuple(sums(report)),
        graph,
        liveness(running),
        tuple(_others(graph, options, bits)),
        best_order(running),
        -(-_params(graph) * (options.bits or bits) // 8),
        -(-statistics * bits // 8),
        train(report, options) if options.optimizer != "none" else None,
    )


def _params(graph: Graph) -> int:
    """Count the parameters; a folded normalisation leaves a bias for each channel unless there was one."""
    params = 0
    for layer in graph.layers.values():
        if layer.position not in graph.folded:
            params += layer.params
        elif not graph.layers[layer.node.sources[0]].counts.params_by_kind.get("bias"):
            params += layer.output.channels
    return params


def _others(graph: Graph, options: MemoryOptions, bits: int) -> Iterator[PeakVariant]:
    """Yield the peaks with one rule changed, for rules that make a difference."""
    layers = list(graph.layers.values())
    apart = Graph(layers, fold=options.fold, in_place=False)
    if any(graph.overwrites(position) is not None for position in graph.steps):
        yield PeakVariant(
            "not_in_place", "with nothing done in place", liveness(inference(apart, bits, share=options.share)).peak
        )
    folding = Graph(layers, fold=True)
    if folding.folded and not options.fold:
        yield PeakVariant(
            "fold_bn",
            "with batch norm folded (--fold-bn)",
            liveness(inference(folding, bits, share=options.share)).peak,
        )
    if any(layer.operation.concatenates for layer in layers) and not options.share:
        yield PeakVariant(
            "share_concat",
            "with concatenation without copies (--share-concat)",
            liveness(inference(graph, bits, share=True)).peak,
        )
