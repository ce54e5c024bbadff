"""Keras layers that move, join or hand on values, and attention."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.exchange.readers.keras.own import unknown
from archcalc.exchange.sizes import positive_axis
from archcalc.exchange.tensors import ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.keras.context import Context

MERGES = {"Add": "add", "Subtract": "sub", "Multiply": "mul", "Average": "mean", "Maximum": "max", "Minimum": "min"}


def same(c: Context) -> list[int]:
    """Hand on: what does nothing once training is over, and rescaling by numbers."""
    return [c.x]


def merge(c: Context) -> list[int]:
    """Add, Subtract, Multiply, Average, Maximum, Minimum: of tensors, which broadcast."""
    if len(c.sources) < 2:
        return [constant_operand(c)]
    return [c.net.ew(MERGES[c.layer.cls], c.sources)]


def constant_operand(c: Context) -> int:
    """Take a tensor and a number, as Keras' operators on tensors do."""
    return c.x


def concatenate(c: Context) -> list[int]:
    """Concatenate."""
    axis = c.config.get("axis", -1)
    return [c.net.concat(c.sources, axis if isinstance(axis, int) else -1)]


def dot(c: Context) -> list[int]:
    """Dot: a product of two tensors over one axis of each."""
    if len(c.sources) != 2:
        raise ModelFault("a product of two tensors is expected")
    a, b = c.sources
    left, right = c.net.shape(a), c.net.shape(b)
    held = c.config.get("axes", -1)
    axes = held if isinstance(held, list) else [held, held]
    first, second = positive_axis(axes[0], len(left)), positive_axis(axes[1], len(right))
    order = [axis for axis in range(len(left)) if axis != first]
    other = [axis for axis in range(len(right)) if axis != second]
    a = c.net.transpose(a, [*order, first])
    b = c.net.transpose(b, [other[0], second, *other[1:]])
    a = a if len(left) > 2 else c.net.reshape(a, [1, 1, left[first]])
    b = b if len(right) > 2 else c.net.reshape(b, [1, right[second], 1])
    found = c.net.matmul(a, b)
    sizes = [left[axis] for axis in order] + [right[axis] for axis in other[1:]]
    return [c.net.reshape(found, sizes if prod(sizes) > 1 or len(sizes) > 1 else [1, 1])]


def flatten(c: Context) -> list[int]:
    """Flatten: everything but the batch."""
    return [c.net.reshape(c.x, (1, prod(c.shape)))]


def reshape(c: Context) -> list[int]:
    """Reshape: -1 is what is left."""
    target = c.config.get("target_shape")
    if not isinstance(target, list) or not all(isinstance(each, int) for each in target):
        raise ModelFault(f"its target_shape is {target!r}")
    return [c.net.node(c.net.reshape_to(c.x, [1, *target], zero_copies=False))]


def permute(c: Context) -> list[int]:
    """Permute: axes counted from one, the batch stays."""
    return [c.net.node(c.net.permute(c.x, [0, *(c.config.get("dims") or [])]))]


def repeat_vector(c: Context) -> list[int]:
    """RepeatVector: one vector at many places."""
    count = c.whole("n")
    return [c.net.add("expand", [c.net.reshape(c.x, (1, 1, c.shape[-1]))], (1, count, c.shape[-1]))]


