"""Mish."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Mish(Activation):
    """Multiplies each value by the hyperbolic tangent of its softplus: x · tanh(log(1 + exp(x))).

    Misra 2020, "Mish: A Self Regularized Non-Monotonic Activation Function".
    """

    word = "mish"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
