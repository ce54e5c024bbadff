"""Swish."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Swish(Activation):
    """Multiplies each value by its own sigmoid: x / (1 + exp(−x)). Also called SiLU.

    Ramachandran et al. 2017, "Searching for Activation Functions", with β = 1.
    """

    word = "swish"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
