"""Addition of branches."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.merge import Elementwise


class Add(Elementwise):
    """Adds its branches value by value: the join of a residual block."""

    word = "add"
    saved_for_backward = ""
    examples = (Example("", ((256, 56, 56), (256, 56, 56)), (256, 56, 56), ops={"elementwise": 802_816}),)
