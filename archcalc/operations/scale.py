"""Learned scale of each channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Operation, output_values

if TYPE_CHECKING:
    from collections.abc import Iterator


def factors(C_out: Any) -> Any:
    """Count one factor for each channel."""
    return C_out


class Scale(Operation):
    """Multiplies each channel by a learned factor: ConvNeXt's layer scale.

    Touvron et al. 2021, "Going Deeper with Image Transformers", section 2. It works in place, and stores nothing.
    """

    word = "scale"
    shown_inline = True
    stores = False
    examples = (Example("", ((96, 56, 56),), (96, 56, 56), params=96, ops={"elementwise": 301_056}),)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one factor for each channel, and one operation for each value."""
        yield CountFormula("params", "weight", factors)
        yield CountFormula("ops", "elementwise", output_values)
