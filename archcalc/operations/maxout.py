"""Maxout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Operation, Shape, ShapeError, required
from archcalc.text.readers import whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def pieces_compared(C_in: Any, H: Any, W: Any) -> Any:
    """Count one operation for each value of each group, as pooling does for each value of a window."""
    return C_in * H * W


class Maxout(Operation):
    """Keeps the largest of each group of channels, the linear pieces computed by the layer before it.

    Goodfellow et al. 2013, "Maxout Networks". The layer before it has `pieces` times as many filters, or outputs.
    """

    word = "maxout"
    saved_for_backward = "indices"
    shown_inline = True
    pieces: int = required(whole(2), "channels in a group, of which one is kept")
    examples = (
        Example("2", ((192, 33, 33),), (96, 33, 33), ops={"activation": 192 * 33 * 33}),
        Example("{pieces: 5}", ((2500, 1, 1),), (500, 1, 1), ops={"activation": 2_500}),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return (C / pieces) x H x W; raise ShapeError where the groups do not come out even."""
        (shape,) = inputs
        if shape.channels % self.pieces:
            raise ShapeError(f"{shape.channels} channels cannot be split into groups of {self.pieces} pieces")
        return Shape(shape.channels // self.pieces, shape.height, shape.width)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation for each input value."""
        yield CountFormula("ops", "activation", pieces_compared)
