"""Lowering of what slides a window, and of what changes the size of a map."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.exchange.lowering.state import Logical, Lowering, View
from archcalc.exchange.lowering.write import given, numbers, padding, steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.lowering.digits import Digits
    from archcalc.exchange.tensors import Node


WEIGHTED = ("conv", "conv_transpose", "depthwise_conv", "locally_connected")
"""Words of layers whose output channels are not their input's."""


def as_image(low: Lowering, node: Node) -> tuple[int | None, tuple[int, ...], bool]:
    """Return the input as a map, its axes of space, and whether it is a sequence; None for several images at once."""
    view = low.view(node.inputs[0])
    at = node.attrs["channels"] % len(view.axes)
    space = tuple(axis for axis in range(1, len(view.axes)) if axis != at)
    if view.axes[0]:
        return None, space, False
    rows = view.axes[space[0]]
    columns: Digits = view.axes[space[1]] if len(space) > 1 else ()
    return low.arrange(view, view.axes[at], rows, columns), space, len(space) == 1


def made(low: Lowering, node: Node, word: str, settings: dict[str, Any], value: int, macs: int = 0) -> View:
    """Add a node whose output is a new map, in the tensor's own order of axes."""
    at = node.attrs["channels"] % len(node.shape)
    space = [axis for axis in range(1, len(node.shape)) if axis != at]
    lengths = [node.shape[at], *(node.shape[axis] for axis in space), 1][:3]
    old = low.logical[value]
    logical = low.new_map(lengths)
    if lengths[0] == low.nodes[value].shape[0] and word not in WEIGHTED:
        logical = Logical(old.channels, logical.height, logical.width)
    found = low.emit(word, settings, [value], logical, macs=macs, counted=True)
    axes: list[Digits] = [()] * len(node.shape)
    axes[at] = logical.channels
    for axis, digits in zip(space, (logical.height, logical.width), strict=False):
        axes[axis] = digits
    return View(found, tuple(axes))


def conv(low: Lowering, node: Node) -> View:
    """Lower a convolution; one with a filter or several for each channel alone is depthwise."""
    value, space, sequence = as_image(low, node)
    held = node.attrs
    macs = prod(node.shape[axis] for axis in space) * node.shape[0] * (node.weights[0].size if node.weights else 0)
    if value is None:
        return low.custom(f"{node.origin.op} on several images at once", low.values(), node.shape, macs=macs)
    channels = low.nodes[value].shape[0]
    depthwise = held["groups"] == channels > 1
    multiplier = held["filters"] // channels
    common = given(
        kernel=numbers(held["kernel"], sequence),
        stride=steps(held["stride"], sequence),
        pad=padding(held["pads"], sequence),
        dilation=steps(held["dilation"], sequence),
        round=held["rounding"] if held["rounding"] != "floor" else None,
        bias=None if held["bias"] else False,
    )
    if depthwise:
        settings = given(**common, multiplier=multiplier if multiplier > 1 else None)
        return made(low, node, "depthwise_conv", settings, value, macs)
    groups = held["groups"] if held["groups"] > 1 else None
    return made(low, node, "conv", given(filters=held["filters"], **common, groups=groups), value, macs)


def conv_transpose(low: Lowering, node: Node) -> View:
    """Lower a transposed convolution."""
    value, space, sequence = as_image(low, node)
    held = node.attrs
    source = low.net.shape(node.inputs[0])
    macs = prod(source[axis] for axis in space) * (node.weights[0].size if node.weights else 0)
    if value is None:
        return low.custom(f"{node.origin.op} on several images at once", low.values(), node.shape, macs=macs)
    added = held["output_pad"]
    settings = given(
        filters=held["filters"],
        kernel=numbers(held["kernel"], sequence),
        stride=steps(held["stride"], sequence),
        pad=padding(held["pads"], sequence),
        output_pad=(numbers(added, sequence) if len(added) == 2 or sequence else [added[0], 0]) if any(added) else None,
        dilation=steps(held["dilation"], sequence),
        groups=held["groups"] if held["groups"] > 1 else None,
        bias=None if held["bias"] else False,
    )
    return made(low, node, "conv_transpose", settings, value, macs)


def local(low: Lowering, node: Node) -> View:
    """Lower a convolution whose weights are those of one place alone."""
    value, _, sequence = as_image(low, node)
    held = node.attrs
    macs = node.weights[0].size
    if value is None:
        return low.custom(f"{node.origin.op} on several images at once", low.values(), node.shape, macs=macs)
    settings = given(
        filters=held["filters"],
        kernel=numbers(held["kernel"], sequence),
        stride=steps(held["stride"], sequence),
        pad=padding(held["pads"], sequence),
        bias=None if held["bias"] else False,
    )
    return made(low, node, "locally_connected", settings, value, macs)


def pool(low: Lowering, node: Node) -> View:
    """Lower a pooling."""
    value, _, sequence = as_image(low, node)
    held = node.attrs
    word = {"max": "max_pool", "avg": "avg_pool", "lp": "avg_pool"}[held["op"]]
    if value is None:
        return low.custom(f"{node.origin.op} on several images at once", low.values(), node.shape)
    if set(held["kernel"]) == {1} and set(held["stride"]) == {1} and not any(map(any, held["pads"])):
        return low.view(node.inputs[0])
    settings = given(
        kernel=numbers(held["kernel"], sequence),
        stride=numbers(held["stride"], sequence) if held["stride"] != held["kernel"] else None,
        pad=padding(held["pads"], sequence),
        dilation=steps(held["dilation"], sequence),
        round=held["rounding"] if held["rounding"] != "floor" else None,
    )
    return made(low, node, word, settings, value)


