"""Softplus."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Softplus(Activation):
    """Smooths a ReLU: log(1 + exp(x)).

    Dugas et al. 2001, "Incorporating Second-Order Functional Knowledge for Better Option Pricing".
    """

    word = "softplus"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
