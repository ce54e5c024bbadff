"""Lowering of linear layers, normalisations, activations and other layers that keep the places."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.exchange.lowering.digits import joined, size
from archcalc.exchange.lowering.state import Logical, Lowering, View
from archcalc.exchange.lowering.write import given

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.tensors import Node


def linear(low: Lowering, node: Node) -> View:
    """Lower a linear layer: on one vector it is an fc, on a channel vector at each place a 1 x 1 convolution."""
    view = low.view(node.inputs[0])
    last, others = view.axes[-1], joined(digit for axis in view.axes[:-1] for digit in axis)
    filters, macs = node.attrs["filters"], prod(node.shape[:-1]) * (node.weights[0].size if node.weights else 0)
    bias = None if node.attrs["bias"] else False
    if not others:
        logical = low.new_map((filters, 1, 1))
        settings = given(out_features=filters, bias=bias)
        value = low.emit("fc", settings, [view.value], logical, macs=macs, counted=True)
        return View(value, (*view.axes[:-1], logical.channels))
    value_in = view.value
    if joined(last) != low.logical[value_in].channels:
        rows = joined(digit for axis in view.axes[:-2] for digit in axis)
        value_in = low.arrange(view, last, *((others, ()) if not rows else (rows, view.axes[-2])))
    own = low.logical[value_in]
    logical = Logical(low.fresh(filters), own.height, own.width)
    settings = given(filters=filters, kernel=1, bias=bias)
    value = low.emit("conv", settings, [value_in], logical, macs=macs, counted=True)
    return View(value, (*view.axes[:-1], logical.channels))


def embedding(low: Lowering, node: Node) -> View:
    """Lower a table of vectors, one for each word."""
    view = low.view(node.inputs[0])
    own = low.logical[view.value]
    words, features = node.weights[0].dims
    logical = Logical(low.fresh(features), own.space if own.space else own.channels, ())
    value = low.emit("embedding", {"entries": words, "features": features}, [view.value], logical, counted=True)
    return View(value, (*view.axes, logical.channels))


def act(low: Lowering, node: Node) -> View:
    """Lower a function of each value."""
    view = low.view(node.inputs[0])
    fn, settings = node.attrs["fn"], dict(node.attrs["settings"])
    if fn in ACTIVATIONS:
        return low.pointwise(fn, {word: settings[word] for word in ACTIVATIONS[fn] if word in settings}, view)
    if fn == "clip":
        return low.pointwise("custom", {"what": "clip", "ops": node.size}, view)
    return low.pointwise("custom", {"what": fn, "ops": node.size}, view)


ACTIVATIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("relu", "relu6", "sigmoid", "tanh", "swish", "hard_swish", "hard_sigmoid", "gelu", "selu", "mish",
         "softplus", "softsign", "log_sigmoid", "hard_tanh", "tanh_shrink", "soft_shrink", "hard_shrink"), (),
    ),
    "leaky_relu": ("slope",), "elu": (), "celu": (), "threshold": (),
}  # fmt: skip
"""Activations that have a word, and the settings that say something about them."""


def prelu(low: Lowering, node: Node) -> View:
    """Lower a leaky ReLU with learned slopes."""
    view = low.view(node.inputs[0])
    slopes = node.weights[0].size if node.weights else 1
    channels = low.nodes[view.value].shape[0]
    settings = {"shared": True} if slopes == 1 != channels else {}
    if slopes not in (1, channels):
        what = {"what": "PReLU with a slope for each value", "params": slopes, "ops": node.size}
        return low.pointwise("custom", what, view, counted=True)
    return low.pointwise("prelu", settings, view, counted=True)


def softmax(low: Lowering, node: Node) -> View:
    """Lower a softmax."""
    return low.pointwise("softmax", {}, low.view(node.inputs[0]))


def norm(low: Lowering, node: Node) -> View:
    """Lower a normalisation."""
    view = low.view(node.inputs[0])
    what, held = node.attrs["what"], node.attrs
    if what == "lrn":
        return low.pointwise("lrn", given(neighbours=held["neighbours"] if held["neighbours"] != 5 else None), view)
    at = held["channels"] % len(view.axes)
    axes = held.get("axes", (at,))
    over = joined(digit for axis in axes for digit in view.axes[axis])
    if over != low.logical[view.value].channels and what in ("layer", "rms", "batch", "l2", "group", "instance"):
        whole = what in ("layer", "rms") and len(over) and over != view.axes[at]
        if whole or what == "l2":
            return _custom_norm(low, node, view)
        others = [axis for place, axis in enumerate(view.axes) if place != at]
        rows = joined(digit for axis in others[:-1] for digit in axis)
        view = View(low.arrange(view, view.axes[at], *((rows, others[-1]) if rows else (others[-1], ()))), view.axes)
    word, settings = _norm_words(node)
    value = low.emit(
        word, settings, [view.value], low.logical[view.value], counted=True, buffers=held.get("buffers", 0)
    )
    return View(value, view.axes)


def _norm_words(node: Node) -> tuple[str, dict[str, Any]]:
    what, held, count = node.attrs["what"], node.attrs, len(node.weights)
    if what == "batch":
        off = given(scale=None if held["scale"] else False, shift=None if held["shift"] else False)
        return "bn", off
    off = {"layer": {"scale": False, "shift": False}, "rms": {"scale": False}}.get(what, {"scale": False})
    if what == "group":
        affine = None if count else False
        return "group_norm", given(groups=held["groups"], affine=affine)
    if what == "instance":
        return "instance_norm", {"affine": True} if count else {}
    if what == "l2":
        return "l2_norm", {"scale": True} if count else {}
    if what == "layer" and count == 1:
        return "layer_norm", {"shift": False}
    return f"{what}_norm", {} if count else off


def _custom_norm(low: Lowering, node: Node, view: View) -> View:
    """Lower a normalisation over axes that archcalc has no word for, with the weights that the file holds."""
    params = sum(weight.params for weight in node.weights if weight.learned)
    what = "L2 norm of each head" if node.attrs["what"] == "l2" else f"{node.attrs['what']} norm over several axes"
    settings = {"what": what, "ops": 2 * node.size}
    return low.pointwise("custom", {**settings, **({"params": params} if params else {})}, view, counted=True)


def affine(low: Lowering, node: Node) -> View:
    """Lower learned factors and shifts: of each channel, or of each value (a position embedding)."""
    view = low.view(node.inputs[0])
    const, held = node.weights[0], node.attrs
    dims = (1,) * (len(node.shape) - len(const.dims)) + const.dims
    if len(dims) != len(view.axes) or node.shape != low.net.shape(node.inputs[0]):
        return low.custom("learned factors" if held["scale"] else "learned shifts", [view.value], node.shape, node.size)
    over = joined(digit for length, axis in zip(dims, view.axes, strict=True) if length > 1 for digit in axis)
    own = low.logical[view.value]
    if held["scale"] and over == own.channels:
        return low.pointwise("scale", {"bias": True} if held["shift"] else {}, view, counted=True)
    if held["shift"] and not held["scale"] and const.size == node.size and own.space:
        return low.pointwise("position", {}, view, counted=True)
    what = "learned factors" if held["scale"] else "learned shifts"
    params = sum(weight.params for weight in node.weights)
    return low.pointwise("custom", {"what": what, "params": params, "ops": node.size}, view, counted=True)


def reduce(low: Lowering, node: Node) -> View:
    """Lower one value for all places of some axes; over all places of a map it is a global pooling."""
    view = low.view(node.inputs[0])
    op, axes, own = node.attrs["op"], node.attrs["axes"], low.logical[view.value]
    gone = joined(digit for axis in axes for digit in view.axes[axis])
    kept = [
        () if axis in axes else digits
        for axis, digits in enumerate(view.axes)
        if axis not in axes or node.attrs["keep"]
    ]
    word = {"mean": "global_avg_pool", "max": "global_max_pool"}.get(op)
    if word and set(gone) == set(own.space) and size(gone) == size(own.space):
        logical = Logical(own.channels, (), ())
        return View(low.emit(word, {}, [view.value], logical), tuple(kept))
    for part in ("height", "width"):
        if word and gone and gone == getattr(own, part):
            logical = own._replace(**{part: ()})
            pooled = [size(logical.height), size(logical.width)]
            name = "adaptive_avg_pool" if op == "mean" else "adaptive_max_pool"
            return View(low.emit(name, {"pooled": pooled}, [view.value], logical), tuple(kept))
    if op == "max" and len(gone) == len(own.channels) == 1 and gone[0] == own.channels[0].split(size(gone))[1]:
        logical = own._replace(channels=(own.channels[0].split(size(gone))[0],))
        return View(low.emit("maxout", {"pieces": size(gone)}, [view.value], logical), tuple(kept))
    remaining = [own.channels, own.height, own.width]
    if gone in remaining:
        logical = Logical(*(() if digits == gone else digits for digits in remaining))
        what = {"mean": "mean", "max": "maximum", "sum": "sum", "l2": "length"}.get(op, op)
        ops = low.net.nodes[node.inputs[0]].size
        settings = {"what": f"{what} over channels", "shape": [size(part) for part in logical], "ops": ops}
        return View(low.emit("custom", settings, [view.value], logical), tuple(kept))
    return low.custom(f"{op} over some axes", [view.value], node.shape, ops=low.net.nodes[node.inputs[0]].size)


def recurrent(low: Lowering, node: Node) -> View:
    """Lower an LSTM, a GRU or a simple recurrent layer over the places of a sequence."""
    view = low.view(node.inputs[0])
    held, own = node.attrs, low.logical[view.value]
    channels = view.axes[-1]
    places = joined(digit for axis in view.axes[:-1] for digit in axis)
    in_row = channels == own.channels and not (own.height and own.width)
    value_in = view.value if in_row else low.arrange(view, channels, places, ())
    both = 2 if held["both"] else 1
    own = low.logical[value_in]
    fresh = low.fresh(both * held["hidden"])
    logical = Logical(fresh, own.height, own.width)
    matrices = sum(weight.size for weight in node.weights if len(weight.dims) >= 2 and "bias" not in weight.key)
    macs = size(places) * sum(w.size for w in node.weights[: held.get("matrices", 2)]) if node.weights else matrices
    settings = given(
        units=held["hidden"],
        bidirectional=True if held["both"] else None,
        bias=None if held["bias"] else False,
        cell=None if held["cell"] in ("lstm", "gru") else held["cell"],
    )
    word = held["cell"] if held["cell"] in ("lstm", "gru") else "custom"
    if word == "custom":
        settings = {"what": "simple recurrent layer", "shape": [size(part) for part in logical], "macs": macs,
                    "params": sum(weight.params for weight in node.weights)}  # fmt: skip
    value = low.emit(word, settings, [value_in], logical, macs=macs, counted=True)
    outer = fresh[0].split(held["hidden"]) if both == 2 and fresh else ((), fresh)
    return View(value, _recurrent_axes(node, view, outer, fresh))


def _recurrent_axes(node: Node, view: View, halves: Any, fresh: Any) -> Any:
    """Return the output's axes: ONNX puts the directions into one of their own."""
    if len(node.shape) == 3:
        return (*view.axes[:-1], fresh)
    outer = (halves[0],) if node.attrs["both"] else ()
    inner = (halves[1],) if node.attrs["both"] else fresh
    return (view.axes[node.attrs.get("time", 0)], outer, (), inner)


RULES: dict[str, Callable[[Lowering, Node], View]] = {
    "linear": linear,
    "embedding": embedding,
    "act": act,
    "prelu": prelu,
    "softmax": softmax,
    "norm": norm,
    "affine": affine,
    "reduce": reduce,
    "recurrent": recurrent,
}
