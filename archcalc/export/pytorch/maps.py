"""What PyTorch does with maps as a whole: cutting, padding, resizing, rearranging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.export.pytorch.units import Unit, module
from archcalc.export.pytorch.windows import pad_text
from archcalc.export.sources.expressions import SUM

if TYPE_CHECKING:
    from archcalc.export.sources.layers import Layer

PADS = {
    "zero": "ZeroPad2d", "reflect": "ReflectionPad2d", "replicate": "ReplicationPad2d", "circular": "CircularPad2d",
}  # fmt: skip


def maxout(layer: Layer) -> list[Unit]:
    """Keep the largest of each group of channels."""
    return [Unit("", f"{{0}}.unflatten(1, (-1, {layer.setting('pieces').text})).amax(2)")]


def channel_slice(layer: Layer) -> list[Unit]:
    """Take some of the channels."""
    return [Unit("", f"{{0}}[:, {layer.kept_channels()}]")]


def pad_channels(layer: Layer) -> list[Unit]:
    """Add channels of zeros, and keep every stride-th place."""
    stride = layer.same("stride")
    kept = "" if stride == (1, 1) else f"[:, :, ::{stride[0]}, ::{stride[1]}]"
    return [Unit("", f"F.pad({{0}}{kept}, (0, 0, 0, 0, 0, {layer.added_channels().within(SUM)}))")]


def crop(layer: Layer) -> list[Unit]:
    """Cut out rows and columns; where all are kept, an axis is left alone."""

    def window(step: Any, axis: int) -> tuple[int, int]:
        first = layer.operation(step).reads(layer.shape(step))[axis].first[0]
        return first, first + layer.output(step)[1 + axis]

    cuts = []
    for axis, side in enumerate(("rows", "columns")):
        first = layer.computed(f"first_{side}", lambda step, axis=axis: window(step, axis)[0])
        last = layer.computed(f"last_{side}", lambda step, axis=axis: window(step, axis)[1])
        whole = layer.all_are(lambda step, axis=axis: window(step, axis) == (0, layer.shape(step)[1 + axis]))
        cuts.append(":" if whole else f"{'' if first.text == '0' else first.text}:{last.text}")
    if cuts == [":", ":"]:
        return []
    text = f", {cuts[0]}" + (f", {cuts[1]}" if cuts[1] != ":" else "")
    return [Unit("", f"{{0}}[:, :{text}]")]


def pad(layer: Layer) -> list[Unit]:
    """Add rows and columns."""
    mode = layer.same("mode")

    def sides(step: Any) -> tuple[int, int, int, int]:
        top, bottom, left, right = layer.operation(step).added(layer.shape(step))
        return top, bottom, left, right

    padding = layer.uneven_padding(sides)
    maker = f"nn.{PADS[mode]}({padding.text})"
    return [Unit(maker, pad_text(padding, "" if mode == "zero" else mode))]


def scaled(layer: Layer) -> list[Unit]:
    """Make a map larger or smaller: by a factor where it is whole, else to a size."""
    mode = layer.same("mode")
    corners = "True" if layer.same("align_corners") else None
    scale = layer.first.scale
    kind = None if mode == "nearest" else f'"{mode}"'
    whole = scale is not None and layer.all_are(
        lambda step: all(side * each == out for side, each, out in zip(
            layer.shape(step)[1:], layer.operation(step).scale, layer.output(step)[1:], strict=True))
    )  # fmt: skip
    if whole:
        return [module("Upsample", scale_factor=layer.pair("scale"), mode=kind, align_corners=corners)]
    size = layer.pair_of("size", lambda step: tuple(layer.output(step)[1:]))
    return [module("Upsample", size, mode=kind, align_corners=corners)]


def reshape(layer: Layer) -> list[Unit]:
    """Arrange the values otherwise."""
    shape = layer.computed("shape", lambda step: tuple(layer.output(step)))
    flat = "{0}" if layer.values[0].is_vector else "{0}.flatten(1)"
    return [Unit("", f"{flat}.unflatten(1, {shape.text})")]
