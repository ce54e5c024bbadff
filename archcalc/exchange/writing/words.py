"""A graph node as an item of a spec says it: the operation's word, and the settings that are no defaults."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.exchange.lowering.write import given
from archcalc.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.graph import Graph, GraphNode

Said = tuple[str, dict[str, Any]]

BRANCHED = frozenset(("add", "multiply", "mean", "maximum", "minimum", "subtract", "divide", "concat", "matmul"))
"""Operations that join what several branches give."""

INLINE = frozenset(
    ("relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "celu", "sigmoid", "tanh", "hard_tanh", "swish", "mish",
     "hard_swish", "hard_sigmoid", "gelu", "softplus", "softsign", "elementwise", "softmax", "log_softmax", "flatten",
     "tokens", "reshape", "channel_shuffle")
)  # fmt: skip
"""What needs no name of its own unless another layer reads it: tables show it beside the layer before it."""

FUNCTIONS = frozenset(
    ("exp", "sqrt", "rsqrt", "reciprocal", "abs", "square", "log", "sin", "cos", "erf", "threshold", "log_sigmoid",
     "tanh_shrink", "soft_shrink", "hard_shrink", "sign", "round")
)  # fmt: skip
OTHER_FUNCTIONS = {"pow": "power", "neg": "negate"}
OTHER_MERGES = {"min": "minimum", "div": "divide", "max": "maximum"}


def said(node: GraphNode, graph: Graph) -> Said:
    """Return word and settings; what a word's own formulas would count differently is a custom of the file's size."""
    rule = RULES.get(node.word)
    word, settings = rule(node, graph) if rule is not None else (node.word, dict(node.settings))
    if word not in OPERATIONS:
        return as_custom(node, node.word)
    along = len(node.file_shape) == 3
    if along != is_sequence(graph):
        for setting in WINDOWS.keys() & settings.keys():
            length = settings[setting]
            if isinstance(length, int) and length != WINDOWS[setting]:
                settings[setting] = [length, WINDOWS[setting] if along else length]
    return word, settings


def is_sequence(graph: Graph) -> bool:
    """Whether a spec says the inputs as C x L, so that windows have a length alone; numbers of words are 1 x L."""
    return all(_along_length(node) for node in graph.inputs)


def _along_length(node: GraphNode) -> bool:
    _, length, width = node.shape
    return width == 1 and (len(node.file_shape) == 3 or (len(node.file_shape) == 2 and length > 1))


WINDOWS = {
    "kernel": 1, "stride": 1, "pad": 0, "dilation": 1, "output_pad": 0, "pooled": 1, "scale": 1, "size": 1,
    "output_size": 1, "sides": 0,
}  # fmt: skip
"""Settings of both axes of space, and what they are across a sequence."""


def as_custom(node: GraphNode, what: str) -> Said:
    """Describe a node by what the file says of it: its size, parameters and work."""
    settings: dict[str, Any] = {"what": what, "shape": list(node.shape)}
    settings.update(given(params=node.params or None, macs=node.macs or None))
    return "custom", settings


def _reshape(node: GraphNode, graph: Graph) -> Said:
    """Leave one side of a map open, so that it follows from the input: of space, where there is some."""
    sides = list(node.shape)
    if prod(sides[1:]) > 1:
        sides[1 if sides[1] > 1 else 2] = -1
    return "reshape", {"sides": sides}


def _crop(node: GraphNode, graph: Graph) -> Said:
    held, source = node.settings, graph.nodes[node.inputs[0]].shape
    height, width = (node.shape[at] if node.shape[at] != source[at] else None for at in (1, 2))
    offset = [held.get("top", 0), held.get("left", 0)]
    settings = given(height=height, width=width) or {"height": node.shape[1]}
    return "crop", {**settings, "offset": offset if any(offset) else 0}


def _pad(node: GraphNode, graph: Graph) -> Said:
    sides = node.settings["pad"]
    if isinstance(sides, dict):
        return "pad", {side: length for side, length in sides.items() if length} or {"sides": 0}
    return "pad", {"sides": sides}


def _upsample(node: GraphNode, graph: Graph) -> Said:
    return "upsample", {"scale": node.settings["factor"], **given(mode=node.settings.get("mode"))}


def _resize(node: GraphNode, graph: Graph) -> Said:
    return "resize", dict(node.settings)


def _embedding(node: GraphNode, graph: Graph) -> Said:
    return "embedding", {"vocabulary": node.settings["entries"], "channels": node.settings["features"]}


def _recurrent(node: GraphNode, graph: Graph) -> Said:
    """Say by the file's own parameters how many biases a gate has, and by its output whether the last step is all."""
    held = {word: value for word, value in node.settings.items() if word != "bias"}
    gates = {"lstm": 4, "gru": 3}[node.word] * held["units"] * (2 if held.get("bidirectional") else 1)
    source = graph.nodes[node.inputs[0]].shape
    left = node.params - gates * (source[0] + held["units"])
    for bias, count in ((None, 2), ("single", 1), ("none", 0)):
        if left == count * gates:
            return node.word, {**held, **given(bias=bias)}
    return as_custom(node, node.word)


