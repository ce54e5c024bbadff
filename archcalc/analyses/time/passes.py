"""The passes of a network: what each layer multiplies, and what it reads and writes.

A pass reads its inputs once, writes its output once and reads its weights once per batch; nothing stays on the chip
between passes. That is how frameworks run a network layer by layer (eager execution): batch norm, activations,
additions and pooling are separate passes. Views cost nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report

FORWARD, INPUTS, WEIGHTS, BACKWARD, UPDATE = "forward", "input_gradients", "weight_gradients", "backward", "update"
"""The phases of a step of training: forward; gradients of inputs and of weights where a layer multiplies; the way back
through every other layer; the update of the weights. A network that is only run has the first."""


class Pass(NamedTuple):
    """One pass over the whole batch: operations (two for each MAC) and bytes. ``layer`` is None for the update."""

    layer: Layer | None
    phase: str
    flops: int
    bytes: int


class Sizes:
    """The values that the layers of a report read and write for the whole batch; each input is read once."""

    def __init__(self, report: Report) -> None:
        self.setup = report.setup
        self.values = {layer.position: layer.output_values for layer in report.layers}

    def read(self, layer: Layer) -> int:
        """Return the number of values that a layer reads; an input that it uses twice is read once."""
        return sum(self.values[source] for source in dict.fromkeys(layer.node.sources))

    def bytes(self, values: int) -> int:
        """Return the bytes of some values in the report's type."""
        return self.setup.bytes_of(values)


def runs(layer: Layer, *, training: bool) -> bool:
    """Whether a layer makes a pass: not the image, a view that is not copied, or dropout at inference."""
    operation = layer.operation
    if not layer.inputs or (operation.view and not operation.copied_view):
        return False
    return training or not operation.training_only


def forward(report: Report) -> tuple[Pass, ...]:
    """Return the passes of inference, without training branches."""
    sizes = Sizes(report)
    return tuple(_forward(sizes, [layer for layer in report.layers if not layer.training]))


def _forward(sizes: Sizes, layers: Sequence[Layer]) -> Iterator[Pass]:
    for layer in layers:
        if runs(layer, training=False):
            moved = sizes.read(layer) + layer.output_values + layer.params + layer.buffers
            yield Pass(layer, FORWARD, 2 * layer.macs, sizes.bytes(moved))
