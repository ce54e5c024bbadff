"""Zero-padding of channels."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, ReadsOfAxes, Shape, ShapeError, read_window, required, setting
from archcalc.operations.window import size
from archcalc.text.readers import whole


class PadChannels(Operation):
    """Adds channels of zeros, and keeps every stride-th position: the shortcut without parameters.

    He et al. 2016, "Deep Residual Learning", section 3.3, option A.
    """

    word = "pad_channels"
    saved_for_backward = ""
    filters: int = required(whole(1), "channels after padding")
    stride: tuple[int, int] = setting(size, "step between the positions that are kept", (1, 1))
    examples = (Example("{filters: 128, stride: 2}", ((64, 56, 56),), (128, 28, 28)),)

    def output(self, *inputs: Shape) -> Shape:
        """Return filters x ⌈H / S⌉ x ⌈W / S⌉; raise ShapeError where there are more channels already."""
        (shape,) = inputs
        if shape.channels > self.filters:
            raise ShapeError(f"{shape.channels} channels cannot be padded to {self.filters}")
        return Shape(self.filters, -(-shape.height // self.stride[0]), -(-shape.width // self.stride[1]))

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See one place, and step over the others."""
        return read_window(0, 1, self.stride[0]), read_window(0, 1, self.stride[1])