def _attention(node: GraphNode, graph: Graph) -> Said:
    """Say what is learned beside the products: a table of relative positions, a temperature, or other weights."""
    held = {word: value for word, value in node.settings.items() if word != "relative_bias"}
    if "bias_network" in held:
        return "attention", held
    heads, window = held["heads"], held.get("window") or list(node.shape[1:])
    rows, columns = (window, window) if isinstance(window, int) else window
    table = (2 * rows - 1) * (2 * columns - 1) * heads
    for more, params in (
        ({}, 0),
        ({"relative_bias": True, "window": _both(rows, columns)}, table),
        ({"temperature": True}, heads),
    ):
        if node.params == params:
            return "attention", {**held, **more}
    custom = as_custom(node, "attention with learned positions")
    del custom[1]["macs"]
    return "custom", {**custom[1], "products": node.macs}


def _both(rows: int, columns: int) -> int | list[int]:
    return rows if rows == columns else [rows, columns]


def _matmul(node: GraphNode, graph: Graph) -> Said:
    """Say a product as the operation where its layout is that of places and channels, else as work."""
    first, second = (graph.nodes[source].shape for source in (node.inputs[0], node.inputs[-1]))
    if len(node.inputs) == 2 and first[1:] == node.shape[1:] and node.macs == prod(first) * node.shape[0]:
        if first[0] == prod(second[1:]) and node.shape[0] == second[0]:
            return "matmul", {}
        if first[0] == second[0] and node.shape[0] == prod(second[1:]):
            return "matmul", {"transpose": True}
    what = node.notes[0] if node.notes else "product of two matrices"
    settings = {"what": what, "shape": list(node.shape), "products": node.macs}
    return "custom", settings | given(params=node.params or None)


def _prelu(node: GraphNode, graph: Graph) -> Said:
    return "prelu", {"slopes": "layer"} if node.settings.get("shared") else {}


def _group_norm(node: GraphNode, graph: Graph) -> Said:
    """Say the group norm's scale and shift by how many parameters the file has for them."""
    settings = {"groups": node.settings["groups"]}
    return "group_norm", settings | _scaled(node)


def _instance_norm(node: GraphNode, graph: Graph) -> Said:
    count = node.params // node.shape[0]
    return "instance_norm", {"scale": True, "shift": True} if count == 2 else {"scale": True} if count else {}


def _scaled(node: GraphNode) -> dict[str, Any]:
    count = node.params // node.shape[0]
    return {} if count == 2 else {"shift": False} if count == 1 else {"scale": False, "shift": False}


def _l2_norm(node: GraphNode, graph: Graph) -> Said:
    return "l2_norm", {} if node.params else {"scale": False}


