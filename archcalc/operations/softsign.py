"""Softsign."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Softsign(Activation):
    """Squashes values to the range from −1 to 1: x / (1 + |x|).

    Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", section 3.
    """

    word = "softsign"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
