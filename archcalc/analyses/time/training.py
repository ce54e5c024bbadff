"""The passes of a step of training: forward, backward, and the update of the weights.

The analysis of memory says what a layer's backward pass multiplies and what it needs of the forward pass. Batch norm
takes its statistics from the batch, so it reads its input twice: once for them, once to normalise; in the backward
pass, it also reads what it saved and its gradient twice (Ioffe & Szegedy 2015, algorithm 1 and section 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.memory.backward import BITS, work
from archcalc.analyses.memory.graph import Graph
from archcalc.analyses.memory.training import MASTER, OPTIMIZERS
from archcalc.analyses.time.passes import BACKWARD, FORWARD, INPUTS, UPDATE, WEIGHTS, Pass, Sizes, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report


def step(report: Report, optimizer: str, *, mixed: bool = False) -> tuple[Pass, ...]:
    """Return the passes of a step of training on a batch, in the order in which they run."""
    training = _Step(report)
    layers = [layer for layer in report.layers if runs(layer, training=True)]
    passes = [training.forward(layer) for layer in layers]
    for layer in reversed(layers):
        passes += training.back(layer)
    return (*passes, _update(report, optimizer, mixed))


class _Step:
    def __init__(self, report: Report) -> None:
        self.graph = Graph(report.layers)
        self.sizes = Sizes(report)

    def forward(self, layer: Layer) -> Pass:
        read = self.sizes.read(layer) * (2 if layer.operation.foldable else 1)
        moved = self.sizes.bytes(read + layer.output_values + layer.params)
        return Pass(layer, FORWARD, 2 * layer.macs, moved + self.beside(layer))

    def beside(self, layer: Layer) -> int:
        """Return the bytes of the indices or the mask that a layer saves for the backward pass."""
        bits = BITS.get(layer.operation.saved_for_backward, 0) if self.graph.trains[layer.position] else 0
        return layer.output_values * bits // 8

    def back(self, layer: Layer) -> Iterator[Pass]:
        """Yield the backward passes of a layer: one, or one for inputs and one for weights if it multiplies."""
        graph, sizes = self.graph, self.sizes
        if not graph.trains[layer.position]:
            return
        sources = dict.fromkeys(layer.node.sources)
        given = sum(sizes.values[source] for source in sources if graph.trains[source])
        gradient = layer.output_values
        macs = work(graph, layer)
        if layer.macs and layer.params:
            if macs.inputs:
                yield Pass(layer, INPUTS, 2 * macs.inputs, sizes.bytes(gradient + layer.params + given))
            moved = sizes.bytes(sizes.read(layer) + gradient + layer.params)
            yield Pass(layer, WEIGHTS, 2 * macs.weights, moved)
            return
        saved = self.saved(layer)
        read = (saved + gradient) * (2 if layer.operation.foldable else 1)
        moved = sizes.bytes(read + given + 2 * layer.params) + self.beside(layer)
        yield Pass(layer, BACKWARD, 2 * (macs.inputs + macs.weights), moved)

    def saved(self, layer: Layer) -> int:
        """Return the number of values that a layer saves for the backward pass."""
        what = layer.operation.saved_for_backward
        return self.sizes.read(layer) if what == "input" else layer.output_values if what == "output" else 0


def _update(report: Report, optimizer: str, mixed: bool) -> Pass:
    """Return the update: gradients are read, weights and the optimizer's state read and written."""
    bits = report.setup.bits
    kept = MASTER if mixed else bits
    each = bits + 2 * kept * (1 + OPTIMIZERS[optimizer]) + (bits if mixed else 0)
    return Pass(None, UPDATE, 0, -(-report.params * each // 8))