def _class_token(node: GraphNode, graph: Graph) -> Said:
    return "class_token", {"count": node.settings["tokens"]} if "tokens" in node.settings else {}


def _scale(node: GraphNode, graph: Graph) -> Said:
    if not node.settings.get("bias"):
        return "scale", {}
    return "custom", {"what": "learned scale and shift", "norms": node.params, "ops": 2 * prod(node.shape)}


def _function(node: GraphNode, graph: Graph) -> Said:
    return "elementwise", {"function": node.word}


def _custom(node: GraphNode, graph: Graph) -> Said:
    """Use the operation that a custom of the readers has a word for by now."""
    what, held = node.settings["what"], node.settings
    what = OTHER_FUNCTIONS.get(what, what)
    merge = OTHER_MERGES.get(what, "")
    if what in FUNCTIONS | {"power", "negate"} and len(node.inputs) == 1 and not held.get("params"):
        return "elementwise", {"function": what}
    if merge and len(node.inputs) == (2 if merge == "divide" else len(node.inputs)) > 1:
        return merge, {}
    if what == "clip" and not node.params:
        return "hard_tanh", {}
    if what == "PReLU with a slope for each value":
        return "prelu", {"slopes": "value"}
    if what in WHOLE_NORMS and node.params in (0, prod(node.shape), 2 * prod(node.shape)):
        count = node.params // prod(node.shape)
        off = {} if count == 2 else {"shift": False} if count == 1 else {"scale": False, "shift": False}
        return "layer_norm", {"over": "map", **off}
    source = graph.nodes[node.inputs[0]].shape if node.inputs else ()
    return "custom", {word: value for word, value in held.items() if word != "shape" or tuple(value) != source}


WHOLE_NORMS = ("layer norm over several axes",)


def _weighted(node: GraphNode, graph: Graph) -> Said:
    """Say a layer with filters as such, unless the file computes its weights from others that it learns."""
    settings = dict(node.settings)
    source = graph.nodes[node.inputs[0]].shape
    kernel = settings.get("kernel", 1)
    area = prod(kernel) if isinstance(kernel, list) else kernel if len(node.file_shape) == 3 else kernel * kernel
    if node.word == "fc":
        weights = settings["out_features"] * prod(source)
    else:
        weights = (
            node.shape[0] * (source[0] // settings.get("groups", 1) if node.word != "depthwise_conv" else 1) * area
        )
    if node.params == weights:  # a bias that the file holds and nothing learns is none
        return node.word, {**settings, "bias": False}
    if node.params in (0, weights + (node.shape[0] if settings.get("bias", True) else 0)):
        return node.word, settings
    custom = as_custom(node, f"{node.word} with weights that are computed from others")[1]
    return "custom", {**custom, "weighted": True} | given(window=settings.get("kernel"), stride=settings.get("stride"))


RULES: dict[str, Callable[[GraphNode, Graph], Said]] = {
    "conv": _weighted,
    "depthwise_conv": _weighted,
    "conv_transpose": _weighted,
    "fc": _weighted,
    "reshape": _reshape,
    "crop": _crop,
    "pad": _pad,
    "upsample": _upsample,
    "resize": _resize,
    "embedding": _embedding,
    "lstm": _recurrent,
    "gru": _recurrent,
    "attention": _attention,
    "matmul": _matmul,
    "prelu": _prelu,
    "group_norm": _group_norm,
    "instance_norm": _instance_norm,
    "l2_norm": _l2_norm,
    "class_token": _class_token,
    "scale": _scale,
    "custom": _custom,
    "max": lambda node, graph: ("maximum", {}),
    **dict.fromkeys(
        ("log_sigmoid", "tanh_shrink", "soft_shrink", "hard_shrink", "threshold"), _function
    ),
}  # fmt: skip
"""Words of the graph that a spec says otherwise."""
