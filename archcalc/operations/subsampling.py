"""LeNet's trainable subsampling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, output_values
from archcalc.operations.pooling import Pooling

if TYPE_CHECKING:
    from collections.abc import Iterator


def channels(C_out: Any) -> Any:
    """Count one for each channel: a coefficient, or a bias."""
    return C_out


class Subsampling(Pooling):
    """Adds up each window, multiplies by a trained coefficient per channel and adds a trained bias.

    LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition", section II.B: S2 and S4.
    """

    word = "subsampling"
    counts_in_depth = True
    examples = (
        Example(
            "{kernel: 2, stride: 2}",
            ((6, 28, 28),),
            (6, 14, 14),
            params=12,
            ops={"pool": 4_704, "elementwise": 1_176, "bias": 1_176},
            source="LeCun et al. 1998: S2 has 12 trainable parameters and 5,880 connections (4,704 + 1,176)",
        ),
    )

    def formulas(self) -> Iterator[CountFormula]:
        """Yield the coefficients and biases, and the work of summing, scaling and shifting."""
        yield CountFormula("params", "weight", channels)
        yield CountFormula("params", "bias", channels)
        yield from super().formulas()
        yield CountFormula("ops", "elementwise", output_values)
        yield CountFormula("ops", "bias", output_values)
