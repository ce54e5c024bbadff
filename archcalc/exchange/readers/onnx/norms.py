"""ONNX operations that normalise, and attention as one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operand
    from archcalc.exchange.readers.onnx.context import Context


def batch_norm(c: Context) -> list[Operand]:
    """BatchNormalization: scale and shift are weights, mean and variance are running statistics."""
    x = c.tensor(0)
    weights = c.weights(1, 2)
    channels = c.net.shape(x)[1] if len(c.net.shape(x)) > 1 else 0
    if any(weight.size != channels for weight in weights):
        raise ModelFault(f"its scale is {by(weights[0].dims)}, for {channels} channels")
    running = [c.arg(place) for place in (3, 4) if c.has(place)]
    stats = sum(each.size for each in running if isinstance(each, Const))
    scaled, shifted = bool(c.weights(1)), bool(c.weights(2))
    return [c.net.norm(x, "batch", weights, scale=scaled, shift=shifted, buffers=stats)]


def instance_norm(c: Context) -> list[Operand]:
    """InstanceNormalization: each channel of each image by itself."""
    weights = [weight for weight in c.weights(1, 2) if not constant(weight.values)]
    return [c.net.norm(c.tensor(0), "instance", weights)]


def constant(values: tuple[float, ...] | None) -> bool:
    """Whether a scale or shift is all ones or zeros, put there by an exporter rather than learned."""
    return values is not None and set(values) in ({0}, {1})


def group_norm(c: Context) -> list[Operand]:
    """GroupNormalization."""
    groups = c.whole("num_groups", 1)
    return [c.net.norm(c.tensor(0), "group", c.weights(1, 2), groups=groups)]


def layer_norm(c: Context) -> list[Operand]:
    """LayerNormalization and RMSNormalization: over all axes from the given one on."""
    x = c.tensor(0)
    rank = len(c.net.shape(x))
    axis = c.whole("axis", -1) % max(rank, 1)
    what = "layer" if c.node.op == "LayerNormalization" else "rms"
    return [c.net.norm(x, what, c.weights(1, 2), channels=-1, axes=tuple(range(axis, rank)))]


def skip_norm(c: Context) -> list[Operand]:
    """SkipLayerNormalization (Microsoft's): an addition, then a normalisation."""
    x = c.net.ew("add", [c.tensor(0), c.tensor(1)])
    if c.has(4):
        x = c.net.ew("add", [x], [c.const(4, "bias")])
    rms = "Simplified" in c.node.op
    rank = len(c.net.shape(x))
    weights = c.weights(2) if rms else c.weights(2, 3)
    found: Operand = c.net.norm(x, "rms" if rms else "layer", weights, channels=-1, axes=(rank - 1,))
    return [found, found, found, x][: c.outputs()]


def lrn(c: Context) -> list[Operand]:
    """LRN: across channels."""
    return [c.net.norm(c.tensor(0), "lrn", neighbours=c.whole("size", 5))]


def lp_norm(c: Context) -> list[Operand]:
    """LpNormalization: along an axis."""
    return [c.net.norm(c.tensor(0), "l2", channels=c.whole("axis", -1))]


def mean_variance(c: Context) -> list[Operand]:
    """MeanVarianceNormalization: each channel, nothing learned."""
    return [c.net.norm(c.tensor(0), "instance")]


def attention(c: Context) -> list[Operand]:
    """Attention (opset 23): queries, keys and values, split into heads or yet to be."""
    q, k, v = (c.tensor(place) for place in range(3))
    if len(c.net.shape(q)) == 3:
        heads, kv_heads = c.whole("q_num_heads", 1), c.whole("kv_num_heads", 1)
        q, k, v = (
            split_heads(c, x, count) for x, count in ((q, heads), (k, kv_heads), (v, kv_heads))
        )  # fmt: skip
        found = c.net.transpose(attend(c, q, k, v), [0, 2, 1, 3])
        shape = c.net.shape(found)
        return [c.net.reshape(found, [*shape[:2], shape[2] * shape[3]])]
    return [attend(c, q, k, v)]


def split_heads(c: Context, x: int, heads: int) -> int:
    """Lay heads out as an axis in front of the places."""
    batch, places, width = c.net.shape(x)
    if heads < 1 or width % heads:
        raise ModelFault(f"{width} channels in {heads} heads")
    return c.net.transpose(c.net.reshape(x, [batch, places, heads, width // heads]), [0, 2, 1, 3])


def attend(c: Context, q: int, k: int, v: int) -> int:
    """Add attention on tensors that end in places x channels of a head."""
    shape = c.net.shape(q)
    return c.net.add("attention", [q, k, v], (*shape[:-1], c.net.shape(v)[-1]))


OPERATIONS: dict[str, Callable[[Context], list[Operand]]] = {
    "BatchNormalization": batch_norm,
    "InstanceNormalization": instance_norm,
    "GroupNormalization": group_norm,
    "GroupNorm": group_norm,
    **dict.fromkeys(("LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization"), layer_norm),
    **dict.fromkeys(("SkipLayerNormalization", "SkipSimplifiedLayerNormalization"), skip_norm),
    "LRN": lrn,
    "LpNormalization": lp_norm,
    "MeanVarianceNormalization": mean_variance,
    "Attention": attention,
}
