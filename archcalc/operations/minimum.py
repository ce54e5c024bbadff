"""Minimum of branches."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.merge import Merge


class Minimum(Merge):
    """Keeps the smallest of its branches value by value: Keras' Minimum, ONNX' Min."""

    word = "minimum"
    examples = (Example("", ((64, 8, 8), (64, 8, 8)), (64, 8, 8), ops={"elementwise": 4_096}),)
