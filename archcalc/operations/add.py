"""Addition of branches."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.merge import Merge


class Add(Merge):
    """Adds its branches value by value: the join of a residual block."""

    word = "add"
    saved_for_backward = ""
    examples = (
        Example("", ((256, 56, 56), (256, 56, 56)), (256, 56, 56), ops={"elementwise": 802_816}),
        Example(
            "",
            ((1, 8, 8), (64, 1, 1)),
            (64, 8, 8),
            ops={"elementwise": 4_096},
            source="BAM, equation 2: channels and places, both repeated",
        ),
    )
