"""Sigmoid."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class Sigmoid(Activation):
    """Squashes values to the range from 0 to 1: 1 / (1 + exp(−x))."""

    word = "sigmoid"
    saved_for_backward = "output"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
