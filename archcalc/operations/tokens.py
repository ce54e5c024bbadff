"""A map as a sequence of tokens."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, ReadsOfAxes, Shape, read_rearranged


class Tokens(Operation):
    """Takes the positions of a map as a sequence, row by row: a view, which stores nothing and computes nothing.

    A token has the channels of one position: Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", section 3.1.
    """

    word = "tokens"
    saved_for_backward = ""
    stores = False
    view = True
    examples = (Example("", ((768, 14, 14),), (768, 196, 1), source="ViT-B/16 at 224 x 224"),)

    def output(self, *inputs: Shape) -> Shape:
        """Return C x (H·W) x 1."""
        (shape,) = inputs
        return Shape(shape.channels, shape.height * shape.width, 1)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """Each token is a place, in another arrangement."""
        return read_rearranged(shape)
