"""The quantities that figures are printed of, each computed from a report or from a part of it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report


class Part(NamedTuple):
    """What a figure describes: a network, or some of its layers (a row), and how they are counted."""

    report: Report
    chosen: Sequence[Layer] | None
    """The layers of a row; None for the whole network, whose totals take no layers."""
    convention: Convention | None = None
    bias: bool = True
    norm: bool = True
    buffers: bool = False

    @property
    def layers(self) -> Sequence[Layer]:
        """Its layers."""
        return self.report.layers if self.chosen is None else self.chosen

    @property
    def last(self) -> Layer:
        """The layer whose output leaves the part."""
        return self.layers[-1]

    @property
    def whole(self) -> bool:
        """Whether it is the whole network."""
        return self.chosen is None


class Quantity(NamedTuple):
    """A quantity of figures: what it is, and how it is computed."""

    label: str
    compute: Callable[[Part], Any] | None = None
    kind: str = "count"
    """count, bytes, percent, shape, or measured (shown, never computed)."""
    of_layer: bool = False
    """Whether only a layer has it, not a whole network."""


def _params(part: Part) -> int:
    if part.convention is not None and part.convention.parameters and part.bias and part.norm and not part.buffers:
        return sum(map(part.convention.within(part.report).params, part.layers))
    total = 0
    for layer in [part.report.totals] if part.chosen is None else part.chosen:
        kinds = layer.params_by_kind
        total += layer.params
        total -= 0 if part.bias else kinds.get("bias", 0)
        total -= 0 if part.norm else kinds.get("norm", 0)
        total += layer.buffers if part.buffers else 0
    return total


def _macs(part: Part) -> int:
    if part.convention is not None:
        return sum(map(part.convention.within(part.report).cost, part.layers))
    return part.report.macs if part.chosen is None else sum(layer.macs for layer in part.chosen)


def _share(count: Callable[[Part], int]) -> Callable[[Part], Any]:
    def compute(part: Part) -> Any:
        from fractions import Fraction

        return Fraction(100 * count(part), count(part._replace(chosen=None)))

    return compute


def _values(part: Part) -> int:
    """Return stored values; for a row that stores nothing (flatten) the size of its output, as tables print it."""
    if part.convention is not None:
        return sum(map(part.convention.within(part.report).memory_values, part.layers))
    if part.chosen is None:
        return part.report.memory_values
    stored = sum(layer.memory_values for layer in part.chosen)
    return stored or part.last.output_values


def _memory(part: Part) -> int:
    return part.report.setup.bytes_of(_values(part))


def _model_size(part: Part) -> int:
    return part.report.setup.bytes_of(_params(part))


def _together(part: Part) -> int:
    return _params(part) + _values(part)


def _together_bytes(part: Part) -> int:
    return part.report.setup.bytes_of(_together(part))


def _depth(part: Part) -> int:
    if part.whole:
        return part.report.depth
    layers, sources = part.report.layers, part.layers[0].node.sources
    positions = (bisect_left(layers, source, key=lambda layer: layer.position) for source in sources)
    return part.last.depth - max((layers[position].depth for position in positions), default=0)


def _field(part: Part) -> int | None:
    field = part.report.receptive_field if part.whole else part.last.receptive_field
    return None if field is None else field[0]


def _input(part: Part) -> Any:
    first = part.layers[0]
    return first.inputs[0] if first.inputs else first.output


def _main(part: Part) -> Layer:
    return next((layer for layer in part.layers if layer.operation.counts_in_depth), part.layers[0])


def _weight_shape(part: Part) -> Any:
    layer = _main(part)
    operation: Any = layer.operation
    return (layer.output.channels, layer.inputs[0].channels // operation.groups, *operation.kernel)


def _one_filter(part: Part) -> int:
    layer = _main(part)
    return _params(part._replace(chosen=(layer,))) // layer.output.channels


def _macs_per_output(part: Part) -> int:
    layer = _main(part)
    return layer.macs // layer.output_values


def _setting(name: str) -> Callable[[Part], Any]:
    def compute(part: Part) -> Any:
        setting = getattr(_main(part).operation, name)
        return setting[0] if isinstance(setting, tuple) and len(set(setting)) == 1 else setting

    return compute


def _kernels(part: Part) -> Any:
    """Return height and width of every convolution's kernel, in order: 1x1, 3x3, 1x1 as (1, 1, 3, 3, 1, 1)."""
    weighted = [layer.operation for layer in part.layers if layer.operation.counts_in_depth]
    return tuple(side for operation in weighted for side in getattr(operation, "kernel", ()))


