"""What normalisations share: a scale and a shift, trained or not, and the work for each value.

Finding means and variances is left out, as it is of batch normalisation, which is spared it once training is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Operation, output_values

if TYPE_CHECKING:
    from collections.abc import Iterator


def scale_and_shift(C_out: Any) -> Any:
    """Count a scale (gamma) and a shift (beta) for each channel."""
    return 2 * C_out


def one_alone(C_out: Any) -> Any:
    """Count a shift (beta) for each channel, or a scale, where there is one of them only."""
    return C_out


def running_statistics(C_out: Any) -> Any:
    """Count a running mean and a running variance for each channel: buffers, not parameters."""
    return 2 * C_out


def multiply_and_add(C_out: Any, H_out: Any, W_out: Any) -> Any:
    """Count a multiplication and an addition for each value."""
    return 2 * output_values(C_out, H_out, W_out)


class Normalisation(Operation):
    """Brings values to a common size; subclasses declare which of these settings there are."""

    shown_inline = True
    scale: bool = False
    shift: bool = False
    statistics: bool = False

    def formulas(self) -> Iterator[CountFormula]:
        """Yield scale and shift, running statistics, and one or two operations for each value."""
        both = self.scale and self.shift
        if self.scale or self.shift:
            yield CountFormula("params", "norm", scale_and_shift if both else one_alone)
        if self.statistics:
            yield CountFormula("buffers", "norm", running_statistics)
        yield CountFormula("ops", "norm", multiply_and_add if both else output_values)
