"""Flatten."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, ReadsOfAxes, Shape, read_whole_map


class Flatten(Operation):
    """Takes a map as one vector: a view, which stores nothing and computes nothing."""

    word = "flatten"
    saved_for_backward = ""
    stores = False
    view = True
    examples = (Example("", ((256, 6, 6),), (9216, 1, 1)),)

    def output(self, *inputs: Shape) -> Shape:
        """Return (C·H·W) x 1 x 1."""
        return Shape(inputs[0].values, 1, 1)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the whole input: what follows takes the vector as one."""
        return read_whole_map(shape)
