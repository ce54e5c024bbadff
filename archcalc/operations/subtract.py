"""Difference of branches."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.merge import Merge


class Subtract(Merge):
    """Subtracts the second of two branches from the first, value by value."""

    word = "subtract"
    saved_for_backward = ""
    exactly_two = True
    examples = (
        Example("", ((64, 8, 8), (64, 8, 8)), (64, 8, 8), ops={"elementwise": 4_096}),
        Example("", ((3, 32, 32), (3, 1, 1)), (3, 32, 32), ops={"elementwise": 3_072}),
    )
