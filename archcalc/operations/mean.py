"""Mean of branches."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.merge import Merge


class Mean(Merge):
    """Averages its branches value by value: the join of FractalNet (the division is part of the weights)."""

    word = "mean"
    saved_for_backward = ""
    examples = (Example("", ((64, 32, 32),) * 3, (64, 32, 32), ops={"elementwise": 131_072}),)
