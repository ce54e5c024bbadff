"""Lowering of products of tensors, and of attention: as one operation where q, k and v stand at the same places."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.exchange.lowering.digits import joined, regrouped, size
from archcalc.exchange.lowering.state import Logical, Lowering, View
from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.tensors import Const, Node


def matmul(low: Lowering, node: Node) -> View:
    """Lower a product of two tensors: work without weights."""
    inside = low.net.shape(node.inputs[0])[-1]
    macs = node.size * inside
    logical = low.new_map((node.shape[-1], prod(node.shape[:-1]), 1))
    settings = {"shape": [size(part) for part in logical], "macs": macs}
    value = low.emit("matmul", settings, low.values(), logical, macs=macs)
    front = regrouped((logical.height,), node.shape[:-1]) or ((),) * (len(node.shape) - 1)
    return View(value, (*front, logical.channels))


def attention(low: Lowering, node: Node) -> View:
    """Lower attention: on the 3·C channels of q, k and v where they stand at the same places, else as two products."""
    query, keys, values = (low.view(source) for source in node.inputs)
    shape, key_shape = (low.net.shape(source) for source in node.inputs[:2])
    macs = prod(shape[:-1]) * key_shape[-2] * (shape[-1] + node.shape[-1])
    own = low.logical[query.value]
    heads_axes = [digit for axis in query.axes[:-2] for digit in axis if _among(digit, own.channels)]
    heads, window = size(heads_axes), key_shape[-2]
    places, width = size(own.space), size(own.channels)
    inner = size(query.axes[-1])
    fits = (
        heads * inner == width
        and joined((*heads_axes, *query.axes[-1])) == own.channels
        and all(low.nodes[view.value].shape == low.nodes[query.value].shape for view in (keys, values))
        and low.net.shape(node.inputs[2])[:-2] == shape[:-2]
        and shape[-2] == window
        and prod(shape[:-1]) == heads * places
    )
    if not fits:
        return _crossed(low, node, (query, keys, values), macs) or _two_products(low, node, macs)
    source = _split_of([query, keys, values], low)
    if source is None:
        joint = Logical(low.fresh(3 * width), own.height, own.width)
        try:
            parts = [query.value, low.aligned(query, keys), low.aligned(query, values)]
        except ModelFault:
            parts = [query.value, keys.value, values.value]
        source = low.emit("concat", {}, parts, joint)
    settings: dict[str, Any] = {"heads": heads}
    if window != places:
        settings["window"] = _side(low, own, query, window)
    biases = tuple(
        weight for weight in node.weights
        if weight.learned and (heads == 1 or heads in weight.dims)
    )  # fmt: skip
    if node.attrs.get("cosine"):
        whole = _scaled_cosine(low, node, source, settings, (heads, macs), biases)
        if whole is not None:
            return View(whole, query.axes)
        what = {"what": "L2 norm of queries and keys", "ops": 4 * width * places}
        source = low.emit("custom", what, [source], low.logical[source])
    return View(_with_biases(low, node, source, settings, macs, biases), query.axes)


def _with_biases(
    low: Lowering, node: Node, source: int, settings: dict[str, Any], macs: int, biases: tuple[Const, ...]
) -> int:
    """Add attention, with a table of relative positions where it learns one; a network for them stands before it."""
    source = _position_network(low, node, source, [weight for weight in biases if weight.macs])
    biases = tuple(weight for weight in biases if not weight.macs)
    low.current = node.replace(weights=biases)
    own = low.logical[low.view(node.inputs[0]).value]
    said = {**settings, "relative_bias": True} if biases else settings
    logical = Logical(own.channels, own.height, own.width)
    return low.emit("attention", said, [source], logical, macs=macs, counted=True)


def _scaled_cosine(
    low: Lowering, node: Node, source: int, settings: dict[str, Any], known: tuple[int, int], biases: tuple[Const, ...]
) -> int | None:
    """Lower scaled cosine attention whose biases a network of positions makes; None where it is made otherwise."""
    heads, macs = known
    own = low.logical[low.view(node.inputs[0]).value]
    window = settings.get("window") or [size(own.height), size(own.width)]
    rows, columns = (window, window) if isinstance(window, int) else window
    hidden, rest = divmod(sum(weight.params for weight in biases) - heads, 3 + heads)
    work = (2 * rows - 1) * (2 * columns - 1) * hidden * (2 + heads)
    if rest or hidden < 1 or work != sum(weight.macs for weight in biases):
        return None
    low.current = node.replace(weights=biases)
    said = {**settings, "window": rows if rows == columns else [rows, columns], "bias_network": hidden}
    logical = Logical(own.channels, own.height, own.width)
    return low.emit("attention", {**said, "temperature": True}, [source], logical, macs=macs + work, counted=True)


def _position_network(low: Lowering, node: Node, source: int, computed: list[Const]) -> int:
    """Add the work and the weights of biases that a network of their own makes, as in Swin V2."""
    if not computed:
        return source
    low.current = node.replace(weights=tuple(computed))
    work, params = sum(weight.macs for weight in computed), sum(weight.params for weight in computed)
    settings = {"what": "network that makes the position bias", "params": params, "macs": work}
    return low.emit("custom", settings, [source], low.logical[source], macs=work, counted=True)


def _among(digit: Any, channels: Any) -> bool:
    return any(own.root == digit.root and own.lo <= digit.lo and digit.hi <= own.hi for own in channels)


def _side(low: Lowering, own: Logical, query: View, window: int) -> int | list[int]:
    """Return the height and width of a window of places."""
    digits = query.axes[-2]
    rows = size(digit for digit in digits if _among(digit, own.height))
    columns = size(digit for digit in digits if _among(digit, own.width))
    if rows * columns != window:
        return [window, 1]
    return rows if rows == columns else [rows, columns]


def _split_of(views: list[View], low: Lowering) -> int | None:
    """Return the node of which query, keys and values are the three thirds of the channels."""
    nodes = [low.nodes[view.value] for view in views]
    if any(node.word != "channel_slice" for node in nodes) or len({node.id for node in nodes}) != 3:
        return None
    sources = {node.inputs[0] for node in nodes}
    if len(sources) != 1 or low.nodes[source := sources.pop()].shape[0] != 3 * nodes[0].shape[0]:
        return None
    return source


def _two_products(low: Lowering, node: Node, macs: int) -> View:
    """Lower attention between other places (or of other widths) as the work of its two products."""
    shape = node.shape
    logical = low.new_map((prod(shape[:-2]) * shape[-1], shape[-2], 1))
    settings = {"shape": [size(part) for part in logical], "macs": macs}
    value = low.emit("matmul", settings, low.values(), logical, macs=macs, counted=True,
                     notes=("attention between two sets of places",))  # fmt: skip
    front = regrouped((logical.channels,), [*shape[:-2], shape[-1]])
    if front is None:
        front = ((),) * (len(shape) - 1)
    return View(value, (*front[:-1], logical.height, front[-1]))


def _crossed(low: Lowering, node: Node, views: tuple[View, View, View], macs: int) -> View | None:
    """Lower attention of queries from one set of places to keys and values of another, heads being the channels."""
    query = views[0]
    if any(weight.learned for weight in node.weights):
        return None
    heads = 0
    for view in views:
        own = low.logical[view.value]
        among = [digit for axis in view.axes[:-2] for digit in axis if _among(digit, own.channels)]
        if joined((*among, *view.axes[-1])) != own.channels or joined(view.axes[-2]) != own.space:
            return None
        if heads not in (0, size(among)):
            return None
        heads = size(among)
    first, second = (low.nodes[view.value].shape for view in views[1:])
    own = low.logical[query.value]
    if first != second or size(own.channels) != first[0]:
        return None
    joint = Logical(low.fresh(2 * first[0]), low.logical[views[1].value].height, low.logical[views[1].value].width)
    pair = low.emit("concat", {}, [views[1].value, views[2].value], joint)
    value = low.emit("attention", {"heads": heads}, [query.value, pair], own, macs=macs)
    return View(value, query.axes)


RULES: dict[str, Callable[[Lowering, Node], View]] = {"matmul": matmul, "attention": attention}
