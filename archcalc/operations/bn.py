"""Batch normalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Operation, output_values, setting
from archcalc.text.readers import flag

if TYPE_CHECKING:
    from collections.abc import Iterator


def scale_and_shift(C_out: Any) -> Any:
    """Count a scale (gamma) and a shift (beta) for each channel."""
    return 2 * C_out


def one_alone(C_out: Any) -> Any:
    """Count a shift (beta) for each channel, or a scale, where there is one of them only."""
    return C_out


def statistics(C_out: Any) -> Any:
    """Count a running mean and a running variance for each channel: buffers, not parameters."""
    return 2 * C_out


def multiply_and_add(C_out: Any, H_out: Any, W_out: Any) -> Any:
    """Count a multiplication and an addition for each value."""
    return 2 * output_values(C_out, H_out, W_out)


class Bn(Operation):
    """Normalises each channel by its statistics, then scales and shifts it.

    Ioffe & Szegedy 2015, "Batch Normalization", algorithm 1. A framework's batch norm without scale (TF-slim's
    Inception) has the shift alone; Caffe's BatchNorm without a Scale layer after it has neither.
    """

    word = "bn"
    shown_inline = True
    foldable = True
    scale: bool = setting(flag, "a trained scale (gamma) for each channel", True)
    shift: bool = setting(flag, "a trained shift (beta) for each channel", True)
    examples = (
        Example("", ((8, 16, 16),), (8, 16, 16), params=16, ops={"norm": 4_096}, source="measured with fvcore"),
        Example("{scale: false}", ((8, 16, 16),), (8, 16, 16), params=8, ops={"norm": 2_048}),
        Example("{scale: false, shift: false}", ((8, 16, 16),), (8, 16, 16), ops={"norm": 2_048}),
    )

    def formulas(self) -> Iterator[CountFormula]:
        """Yield scale and shift, running statistics, and one or two operations for each value."""
        both = self.scale and self.shift
        if self.scale or self.shift:
            yield CountFormula("params", "norm", scale_and_shift if both else one_alone)
        yield CountFormula("buffers", "norm", statistics)
        yield CountFormula("ops", "norm", multiply_and_add if both else output_values)
