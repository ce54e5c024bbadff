"""Upsampling by a whole number."""

from __future__ import annotations

from fractions import Fraction

from archcalc.operations import resizing
from archcalc.operations.base import Example, Shape, required
from archcalc.operations.resizing import Resizing
from archcalc.operations.window import size


class Upsample(Resizing):
    """Enlarges a map by a whole factor: by repeating values, or by interpolating between them.

    PyTorch's Upsample and Keras' UpSampling2D.
    """

    word = "upsample"
    scale: tuple[int, int] = required(size, "how many times as high and as wide the map becomes")
    mode: str = resizing.mode
    align_corners: bool = resizing.align_corners
    examples = (
        Example("2", ((256, 13, 13),), (256, 26, 26), source="YOLOv3's first upsampling"),
        Example(
            "{scale: 2, mode: bilinear}",
            ((8, 16, 16),),
            (8, 32, 32),
            ops={"resize": 32_768},
            source="fvcore counts 4 for each of the 8,192 values",
        ),
        Example("{scale: [1, 4], mode: bicubic, align_corners: true}", ((1, 3, 2),), (1, 3, 8), ops={"resize": 384}),
    )

    def lengths(self, shape: Shape) -> tuple[int, int]:
        """Return the input's height and width, so many times."""
        return shape.height * self.scale[0], shape.width * self.scale[1]

    def step(self, length: int, resized: int, axis: int) -> Fraction:
        """Return how many places of the input one place of the output stands for."""
        return super().step(length, resized, axis) if self.align_corners else Fraction(1, self.scale[axis])
