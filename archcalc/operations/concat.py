"""Concatenation."""

from __future__ import annotations

from archcalc.operations.base import POINT, Example, Operation, ReadsOfAxes, Shape, ShapeError, setting
from archcalc.text.readers import choice

AXES = ("channels", "height", "width")


class Concat(Operation):
    """Joins its branches along the channels, or along rows or columns; the other sides must agree."""

    word = "concat"
    saved_for_backward = ""
    takes_several = True
    has_branches = True
    concatenates = True
    axis: str = setting(choice(*AXES), "what is joined", "channels")
    examples = (
        Example("", ((64, 28, 28), (128, 28, 28), (32, 28, 28), (32, 28, 28)), (256, 28, 28), source="GoogLeNet's 3a"),
        Example(
            "{axis: height}",
            ((84, 6400, 1), (84, 1600, 1), (84, 400, 1)),
            (84, 8400, 1),
            source="YOLOv8's three heads at 640 x 640",
        ),
        Example("{axis: width}", ((3, 8, 4), (3, 8, 5)), (3, 8, 9)),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return the shape with the sum of one side; raise ShapeError where the others differ."""
        axis = AXES.index(self.axis)
        first = inputs[0]
        if any(shape[:axis] + shape[axis + 1 :] != first[:axis] + first[axis + 1 :] for shape in inputs):
            raise ShapeError(f"its branches do not fit: {' and '.join(map(str, inputs))}")
        sides = list(first)
        sides[axis] = sum(shape[axis] for shape in inputs)
        return Shape(*sides)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See each branch's own; along rows or columns that are put together nobody can say it place by place."""
        if self.axis == "channels":
            return POINT
        height, width = POINT
        return (None if self.axis == "height" else height), (None if self.axis == "width" else width)