def adaptive_pool(low: Lowering, node: Node) -> View:
    """Lower a pooling to a given size; to a single place it is global."""
    value, space, sequence = as_image(low, node)
    if value is None:
        return low.custom(f"{node.origin.op} on several images at once", low.values(), node.shape)
    lengths = [node.shape[axis] for axis in space]
    op = node.attrs["op"]
    if set(lengths) == {1}:
        return made(low, node, f"global_{op}_pool", {}, value)
    return made(low, node, f"adaptive_{op}_pool", {"pooled": numbers(lengths, sequence)}, value)


def max_unpool(low: Lowering, node: Node) -> View:
    """Lower what undoes a max pooling."""
    node = node.replace(attrs={**node.attrs, "channels": node.attrs.get("channels", 1)})
    value, space, sequence = as_image(low, node)
    held = node.attrs
    if value is None:
        return low.custom(f"{node.origin.op} on several images at once", low.values(), node.shape)
    settings = given(
        kernel=numbers(held["kernel"], sequence),
        stride=numbers(held["stride"], sequence) if held["stride"] != held["kernel"] else None,
        pad=padding(held["pads"], sequence),
        output_size=numbers([node.shape[axis] for axis in space], sequence) if held["given"] else None,
    )
    return made(low, node, "max_unpool", settings, value)


def roi_pool(low: Lowering, node: Node) -> View:
    """Lower the pooling of one region."""
    node = node.replace(attrs={**node.attrs, "channels": 1})
    value, space, _ = as_image(low, node)
    pooled = numbers([node.shape[axis] for axis in space], sequence=False)
    return made(low, node, "roi_pool", {"pooled": pooled}, value if value is not None else low.values()[0])


def resize(low: Lowering, node: Node) -> View:
    """Lower a change of a map's size: by a whole factor (upsample), or to a size."""
    channels = node.attrs.get("channels", 1)
    node = node.replace(attrs={**node.attrs, "channels": channels})
    source = low.net.shape(node.inputs[0])
    value, space, sequence = as_image(low, node)
    if value is None or node.shape[channels] != source[channels]:
        return low.custom(node.origin.op, low.values(), node.shape)
    before, after = [source[axis] for axis in space], [node.shape[axis] for axis in space]
    if before == after:
        return low.view(node.inputs[0])
    mode = MODES.get(str(node.attrs.get("mode", "nearest")), "nearest")
    words = given(mode=mode if mode != "nearest" else None)
    factors = [b // a for a, b in zip(before, after, strict=True)]
    whole = all(a * f == b for a, b, f in zip(before, after, factors, strict=True))
    if whole and node.attrs.get("scales") is not None:
        return made(low, node, "upsample", {"factor": numbers(factors, sequence), **words}, value)
    return made(low, node, "resize", {"size": numbers(after, sequence), **words}, value)


MODES = {"linear": "bilinear", "bilinear": "bilinear", "cubic": "bicubic", "bicubic": "bicubic"}


def pad(low: Lowering, node: Node) -> View:
    """Lower padding of space, or of channels."""
    view = low.view(node.inputs[0])
    pairs = node.attrs["pairs"]
    padded = [axis for axis, pair in enumerate(pairs) if any(pair)]
    own = low.logical[view.value]
    if len(padded) == 1 and view.axes[padded[0]] == own.channels and min(pairs[padded[0]]) >= 0:
        (axis,) = padded
        logical = Logical(low.fresh(node.shape[axis]), own.height, own.width)
        value = low.emit("pad_channels", {"filters": node.shape[axis]}, [view.value], logical)
        return View(value, (*view.axes[:axis], logical.channels, *view.axes[axis + 1 :]))
    at = next((axis for axis, digits in enumerate(view.axes) if digits == own.channels and axis not in padded), None)
    space = [axis for axis in range(1, len(pairs)) if axis != at]
    if at is None or len(pairs) not in (3, 4) or 0 in padded:
        return low.custom(node.origin.op, low.values(), node.shape)
    node = node.replace(attrs={**node.attrs, "channels": at})
    value_in, _, sequence = as_image(low, node)
    if value_in is None:
        return low.custom(node.origin.op, low.values(), node.shape)
    sides = tuple(pairs[axis] for axis in space)
    if min(map(min, sides)) < 0:
        lengths = [node.shape[axis] for axis in space] + [1] * (2 - len(space))
        starts = given(
            top=max(-sides[0][0], 0) or None, left=(max(-sides[-1][0], 0) or None) if len(sides) > 1 else None
        )
        if max(map(max, sides)) > 0:
            return low.custom(node.origin.op, low.values(), node.shape)
        return made(low, node, "crop", {"height": lengths[0], "width": lengths[1], **starts}, value_in)
    return made(low, node, "pad", {"pad": padding(sides, sequence)}, value_in)


RULES: dict[str, Callable[[Lowering, Node], View]] = {
    "conv": conv,
    "conv_transpose": conv_transpose,
    "local": local,
    "pool": pool,
    "adaptive_pool": adaptive_pool,
    "max_unpool": max_unpool,
    "roi_pool": roi_pool,
    "resize": resize,
    "pad": pad,
}
