"""Scaled exponential linear unit."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Selu(Activation):
    """Scales an ELU so that mean and variance are preserved: λ·x above zero, λ·α·(exp(x) − 1) below.

    Klambauer et al. 2017, "Self-Normalizing Neural Networks".
    """

    word = "selu"
    saved_for_backward = "output"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
