"""Hyperbolic tangent."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Tanh(Activation):
    """Squashes values to the range from −1 to 1: tanh(x)."""

    word = "tanh"
    saved_for_backward = "output"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
