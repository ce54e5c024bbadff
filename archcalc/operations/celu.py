"""Continuously differentiable exponential linear unit."""

from __future__ import annotations

from typing import Any

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example, setting
from archcalc.text.readers import number


class Celu(Activation):
    """Saturates negative values at −α with a continuous slope: x above zero, α · (exp(x / α) − 1) below.

    Barron 2017, "Continuously Differentiable Exponential Linear Units".
    """

    word = "celu"
    saved_for_backward = "output"
    alpha: Any = setting(number, "the negative limit is −α", 1)
    examples = (Example("{alpha: 0.5}", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
