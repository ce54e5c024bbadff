"""Normalisations, learned scales, and layers that move or take values, in Caffe."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from archcalc.export.caffe.context import Blob
from archcalc.export.caffe.prototext import Word
from archcalc.operations.concat import AXES
from archcalc.operations.window import caffe_length

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from archcalc.export.caffe.context import Context
    from archcalc.export.caffe.prototext import Field, Fields


def _affine(c: Context, x: Blob, shape: Mapping[str, Fields] | None = None) -> Blob:
    """Add the learned scale and shift: a Scale, or a Bias where there is a shift alone."""
    scale, shift, shape = c.operation.scale, c.operation.shift, shape or {}
    if scale:
        fields = {"scale_param": {**shape, **({"bias_term": True} if shift else {})}}
        return c.more("scale", "Scale", x, fields if fields["scale_param"] else {}, weights=1 + shift)
    return c.more("bias", "Bias", x, {"bias_param": shape} if shape else {}, weights=1) if shift else x


def bn(c: Context) -> Blob:
    """BatchNorm, then Scale; by the statistics of the image where none are kept."""
    if not c.operation.statistics:
        return _affine(c, c.end("MVN", [c.map()], c.dims))
    x = c.inputs[0]
    return _affine(c, c.end("BatchNorm", [x], x.dims, weights=3, in_place=True))


def group_norm(c: Context) -> Blob:
    """MVN, of the whole map for one group; otherwise of groups laid out as channels."""
    groups, (channels, height, width) = c.operation.groups, c.shape
    if groups == 1:
        return _affine(c, c.end("MVN", [c.map()], c.dims, {"mvn_param": {"across_channels": True}}))
    rows = c.reshaped(c.map(), (1, groups, channels // groups * height, width))
    return _affine(c, c.reshaped(c.add("MVN", [rows], rows.dims), c.dims, last=True))


def layer_norm(c: Context) -> Blob:
    """MVN, of the whole map; over the channels of a place there is no layer."""
    if c.operation.over != "map":
        raise c.refuse("its MVN normalises maps, not the channels of a position")
    found = c.end("MVN", [c.map()], c.dims, {"mvn_param": {"across_channels": True}})
    return _affine(c, found, {"axis": 1, "num_axes": 3})


def lrn(c: Context) -> Blob:
    """LRN, of an odd number of neighbours."""
    size = c.operation.neighbours
    if size % 2 == 0:
        raise c.refuse(f"its LRN needs an odd number of neighbours, not {size}")
    within: dict[str, Fields] = {"norm_region": Word("WITHIN_CHANNEL")} if c.operation.within_channel else {}
    return c.end("LRN", [c.map()], c.dims, {"lrn_param": {"local_size": size, **within}})


def scale(c: Context) -> Blob:
    """Scale."""
    x, bias = c.inputs[0], c.operation.bias
    fields: dict[str, Fields] = {"scale_param": {"bias_term": True}} if bias else {}
    return c.end("Scale", [x], x.dims, fields, weights=1 + bias, in_place=True)


def position(c: Context) -> Blob:
    """Bias, of each value."""
    if not c.operation.learned:
        raise c.refuse("its values are fixed, and Caffe's Bias learns them")
    return c.end("Bias", [c.map()], c.dims, {"bias_param": {"axis": 1, "num_axes": 3}}, weights=1)


def flatten(c: Context) -> Blob:
    """Flatten."""
    return c.end("Flatten", [c.inputs[0]], (1, c.output.channels))


def reshape(c: Context) -> Blob:
    """Reshape, of any view; values keep their order."""
    return c.reshaped(c.inputs[0], c.dims, last=True)


def concat(c: Context) -> Blob:
    """Concat."""
    axis = 1 + AXES.index(c.operation.axis)
    fields = {} if axis == 1 else {"concat_param": {"axis": axis}}
    if axis == 1 and all(len(blob.dims) == 2 for blob in c.inputs):
        return c.end("Concat", c.inputs, (1, c.output.channels))
    return c.end("Concat", [c.map(place) for place in range(len(c.inputs))], c.dims, fields)


def channel_slice(c: Context) -> Blob:
    """Slice: one layer for all slices of a blob that do not overlap; what nobody takes goes nowhere."""
    written = c.deploy.sliced.get(c.node.name)
    if written is not None:
        return written
    x = c.inputs[0]
    runs = sorted(_runs(c))
    if any(one[1] > two[0] for one, two in itertools.pairwise(runs)):
        start = c.operation.start
        runs = [(start, start + c.operation.channels, c.node.name)]
    tops: list[tuple[int, str]] = []
    at, spare = 0, []
    for start, stop, name in [*runs, (x.dims[1], x.dims[1], "")]:
        if start > at:
            spare.append(c.deploy.fresh(f"{c.node.name}/rest{at}"))
            tops.append((start, spare[-1]))
        if name:
            tops.append((stop, name))
            c.deploy.sliced[name] = Blob(name, (1, stop - start, *x.dims[2:]))
        at = stop
    points = [stop for stop, _ in tops[:-1]]
    if not points:
        return c.end("Split", [x], x.dims)
    layer: dict[str, Fields] = {"name": c.node.name, "type": "Slice", "bottom": x.name, "top": [top for _, top in tops]}
    c.deploy.layers.append({**layer, "slice_param": {"axis": 1, "slice_point": [*points]}})
    if spare:
        c.deploy.layers.append(
            {"name": c.deploy.fresh(f"{c.node.name}/silence"), "type": "Silence", "bottom": [*spare]}
        )
    return c.deploy.sliced[c.node.name]


def _runs(c: Context) -> list[tuple[int, int, str]]:
    """Return the first channel, the one past the last, and the name, of each slice of the same blob."""
    found = []
    for node in c.slices:
        held = vars(node.applied.operation)
        found.append((held["start"], held["start"] + held["channels"], node.name))
    return found


def crop(c: Context) -> Blob:
    """Crop, to the size of a blob that has it; where none has, Slice along rows and along columns."""
    above, left = c.operation.first(c.shape)
    like = c.deploy.maps.get(c.output[1:])
    if like is not None:
        offset: list[Field] = [above, left]
        fields: dict[str, Fields] = {"axis": 2, "offset": above if above == left else offset}
        return c.end("Crop", [c.map(), like], c.dims, {"crop_param": fields})
    rows = c.part(c.map(), 2, above, above + c.output.height)
    kept = c.part(rows, 3, left, left + c.output.width)
    return c.end("Split", [kept], c.dims)


def pad_channels(c: Context) -> Blob:
    """Pooling of every stride-th place, and zeros, as many times as it has channels."""
    x, more = c.map(), c.output.channels - c.shape.channels
    if more % c.shape.channels:
        raise c.refuse(f"zeros can be as many channels as it has, or several times, but not {more:,}")
    stride = c.operation.stride
    if stride != (1, 1):
        step: dict[str, Fields] = {"pool": Word("MAX"), "kernel_size": 1, "stride_h": stride[0], "stride_w": stride[1]}
        up = tuple(caffe_length(length, 1, by, 0, 0, 1) for length, by in zip(c.shape[1:], stride, strict=True))
        if up != c.output[1:]:
            c.deploy.rounded_down.append(c.node.name)
            step["round_mode"] = Word("FLOOR")
        x = c.add("Pooling", [x], (1, c.shape.channels, *c.output[1:]), {"pooling_param": step})
    if not more:
        return c.end("Split", [x], c.dims)
    zeros = c.add("Power", [x], x.dims, {"power_param": {"scale": 0.0}})
    return c.end("Concat", [x, *[zeros] * (more // c.shape.channels)], c.dims)


LAYERS: dict[str, Callable[[Context], Blob]] = {
    **dict.fromkeys(("bn", "instance_norm"), bn),
    "group_norm": group_norm,
    "layer_norm": layer_norm,
    "lrn": lrn,
    "scale": scale,
    "position": position,
    "flatten": flatten,
    **dict.fromkeys(("reshape", "tokens"), reshape),
    "concat": concat,
    "channel_slice": channel_slice,
    "crop": crop,
    "pad_channels": pad_channels,
}
