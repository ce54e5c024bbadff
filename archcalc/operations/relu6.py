"""Rectified linear unit, capped at 6."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Relu6(Activation):
    """Clips values to the range from 0 to 6: min(max(0, x), 6)."""

    word = "relu6"
    saved_for_backward = "output"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
