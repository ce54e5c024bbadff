"""Position embedding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.operations.base import CountFormula, Example, Operation, output_values, setting
from archcalc.text.readers import flag

if TYPE_CHECKING:
    from collections.abc import Iterator


class Position(Operation):
    """Adds an embedding of the position to each value: learned, or fixed (sines).

    Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", section 3.1, equation 1.
    """

    word = "position"
    saved_for_backward = ""
    learned: bool = setting(flag, "whether the values are learned; fixed ones are not parameters", True)
    examples = (
        Example(
            "",
            ((768, 197, 1),),
            (768, 197, 1),
            params=151_296,
            ops={"elementwise": 151_296},
            source="ViT-B/16",
        ),
        Example("false", ((512, 10, 1),), (512, 10, 1), ops={"elementwise": 5_120}),
    )

    def formulas(self) -> Iterator[CountFormula]:
        """Yield a parameter for each value if they are learned, and an addition for each."""
        if self.learned:
            yield CountFormula("params", "weight", output_values)
        yield CountFormula("ops", "elementwise", output_values)
