"""Learned scale of each channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Operation, output_values, setting
from archcalc.text.readers import flag

if TYPE_CHECKING:
    from collections.abc import Iterator


def factors(C_out: Any) -> Any:
    """Count one factor for each channel."""
    return C_out


class Scale(Operation):
    """Multiplies each channel by a learned factor: ConvNeXt's layer scale.

    Touvron et al. 2021, "Going Deeper with Image Transformers", section 2; with a bias it is Caffe's Scale layer, or
    the affine layer of ResMLP. It works in place, and stores nothing.
    """

    word = "scale"
    shown_inline = True
    stores = False
    bias: bool = setting(flag, "a learned shift for each channel", False)
    examples = (
        Example("", ((96, 56, 56),), (96, 56, 56), params=96, ops={"elementwise": 301_056}),
        Example(
            "{bias: true}",
            ((384, 196, 1),),
            (384, 196, 1),
            params=768,
            ops={"elementwise": 75_264, "bias": 75_264},
            source="ResMLP's affine layer",
        ),
    )

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one factor for each channel, and one operation for each value."""
        yield CountFormula("params", "weight", factors)
        yield CountFormula("ops", "elementwise", output_values)
        if self.bias:
            yield CountFormula("params", "bias", factors)
            yield CountFormula("ops", "bias", output_values)
