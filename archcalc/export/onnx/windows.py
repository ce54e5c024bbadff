"""Layers that slide a window, in ONNX; padding is always said side by side.

Where a convolution rounds up, the rows that its last window needs are padding behind it; a pooling has ``ceil_mode``.
ONNX's inference keeps, before opset 19, a last window that begins in the padding behind, which frameworks leave out:
where that makes a difference, a pooling has padding too.
"""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING

from archcalc.export.onnx.graph import INT64, Value
from archcalc.operations.window import ceil_length, covering_length, effective_kernel, floor_length, shared_padding

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.export.onnx.context import Context
    from archcalc.export.onnx.graph import Attribute


def _pads(c: Context, lengths: tuple[int, int]) -> list[int]:
    """Return the padding above, to the left, below and to the right: behind, as much as so many windows reach."""
    before, behind = [], []
    for at, length in zip(c.operation.axes(c.shape), lengths, strict=True):
        covered = (length - 1) * at["S"] + effective_kernel(at["K"], at["D"])
        before.append(at["P"])
        behind.append(at["Q"] if floor_length(**at) == length else max(covered - at["L"] - at["P"], 0))
    return [*before, *behind]


def _windows(c: Context, pads: list[int]) -> dict[str, Attribute]:
    held = c.operation
    found: dict[str, Attribute] = {"kernel_shape": [*held.kernel], "pads": pads, "strides": [*held.resolved_stride]}
    return found if held.dilation == (1, 1) else {**found, "dilations": [*held.dilation]}


