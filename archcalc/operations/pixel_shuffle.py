"""Pixel shuffle."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, ReadsOfAxes, Shape, ShapeError, required
from archcalc.operations.window import read_stamps
from archcalc.text.readers import whole


class PixelShuffle(Operation):
    """Rearranges channels as positions: r·r channels become a square of r x r positions.

    Shi et al. 2016, "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional
    Neural Network", equation 4; also called depth to space. It only moves values: a view, which stores nothing.
    """

    word = "pixel_shuffle"
    saved_for_backward = ""
    stores = False
    view = True
    copied_view = True
    factor: int = required(whole(1), "how many times as high and as wide the map becomes, r")
    examples = (
        Example("3", ((9, 17, 17),), (1, 51, 51), source="ESPCN for a scale of 3"),
        Example("2", ((256, 24, 24),), (64, 48, 48), source="EDSR's upsampler"),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return (C / r²) x r·H x r·W; raise ShapeError where the channels do not make whole squares."""
        (shape,) = inputs
        square = self.factor**2
        if shape.channels % square:
            raise ShapeError(
                f"{shape.channels} channels cannot be laid out in squares of {self.factor} x {self.factor}"
            )
        return Shape(shape.channels // square, shape.height * self.factor, shape.width * self.factor)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the place that the square comes from."""
        axis = read_stamps(self.factor, self.factor, 0)
        return axis, axis
