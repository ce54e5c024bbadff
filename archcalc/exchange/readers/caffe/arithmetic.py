"""Caffe layers with weights that slide nothing, normalisations, and functions of values."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archcalc.exchange.sizes import positive_axis
from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operand
    from archcalc.exchange.readers.caffe.context import Context, Unread

UNARY = {
    "Sigmoid": "sigmoid", "TanH": "tanh", "AbsVal": "abs", "BNLL": "softplus", "Exp": "exp", "Log": "log",
    "ELU": "elu", "ReLU6": "relu6", "Swish": "swish", "Mish": "mish", "Threshold": "threshold", "SELU": "selu",
    "HardSwish": "hard_swish", "HSwish": "hard_swish", "HSigmoid": "hard_sigmoid", "GELU": "gelu", "Sqrt": "sqrt",
}  # fmt: skip


def inner_product(c: Context) -> list[Operand | Unread]:
    """InnerProduct: all axes from ``axis`` on are one vector."""
    held = c.param("inner_product_param")
    count = held.whole("num_output")
    if count < 1:
        raise ModelFault("it has no num_output")
    own = c.net.dims(c.arg())
    axis = positive_axis(held.whole("axis", 1), len(own))
    inside = prod(own[axis:])
    x = c.net.node(c.net.reshape_to(c.arg(), [*own[:axis], inside], zero_copies=False))
    weights = [c.weight(0, count, inside)]
    if held.flag("bias_term", True):
        weights.append(c.weight(1, count))
    return [c.net.linear(x, weights, count)]


def relu(c: Context) -> list[Operand | Unread]:
    """ReLU; with a slope below zero it is leaky."""
    slope = c.param("relu_param").real("negative_slope", 0.0)
    return [c.net.act(c.node(), "leaky_relu", slope=slope) if slope else c.net.act(c.node(), "relu")]


def unary(c: Context) -> list[Operand | Unread]:
    """Apply a function to each value."""
    return [c.net.act(c.node(), UNARY[c.layer.type])]


def power(c: Context) -> list[Operand | Unread]:
    """Power: (shift + scale x) ** power; with a power of one it only scales and shifts by numbers."""
    exponent = c.param("power_param").real("power", 1.0)
    return [c.arg() if exponent == 1 else c.net.act(c.node(), "pow")]


def clip(c: Context) -> list[Operand | Unread]:
    """Clip: values are kept between two bounds."""
    held = c.param("clip_param")
    low, high = held.real("min", 0.0), held.real("max", 1.0)
    relu6 = (low, high) == (0, 6)
    return [
        c.net.act(c.node(), "relu6" if relu6 else "hard_tanh" if (low, high) == (-1, 1) else "clip", low=low, high=high)
    ]


def prelu(c: Context) -> list[Operand | Unread]:
    """PReLU: a slope for each channel, or one for all."""
    held = c.param("prelu_param")
    x = c.node()
    channels = 1 if held.flag("channel_shared", False) else c.net.shape(x)[1]
    return [c.net.add("prelu", [x], c.net.shape(x), [c.weight(0, channels)])]


def batch_norm(c: Context) -> list[Operand | Unread]:
    """BatchNorm: running mean and variance alone; scale and shift are a Scale layer's."""
    x = c.node()
    channels = c.net.shape(x)[1]
    held = c.param("batch_norm_param")
    both = held.flag("scale_bias", False) or c.layer.settings.flag("scale_bias", False)
    weights = [c.weight(0, channels), c.weight(1, channels)] if both else []
    return [c.net.norm(x, "batch", weights, scale=both, shift=both, buffers=2 * channels)]


def whole_bn(c: Context) -> list[Operand | Unread]:
    """BN of Caffe's forks: scale, shift and statistics in one layer."""
    x = c.node()
    channels = c.net.shape(x)[1]
    weights = [c.weight(0, channels), c.weight(1, channels)]
    return [c.net.norm(x, "batch", weights, scale=True, shift=True, buffers=2 * channels)]


def scale(c: Context) -> list[Operand | Unread]:
    """Scale: learned factors (and shifts), or the product with a second bottom."""
    held = c.param("scale_param")
    x = c.node()
    shape = c.net.shape(x)
    axis = positive_axis(held.whole("axis", 1), len(shape))
    if len(c.layer.bottoms) > 1:
        return [c.net.ew("mul", [x, _aligned(c, c.node(1), axis, len(shape))])]
    dims = _covered(shape, axis, held.whole("num_axes", 1))
    weights = [c.weight(0, *dims)]
    shifted = held.flag("bias_term", False)
    if shifted:
        weights.append(c.weight(1, *dims))
    return [c.net.add("affine", [x], shape, weights, scale=True, shift=shifted)]


def _aligned(c: Context, x: int, axis: int, rank: int) -> int:
    """Return a blob whose axes stand under those of another, from ``axis`` on."""
    own = c.net.shape(x)
    front = (1,) * axis if len(own) + axis <= rank else ()
    return c.net.reshape(x, (*front, *own, *(1,) * (rank - len(front) - len(own))))


