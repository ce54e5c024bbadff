"""Keras layers with weights that slide nothing, normalisations and activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.readers.keras.activations import activate, activated, relu
from archcalc.exchange.sizes import positive_axis
from archcalc.exchange.tensors import Const, ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.keras.context import Context


def dense(c: Context) -> list[int]:
    """Dense: over the last axis."""
    units, inside = c.whole("units"), c.shape[-1]
    weights = [c.weight("kernel", inside, units)]
    if c.flag("use_bias", True):
        weights.append(c.weight("bias", units))
    return activated(c, c.net.linear(c.x, weights, units))


def einsum_dense(c: Context) -> list[int]:
    """EinsumDense: a linear layer over the axes that its equation sums."""
    from archcalc.exchange.einsum import einsum

    equation = c.word("equation", "").replace(" ", "")
    terms, _, out = equation.partition("->")
    first, _, second = terms.partition(",")
    rest = "abcdefghijklmnopqrstuvwxyz"
    if "..." in first:
        spare = [label for label in rest if label not in equation]
        filled = "".join(spare[: len(c.shape) - len(first.replace("...", ""))])
        first, out = first.replace("...", filled), out.replace("...", filled)
    if len(first) != len(c.shape):
        raise ModelFault(f"the equation {equation!r} on {len(c.shape)} axes")
    sizes = dict(zip(first, c.shape, strict=True))
    shape = c.config.get("output_shape")
    given = shape if isinstance(shape, list) else [shape]
    for label, length in zip(out[::-1], given[::-1], strict=False):
        if isinstance(length, int):
            sizes.setdefault(label, length)
    if any(label not in sizes for label in second):
        raise ModelFault(f"the equation {equation!r} leaves a size open")
    kernel = c.weight("kernel", *(sizes[label] for label in second))
    found = c.net.node(einsum(c.net, f"{first},{second}->{out}", [c.x, kernel]))
    axes = c.config.get("bias_axes")
    if axes:
        dims = [sizes[label] if label in axes else 1 for label in out]
        while dims and dims[0] == 1:
            dims.pop(0)
        found = c.net.ew("add", [found], [c.weight("bias", *dims)])
    return activated(c, found)


def batch_norm(c: Context) -> list[int]:
    """BatchNormalization: scale and centre may be off; moving statistics are no parameters."""
    at = positive_axis(axis_of(c, -1), len(c.shape))
    channels = c.shape[at]
    scale, shift = c.flag("scale", True), c.flag("center", True)
    weights = [c.weight(word, channels) for word, on in (("gamma", scale), ("beta", shift)) if on]
    return [c.net.norm(c.x, "batch", weights, at, scale=scale, shift=shift, buffers=2 * channels)]


def axis_of(c: Context, default: int) -> int:
    """Return the axis setting, which may be a list of one."""
    held = c.config.get("axis", default)
    held = held[0] if isinstance(held, list) and len(held) == 1 else held
    if not isinstance(held, int):
        raise ModelFault(f"its axis is {held!r}, where one axis is expected")
    return held


def layer_norm(c: Context) -> list[int]:
    """LayerNormalization and RMSNormalization: over one axis or several."""
    held = c.config.get("axis", -1)
    axes = tuple(sorted(positive_axis(axis, len(c.shape)) for axis in (held if isinstance(held, list) else [held])))
    dims = tuple(c.shape[axis] for axis in axes)
    rms = c.layer.cls.startswith("RMS") or c.flag("rms_scaling", False)
    on = (True, False) if rms else (c.flag("scale", True), c.flag("center", True))
    weights = [c.weight(word, *dims) for word, used in zip(("gamma", "beta"), on, strict=True) if used]
    return [c.net.norm(c.x, "rms" if rms else "layer", weights, axes[-1], axes=axes)]


def group_norm(c: Context) -> list[int]:
    """GroupNormalization: -1 groups are as many as channels."""
    at = positive_axis(axis_of(c, -1), len(c.shape))
    channels, groups = c.shape[at], c.config.get("groups", 32)
    weights = [
        c.weight(word, channels) for word, on in (("gamma", "scale"), ("beta", "center")) if c.flag(on, True)
    ]  # fmt: skip
    if groups == -1 or groups == channels:
        return [c.net.norm(c.x, "instance", weights, at)]
    if not isinstance(groups, int) or groups < 1 or channels % groups:
        raise ModelFault(f"{channels} channels in {groups!r} groups")
    return [c.net.norm(c.x, "group", weights, at, groups=groups)]


def unit_norm(c: Context) -> list[int]:
    """UnitNormalization: to length one along an axis."""
    return [c.net.norm(c.x, "l2", channels=axis_of(c, -1))]


def activation(c: Context) -> list[int]:
    """Activation: a function by its name."""
    return [activate(c, c.x, c.config.get("activation"))]


def relu_layer(c: Context) -> list[int]:
    """ReLU: may be leaky, or have a largest value."""
    return [relu(c, c.x, c.config)]


def leaky_relu(c: Context) -> list[int]:
    """LeakyReLU: its slope had another name, and default, in Keras 2."""
    slope = c.config.get("negative_slope", c.config.get("alpha", 0.3))
    if isinstance(slope, list):
        slope = slope[0] if slope else 0.3
    return [c.net.act(c.x, "leaky_relu", slope=round(float(slope), 6))]


def by_class(c: Context) -> list[int]:
    """ELU, Softmax and others: a function named by the class."""
    words = {"ELU": "elu", "Softmax": "softmax", "SELU": "selu", "ThresholdedReLU": "threshold", "GELU": "gelu"}
    return [activate(c, c.x, words[c.layer.cls])]


def prelu(c: Context) -> list[int]:
    """PReLU: a slope for each value, but along shared axes one."""
    shared = c.config.get("shared_axes") or []
    dims = [1 if axis in shared else length for axis, length in enumerate(c.shape) if axis]
    return [c.net.add("prelu", [c.x], c.shape, [c.weight("alpha", *dims)])]


def layer_scale(c: Context) -> list[int]:
    """LayerScale (of keras.applications): a factor for each channel."""
    channels = c.shape[-1]
    weights = [c.weight("gamma", c.config.get("projection_dim", channels))]
    return [c.net.add("affine", [c.x], c.shape, weights, scale=True, shift=False)]


def embedding(c: Context) -> list[int]:
    """Embedding: a row of a table for each number."""
    table = c.weight("embeddings", c.whole("input_dim"), c.whole("output_dim"))
    return [c.net.add("embedding", [c.x], (*c.shape, table.dims[1]), [table])]


def recurrent(c: Context, x: int | None = None) -> list[int]:
    """LSTM, GRU and SimpleRNN: all places, or the last one."""
    found = cells(c, c.layer.cls, c.config, c.name, x if x is not None else c.x, both=False)
    return [found if c.flag("return_sequences", False) else c.net.select(found, 1, c.shape[1] - 1)]


def cells(c: Context, cls: str, config: dict[str, Any], name: str, x: int, both: bool) -> int:
    """Add a recurrent layer; Keras' GRU has two biases where it resets after the product."""
    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}.get(cls)
    units, shape = config.get("units"), c.net.shape(x)
    if gates is None or not isinstance(units, int) or len(shape) != 3:
        raise ModelFault(f"a recurrent layer {cls} of {units!r} units on {len(shape)} axes")
    biased = bool(config.get("use_bias", True))
    twice = 2 if cls == "GRU" and config.get("reset_after", True) else 1
    ways = 2 if both else 1

    def weight(word: str, *dims: int) -> Const:
        return Const((ways, *dims) if both else dims, None, f"{name}/{word}", learned=True)

    weights = [weight("kernel", shape[-1], gates * units), weight("recurrent_kernel", units, gates * units)]
    if biased:
        weights.append(weight("bias", twice * gates * units))
    cell = {"SimpleRNN": "rnn"}.get(cls, cls.lower())
    return c.net.add(
        "recurrent", [x], (*shape[:-1], ways * units), weights, cell=cell, hidden=units, both=both, bias=biased, time=1
    )


def bidirectional(c: Context) -> list[int]:
    """Bidirectional: both directions side by side."""
    inner = c.config.get("layer") or {}
    config = inner.get("config") or {}
    found = cells(c, str(inner.get("class_name")), config, c.name, c.x, both=True)
    whole = bool(config.get("return_sequences", False))
    return [found if whole else c.net.select(found, 1, c.shape[1] - 1)]


LAYERS: dict[str, Callable[[Context], list[int]]] = {
    "Dense": dense,
    "EinsumDense": einsum_dense,
    **dict.fromkeys(("BatchNormalization", "SyncBatchNormalization", "BatchNormalizationV1"), batch_norm),
    **dict.fromkeys(("LayerNormalization", "RMSNormalization"), layer_norm),
    "GroupNormalization": group_norm,
    "UnitNormalization": unit_norm,
    "Activation": activation,
    "ReLU": relu_layer,
    "LeakyReLU": leaky_relu,
    **dict.fromkeys(("ELU", "Softmax", "SELU", "ThresholdedReLU", "GELU"), by_class),
    "PReLU": prelu,
    "LayerScale": layer_scale,
    "Embedding": embedding,
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "CuDNNLSTM", "CuDNNGRU"), recurrent),
    "Bidirectional": bidirectional,
}
