"""Layers that move, take or add values, in ONNX."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from archcalc.export.onnx.graph import INT64, Value
from archcalc.operations.concat import AXES

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.export.onnx.context import Context


def flatten(c: Context) -> Value:
    """Flatten: a matrix of one row."""
    x = c.inputs[0]
    return c.end("Flatten", [x], (1, c.output.channels), axis=1)


def reshape(c: Context) -> Value:
    """Reshape, of any view; values keep their order."""
    return c.reshaped(c.inputs[0], c.dims, last=True)


def concat(c: Context) -> Value:
    """Concat."""
    axis = 1 + AXES.index(c.operation.axis)
    if axis == 1 and all(len(value.dims) == 2 for value in c.inputs):
        return c.end("Concat", c.inputs, (1, c.output.channels), axis=axis)
    return c.end("Concat", [c.map(place) for place in range(len(c.inputs))], c.dims, axis=axis)


def channel_slice(c: Context) -> Value:
    """Slice, of the channels."""
    start = c.operation.start
    return c.sliced(c.inputs[0], 1, start, start + c.operation.channels, last=True)


def channel_shuffle(c: Context) -> Value:
    """A transpose of groups and channels in a group."""
    groups = c.operation.groups
    split = c.reshaped(c.map(), (1, groups, c.output.channels // groups, *c.output[1:]))
    return c.reshaped(c.turned(split, (0, 2, 1, 3, 4)), c.dims, last=True)


def crop(c: Context) -> Value:
    """Slice, of rows and of columns."""
    above, left = c.operation.first(c.shape)
    rows = c.sliced(c.map(), 2, above, above + c.output.height)
    return c.sliced(rows, 3, left, left + c.output.width, last=True)


MODES = {"zero": "constant", "replicate": "edge", "reflect": "reflect"}


def pad(c: Context) -> Value:
    """Pad; by the map's other end it is a Concat, since Pad has no such mode before opset 19."""
    top, bottom, left, right = c.operation.added(c.shape)
    if c.operation.mode == "circular":
        rows = _wrapped(c, c.map(), 2, top, bottom, last=not (left or right))
        return _wrapped(c, rows, 3, left, right, last=True) if left or right else rows
    pads = c.whole_numbers([0, 0, top, left, 0, 0, bottom, right])
    return c.end("Pad", [c.map(), pads], c.dims, mode=MODES[c.operation.mode])


def _wrapped(c: Context, x: Value, axis: int, before: int, behind: int, *, last: bool) -> Value:
    length = x.dims[axis]
    front = [c.sliced(x, axis, length - before, length)] if before else []
    end = [c.sliced(x, axis, 0, behind)] if behind else []
    if not front and not end and not last:
        return x
    dims = [size + before + behind if at == axis else size for at, size in enumerate(x.dims)]
    return (c.end if last else c.add)("Concat", [*front, x, *end], dims, axis=axis)


def pad_channels(c: Context) -> Value:
    """Every stride-th place, then channels of zeros behind."""
    x = c.map()
    for axis, step in enumerate(c.operation.stride, 2):
        x = c.sliced(x, axis, 0, x.dims[axis], step) if step > 1 else x
    pads = c.whole_numbers([0, 0, 0, 0, 0, c.output.channels - c.shape.channels, 0, 0])
    return c.end("Pad", [x, pads], c.dims, mode="constant")


def pixel_shuffle(c: Context) -> Value:
    """DepthToSpace, the squares of a channel in a row, as PyTorch has them."""
    return c.end("DepthToSpace", [c.map()], c.dims, blocksize=c.operation.factor, mode="CRD")


def pixel_unshuffle(c: Context) -> Value:
    """SpaceToDepth."""
    return c.end("SpaceToDepth", [c.map()], c.dims, blocksize=c.operation.factor)


NO_SCALE = (Fraction(1, 2), 1)
"""Stands for a resizing that says a size: nothing that is written as a scale."""

RESIZING = {"nearest": "nearest", "bilinear": "linear", "bicubic": "cubic"}


def resize(c: Context) -> Value:
    """Resize: by whole scales where it has such, otherwise to a size; places as PyTorch's interpolate lays them."""
    held = c.operation
    scale: tuple[Any, Any] = getattr(held, "scale", None) or NO_SCALE
    if all(factor == int(factor) for factor in scale):
        name = "/".join(map(str, ("scales", *scale)))
        given = ["", c.graph.reals(name, [1.0, 1.0, *map(float, scale)], (4,))]
    else:
        given = ["", "", c.whole_numbers(c.dims)]
    if held.mode == "nearest":
        places = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    else:
        places = {"coordinate_transformation_mode": "align_corners" if held.align_corners else "pytorch_half_pixel"}
    more = {"cubic_coeff_a": -0.75} if held.mode == "bicubic" else {}
    return c.end("Resize", [c.map(), *given], c.dims, mode=RESIZING[held.mode], **places, **more)


def class_token(c: Context) -> Value:
    """Concat, of learned tokens and the others."""
    token = c.weight("weight", (1, c.output.channels, c.operation.count, 1))
    return c.end("Concat", [token, c.map()], c.dims, axis=2)


def embedding(c: Context) -> Value:
    """Gather, from a table; the numbers of words come as whole numbers, or are made such."""
    table = c.weight("weight", (c.operation.vocabulary, c.output.channels))
    words, size = c.inputs[0], (1, *c.output[1:])
    if len(words.dims) == 4:
        whole = Value(c.graph.fresh(f"{c.node.name}:cast"), words.dims)
        c.graph.node("Cast", [words.name], [whole.name], {"to": INT64})
        c.graph.describe(whole, INT64)
        words = Value(c.graph.fresh(f"{c.node.name}:reshape"), size)
        c.graph.node("Reshape", [whole.name, c.whole_numbers(size)], [words.name], {})
        c.graph.describe(words, INT64)
    found = c.add("Gather", [table, words], (*words.dims, c.output.channels), axis=0)
    if len(words.dims) == 2:
        turned = c.turned(found, (0, 2, 1))
        return c.reshaped(turned, c.dims, last=True)
    return c.turned(found, (0, 3, 1, 2), last=True)


LAYERS: dict[str, Callable[[Context], Value]] = {
    "flatten": flatten,
    **dict.fromkeys(("reshape", "tokens"), reshape),
    "concat": concat,
    "channel_slice": channel_slice,
    "channel_shuffle": channel_shuffle,
    "crop": crop,
    "pad": pad,
    "pad_channels": pad_channels,
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": pixel_unshuffle,
    **dict.fromkeys(("resize", "upsample"), resize),
    "class_token": class_token,
    "embedding": embedding,
}
