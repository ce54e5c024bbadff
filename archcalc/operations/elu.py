"""Exponential linear unit."""

from __future__ import annotations

from typing import Any

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example, setting
from archcalc.text.readers import number


class Elu(Activation):
    """Saturates negative values at −α: x above zero, α · (exp(x) − 1) below.

    Clevert et al. 2016, "Fast and Accurate Deep Network Learning by Exponential Linear Units", equation 3.
    """

    word = "elu"
    saved_for_backward = "output"
    alpha: Any = setting(number, "the negative limit is −α", 1)
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
