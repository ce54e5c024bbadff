"""Caffe layers that move, take or join values."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING

from archcalc.exchange.sizes import positive_axis
from archcalc.exchange.tensors import Const, ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operand
    from archcalc.exchange.readers.caffe.context import Context, Unread


def same(c: Context) -> list[Operand | Unread]:
    """Hand on: dropout once training is over, copies for several readers."""
    return [c.arg()] * max(len(c.layer.tops), 1)


def concat(c: Context) -> list[Operand | Unread]:
    """Concat."""
    held = c.param("concat_param")
    return [c.net.join(c.args(), held.whole("axis", held.whole("concat_dim", 1)))]


def slice_(c: Context) -> list[Operand | Unread]:
    """Slice: at points, or into equal parts."""
    held = c.param("slice_param")
    x = c.arg()
    dims = c.net.dims(x)
    axis = positive_axis(held.whole("axis", held.whole("slice_dim", 1)), len(dims))
    points = held.wholes("slice_point")
    if not points:
        parts = max(len(c.layer.tops), 1)
        if dims[axis] % parts:
            raise ModelFault(f"{dims[axis]} places in {parts} equal parts")
        points = [dims[axis] // parts * part for part in range(1, parts)]
    edges = [0, *points, dims[axis]]
    if sorted(edges) != edges:
        raise ModelFault(f"slice points {points}, of an axis of {dims[axis]}")
    return [c.net.part(x, axis, start, stop) for start, stop in pairwise(edges)]


def flatten(c: Context) -> list[Operand | Unread]:
    """Flatten."""
    held = c.param("flatten_param")
    return [c.net.flatten(c.arg(), held.whole("axis", 1), held.whole("end_axis", -1))]


def reshape(c: Context) -> list[Operand | Unread]:
    """Reshape: 0 keeps an axis, -1 takes what is left."""
    held = c.param("reshape_param")
    target = held.message("shape").wholes("dim")
    x = c.arg()
    own = c.net.dims(x)
    start = held.whole("axis", 0)
    start = start + len(own) + 1 if start < 0 else start
    count = held.whole("num_axes", -1)
    stop = len(own) if count == -1 else start + count
    target = [own[start + at] if length == 0 and start + at < len(own) else length for at, length in enumerate(target)]
    return [c.net.reshape_to(x, [*own[:start], *target, *own[stop:]], zero_copies=False)]


def permute(c: Context) -> list[Operand | Unread]:
    """Permute: axes that are not named follow in their order."""
    order = c.param("permute_param").wholes("order")
    rank = len(c.net.dims(c.arg()))
    return [c.net.permute(c.arg(), [*order, *(axis for axis in range(rank) if axis not in order)])]


def crop(c: Context) -> list[Operand | Unread]:
    """Crop: to the size of the second bottom, from offsets on."""
    held = c.param("crop_param")
    x, like = c.arg(0), c.net.dims(c.arg(1))
    own = c.net.dims(x)
    first, offsets = positive_axis(held.whole("axis", 2), len(own)), held.wholes("offset")
    for axis in range(first, len(own)):
        offset = offsets[axis - first] if len(offsets) > 1 else offsets[0] if offsets else 0
        if offset < 0 or offset + like[axis] > own[axis]:
            raise ModelFault(f"{like[axis]} places from {offset} on, of {own[axis]}")
        x = c.net.part(x, axis, offset, offset + like[axis])
    return [x]


def tile(c: Context) -> list[Operand | Unread]:
    """Tile: an axis many times."""
    held = c.param("tile_param")
    x, tiles = c.arg(), held.whole("tiles", 1)
    own = list(c.net.dims(x))
    axis = positive_axis(held.whole("axis", 1), len(own))
    single = own[axis] == 1
    own[axis] *= tiles
    if single:
        return [c.net.expand(x, own)]
    return [x if tiles == 1 else c.net.add("opaque", [c.net.node(x)], own, what="Tile", ops=0)]


def prior_box(c: Context) -> list[Operand | Unread]:
    """PriorBox: boxes that depend on sizes alone."""
    held = c.param("prior_box_param")
    _, height, width = c.map()
    ratios = held.all("aspect_ratio")
    flip = held.flag("flip", True)
    each = 1 + len(ratios) * (2 if flip else 1)
    boxes = each * max(len(held.all("min_size")), 1) + len(held.all("max_size"))
    return [Const((1, 2, height * width * boxes * 4), None)]


def shuffle(c: Context) -> list[Operand | Unread]:
    """ShuffleChannel: channels of groups dealt out in turn."""
    groups = c.param("shuffle_channel_param").whole("group", 1)
    channels, height, width = c.map()
    if groups < 1 or channels % groups:
        raise ModelFault(f"{channels} channels in {groups} groups")
    apart = c.net.reshape(c.node(), (1, groups, channels // groups, height, width))
    return [c.net.reshape(c.net.transpose(apart, (0, 2, 1, 3, 4)), (1, channels, height, width))]


def reorganised(c: Context) -> list[Operand | Unread]:
    """Reorg: places side by side in the channels."""
    held = c.param("reorg_param")
    return [c.net.space_to_depth(c.node(), held.whole("stride", 2))]


def reduction(c: Context) -> list[Operand | Unread]:
    """Reduction: all axes from one on."""
    held = c.param("reduction_param")
    word = held.text("operation", "SUM")
    op = {"SUM": "sum", "ASUM": "l1", "SUMSQ": "sum_square", "MEAN": "mean", "1": "sum", "4": "mean"}.get(word, "sum")
    rank = len(c.net.dims(c.arg()))
    axis = positive_axis(held.whole("axis", 0), rank)
    return [c.net.reduce(c.node(), op, range(axis, rank), keep=False)]


def arg_max(c: Context) -> list[Operand | Unread]:
    """ArgMax: where the largest value stands."""
    held = c.param("argmax_param")
    x = c.node()
    sizes = list(c.net.shape(x))
    if "axis" in held.fields:
        sizes[positive_axis(held.whole("axis"), len(sizes))] = held.whole("top_k", 1)
    else:
        sizes = [sizes[0], 2 if held.flag("out_max_val", False) else 1, held.whole("top_k", 1)]
    return [c.net.add("opaque", [x], sizes, what="ArgMax", ops=c.net.nodes[x].size)]


def im2col(c: Context) -> list[Operand | Unread]:
    """Im2col: the values of each window as channels."""
    from archcalc.exchange.readers.caffe.windows import two
    from archcalc.exchange.sizes import window_lengths

    held = c.param("convolution_param")
    channels, *lengths = c.map()
    kernel, stride = two(held, "kernel_size", "kernel", 1), two(held, "stride", "stride", 1)
    pads = tuple((each, each) for each in two(held, "pad", "pad", 0))
    found = window_lengths(lengths, kernel, stride, pads, two(held, "dilation", "dilation", 1))
    return [c.net.add("opaque", [c.node()], (1, channels * prod(kernel), *found), what="Im2col", ops=0)]


LAYERS: dict[str, Callable[[Context], list[Operand | Unread]]] = {
    **dict.fromkeys(("Dropout", "Split", "Noop", "Filter", "BatchReindex"), same),
    "Concat": concat,
    "Slice": slice_,
    "Flatten": flatten,
    "Reshape": reshape,
    "Permute": permute,
    "Crop": crop,
    "Tile": tile,
    **dict.fromkeys(("PriorBox", "DensePriorBox"), prior_box),
    "ShuffleChannel": shuffle,
    "Reorg": reorganised,
    "Reduction": reduction,
    "ArgMax": arg_max,
    "Im2col": im2col,
}
