"""Convolution and pooling in Keras: padding as ``same`` where it is that, else as a layer in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.export.keras.units import Unit, call, function, layer, unless
from archcalc.export.sources import nodes
from archcalc.operations.window import same_padding, shared_padding

if TYPE_CHECKING:
    from archcalc.export.sources.expressions import Expr
    from archcalc.export.sources.layers import Layer

    Sides = tuple[int, int, int, int]


def is_same(at: Layer) -> bool:
    """Whether the padding is what Keras calls ``same`` at all places: the odd one behind."""

    def fits(step: Any) -> bool:
        given = at.sides(step)
        for axis, each in enumerate(at.operation(step).axes(at.shape(step))):
            both = same_padding(each["L"], each["K"], each["S"], each["D"])
            length = -(-each["L"] // each["S"])
            if given[2 * axis : 2 * axis + 2] != shared_padding(both, "same") or at.output(step)[1 + axis] != length:
                return False
        return True

    return at.all_are(fits)


def padded(at: Layer, kernel: Expr) -> tuple[list[Unit], str | None]:
    """Return the layers in front of a convolution, and its own padding."""
    if at.all_are(lambda step: not any(at.sides(step))):
        return [], None
    if is_same(at):
        return [], '"same"'
    even = at.even_padding(at.sides, kernel)
    return [Unit(call("layers.ZeroPadding2D", uneven(at, at.sides) if even is None else even))], None


def uneven(at: Layer, sides: Any) -> Expr:
    """Return padding of four sides as Keras has it: (above, below), (left, right)."""

    def known(step: Any) -> tuple[tuple[int, int], tuple[int, int]]:
        top, bottom, left, right = sides(step)
        return (top, bottom), (left, right)

    return at.computed("padding", known)


def refuse_steps(at: Layer) -> None:
    """Raise RequestError for a dilated kernel that also moves on in steps."""
    if at.all_are(lambda step: max(at.operation(step).dilation) > 1 and max(at.operation(step).stride) > 1):
        raise at.refuse("Keras has no stride beside a dilation")


def conv(at: Layer) -> list[Unit]:
    """Convolution."""
    if at.same("connections") is not None:
        raise at.refuse("a filter of Conv2D sees all maps of its group, not a choice of them")
    refuse_steps(at)
    kernel = at.pair("kernel")
    front, padding = padded(at, kernel)
    made = layer(
        "Conv2D", at.setting("filters"), kernel, strides=unless(at.pair("stride"), "1"), padding=padding,
        dilation_rate=unless(at.pair("dilation"), "1"), groups=unless(at.setting("groups"), "1"),
        use_bias=unless(at.setting("bias"), "True"),
    )  # fmt: skip
    return [*front, made]


def depthwise_conv(at: Layer) -> list[Unit]:
    """Depthwise convolution."""
    refuse_steps(at)
    kernel = at.pair("kernel")
    front, padding = padded(at, kernel)
    made = layer(
        "DepthwiseConv2D", kernel, strides=unless(at.pair("stride"), "1"), padding=padding,
        depth_multiplier=unless(at.setting("multiplier"), "1"), dilation_rate=unless(at.pair("dilation"), "1"),
        use_bias=unless(at.setting("bias"), "True"),
    )  # fmt: skip
    return [*front, made]


def conv_transpose(at: Layer) -> list[Unit]:
    """Transposed convolution: all that the stamps cover, less what is cut off."""
    if at.same("groups") != 1:
        raise at.refuse("Conv2DTranspose has no groups")
    refuse_steps(at)

    def cut(step: Any) -> Sides:
        height, width = at.operation(step).resolved_axes(at.shape(step))
        return height["P"], height["Q"] - height["O"], width["P"], width["Q"] - width["O"]

    def reaches(step: Any) -> bool:
        operation = at.operation(step)
        return all(
            (kernel - 1) * dilation + 1 >= stride
            for kernel, dilation, stride in zip(operation.kernel, operation.dilation, operation.stride, strict=True)
        )

    if not at.all_are(reaches) or at.all_are(lambda step: min(cut(step)) < 0):
        raise at.refuse("Conv2DTranspose adds other rows where its kernel is shorter than its stride")
    made = layer(
        "Conv2DTranspose", at.setting("filters"), at.pair("kernel"), strides=unless(at.pair("stride"), "1"),
        dilation_rate=unless(at.pair("dilation"), "1"), use_bias=unless(at.setting("bias"), "True"),
    )  # fmt: skip
    if at.all_are(lambda step: not any(cut(step))):
        return [made]
    return [made, layer("Cropping2D", uneven(at, cut))]


def stride_of(at: Layer, kernel: Expr) -> Expr:
    """Return the stride of a pooling: its kernel where it has none."""
    if at.all_are(lambda step: at.operation(step).stride is None):
        return kernel
    node = nodes.setting(at.view[0].item, "stride")
    return at.pair_of("stride", lambda step: at.operation(step).resolved_stride, node)


def max_pool(at: Layer) -> list[Unit]:
    """Max pooling; padding is below every value, as it is no value."""
    if at.same("dilation") != (1, 1):
        raise at.refuse("MaxPooling2D has no dilation")
    kernel = at.pair("kernel")
    stride = stride_of(at, kernel)
    strides = None if stride.text == kernel.text else stride
    if at.all_are(lambda step: not any(at.sides(step))):
        return [layer("MaxPooling2D", kernel, strides=strides)]
    if is_same(at):
        return [layer("MaxPooling2D", kernel, strides=strides, padding='"same"')]
    return [function("pad_lowest", uneven(at, at.sides)), layer("MaxPooling2D", kernel, strides=strides)]


def avg_pool(at: Layer) -> list[Unit]:
    """Average pooling; a window that hangs over is averaged over what it sees."""
    if at.same("dilation") != (1, 1):
        raise at.refuse("AveragePooling2D has no dilation")
    kernel = at.pair("kernel")
    stride = stride_of(at, kernel)
    strides = None if stride.text == kernel.text else stride
    if at.all_are(lambda step: not any(at.sides(step))):
        return [layer("AveragePooling2D", kernel, strides=strides)]
    counts = at.same("count_include_pad") and at.all_are(lambda step: any(at.given_sides(step)))
    if is_same(at) and not counts:
        return [layer("AveragePooling2D", kernel, strides=strides, padding='"same"')]
    if counts and at.all_are(lambda step: at.sides(step) == at.given_sides(step)):
        even = at.even_padding(at.sides, None)
        padding = uneven(at, at.sides) if even is None else even
        return [layer("ZeroPadding2D", padding), layer("AveragePooling2D", kernel, strides=strides)]
    if counts:
        raise at.refuse("a window over padding that counts and beyond it")
    return [function("average_inside", kernel, stride, uneven(at, at.sides))]


def subsampling(at: Layer) -> list[Unit]:
    """LeNet's subsampling: each window's mean, scaled and shifted."""
    kernel = at.pair("kernel")
    stride = stride_of(at, kernel)
    if not at.all_are(lambda step: not any(at.sides(step))):
        raise at.refuse("padding")
    strides = None if stride.text == kernel.text else stride
    return [layer("AveragePooling2D", kernel, strides=strides), Unit("Scale(bias=True)")]
