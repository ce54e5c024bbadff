"""Caffe layers that slide a window, and those that change the size of a map.

Source: Caffe's conv_layer.cpp, pooling_layer.cpp, deconv_layer.cpp; its forks' interp_layer.cpp, upsample_layer.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operand
    from archcalc.exchange.readers.caffe.context import Context, Unread
    from archcalc.exchange.readers.caffe.prototext import Message

Made = "list[Operand | Unread]"


def two(held: Message, name: str, short: str, default: int) -> tuple[int, int]:
    """Return height and width of a setting: ``kernel_h`` and ``kernel_w``, or one number, or two."""
    if f"{short}_h" in held.fields or f"{short}_w" in held.fields:
        return held.whole(f"{short}_h", default), held.whole(f"{short}_w", default)
    found = held.wholes(name)
    if not found:
        return default, default
    return (found[0], found[0]) if len(found) == 1 else (found[0], found[1])


def convolution(c: Context) -> list[Operand | Unread]:
    """Convolution; DepthwiseConvolution has a group for each channel."""
    held = c.param("convolution_param")
    channels, _, _ = c.map()
    filters = held.whole("num_output") or (channels if "epthwise" in c.layer.type else 0)
    if filters < 1:
        raise ModelFault("it has no num_output")
    depthwise = "epthwise" in c.layer.type
    groups = channels if depthwise else held.whole("group", 1)
    if groups < 1 or channels % groups or filters % groups:
        raise ModelFault(f"{channels} channels and {filters} filters cannot be split into {groups} groups")
    kernel = two(held, "kernel_size", "kernel", 0)
    if min(kernel) < 1:
        raise ModelFault("it has no kernel_size")
    weights = [c.weight(0, filters, channels // groups, *kernel)]
    if held.flag("bias_term", True):
        weights.append(c.weight(1, filters))
    pads = tuple((each, each) for each in two(held, "pad", "pad", 0))
    stride, dilation = two(held, "stride", "stride", 1), two(held, "dilation", "dilation", 1)
    return [c.net.conv(c.node(place), weights, filters, kernel, stride, pads, dilation, groups)
            for place in range(len(c.layer.bottoms))]  # fmt: skip


def deconvolution(c: Context) -> list[Operand | Unread]:
    """Deconvolution: a transposed convolution."""
    held = c.param("convolution_param")
    channels, _, _ = c.map()
    filters, groups, kernel = held.whole("num_output"), held.whole("group", 1), two(held, "kernel_size", "kernel", 0)
    if filters < 1 or min(kernel) < 1 or groups < 1 or channels % groups or filters % groups:
        raise ModelFault(f"num_output {filters}, kernel {kernel}, group {groups} on {channels} channels")
    weights = [c.weight(0, channels, filters // groups, *kernel)]
    if held.flag("bias_term", True):
        weights.append(c.weight(1, filters))
    pads = tuple((each, each) for each in two(held, "pad", "pad", 0))
    stride, dilation = two(held, "stride", "stride", 1), two(held, "dilation", "dilation", 1)
    return [c.net.conv_transpose(c.node(), weights, filters, kernel, stride, pads, None, dilation, groups)]


def pooling(c: Context) -> list[Operand | Unread]:
    """Pooling: sizes are rounded up, a last window that starts in the padding is dropped."""
    held = c.param("pooling_param")
    op = "max" if held.text("pool", "MAX") in ("MAX", "0") else "avg"
    x = c.node()
    c.map()
    if held.flag("global_pooling", False):
        found = c.net.reduce(x, "max" if op == "max" else "mean", (2, 3), keep=True)
    else:
        kernel, stride = two(held, "kernel_size", "kernel", 0), two(held, "stride", "stride", 1)
        if min(kernel) < 1 or min(stride) < 1:
            raise ModelFault("it has no kernel_size")
        pads = tuple((each, each) for each in two(held, "pad", "pad", 0))
        down = not held.flag("ceil_mode", True) or held.text("round_mode", "CEIL") in ("FLOOR", "1")
        rounding = "floor" if down or stride == (1, 1) else "caffe"
        found = c.net.pool(x, op, kernel, stride, pads, None, rounding)
    if len(c.layer.tops) > 1:
        return [found, c.net.add("indices", [x], c.net.shape(found))]
    return [found]


def interp(c: Context) -> list[Operand | Unread]:
    """Interp: to a size, by a factor, or to the size of a second bottom."""
    held = c.param("interp_param")
    channels, *lengths = c.map()
    pad = held.whole("pad_beg") + held.whole("pad_end")
    goal = [length + pad for length in lengths]
    if len(c.layer.bottoms) > 1:
        goal = list(c.net.dims(c.arg(1))[2:])
    elif "height" in held.fields or "width" in held.fields:
        goal = [held.whole("height"), held.whole("width")]
    else:
        shrink, zoom = held.whole("shrink_factor", 1), held.whole("zoom_factor", 1)
        if shrink < 1 or zoom < 1:
            raise ModelFault("a factor below 1")
        goal = [(length - 1) // shrink + 1 for length in goal]
        goal = [length + (length - 1) * (zoom - 1) for length in goal]
    return [c.net.add("resize", [c.node()], (1, channels, *goal), mode="bilinear", scales=None)]


def upsample(c: Context) -> list[Operand | Unread]:
    """Upsample: SegNet's, back to where the maxima stood (two bottoms), or each place many times."""
    held = c.param("upsample_param")
    channels, height, width = c.map()
    scale = two(held, "scale", "scale", 2)
    goal = (held.whole("upsample_h") or height * scale[0], held.whole("upsample_w") or width * scale[1])
    if len(c.layer.bottoms) < 2:
        factors = {2: scale[0], 3: scale[1]}
        return [c.net.add("resize", [c.node()], (1, channels, *goal), mode="nearest", scales=factors)]
    pads = ((0, 0), (0, 0))
    given = goal != (height * scale[0], width * scale[1])
    return [
        c.net.add("max_unpool", [c.node()], (1, channels, *goal), kernel=scale, stride=scale, pads=pads, given=given)
    ]


def roi_pooling(c: Context) -> list[Operand | Unread]:
    """ROIPooling and ROIAlign: one region of the first bottom, whatever their number."""
    held = c.param("roi_pooling_param", "roi_align_param", "roi_warping_param")
    channels, _, _ = c.map()
    pooled = held.whole("pooled_h"), held.whole("pooled_w")
    c.net.remark("regions are read as one region: the figures are those of one box")
    return [c.net.add("roi_pool", [c.node()], (1, channels, *pooled))]


def psroi_pooling(c: Context) -> list[Operand | Unread]:
    """PSROIPooling: each place of the grid has channels of its own."""
    held = c.param("psroi_pooling_param")
    channels, groups = held.whole("output_dim"), held.whole("group_size")
    x = c.node()
    c.net.remark("regions are read as one region: the figures are those of one box")
    what = "position-sensitive pooling of one region"
    return [c.net.add("opaque", [x], (1, channels, groups, groups), what=what, ops=c.net.nodes[x].size)]


LAYERS: dict[str, Callable[[Context], list[Operand | Unread]]] = {
    **dict.fromkeys(
        ("Convolution", "ConvolutionDepthwise", "DepthwiseConvolution", "ConvolutionData", "CuDNNConvolution"),
        convolution,
    ),
    "Deconvolution": deconvolution,
    "Pooling": pooling,
    "Interp": interp,
    "Upsample": upsample,
    **dict.fromkeys(("ROIPooling", "ROIAlign", "ROIWarping"), roi_pooling),
    "PSROIPooling": psroi_pooling,
}
