"""Resizing to any size."""

from __future__ import annotations

from typing import Any

from archcalc.operations import resizing
from archcalc.operations.base import Example, Shape, ShapeError, setting
from archcalc.operations.resizing import Resizing
from archcalc.operations.window import size as map_size
from archcalc.text.readers import like, number, optional, pair


class Resize(Resizing):
    """Resizes a map to a given size, to that of another layer, or by a factor.

    PyTorch's interpolate, Caffe's Interp, ONNX' Resize. With `scale` the size is rounded down to whole numbers.
    """

    word = "resize"
    size: tuple[int, int] | None = setting(optional(map_size), "height and width of the output", None)
    like: tuple[int, int] | None = setting(optional(like), "a layer whose height and width the output takes", None)
    scale: tuple[Any, Any] | None = setting(
        optional(pair(number)), "how many times as high and as wide the map becomes; may be a fraction", None
    )
    mode: str = resizing.mode
    align_corners: bool = resizing.align_corners
    examples = (
        Example("40", ((256, 20, 20),), (256, 40, 40)),
        Example(
            "{size: [65, 65], mode: bilinear, align_corners: true}",
            ((256, 1, 1),),
            (256, 65, 65),
            ops={"resize": 4_326_400},
            source="DeepLabv3's image pooling",
        ),
        Example("{scale: 0.5, mode: bilinear}", ((3, 5, 8),), (3, 2, 4), ops={"resize": 96}),
        Example("{scale: [1.5, 1]}", ((1, 3, 2),), (1, 4, 2), source="PyTorch's interpolate: ⌊3 · 1.5⌋ = 4"),
    )

    def check(self) -> None:
        """Require one size, and a scale above zero."""
        super().check()
        given = [self.size, self.like, self.scale]
        if given.count(None) != 2:
            raise ShapeError("needs one of size, like and scale")
        if self.scale is not None and min(self.scale) <= 0:
            raise ShapeError("a scale has to be above 0")

    def lengths(self, shape: Shape) -> tuple[int, int]:
        """Return the height and width that are asked for."""
        if self.scale is not None:
            return int(shape.height * self.scale[0] // 1), int(shape.width * self.scale[1] // 1)
        found = self.size or self.like
        assert found is not None
        return found

    def step(self, length: int, resized: int, axis: int) -> Any:
        """Return how many places of the input one place of the output stands for; a scale holds as it is given."""
        if self.scale is None or self.align_corners or length == resized:
            return super().step(length, resized, axis)
        from fractions import Fraction

        return 1 / Fraction(self.scale[axis])