def bias(c: Context) -> list[Operand | Unread]:
    """Bias: learned shifts, or the sum with a second bottom."""
    held = c.param("bias_param")
    x = c.node()
    shape = c.net.shape(x)
    axis = positive_axis(held.whole("axis", 1), len(shape))
    if len(c.layer.bottoms) > 1:
        return [c.net.ew("add", [x, _aligned(c, c.node(1), axis, len(shape))])]
    weight = c.weight(0, *_covered(shape, axis, held.whole("num_axes", 1)))
    return [c.net.add("affine", [x], shape, [weight], scale=False, shift=True)]


def _covered(shape: tuple[int, ...], axis: int, count: int) -> tuple[int, ...]:
    """Return the axes of learned values that cover so many axes of a blob from one on, or (-1) all from it on."""
    dims = shape[axis:] if count == -1 else shape[axis : axis + count]
    return (*dims, *(1,) * (len(shape) - axis - len(dims)))


def eltwise(c: Context) -> list[Operand | Unread]:
    """Eltwise: a product, a sum or the largest."""
    word = c.param("eltwise_param").text("operation", "SUM")
    fn = {"PROD": "mul", "SUM": "add", "MAX": "max", "0": "mul", "1": "add", "2": "max"}.get(word)
    if fn is None:
        raise ModelFault(f"the operation {word}")
    nodes = [c.node(place) for place in range(len(c.layer.bottoms))]
    return [c.net.ew(fn, nodes)]


def axpy(c: Context) -> list[Operand | Unread]:
    """Axpy: a map times a factor for each channel, plus another map."""
    factor = _aligned(c, c.node(0), 0, 4)
    return [c.net.ew("add", [c.net.ew("mul", [c.node(1), factor]), c.node(2)])]


def softmax(c: Context) -> list[Operand | Unread]:
    """Softmax."""
    x = c.node()
    axis = positive_axis(c.param("softmax_param").whole("axis", 1), len(c.net.shape(x)))
    return [c.net.add("softmax", [x], c.net.shape(x), axis=axis)]


def lrn(c: Context) -> list[Operand | Unread]:
    """LRN: across channels, or within each."""
    held = c.param("lrn_param")
    return [c.net.norm(c.node(), "lrn", neighbours=held.whole("local_size", 5))]


def normalize(c: Context) -> list[Operand | Unread]:
    """Normalize: each place's channels to length one, times learned scales."""
    held = c.param("norm_param", "normalize_param")
    x = c.node()
    count = 1 if held.flag("channel_shared", True) else c.net.shape(x)[1]
    weights = [c.weight(0, count)] if held.fields or c.layer.type == "Normalize" else []
    return [c.net.norm(x, "l2", weights, channels=1)]


def mvn(c: Context) -> list[Operand | Unread]:
    """MVN: each channel (or the whole map) by its own mean and variance."""
    if c.param("mvn_param").flag("across_channels", False):
        return [c.net.norm(c.node(), "group", groups=1)]
    return [c.net.norm(c.node(), "instance")]


def embed(c: Context) -> list[Operand | Unread]:
    """Embed: a row of a table for each number."""
    held = c.param("embed_param")
    x, features = c.node(), held.whole("num_output")
    table = c.weight(0, held.whole("input_dim"), features)
    found = c.net.add("embedding", [x], (*c.net.shape(x), features), [table])
    if not held.flag("bias_term", True):
        return [found]
    return [c.net.add("affine", [found], c.net.shape(found), [c.weight(1, features)], scale=False, shift=True)]


def recurrent(c: Context) -> list[Operand | Unread]:
    """LSTM and RNN: places in the first axis, batch in the second."""
    held = c.param("recurrent_param")
    hidden, shape = held.whole("num_output"), c.net.dims(c.arg())
    if hidden < 1 or len(shape) < 3:
        raise ModelFault(f"num_output {hidden}, on {by(shape)}")
    inside, gates = prod(shape[2:]), 4 if c.layer.type == "LSTM" else 1
    x = c.net.node(c.net.reshape_to(c.arg(), [shape[0], shape[1], inside], zero_copies=False))
    weights = [
        Const((gates * hidden, inside), None, f"{c.layer.name}/0", True),
        Const((gates * hidden, hidden), None, f"{c.layer.name}/2", True),
        Const((gates * hidden,), None, f"{c.layer.name}/1", True),
    ]
    return [
        c.net.add(
            "recurrent", [x], (shape[0], shape[1], hidden), weights, cell=c.layer.type.lower(), hidden=hidden,
            both=False, bias=True, time=0,
        )
    ]  # fmt: skip


LAYERS: dict[str, Callable[[Context], list[Operand | Unread]]] = {
    "InnerProduct": inner_product,
    **dict.fromkeys(("ReLU", "CuDNNReLU"), relu),
    **dict.fromkeys(UNARY, unary),
    "Power": power,
    "Clip": clip,
    "PReLU": prelu,
    **dict.fromkeys(("BatchNorm", "CuDNNBatchNorm"), batch_norm),
    **dict.fromkeys(("BN", "SyncBN", "BatchNormScale"), whole_bn),
    "Scale": scale,
    "Bias": bias,
    "Eltwise": eltwise,
    "Axpy": axpy,
    "Softmax": softmax,
    "LRN": lrn,
    "Normalize": normalize,
    "MVN": mvn,
    "Embed": embed,
    **dict.fromkeys(("LSTM", "RNN"), recurrent),
}
