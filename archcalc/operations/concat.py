"""Concatenation."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, Shape, ShapeError


class Concat(Operation):
    """Stacks the channels of its branches, which have one height and width."""

    word = "concat"
    saved_for_backward = ""
    takes_several = True
    has_branches = True
    concatenates = True
    examples = (
        Example("", ((64, 28, 28), (128, 28, 28), (32, 28, 28), (32, 28, 28)), (256, 28, 28), source="GoogLeNet's 3a"),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return (sum of C) x H x W; raise ShapeError where heights or widths differ."""
        first = inputs[0]
        if any(shape[1:] != first[1:] for shape in inputs):
            raise ShapeError(f"its branches do not fit: {' and '.join(map(str, inputs))}")
        return Shape(sum(shape.channels for shape in inputs), first.height, first.width)
