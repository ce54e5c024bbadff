"""Cropping."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, ReadsOfAxes, Shape, ShapeError, read_window, required
from archcalc.text.readers import whole


class Crop(Operation):
    """Keeps the middle of a map: a view, which stores nothing and computes nothing.

    Ronneberger et al. 2015, "U-Net", figure 1: the skips are cropped to the size of what they are joined with.
    """

    word = "crop"
    saved_for_backward = ""
    stores = False
    view = True
    height: int = required(whole(1), "rows that are kept")
    width: int = required(whole(1), "columns that are kept")
    examples = (Example("{height: 56, width: 56}", ((512, 64, 64),), (512, 56, 56), source="U-Net, figure 1"),)

    def output(self, *inputs: Shape) -> Shape:
        """Return C x height x width; raise ShapeError where the map is smaller."""
        (shape,) = inputs
        if self.height > shape.height or self.width > shape.width:
            raise ShapeError(f"{self.height} x {self.width} cannot be cut out of {shape}")
        return Shape(shape.channels, self.height, self.width)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """Each place is one of the middle."""
        above, left = (shape.height - self.height) // 2, (shape.width - self.width) // 2
        return read_window(above, 1, 1), read_window(left, 1, 1)
