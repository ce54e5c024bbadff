"""Hard hyperbolic tangent."""

from __future__ import annotations

from typing import Any

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example, ShapeError, setting
from archcalc.text.readers import number


class HardTanh(Activation):
    """Clips values to a range: min(max(low, x), high). Also called clip.

    Collobert 2004, "Large Scale Machine Learning"; binarised networks have it before each sign function.
    """

    word = "hard_tanh"
    saved_for_backward = "output"
    low: Any = setting(number, "the smallest value", -1)
    high: Any = setting(number, "the largest value", 1)
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)

    def check(self) -> None:
        """Require a range."""
        if self.low >= self.high:
            raise ShapeError(f"low: {self.low} is not below high: {self.high}")