def _fully_connected(part: Part) -> int:
    return sum(layer.op == "fc" for layer in part.layers)


QUANTITIES: dict[str, Quantity] = {
    "params": Quantity("parameters", _params),
    "macs": Quantity("multiply-accumulates, or the work under the convention", _macs),
    "params_share": Quantity("portion of the network's parameters, in percent", _share(_params), "percent"),
    "macs_share": Quantity("portion of the network's multiply-accumulates, in percent", _share(_macs), "percent"),
    "memory": Quantity("activation memory in bytes; with unit: values, in values", _memory, "bytes"),
    "params_and_memory": Quantity(
        "parameters and activation memory together, in bytes or values", _together_bytes, "bytes"
    ),
    "model_size": Quantity("size of the parameters in bytes", _model_size, "bytes"),
    "depth": Quantity("layers with weights of their own on the longest path", _depth),
    "receptive_field": Quantity("receptive field in pixels of the input", _field),
    "input": Quantity("shape that flows in: C x H x W (order: hwc for H x W x C)", _input, "shape"),
    "output": Quantity("shape that flows out; H x W or C alone as well", lambda part: part.last.output, "shape"),
    "channels": Quantity("channels that flow out", lambda part: part.last.output.channels),
    "height": Quantity("height of what flows out", lambda part: part.last.output.height),
    "width": Quantity("width of what flows out", lambda part: part.last.output.width),
    "weight_shape": Quantity("shape of the weights: filters x channels x height x width", _weight_shape, "shape", True),
    "filters": Quantity("number of filters", lambda part: _main(part).output.channels, of_layer=True),
    "kernel": Quantity("kernel size", _setting("kernel"), of_layer=True),
    "kernels": Quantity("kernel sizes of the convolutions, in order: 1x1, 3x3, 1x1", _kernels, "shape"),
    "stride": Quantity("stride", _setting("resolved_stride"), of_layer=True),
    "pad": Quantity("padding", _setting("pad"), of_layer=True),
    "params_per_filter": Quantity("parameters of one filter", _one_filter, of_layer=True),
    "macs_per_output": Quantity("multiply-accumulates of one output value", _macs_per_output, of_layer=True),
    "fc_layers": Quantity("number of fully connected layers", _fully_connected),
    "top1_error": Quantity("top-1 error", kind="measured"),
    "top5_error": Quantity("top-5 error", kind="measured"),
    "error": Quantity("classification error", kind="measured"),
    "top1_accuracy": Quantity("top-1 accuracy", kind="measured"),
    "top5_accuracy": Quantity("top-5 accuracy", kind="measured"),
    "accuracy": Quantity("classification accuracy", kind="measured"),
    "map": Quantity("mean average precision", kind="measured"),
    "mean_iou": Quantity("mean intersection over union", kind="measured"),
    "compressed_size": Quantity("size after pruning, quantisation or coding of the weights", kind="measured"),
}
"""Word in specs to quantity."""


def kind_of(word: str) -> str:
    """Return the kind of a quantity; claims about several networks and remarks are kinds of their own."""
    return QUANTITIES[word].kind if word in QUANTITIES else word


def numbers() -> tuple[str, ...]:
    """Return the quantities that are one computed number, which formulas can use."""
    return tuple(word for word, quantity in QUANTITIES.items() if quantity.kind in ("count", "bytes", "percent"))


def of_networks() -> tuple[str, ...]:
    """Return the quantities that are one computed number of a whole network."""
    return tuple(
        word for word, quantity in QUANTITIES.items() if quantity.kind in ("count", "bytes") and not quantity.of_layer
    )


def in_values(word: str) -> Callable[[Part], Any]:
    """Return how a quantity of memory is computed in values."""
    return {"params_and_memory": _together, "model_size": _params}.get(word, _values)
