"""Normalisations that files spell out, or write as a normalisation and a scale or shift behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.idioms.match import by_scalar, is_act, is_ew, is_root, is_square_of, unscaled

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.tensors import Const, Node


def decomposed(net: Operands) -> Callable[[Node], int | None]:
    """Find layer norm, RMS norm and L2 norm written as arithmetic."""

    def rule(node: Node) -> int | None:
        if not is_ew(node, "div", "mul") or len(node.inputs) != 2 or node.weights:
            return None
        pairs = [node.inputs] if node.attrs["fn"] == "div" else [node.inputs, node.inputs[::-1]]
        for over, under in pairs:
            found = _normalised(net, node, over, under)
            if found is not None:
                return found
        return None

    return rule


def _normalised(net: Operands, node: Node, over: int, under: int) -> int | None:
    root = _root(net, under, reciprocal=node.attrs["fn"] == "mul")
    if root is None:
        return _l2(net, over, under) if node.attrs["fn"] == "div" else None
    mean = net.nodes[_without_eps(net, root)]
    if mean.kind != "reduce" or mean.attrs["op"] not in ("mean", "sum", "sum_square"):
        return None
    axes = mean.attrs["axes"]
    centred = net.nodes[over]
    squared = is_square_of(net, mean.inputs[0], over) or mean.attrs["op"] == "sum_square"
    if not squared and not _squares_a_twin(net, mean.inputs[0], centred):
        return None
    if mean.attrs["op"] != "mean":
        return net.norm(over, "l2", channels=axes[0]) if len(axes) == 1 else None
    at = axes[0] if len(axes) == 1 else -1
    if is_ew(centred, "sub") and len(centred.inputs) == 2 and _is_mean_of(net, centred.inputs[1], centred.inputs[0]):
        return net.norm(centred.inputs[0], "layer", channels=at, axes=axes)
    return net.norm(over, "rms", channels=at, axes=axes)


def _root(net: Operands, number: int, reciprocal: bool) -> int | None:
    """Return what stands under the root by which a tensor is divided."""
    node = net.nodes[number]
    if not reciprocal:
        return is_root(net, number)
    if is_act(node, "rsqrt"):
        return node.inputs[0]
    return is_root(net, node.inputs[0]) if is_act(node, "reciprocal") else None


def _without_eps(net: Operands, number: int) -> int:
    node = net.nodes[number]
    small = (is_ew(node, "add", "max") and len(node.inputs) == 1) or is_act(node, "clip")
    return node.inputs[0] if small else number


def _squares_a_twin(net: Operands, number: int, centred: Node) -> bool:
    """Whether a node squares x minus its mean, computed a second time."""
    node = net.nodes[number]
    if node.kind != "ew" or node.attrs["fn"] not in ("pow", "mul"):
        return False
    twin = net.nodes[node.inputs[0]]
    return is_ew(twin, "sub") and is_ew(centred, "sub") and twin.inputs[:1] == centred.inputs[:1]


def _is_mean_of(net: Operands, number: int, base: int) -> bool:
    node = net.nodes[number]
    return node.kind == "reduce" and node.attrs["op"] == "mean" and node.inputs == (base,)


def _l2(net: Operands, over: int, under: int) -> int | None:
    """Find x / max(|x|, eps), its length perhaps repeated for each channel."""
    node = net.nodes[under]
    while node.kind == "expand" or is_act(node, "clip") or (is_ew(node, "max", "add") and len(node.inputs) == 1):
        node = net.nodes[node.inputs[0]]
    same = node.kind == "reduce" and node.attrs["op"] == "l2" and node.inputs == (over,)
    if not same or len(node.attrs["axes"]) != 1:
        return None
    return net.norm(over, "l2", channels=node.attrs["axes"][0])


def across_channels(net: Operands) -> Callable[[Node], int | None]:
    """Find x / (k + α·mean of its neighbours' squares)^β: local response normalisation."""

    def rule(node: Node) -> int | None:
        if not is_ew(node, "div") or len(node.inputs) != 2:
            return None
        x, found = node.inputs[0], net.nodes[node.inputs[1]]
        for _ in range(8):
            if found.attrs.get("neighbours"):
                break
            if not (by_scalar(found) or found.kind in ("reshape", "act")) or len(found.inputs) != 1:
                return None
            found = net.nodes[found.inputs[0]]
        window = found.attrs.get("neighbours")
        if not window:
            return None
        while found.kind in ("opaque", "reshape", "pad") and found.inputs:
            found = net.nodes[found.inputs[0]]
        return net.norm(x, "lrn", neighbours=window) if is_square_of(net, found.id, x) else None

    return rule


def grouped(net: Operands) -> Callable[[Node], int | None]:
    """Find group norm, written as instance norm between two reshapes."""

    def rule(node: Node) -> int | None:
        if node.kind != "reshape":
            return None
        norm = net.nodes[node.inputs[0]]
        if norm.kind != "norm" or norm.attrs["what"] not in ("instance", "layer") or norm.weights:
            return None
        before = net.nodes[norm.inputs[0]]
        if before.kind != "reshape" or net.shape(before.inputs[0]) != node.shape or len(before.shape) < 3:
            return None
        if len(node.shape) < 3 or before.shape[1] > node.shape[1] or node.shape[1] % before.shape[1]:
            return None
        return net.norm(before.inputs[0], "group", groups=before.shape[1])

    return rule


def affine(net: Operands) -> Callable[[Node], int | None]:
    """Bring learned scales and shifts into the normalisation or the linear layer before them, or into one node."""
    users = net.users()

    def rule(node: Node) -> int | None:
        if node.kind == "affine":
            return _batch_norm(net, node, users)
        if not is_ew(node, "mul", "add", "sub", "div") or len(node.inputs) != 1 or len(node.weights) != 1:
            return None
        const, fn = node.weights[0], node.attrs["fn"]
        if not const.learned or const.size == 1:
            return None
        if fn in ("sub", "div"):
            fn = {"sub": "add", "div": "mul"}[fn]
        base = net.nodes[unscaled(net, node.inputs[0])] if fn == "add" else net.nodes[node.inputs[0]]
        alone = len(users.get(base.id, ())) <= 1
        merged = _merged(net, base, fn, const) if alone and base.shape == node.shape else None
        merged = merged if merged is not None or fn != "add" else _bias_behind_views(net, node, const, users)
        if merged is not None:
            return merged
        return net.add("affine", node.inputs, node.shape, [const], scale=fn == "mul", shift=fn == "add")

    return rule


def _bias_behind_views(net: Operands, node: Node, const: Const, users: dict[int, list[int]]) -> int | None:
    """Make a shift the bias of a convolution that other axes were given in between, as TensorFlow's exports do."""
    views: list[Node] = []
    base = net.nodes[node.inputs[0]]
    dims = (1,) * (len(node.shape) - len(const.dims)) + const.dims
    axis = next((at for at, length in enumerate(dims) if length == const.size), 0)
    while base.kind == "transpose" and len(users.get(base.id, ())) <= 1:
        views.append(base)
        axis = base.attrs["perm"][axis]
        base = net.nodes[base.inputs[0]]
    fits = base.kind in ("conv", "conv_transpose") and axis == base.attrs["channels"] % len(base.shape)
    if not views or not fits or len(users.get(base.id, ())) > 1:
        return None
    found = _merged(net, base, "add", const)
    for view in reversed(views) if found is not None else ():
        net.origin = view.origin
        found = net.transpose(found or 0, view.attrs["perm"])
    return found


def _batch_norm(net: Operands, node: Node, users: dict[int, list[int]]) -> int | None:
    """Make a scale and shift behind running statistics one batch norm, as Caffe writes it in two layers."""
    base = net.nodes[node.inputs[0]]
    bare = base.kind == "norm" and base.attrs["what"] == "batch" and not base.weights
    if not bare or len(users.get(base.id, ())) > 1 or node.weights[0].size != node.shape[1]:
        return None
    attrs = {**base.attrs, "scale": node.attrs["scale"], "shift": node.attrs["shift"]}
    net.origin = base.origin
    return net.add("norm", base.inputs, node.shape, node.weights, base.notes, **attrs)


def _merged(net: Operands, base: Node, fn: str, const: Const) -> int | None:
    """Return the node that a scale or shift was made part of, or None where it cannot be."""
    attrs = dict(base.attrs)
    if base.kind == "affine" and fn == "add" and not attrs["shift"] and const.size == base.weights[0].size:
        attrs["shift"] = True
    elif base.kind == "norm" and attrs["what"] not in ("lrn", "batch") and len(base.weights) == (fn == "add"):
        if base.weights and const.size != base.weights[0].size:
            return None
    elif base.kind in ("linear", "conv", "conv_transpose") and fn == "add" and len(base.weights) == 1:
        if const.size != attrs["filters"] or max(const.dims) != const.size:
            return None
        attrs["bias"] = True
    else:
        return None
    net.origin = base.origin
    return net.add(base.kind, base.inputs, base.shape, (*base.weights, const), base.notes, **attrs)