def attention(c: Context) -> list[int]:
    """MultiHeadAttention: query, value and (if given) key, each through a linear layer of its own."""
    net, heads, width = c.net, c.whole("num_heads"), c.whole("key_dim")
    value_width = c.config.get("value_dim") or width
    query = c.x
    value = c.sources[1] if len(c.sources) > 1 else query
    key = c.sources[2] if len(c.sources) > 2 else value
    biased = c.flag("use_bias", True)
    if len(net.shape(query)) != 3:
        raise ModelFault(f"attention over {by(net.shape(query)[1:])}")

    def projected(x: int, word: str, each: int) -> int:
        inside, places = net.shape(x)[-1], net.shape(x)[1]
        weights = [c.weight(f"{word}/kernel", inside, heads * each)]
        if biased:
            weights.append(c.weight(f"{word}/bias", heads * each))
        found = net.linear(x, weights, heads * each)
        return net.transpose(net.reshape(found, [1, places, heads, each]), [0, 2, 1, 3])

    q, k, v = (
        projected(*each) for each in ((query, "query", width), (key, "key", width), (value, "value", value_width))
    )
    places = net.shape(query)[1]
    found = net.add("attention", [q, k, v], (1, heads, places, value_width))
    joined = net.reshape(net.transpose(found, [0, 2, 1, 3]), [1, places, heads * value_width])
    asked = c.config.get("output_shape")
    out = asked[-1] if isinstance(asked, list) else asked if isinstance(asked, int) else net.shape(query)[-1]
    weights = [c.weight("attention_output/kernel", heads * value_width, out)]
    if biased:
        weights.append(c.weight("attention_output/bias", out))
    return [net.linear(joined, weights, out)]


def plain_attention(c: Context) -> list[int]:
    """Attention and AdditiveAttention: no weights but a scale."""
    query, value = c.x, c.sources[1] if len(c.sources) > 1 else c.x
    key = c.sources[2] if len(c.sources) > 2 else value
    return [c.net.add("attention", [query, key, value], (*c.net.shape(query)[:-1], c.net.shape(value)[-1]))]


def time_distributed(c: Context) -> list[int]:
    """TimeDistributed: a Dense layer at each place; other layers at each place are not read."""
    from archcalc.exchange.readers.keras.context import Context as Inner
    from archcalc.exchange.readers.keras.layers import LAYERS as KNOWN
    from archcalc.exchange.readers.keras.windows import LAYERS as SLIDING

    held = c.config.get("layer") or {}
    cls = str(held.get("class_name"))
    if cls not in KNOWN or cls in SLIDING or cls in ("LSTM", "GRU", "SimpleRNN", "Bidirectional"):
        raise ModelFault(f"the layer {cls} at each place of a sequence, which archcalc does not read")
    inner = c.layer.replace(cls=cls, config=held.get("config") or {})
    return KNOWN[cls](Inner(c.net, inner, c.name, c.sources, c.call, c.said, c.count))


def normalization(c: Context) -> list[int]:
    """Normalization: by a mean and a variance that are given or were measured, and not trained."""
    return [c.x]


def custom(c: Context) -> list[int]:
    """Lambda: code that no file holds; taken for the size that its reader was built for."""
    return unknown(c)


def scaled_sum(c: Context) -> list[int]:
    """CustomScaleLayer (of keras.applications): a map, plus another one times a number."""
    return [c.net.ew("add", c.sources)]


def maps_in_time(c: Context) -> list[int]:
    """ConvLSTM: refused."""
    raise ModelFault("it runs over a sequence of maps; archcalc reads maps (C x H x W) and sequences (C x L)")


PASSED: tuple[str, ...] = (
    "Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout",
    "ActivityRegularization", "StochasticDepth", "Masking", "Identity", "Rescaling", "RandomFlip", "RandomRotation",
    "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness", "DropPath", "FixedDropout",
    "SeedGenerator",
)  # fmt: skip


def listed(held: Any) -> list[Any]:
    """Return a value as a list."""
    return held if isinstance(held, list) else [held]


LAYERS: dict[str, Callable[[Context], list[int]]] = {
    **dict.fromkeys(PASSED, same),
    **dict.fromkeys(MERGES, merge),
    "Concatenate": concatenate,
    "Dot": dot,
    "Flatten": flatten,
    "Reshape": reshape,
    "Permute": permute,
    "RepeatVector": repeat_vector,
    "MultiHeadAttention": attention,
    **dict.fromkeys(("Attention", "AdditiveAttention"), plain_attention),
    "TimeDistributed": time_distributed,
    "Normalization": normalization,
    "Lambda": custom,
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), maps_in_time),
    "CustomScaleLayer": scaled_sum,
}
