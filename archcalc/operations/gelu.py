"""Gaussian error linear unit."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Gelu(Activation):
    """Multiplies each value by the standard normal distribution function: x · Φ(x).

    Hendrycks & Gimpel 2016, "Gaussian Error Linear Units".
    """

    word = "gelu"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
