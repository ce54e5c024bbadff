"""Learned tokens in front of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    CountFormula,
    Example,
    Operation,
    ReadsOfAxes,
    Shape,
    ShapeError,
    read_window,
    setting,
)
from archcalc.text.readers import whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def token_values(C_in: Any, T: Any) -> Any:
    """Count one learned value for each channel of each token that is added."""
    return C_in * T


class ClassToken(Operation):
    """Puts learned tokens in front of a sequence; the classifier reads the first.

    Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", section 3.1. DeiT's distillation token is a second one.
    """

    word = "class_token"
    saved_for_backward = ""
    count: int = setting(whole(1), "how many tokens are added", 1)
    examples = (
        Example("", ((768, 196, 1),), (768, 197, 1), params=768, source="ViT-B/16: 196 patches and the class token"),
        Example("2", ((192, 196, 1),), (192, 198, 1), params=384, source="DeiT-Ti with its distillation token"),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return C x (L + count) x 1; raise ShapeError for a map that is no sequence."""
        (shape,) = inputs
        if shape.width != 1:
            raise ShapeError(f"{shape} is not a sequence of tokens (C x L x 1)")
        return Shape(shape.channels, shape.height + self.count, 1)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """The other tokens are those of the input."""
        return read_window(-self.count, 1, 1), read_window(0, 1, 1)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield the learned values."""
        yield CountFormula("params", "weight", token_values)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formula: T tokens."""
        return {**super().quantities(inputs, output), "T": self.count}
