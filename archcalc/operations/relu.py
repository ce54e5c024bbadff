"""Rectified linear unit."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Relu(Activation):
    """Sets negative values to zero: max(0, x)."""

    word = "relu"
    saved_for_backward = "output"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
