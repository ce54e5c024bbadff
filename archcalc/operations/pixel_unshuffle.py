"""Pixel unshuffle."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, ReadsOfAxes, Shape, ShapeError, read_window, required
from archcalc.text.readers import whole


class PixelUnshuffle(Operation):
    """Rearranges positions as channels: each square of r x r positions becomes r·r channels of one position.

    Also called space to depth, Darknet's reorg (Redmon & Farhadi 2017, "YOLO9000", section 2), the focus of YOLOv5 and
    the patch merging of Swin. It only moves values: a view, which stores nothing.
    """

    word = "pixel_unshuffle"
    saved_for_backward = ""
    stores = False
    view = True
    copied_view = True
    factor: int = required(whole(1), "side of the squares, r")
    examples = (
        Example("2", ((64, 26, 26),), (256, 13, 13), source="YOLOv2's reorg"),
        Example("{factor: 2}", ((96, 56, 56),), (384, 28, 28), source="Swin-T's first patch merging"),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return r²·C x H / r x W / r; raise ShapeError where squares do not tile the map."""
        (shape,) = inputs
        if shape.height % self.factor or shape.width % self.factor:
            raise ShapeError(f"squares of {self.factor} x {self.factor} do not tile {shape.height} x {shape.width}")
        return Shape(shape.channels * self.factor**2, shape.height // self.factor, shape.width // self.factor)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the places of the square."""
        axis = read_window(0, self.factor, self.factor)
        return axis, axis
