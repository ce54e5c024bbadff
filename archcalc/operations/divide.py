"""Quotient of branches."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.merge import Merge


class Divide(Merge):
    """Divides the first of two branches by the second, value by value."""

    word = "divide"
    exactly_two = True
    examples = (
        Example("", ((64, 8, 8), (64, 8, 8)), (64, 8, 8), ops={"elementwise": 4_096}),
        Example("", ((64, 8, 8), (1, 8, 8)), (64, 8, 8), ops={"elementwise": 4_096}),
    )
