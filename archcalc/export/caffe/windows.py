"""Layers that slide a window, in Caffe.

Caffe pads both sides alike, and its pooling rounds up unless ``round_mode`` says otherwise. Zeros that no window needs
change nothing, so what counts is where the windows begin and how many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.export.caffe.prototext import Word
from archcalc.operations.window import caffe_length, effective_kernel, floor_length

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.export.caffe.context import Blob, Context
    from archcalc.export.caffe.prototext import Fields


def _pair(numbers: Sequence[int], name: str, short: str) -> dict[str, Fields]:
    """Return one number where height and width agree, else both."""
    height, width = numbers
    return {name: height} if height == width else {f"{short}_h": height, f"{short}_w": width}


def _window(kernel: Sequence[int], stride: Sequence[int], pads: Sequence[int]) -> dict[str, Fields]:
    found = _pair(pads, "pad", "pad") if any(pads) else {}
    found |= _pair(kernel, "kernel_size", "kernel")
    return found | (_pair(stride, "stride", "stride") if tuple(stride) != (1, 1) else {})


def _pads(c: Context, count: Callable[..., Any]) -> list[int] | None:
    """Return the padding of both sides that gives as many windows, counted so; None where there is none."""
    axes = c.operation.axes(c.shape)
    if any(effective_kernel(at["K"], at["D"]) > at["L"] + 2 * at["P"] for at in axes):
        return None
    fits = all(count(**{**at, "Q": at["P"]}) == length for at, length in zip(axes, c.output[1:], strict=True))
    return [at["P"] for at in axes] if fits else None


def _uneven(c: Context) -> str:
    (above, below), (left, right) = ((at["P"], at["Q"]) for at in c.operation.axes(c.shape))
    return f"its padding ({above} above, {below} below, {left} left, {right} right) is not alike on both sides"


def conv(c: Context) -> Blob:
    """Convolution, which rounds down."""
    held = c.operation
    if getattr(held, "connections", None) is not None:
        raise c.refuse("its filters see different channels, and the spec does not say which")
    pads = _pads(c, floor_length)
    if pads is None:
        raise c.refuse("it rounds up, and Caffe's convolution down" if _is_even(c) else _uneven(c))
    groups = c.shape.channels if held.word == "depthwise_conv" else held.groups
    fields = {
        "num_output": c.output.channels,
        **({} if held.bias else {"bias_term": False}),
        **_window(held.kernel, held.resolved_stride, pads),
        **({"group": groups} if groups > 1 else {}),
        **_dilation(held.dilation),
    }
    return c.end("Convolution", [c.map()], c.dims, {"convolution_param": fields}, weights=1 + held.bias)


def _dilation(dilation: tuple[int, int]) -> dict[str, Fields]:
    if dilation == (1, 1):
        return {}
    return {"dilation": dilation[0] if dilation[0] == dilation[1] else [*dilation]}


def _is_even(c: Context) -> bool:
    return all(at["P"] == at["Q"] for at in c.operation.axes(c.shape))


def conv_transpose(c: Context) -> Blob:
    """Deconvolution."""
    held = c.operation
    axes = held.resolved_axes(c.shape)
    if any(at["P"] != at["Q"] for at in axes):
        raise c.refuse("it does not cut off the same amount on both sides")
    if any(at["O"] for at in axes):
        raise c.refuse("it adds rows or columns at the end (output_pad)")
    fields = {
        "num_output": held.filters,
        **({} if held.bias else {"bias_term": False}),
        **_window(held.kernel, held.stride, [at["P"] for at in axes]),
        **({"group": held.groups} if held.groups > 1 else {}),
        **_dilation(held.dilation),
    }
    return c.end("Deconvolution", [c.map()], c.dims, {"convolution_param": fields}, weights=1 + held.bias)


def pool(c: Context) -> Blob:
    """Pooling, of the largest or the mean."""
    held = c.operation
    if held.dilation != (1, 1):
        raise c.refuse("Caffe's pooling has no dilation")
    fields: dict[str, Fields] = {"pool": Word("MAX" if held.word == "max_pool" else "AVE")}
    pads = _pads(c, caffe_length)
    if pads is None:
        pads = _pads(c, floor_length)
        fields["round_mode"] = Word("FLOOR")
        c.deploy.rounded_down.append(c.node.name)
    if pads is None:
        raise c.refuse(_uneven(c))
    if any(pad >= kernel for pad, kernel in zip(pads, held.kernel, strict=True)):
        raise c.refuse("its padding is not smaller than its window")
    if any(pads) and not getattr(held, "count_include_pad", True):
        c.deploy.without_padding.append(c.node.name)
    stride = held.resolved_stride
    whole = {"pooling_param": {**fields, **_window(held.kernel, stride, pads)}}
    found = c.end("Pooling", [c.map()], c.dims, whole)
    if held.word != "subsampling":
        return found
    return c.more("scale", "Scale", found, {"scale_param": {"bias_term": True}}, weights=2)


def global_pool(c: Context) -> Blob:
    """Pooling, of the whole map."""
    kind = Word("MAX" if "max" in c.operation.word else "AVE")
    return c.end("Pooling", [c.map()], c.dims, {"pooling_param": {"pool": kind, "global_pooling": True}})


def adaptive_pool(c: Context) -> Blob:
    """Pooling, where windows of one size do it."""
    if c.output[1:] == (1, 1):
        return global_pool(c)
    if any(length % windows for length, windows in zip(c.shape[1:], c.output[1:], strict=True)):
        raise c.refuse(f"its windows over {c.shape.height} x {c.shape.width} are not all alike")
    kernel = [length // windows for length, windows in zip(c.shape[1:], c.output[1:], strict=True)]
    kind = Word("MAX" if "max" in c.operation.word else "AVE")
    return c.end("Pooling", [c.map()], c.dims, {"pooling_param": {"pool": kind, **_window(kernel, kernel, (0, 0))}})


def fc(c: Context) -> Blob:
    """InnerProduct, which takes a map as one vector."""
    held = c.operation
    fields = {"num_output": held.out_features, **({} if held.bias else {"bias_term": False})}
    whole = {"inner_product_param": fields}
    return c.end("InnerProduct", [c.inputs[0]], (1, held.out_features), whole, weights=1 + held.bias)


def roi_pool(c: Context) -> Blob:
    """There is one in the forks for detection alone, and it wants the regions of a batch."""
    raise c.refuse("regions come from a layer of the detectors' own forks")


LAYERS: dict[str, Callable[[Context], Blob]] = {
    **dict.fromkeys(("conv", "depthwise_conv"), conv),
    "conv_transpose": conv_transpose,
    **dict.fromkeys(("max_pool", "avg_pool", "subsampling"), pool),
    **dict.fromkeys(("global_avg_pool", "global_max_pool"), global_pool),
    **dict.fromkeys(("adaptive_avg_pool", "adaptive_max_pool"), adaptive_pool),
    "fc": fc,
    "roi_pool": roi_pool,
}
