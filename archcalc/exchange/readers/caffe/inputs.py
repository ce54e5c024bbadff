"""The inputs of a Caffe network: listed at the top, layers of their own, or layers that read data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.request import closed
from archcalc.exchange.tensors import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.readers.caffe.network import CaffeLayer
    from archcalc.exchange.readers.caffe.prototext import Message

DATA = ("Data", "ImageData", "HDF5Data", "MemoryData", "WindowData", "DummyData", "AnnotatedData", "Input", "Python",
        "BinaryData", "DenseImageData", "VideoData", "LabelMap", "ImageSegData", "ImageLabelData")  # fmt: skip
"""Layers without a bottom that make a network's input."""


class Inputs:
    """The blobs that an input could be made for, made when a layer reads them: labels never are."""

    def __init__(self, file: str, net: Operands, sizes: Mapping[str, tuple[int, ...]]) -> None:
        self.file = file
        self.net = net
        self.sizes = sizes
        self.axes: dict[str, tuple[tuple[int | str, ...], Origin]] = {}

    def at_top(self, root: Message) -> None:
        """Note the inputs listed at the top of a file."""
        names = root.words("input")
        shapes = [tuple(shape.wholes("dim")) for shape in root.messages("input_shape")]
        dims = root.wholes("input_dim")
        shapes = shapes or [tuple(dims[at : at + 4]) for at in range(0, len(dims), 4)]
        for place, name in enumerate(names):
            shape = shapes[place] if place < len(shapes) else ()
            self.note(name, shape or ("batch", "channels", "height", "width"), Origin(name, "input", -1, line=0))

    def of_layer(self, layer: CaffeLayer, index: int) -> bool:
        """Note the inputs that a layer is; return whether it is one."""
        if layer.bottoms or not (layer.type in DATA or layer.type.endswith("Data")):
            return False
        origin = Origin(layer.name, layer.type, index, line=layer.line, column=layer.column)
        for place, top in enumerate(layer.tops):
            self.note(top, self._axes(layer, place), origin)
        return True

    def note(self, name: str, axes: Sequence[int | str], origin: Origin) -> None:
        """Note an input: its axes, the batch in front."""
        self.axes[name] = (tuple(axes), origin)

    def _axes(self, layer: CaffeLayer, place: int) -> tuple[int | str, ...]:
        """Return what a layer says of the size of its top; the names of Caffe's settings where it is open."""
        held = layer.settings
        shapes = held.message("input_param").messages("shape") + held.message("dummy_data_param").messages("shape")
        if shapes:
            return tuple(shapes[min(place, len(shapes) - 1)].wholes("dim"))
        memory = held.message("memory_data_param")
        if memory.fields:
            return (1, *(memory.whole(word, 0) or word for word in ("channels", "height", "width")))
        dummy = held.message("dummy_data_param")
        if dummy.fields:
            found = [dummy.wholes(word)[place:][:1] for word in ("channels", "height", "width")]
            return (1, *(each[0] if each else word for each, word in zip(found, ("c", "h", "w"), strict=True)))
        transform = held.message("transform_param")
        crop = transform.whole("crop_size") or max(
            (held.message(word).whole("crop_size") for word in ("data_param", "image_data_param", "window_data_param")),
            default=0,
        )
        size = held.message("image_data_param")
        height, width = size.whole("new_height") or crop, size.whole("new_width") or crop
        height, width = (crop, crop) if crop else (height, width)
        channels: int | str = "channels"
        if height and width:
            channels = self._channels(transform)
        return (1, channels, height or "height", width or "width")

    def _channels(self, transform: Message) -> int:
        means = len(transform.all("mean_value"))
        if transform.flag("force_gray", False):
            return 1
        if means not in (1, 3):
            self.net.remark(
                "the file does not say how many channels its images have: taken as 3, the channels of colour"
            )
        return 3

    def make(self, name: str) -> int | None:
        """Return the node of an input, or None where there is none such; raise RequestError where it is open."""
        if name not in self.axes:
            return None
        axes, origin = self.axes[name]
        before, self.net.origin = self.net.origin, origin
        batch = axes[0] if axes else 1
        if isinstance(batch, int) and batch > 1 and len(axes) > 1:
            self.net.file_batch = batch
        first = 1 if len(axes) > 1 else batch
        shape = closed(self.file, name, axes[1:] if len(axes) > 1 else (), self.sizes)
        found = self.net.add("input", [], (first if isinstance(first, int) else 1, *shape), name=name)
        self.net.origin = before
        return found
