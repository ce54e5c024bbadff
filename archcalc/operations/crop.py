"""Cropping."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, ReadsOfAxes, Shape, ShapeError, read_window, setting
from archcalc.operations.window import size as map_size
from archcalc.text.readers import like, optional, pair, whole


class Crop(Operation):
    """Cuts a part out of a map, by default its middle: a view, which stores nothing and computes nothing.

    Ronneberger et al. 2015, "U-Net", figure 1: the skips are cropped to the size of the other maps. With
    `offset` it is Caffe's Crop: Long et al. 2015, "Fully Convolutional Networks for Semantic Segmentation".
    """

    word = "crop"
    saved_for_backward = ""
    stores = False
    view = True
    size: tuple[int, int] | None = setting(optional(map_size), "height and width that are kept", None)
    like: tuple[int, int] | None = setting(optional(like), "a layer whose height and width are kept", None)
    height: int | None = setting(optional(whole(1)), "rows that are kept; all if only the width is given", None)
    width: int | None = setting(optional(whole(1)), "columns that are kept; all if only the height is given", None)
    offset: tuple[int, int] | None = setting(
        optional(pair(whole(0), across=0)),
        "rows above and columns to the left to remove; cuts out the middle if left out",
        None,
    )
    examples = (
        Example("{height: 56, width: 56}", ((512, 64, 64),), (512, 56, 56), source="U-Net, figure 1"),
        Example("56", ((512, 64, 64),), (512, 56, 56), source="U-Net, figure 1"),
        Example(
            "{size: 500, offset: 19}", ((21, 568, 568),), (21, 500, 500), source="FCN-32s: Caffe's Crop, offset 19"
        ),
        Example("{height: 1, offset: 0}", ((768, 197, 1),), (768, 1, 1), source="ViT: the class token alone goes on"),
    )

    def check(self) -> None:
        """Require one way of saying the size."""
        ways = [self.size, self.like, self.height or self.width]
        if ways.count(None) != 2:
            raise ShapeError("needs one of size, like, and height or width (or both)")

    def _kept(self, shape: Shape) -> tuple[int, int]:
        found = self.size or self.like
        return found if found is not None else (self.height or shape.height, self.width or shape.width)

    def first(self, shape: Shape) -> tuple[int, int]:
        """Return the first row and the first column that are kept."""
        height, width = self._kept(shape)
        return self.offset or ((shape.height - height) // 2, (shape.width - width) // 2)

    def output(self, *inputs: Shape) -> Shape:
        """Return C x height x width; raise ShapeError where the map is smaller."""
        (shape,) = inputs
        height, width = self._kept(shape)
        above, left = self.offset or (0, 0)
        if above + height > shape.height or left + width > shape.width:
            behind = f" from row {above}, column {left} on" if self.offset else ""
            raise ShapeError(f"{height} x {width} cannot be cut out of {shape}{behind}")
        return Shape(shape.channels, height, width)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """Each place is one of those that are kept."""
        above, left = self.first(shape)
        return read_window(above, 1, 1), read_window(left, 1, 1)
