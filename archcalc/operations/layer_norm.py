"""Layer normalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.operations.base import CountFormula, Example, Operation
from archcalc.operations.bn import multiply_and_add, scale_and_shift

if TYPE_CHECKING:
    from collections.abc import Iterator


class LayerNorm(Operation):
    """Normalises each place over its channels, then scales and shifts each channel. It keeps no statistics.

    Ba et al. 2016, "Layer Normalization"; over the channels of a map as in Liu et al. 2022, "A ConvNet for the 2020s".
    Counted as batch normalisation is: finding mean and variance, which batch normalisation is spared, is left out.
    """

    word = "layer_norm"
    shown_inline = True
    examples = (Example("", ((96, 56, 56),), (96, 56, 56), params=192, ops={"norm": 602_112}),)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield scale and shift of each channel, and two operations for each value."""
        yield CountFormula("params", "norm", scale_and_shift)
        yield CountFormula("ops", "norm", multiply_and_add)
