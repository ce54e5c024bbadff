"""Reshape."""

from __future__ import annotations

from archcalc.operations.base import (
    POINT,
    UNKNOWN,
    Example,
    Operation,
    ReadsOfAxes,
    Shape,
    ShapeError,
    read_rearranged,
    read_whole_map,
    required,
)
from archcalc.text.readers import shape, side_or_rest


class Reshape(Operation):
    """Takes the same values, in the same order, as another shape: a view, which stores nothing and computes nothing.

    One side may be -1: it follows from the others. Values run along the width first, then the height, then the
    channels, as in PyTorch's view of C x H x W.
    """

    word = "reshape"
    saved_for_backward = ""
    stores = False
    view = True
    sides: tuple[int, int, int] = required(shape(side_or_rest, 1), "the output's shape; one side may be -1")
    examples = (
        Example("[128, 7, 7]", ((6272, 1, 1),), (128, 7, 7), source="the generator of a DCGAN for MNIST"),
        Example("{sides: [-1, 4, 4]}", ((16384, 1, 1),), (1024, 4, 4), source="DCGAN, figure 1"),
        Example("[512, -1]", ((512, 1, 26),), (512, 26, 1), source="CRNN: a map one row high, as a sequence"),
    )

    def check(self) -> None:
        """Require that no more than one side follows from the others."""
        if self.sides.count(-1) > 1:
            raise ShapeError("only one side can follow from the others (-1)")

    def output(self, *inputs: Shape) -> Shape:
        """Return the shape; raise ShapeError where it has more or fewer values than the input."""
        (given,) = inputs
        known = 1
        for side in self.sides:
            known *= max(side, 1)
        if -1 not in self.sides:
            found = Shape(*self.sides)
            if found.values != given.values:
                raise ShapeError(
                    f"the {given.values:,} values of {given} cannot be {found}, which has {found.values:,}"
                )
            return found
        if given.values % known:
            wanted = " x ".join("?" if side == -1 else str(side) for side in self.sides)
            raise ShapeError(
                f"the {given.values:,} values of {given} cannot be {wanted}: {known:,} does not divide them"
            )
        return Shape(*(given.values // known if side == -1 else side for side in self.sides))

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See one's own place where the map stays; nobody can say it where channels and places are mixed."""
        output = self.output(shape)
        if output[1:] == shape[1:]:
            return POINT
        if output.channels == shape.channels:
            return read_rearranged(shape)
        return read_whole_map(shape) if (1, 1) in (output[1:], shape[1:]) else UNKNOWN
