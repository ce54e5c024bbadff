"""Lowering of what takes several tensors: sums, products value by value, concats."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.exchange.lowering.digits import joined, matched, regrouped, size, translated
from archcalc.exchange.lowering.state import Logical, Lowering, View
from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.lowering.digits import Digits
    from archcalc.exchange.tensors import Node

WORDS = {"add": "add", "mul": "multiply", "sub": "subtract", "max": "max", "mean": "mean"}


def ew(low: Lowering, node: Node) -> View:
    """Lower an operation value by value, on several tensors or on one and constants."""
    tensors = [source for source in node.inputs if low.net.nodes[source].kind != "param"]
    if len(tensors) == 1 and len(node.inputs) == 1:
        return _with_constant(low, node)
    views = [low.view(source) for source in node.inputs]
    reference = max(views, key=lambda view: prod(low.nodes[view.value].shape))
    if prod(low.nodes[reference.value].shape) != node.size:
        return low.custom(f"{node.attrs['fn']} of values repeated", [view.value for view in views], node.shape)
    try:
        values = [view.value if view is reference else low.aligned(reference, view) for view in views]
    except ModelFault:
        return low.custom(f"{node.attrs['fn']} of other places", [view.value for view in views], node.shape, node.size)
    word = WORDS.get(node.attrs["fn"])
    rank = len(node.shape) - len(reference.axes)
    axes = ((),) * rank + reference.axes
    settings: dict[str, Any] = {}
    if word is None:
        shape = low.nodes[reference.value].shape
        word, settings = "custom", {"what": node.attrs["fn"], "shape": list(shape), "ops": node.size}
    return View(low.emit(word, settings, values, low.logical[reference.value]), axes)


COMPARED = ("where", "equal", "greater", "greater_equal", "less", "less_equal", "and", "or")
"""Functions whose constants choose, and are no parameters."""


def _with_constant(low: Lowering, node: Node) -> View:
    """Lower a tensor with constants: numbers, tables and masks leave sizes and parameters alone."""
    view = low.view(node.inputs[0])
    fn = node.attrs["fn"]
    if node.shape != low.net.shape(node.inputs[0]):
        if prod(node.shape) == prod(low.net.shape(node.inputs[0])):
            return View(view.value, ((),) * (len(node.shape) - len(view.axes)) + view.axes)
        return low.custom(f"{fn} with a constant", [view.value], node.shape, node.size)
    learned = [const for const in node.weights if const.learned and const.size > 1 and fn not in COMPARED]
    if fn in ("add", "sub", "mul", "div") and not learned:
        low.net.remark("multiplications by constants and additions of constants are not layers here")
        return view
    params = sum(const.params for const in learned)
    settings = {"what": fn, **({"params": params} if params else {}), "ops": node.size}
    return low.pointwise("custom", settings, view, counted=bool(learned))


def concat(low: Lowering, node: Node) -> View:
    """Lower a concat: of channels; of a class token and tokens; of places, as vectors one behind the other."""
    axis = node.attrs["axis"]
    sources = [low.net.nodes[source] for source in node.inputs]
    learned = [source for source in sources if source.kind == "param"]
    if learned and len(learned) < len(sources):
        return _class_token(low, node)
    rolled = _rolled(low, node, sources)
    if rolled is not None:
        return rolled
    views = [low.view(source) for source in node.inputs]
    reference = max(views, key=lambda view: prod(low.nodes[view.value].shape))
    if all(view.axes[axis] == low.logical[view.value].channels for view in views):
        try:
            return _channels(low, node, reference, views)
        except ModelFault:
            pass
    vector = all(joined(d for a in view.axes for d in a) == view.axes[axis] for view in views)
    if vector:
        return _vectors(low, node, views)
    return _places(low, node, views)


def _rolled(low: Lowering, node: Node, parts: list[Node]) -> View | None:
    """Return the view of which a concat holds all parts, of channels in order: the same values at other places."""
    axis = node.attrs["axis"]
    if any(part.kind != "slice" or part.attrs["axis"] != axis or part.attrs["step"] != 1 for part in parts):
        return None
    source = parts[0].inputs[0]
    runs = [(part.attrs["start"], part.attrs["start"] + part.shape[axis]) for part in parts]
    order = sorted(runs)
    whole = order[0][0] == 0 and all(one[1] == two[0] for one, two in pairwise(order))
    if not whole or any(part.inputs[0] != source for part in parts) or low.net.shape(source) != node.shape:
        return None
    view = low.view(source)
    channels = low.logical[view.value].channels
    return None if runs != order and view.axes[axis] == channels else view


def _channels(low: Lowering, node: Node, reference: View, views: list[View]) -> View:
    axis = node.attrs["axis"]
    own = low.logical[reference.value]
    values = []
    for view in views:
        bare = View(view.value, (*view.axes[:axis], (), *view.axes[axis + 1 :]))
        values.append(_like(low, reference, bare, view.axes[axis]))
    logical = Logical(low.fresh(node.shape[axis]), own.height, own.width)
    value = low.emit("concat", {}, values, logical)
    return View(value, (*reference.axes[:axis], logical.channels, *reference.axes[axis + 1 :]))


def _like(low: Lowering, reference: View, bare: View, channels: Any) -> int:
    """Return a node whose channels are given and whose rows and columns are those of the reference."""
    own = low.logical[reference.value]
    pairs = []
    for first, second in zip(reference.axes, bare.axes, strict=True):
        if second:
            found = matched(first, second)
            if found is None:
                raise ModelFault("places that do not pair")
            pairs.extend(found)
    height, width = translated(own.height, pairs), translated(own.width, pairs)
    if size(height) != size(own.height) or size(width) != size(own.width):
        raise ModelFault("places that do not pair")
    return low.arrange(bare, channels, height, width)


def _vectors(low: Lowering, node: Node, views: list[View]) -> View:
    """Put whole tensors one behind the other, each as a vector."""
    axis = node.attrs["axis"]
    values = [low.arrange(view, view.axes[axis], (), ()) for view in views]
    logical = low.new_map((node.shape[axis], 1, 1))
    value = low.emit("concat", {}, values, logical)
    return View(value, (*((),) * axis, logical.channels, *((),) * (len(node.shape) - axis - 1)))


def _places(low: Lowering, node: Node, views: list[View]) -> View:
    """Put places of several maps one behind the other: as vectors, which then are channels x places again."""
    whole = [joined(digit for axis in view.axes for digit in axis) for view in views]
    values = [low.arrange(view, digits, (), ()) for view, digits in zip(views, whole, strict=True)]
    vector = low.emit("concat", {}, values, low.new_map((node.size, 1, 1)))
    last = len(node.shape) - 1
    channels_last = node.attrs["axis"] != last and views[0].axes[-1] == low.logical[views[0].value].channels
    order = [last, *range(last)] if channels_last else list(range(last + 1))
    shape = [node.shape[at] for at in order if node.shape[at] > 1] or [1]
    lengths = [shape[0], prod(shape[1:-1]), shape[-1]] if len(shape) > 2 else [*shape, 1, 1][:3]
    logical = low.new_map(lengths)
    value = low.emit("reshape", {"shape": lengths}, [vector], logical)
    axes = regrouped((logical.channels, logical.height, logical.width), [node.shape[at] for at in order]) or ()
    placed: list[Digits] = [()] * len(node.shape)
    for at, digits in zip(order, axes, strict=False):
        placed[at] = digits
    return View(value, tuple(placed))


def _class_token(low: Lowering, node: Node) -> View:
    """Put learned tokens in front of, or behind, the tokens of a map."""
    axis = node.attrs["axis"]
    tensors = [source for source in node.inputs if low.net.nodes[source].kind != "param"]
    learned = [low.net.nodes[source] for source in node.inputs if low.net.nodes[source].kind == "param"]
    view = low.view(tensors[0])
    own = low.logical[view.value]
    if len(tensors) > 1 or view.axes[axis] != own.space or len(node.shape) not in (3, 4):
        return _places(low, node, [low.view(source) for source in node.inputs])
    value = low.arrange(view, own.channels, own.space, ())
    low.current = node.replace(weights=tuple(weight for each in learned for weight in each.weights))
    logical = Logical(own.channels, low.fresh(node.shape[axis]), ())
    count = node.shape[axis] - size(own.space)
    settings = {"tokens": count} if count > 1 else {}
    found = low.emit("class_token", settings, [value], logical, counted=True)
    return View(found, (*view.axes[:axis], logical.height, *view.axes[axis + 1 :]))


RULES: dict[str, Callable[[Lowering, Node], View]] = {
    "ew": ew,
    "concat": concat,
}
