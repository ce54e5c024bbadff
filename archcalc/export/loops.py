"""MACs as nested loops: what models of accelerators take instead of layers.

A convolution is loops over groups, filters, channels, places and taps; whatever else multiplies is a matrix product,
which is a convolution of one tap. Source: Sze et al. 2017, "Efficient Processing of Deep Neural Networks", figure 9.
"""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.export.exported import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report

ONE = (1, 1)


class Loops(NamedTuple):
    """Loops whose lengths, stride and dilation aside, multiply to a layer's MACs, or to those of a part of it.

    ``places`` are the rows and columns of the output. ``groups`` stand side by side, with weights and inputs of their
    own; ``batch`` runs over inputs with the same weights. Pairs are height and width.
    """

    groups: int
    filters: int
    """Filters of one group: columns of the product."""
    channels: int
    """Channels that a filter sees: what the product sums over, for each tap."""
    places: tuple[int, int] = ONE
    kernel: tuple[int, int] = ONE
    stride: tuple[int, int] = ONE
    dilation: tuple[int, int] = ONE
    batch: int = 1
    part: str = ""
    """What of the layer it is, where that has several parts."""
    is_product: bool = False
    """Whether it is a product of two matrices rather than a window that slides over a map."""

    @property
    def macs(self) -> int:
        """The product of all loops."""
        return self.batch * self.groups * self.filters * self.channels * prod(self.places) * prod(self.kernel)


class LoopNest(NamedTuple):
    """A layer and loops of it."""

    layer: Layer
    name: str
    """The layer's name, with that of the part."""
    loops: Loops


def loop_nests(report: Report, title: str) -> list[LoopNest]:
    """Return the loops of every layer with MACs; raise RequestError for a layer whose MACs nobody can say loops of."""
    return [
        LoopNest(layer, f"{layer.name}/{loops.part}" if loops.part else layer.name, loops)
        for layer in report.layers
        if layer.macs
        for loops in loops_of(layer, title)
    ]


def loops_of(layer: Layer, title: str) -> list[Loops]:
    """Return the loops of one layer, as often as it runs for one image."""
    make = LOOPS.get(layer.op)
    if make is None:
        raise refuse(title, layer.node, f"the loops of its {layer.macs:,} MACs are unknown")
    found = [loops._replace(batch=layer.times * loops.batch) for loops in make(layer.operation, layer)]
    assert sum(loops.macs for loops in found) == layer.macs // layer.setup.batch
    return found


def _conv(operation: Any, layer: Layer) -> Iterator[Loops]:
    """A window that slides; filters that see fewer channels than there are come one kind after the other."""
    slid = Loops(1, 1, 1, layer.output[1:], operation.kernel, operation.resolved_stride, operation.dilation)
    channels, groups = layer.inputs[0].channels, operation.groups
    if operation.connections is None:
        yield slid._replace(groups=groups, filters=operation.filters // groups, channels=channels // groups)
        return
    for seen, filters in sorted(Counter(operation.connections).items()):
        yield slid._replace(filters=filters, channels=seen, part=f"of_{seen}_channels")


def _depthwise(operation: Any, layer: Layer) -> Iterator[Loops]:
    """A group for each channel."""
    slid = Loops(1, operation.multiplier, 1, layer.output[1:], operation.kernel, operation.resolved_stride)
    yield slid._replace(groups=layer.inputs[0].channels, dilation=operation.dilation)


def _transposed(operation: Any, layer: Layer) -> Iterator[Loops]:
    """A product of each place of the input with all taps of all filters, whose stamps are added up afterwards."""
    (shape,) = layer.inputs
    groups = operation.groups
    taps = prod(operation.kernel)
    yield Loops(groups, operation.filters // groups * taps, shape.channels // groups, shape[1:])


def _local(operation: Any, layer: Layer) -> Iterator[Loops]:
    """A product at each place, with weights of its own."""
    (shape,) = layer.inputs
    window = shape.channels * prod(operation.kernel)
    yield Loops(prod(layer.output[1:]), operation.filters, window, is_product=True)


def _fc(operation: Any, layer: Layer) -> Iterator[Loops]:
    """A vector times a matrix."""
    yield Loops(1, operation.out_features, layer.inputs[0].values)


def _attention(operation: Any, layer: Layer) -> Iterator[Loops]:
    """Queries times keys, and weights times values, of each head and window; and what positions take."""
    given = operation.quantities(layer.inputs, layer.output)
    around, heads = given["w"], given["h"]
    queries = around if operation.window is not None else given["N"]
    copies = heads * given["N"] // queries
    rows = (queries, 1)
    yield Loops(copies, around, given["K"], rows, part="scores", is_product=True)
    yield Loops(copies, given["V"], around, rows, part="values", is_product=True)
    if operation.bias_network is not None:
        offsets = ((2 * given["w_h"] - 1) * (2 * given["w_w"] - 1), 1)
        yield Loops(1, given["B"], 2, offsets, part="positions_1", is_product=True)
        yield Loops(1, heads, given["B"], offsets, part="positions_2", is_product=True)


def _matmul(operation: Any, layer: Layer) -> Iterator[Loops]:
    """A product of each head."""
    first, heads = layer.inputs[0], operation.heads
    rows = (first.height * first.width, 1)
    yield Loops(heads, layer.output.channels // heads, first.channels // heads, rows, is_product=True)


def _correlated(operation: Any, layer: Layer) -> Iterator[Loops]:
    """A window whose weights are the second input."""
    channels, *kernel = layer.inputs[1]
    groups = channels if operation.depthwise else 1
    yield Loops(groups, 1, channels // groups, layer.output[1:], (kernel[0], kernel[1]))


def _recurrent(operation: Any, layer: Layer) -> Iterator[Loops]:
    """All steps' inputs at once, then the states, each of which waits for the step before it."""
    (shape,) = layer.inputs
    steps, directions = shape.height * shape.width, 2 if operation.bidirectional else 1
    values = operation.gates * operation.units
    for number in range(operation.layers):
        channels = directions * operation.units if number else shape.channels
        where = f"_{number + 1}" if operation.layers > 1 else ""
        yield Loops(1, directions * values, channels, (steps, 1), part=f"inputs{where}", is_product=True)
        yield Loops(directions * steps, values, operation.units, part=f"states{where}", is_product=True)


LOOPS: dict[str, Callable[[Any, Layer], Iterator[Loops]]] = {
    "conv": _conv,
    "depthwise_conv": _depthwise,
    "conv_transpose": _transposed,
    "locally_connected": _local,
    "fc": _fc,
    "attention": _attention,
    "matmul": _matmul,
    "cross_correlation": _correlated,
    "lstm": _recurrent,
    "gru": _recurrent,
}
