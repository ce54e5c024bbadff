"""Gated linear unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.operations.base import CountFormula, Example, Operation, Shape, ShapeError
from archcalc.operations.maxout import pieces_compared

if TYPE_CHECKING:
    from collections.abc import Iterator


class Glu(Operation):
    """Multiplies the first half of the channels by the sigmoid of the second.

    Dauphin et al. 2017, "Language Modeling with Gated Convolutional Networks", equation 1; PyTorch's GLU(dim=1).
    """

    word = "glu"
    shown_inline = True
    examples = (Example("", ((128, 16, 16),), (64, 16, 16), ops={"activation": 32_768}),)

    def output(self, *inputs: Shape) -> Shape:
        """Return (C / 2) x H x W; raise ShapeError for an odd number of channels."""
        (shape,) = inputs
        if shape.channels % 2:
            raise ShapeError(f"{shape.channels} channels cannot be split into two halves")
        return Shape(shape.channels // 2, shape.height, shape.width)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation for each input value: a sigmoid, or a product."""
        yield CountFormula("ops", "activation", pieces_compared)
