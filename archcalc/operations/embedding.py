"""Embedding of words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Operation, Shape, ShapeError, required
from archcalc.text.readers import whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def table(V: Any, C_out: Any) -> Any:
    """Count a vector for each word of the vocabulary."""
    return V * C_out


class Embedding(Operation):
    """Looks up a vector for each word of a sequence in a table, without computing anything.

    The input has one channel, the number of the word at each position.
    """

    word = "embedding"
    saved_for_backward = "indices"
    vocabulary: int = required(whole(1), "number of words in the vocabulary")
    channels: int = required(whole(1), "length of the vector of a word")
    examples = (
        Example("{vocabulary: 30522, channels: 768}", ((1, 128, 1),), (768, 128, 1), 23_440_896, source="BERT-Base"),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return channels x H x W; raise ShapeError unless there is one number at each place."""
        (shape,) = inputs
        if shape.channels != 1:
            raise ShapeError(f"{shape.channels} channels; an embedding takes one number at each place")
        return Shape(self.channels, shape.height, shape.width)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield the table."""
        yield CountFormula("params", "weight", table)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formula: a vocabulary of V words."""
        return {**super().quantities(inputs, output), "V": self.vocabulary}
