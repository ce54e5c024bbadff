"""Convolution and pooling in PyTorch: uneven padding in front of them, rounding as their own ceil_mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.export.pytorch.units import Unit, call, module, unless
from archcalc.export.sources import nodes

if TYPE_CHECKING:
    from archcalc.export.sources.expressions import Expr
    from archcalc.export.sources.layers import Layer

    Sides = tuple[int, int, int, int]


def pad_text(padding: Expr, mode: str = "", value: str = "") -> str:
    """Return the function that pads: left, right, above, below."""
    more = f', mode="{mode}"' if mode else f", value={value}" if value else ""
    return f"F.pad({{0}}, {padding.text}{more})"


def padded(layer: Layer, kernel: Expr, value: str = "") -> tuple[list[Unit], Expr | None]:
    """Return the padding in front of a layer, and its own: one of them, since its own is alike on both sides."""
    even = layer.even_padding(layer.sides, kernel)
    if even is not None:
        return [], unless(even, "0")
    padding = layer.uneven_padding(layer.sides)
    maker = f"nn.ConstantPad2d({padding.text}, {value})" if value else f"nn.ZeroPad2d({padding.text})"
    return [Unit(maker, pad_text(padding, value=value))], None


def conv(layer: Layer) -> list[Unit]:
    """Convolution."""
    if layer.same("connections") is not None:
        raise layer.refuse("a filter of nn.Conv2d sees all maps of its group, not a choice of them")
    kernel = layer.pair("kernel")
    front, padding = padded(layer, kernel)
    made = module(
        "Conv2d", layer.channels(), layer.setting("filters"), kernel,
        stride=unless(layer.pair("stride"), "1"), padding=padding, dilation=unless(layer.pair("dilation"), "1"),
        groups=unless(layer.setting("groups"), "1"), bias=unless(layer.setting("bias"), "True"),
    )  # fmt: skip
    return [*front, made]


def depthwise_conv(layer: Layer) -> list[Unit]:
    """Depthwise convolution: as many groups as channels."""
    import ast

    from archcalc.export.sources.expressions import binary

    kernel, channels = layer.pair("kernel"), layer.channels()
    front, padding = padded(layer, kernel)
    made = module(
        "Conv2d", channels, binary(ast.Mult, channels, layer.setting("multiplier")), kernel,
        stride=unless(layer.pair("stride"), "1"), padding=padding, dilation=unless(layer.pair("dilation"), "1"),
        groups=channels, bias=unless(layer.setting("bias"), "True"),
    )  # fmt: skip
    return [*front, made]


def conv_transpose(layer: Layer) -> list[Unit]:
    """Transposed convolution; uneven padding is cut off behind it."""

    def sides(step: Any) -> Sides:
        height, width = layer.operation(step).resolved_axes(layer.shape(step))
        return height["P"], height["Q"], width["P"], width["Q"]

    def added(step: Any) -> tuple[int, int]:
        height, width = layer.operation(step).resolved_axes(layer.shape(step))
        return height["O"], width["O"]

    even = layer.even_padding(sides, None)
    kernel = layer.pair("kernel")
    made = module(
        "ConvTranspose2d", layer.channels(), layer.setting("filters"), kernel,
        stride=unless(layer.pair("stride"), "1"), padding=None if even is None else unless(even, "0"),
        output_padding=unless(layer.pair_of("output_padding", added), "0"),
        groups=unless(layer.setting("groups"), "1"), bias=unless(layer.setting("bias"), "True"),
        dilation=unless(layer.pair("dilation"), "1"),
    )  # fmt: skip
    if even is not None:
        return [made]
    cut = layer.uneven_padding(lambda step: tuple(-side for side in sides(step)))
    return [made, Unit(f"nn.ZeroPad2d({cut.text})", pad_text(cut))]


def _rounding(layer: Layer) -> str | None:
    """Return PyTorch's ceil_mode, None where it is off; raise RequestError for Caffe's where it is another."""
    from archcalc.operations.window import ROUNDING, ceil_length, floor_length

    def ends(step: Any) -> tuple[bool, bool]:
        operation = layer.operation(step)
        axes = operation.axes(layer.shape(step))
        asked = [ROUNDING[operation.round](**at) for at in axes]
        if isinstance(operation.pad, str):
            return True, True
        floor = [floor_length(**at) for at in axes]
        ceil = [ceil_length(**at) for at in axes]
        return asked == floor, asked == ceil

    found = [ends(step) for step in layer.view]
    word = layer.same("round")
    if word == "floor" or (word == "caffe" and all(floor for floor, _ in found)):
        return None
    if all(ceil for _, ceil in found):
        return "True"
    raise layer.refuse("Caffe's rounding gives a window that PyTorch's ceil_mode leaves out")


def _pool_padding(layer: Layer, value: str) -> tuple[list[Unit], Expr | None]:
    """Return padding in front of a pooling, and its own, which is at most half its window."""

    def sides(step: Any) -> Sides:
        return layer.given_sides(step)

    even = layer.even_padding(sides, None)

    def is_small(step: Any) -> bool:
        return all(2 * side <= each for side, each in zip(sides(step)[::2], layer.operation(step).kernel, strict=True))

    fits = layer.all_are(is_small)
    if even is not None and fits:
        return [], unless(even, "0")
    padding = layer.uneven_padding(layer.sides)
    function = pad_text(padding, value="" if value == "0.0" else value)
    return [Unit(f"nn.ConstantPad2d({padding.text}, {value})", function)], None


def max_pool(layer: Layer) -> list[Unit]:
    """Max pooling."""
    front, padding = _pool_padding(layer, 'float("-inf")')
    kernel = layer.pair("kernel")
    stride = _stride(layer, kernel)
    made = module(
        "MaxPool2d", kernel, *([] if stride.text == kernel.text else [stride]), padding=padding,
        dilation=unless(layer.pair("dilation"), "1"), ceil_mode=None if front else _rounding(layer),
    )  # fmt: skip
    return [*front, made]


def _stride(layer: Layer, kernel: Expr) -> Expr:
    """Return the stride of a pooling: its kernel where it has none."""
    if layer.all_are(lambda step: layer.operation(step).stride is None):
        return kernel
    node = nodes.setting(layer.view[0].item, "stride")
    return layer.pair_of("stride", lambda step: layer.operation(step).resolved_stride, node)


def avg_pool(layer: Layer) -> list[Unit]:
    """Average pooling; what stands in uneven padding is left out by a class of the source's own."""
    if layer.all_are(lambda step: layer.operation(step).dilation != (1, 1)):
        raise layer.refuse("nn.AvgPool2d has no dilation")
    front, padding = _pool_padding(layer, "0.0")
    kernel, counts = layer.pair("kernel"), layer.same("count_include_pad")
    stride = _stride(layer, kernel)
    steps = [] if stride.text == kernel.text else [stride]
    rounding = None if front else _rounding(layer)
    if front and not counts:
        return [Unit(call("PaddedAvgPool", kernel, stride, layer.uneven_padding(layer.sides)))]
    if front and not layer.all_are(lambda step: layer.sides(step) == layer.given_sides(step)):
        raise layer.refuse("a window over padding that counts and beyond it")
    include = None if counts or padding is None else "False"
    return [*front, module("AvgPool2d", kernel, *steps, padding=padding, ceil_mode=rounding, count_include_pad=include)]


def subsampling(layer: Layer) -> list[Unit]:
    """LeNet's subsampling: sums, each channel's scaled and shifted."""
    if any(any(layer.sides(step)) for step in layer.view) or _rounding(layer) is not None:
        raise layer.refuse("padding or rounding up")
    kernel = layer.pair("kernel")
    return [Unit(call("Subsampling", layer.channels(), kernel, _stride(layer, kernel)))]