def conv(c: Context) -> Value:
    """Conv: weights are filters x channels of a group x kernel."""
    held = c.operation
    if getattr(held, "connections", None) is not None:
        raise c.refuse("its filters see different channels, and the spec does not say which")
    channels = c.shape.channels
    groups = channels if held.word == "depthwise_conv" else held.groups
    filters = c.output.channels
    inputs = [c.map(), c.weight("weight", (filters, channels // groups, *held.kernel))]
    if held.bias:
        inputs.append(c.weight("bias", (filters,)))
    return c.end("Conv", inputs, c.dims, group=groups, **_windows(c, _pads(c, c.output[1:])))


def conv_transpose(c: Context) -> Value:
    """ConvTranspose: weights are channels x filters of a group x kernel."""
    held = c.operation
    axes = held.resolved_axes(c.shape)
    inputs = [c.map(), c.weight("weight", (c.shape.channels, held.filters // held.groups, *held.kernel))]
    if held.bias:
        inputs.append(c.weight("bias", (held.filters,)))
    return c.end(
        "ConvTranspose", inputs, c.dims, group=held.groups, kernel_shape=held.kernel, strides=held.stride,
        dilations=held.dilation, pads=[*(at["P"] for at in axes), *(at["Q"] for at in axes)],
        output_padding=[at["O"] for at in axes],
    )  # fmt: skip


def pool(c: Context) -> Value:
    """MaxPool and AveragePool."""
    held = c.operation
    average = held.word != "max_pool"
    if average and held.dilation != (1, 1):
        raise c.refuse("AveragePool has no dilation before opset 19")
    up = held.round != "floor" and not isinstance(held.pad, str)
    rules = (covering_length, ceil_length)
    as_onnx = all(tuple(rule(**at) for at in held.axes(c.shape)) == c.output[1:] for rule in rules)
    attributes: dict[str, Attribute] = {}
    if up and as_onnx:
        pads = [at[side] for side in "PQ" for at in held.axes(c.shape)]
        attributes["ceil_mode"] = 1
    else:
        pads = _pads(c, c.output[1:])
    if average:
        attributes["count_include_pad"] = int(getattr(held, "count_include_pad", True))
    op = "AveragePool" if average else "MaxPool"
    add = c.add if held.word == "subsampling" else c.end
    if c.places is not None:
        found = Value(c.node.name, c.dims)
        c.graph.node(op, [c.map().name], [found.name, c.places], {**_windows(c, pads), **attributes})
        c.graph.describe(found)
        c.graph.describe(Value(c.places, c.dims), INT64)
        return found
    found = add(op, [c.map()], c.dims, **_windows(c, pads), **attributes)
    if held.word != "subsampling":
        return found
    each = (1, c.output.channels, 1, 1)
    scaled = c.add("Mul", [found, c.weight("weight", each)], c.dims)
    return c.end("Add", [scaled, c.weight("bias", each)], c.dims)


def global_pool(c: Context) -> Value:
    """GlobalAveragePool and GlobalMaxPool."""
    op = "GlobalMaxPool" if c.operation.word == "global_max_pool" else "GlobalAveragePool"
    return c.end(op, [c.map()], c.dims)


def adaptive_pool(c: Context) -> Value:
    """A pooling, where all windows are alike; otherwise the windows one by one, along the height, then the width."""
    most = c.operation.word == "adaptive_max_pool"
    if c.output[1:] == (1, 1):
        return c.end("GlobalMaxPool" if most else "GlobalAveragePool", [c.map()], c.dims)
    axes = [_shares(length, windows) for length, windows in zip(c.shape[1:], c.output[1:], strict=True)]
    kernel = [{stop - start for start, stop in axis} for axis in axes]
    stride = [{after[0] - before[0] for before, after in pairwise(axis)} or {1} for axis in axes]
    if all(len(found) == 1 for found in (*kernel, *stride)) and {0} not in stride:
        op = "MaxPool" if most else "AveragePool"
        sizes, steps = [min(found) for found in kernel], [min(found) for found in stride]
        return c.end(op, [c.map()], c.dims, kernel_shape=sizes, strides=steps, pads=[0, 0, 0, 0])
    x = c.map()
    for axis, windows in enumerate(axes, 2):
        parts = [_reduced(c, c.sliced(x, axis, *window), axis, most) for window in windows]
        dims = (*x.dims[:axis], len(parts), *x.dims[axis + 1 :])
        x = (c.end if axis == 3 else c.add)("Concat", parts, dims, axis=axis)
    return x


def _shares(length: int, windows: int) -> list[tuple[int, int]]:
    """Return where each window begins and where it ends, as PyTorch divides an axis among them."""
    return [(place * length // windows, -(-(place + 1) * length // windows)) for place in range(windows)]


def _reduced(c: Context, x: Value, axis: int, most: bool) -> Value:
    dims = (*x.dims[:axis], 1, *x.dims[axis + 1 :])
    return c.add("ReduceMax" if most else "ReduceMean", [x], dims, axes=[axis], keepdims=1)


def max_unpool(c: Context) -> Value:
    """MaxUnpool: the places of the maxima come from the pooling that it undoes, or are an input where none is there."""
    held = c.operation
    places = c.places or c.graph.fed(c.graph.named(f"{c.node.name}.places"), (1, *c.shape), INT64)
    stride = held.resolved_stride
    before, behind, found = [], [], []
    for axis, length in enumerate(c.shape[1:]):
        covered = (length - 1) * stride[axis] + held.kernel[axis]
        if isinstance(held.pad, str):
            front, end = shared_padding(max(covered - c.output[1 + axis], 0), held.pad)
        else:
            front, end = held.pad[2 * axis : 2 * axis + 2]
        before.append(front)
        behind.append(end)
        found.append(covered - front - end)
    over = [covered - length for covered, length in zip(found, c.output[1:], strict=True)]
    sized = [] if min(over) >= 0 else [c.whole_numbers(c.dims)]
    if not sized:  # the last window of the pooling hung over: rows that are not there
        behind = [end + more for end, more in zip(behind, over, strict=True)]
    pads = [*before, *behind]
    return c.end("MaxUnpool", [c.map(), places, *sized], c.dims, kernel_shape=held.kernel, strides=stride, pads=pads)


def roi_pool(c: Context) -> Value:
    """MaxRoiPool: the region is an input, the number of its image and four corners."""
    region = c.graph.fed(c.graph.named(f"{c.node.name}.region"), (1, 5))
    return c.end("MaxRoiPool", [c.map(), region], c.dims, pooled_shape=c.operation.pooled, spatial_scale=1.0)


def fc(c: Context) -> Value:
    """Gemm: weights are outputs x inputs."""
    vector = c.vector()
    inputs = [vector, c.weight("weight", (c.operation.out_features, prod(vector.dims)))]
    if c.operation.bias:
        inputs.append(c.weight("bias", (c.operation.out_features,)))
    return c.end("Gemm", inputs, (1, c.operation.out_features), transB=1)


def locally_connected(c: Context) -> Value:
    """There is no such operation."""
    raise c.refuse("it has no layer with separate filters for each position")


LAYERS: dict[str, Callable[[Context], Value]] = {
    **dict.fromkeys(("conv", "depthwise_conv"), conv),
    "conv_transpose": conv_transpose,
    **dict.fromkeys(("max_pool", "avg_pool", "subsampling"), pool),
    **dict.fromkeys(("global_avg_pool", "global_max_pool"), global_pool),
    **dict.fromkeys(("adaptive_avg_pool", "adaptive_max_pool"), adaptive_pool),
    "max_unpool": max_unpool,
    "roi_pool": roi_pool,
    "fc": fc,
    "locally_connected": locally_connected,
}
