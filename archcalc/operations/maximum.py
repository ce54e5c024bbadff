"""Maximum of branches."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.merge import Merge


class Maximum(Merge):
    """Keeps the largest of its branches value by value: Caffe's Eltwise MAX, Keras' Maximum."""

    word = "maximum"
    examples = (
        Example("", ((64, 8, 8), (64, 8, 8)), (64, 8, 8), ops={"elementwise": 4_096}),
        Example(
            "",
            ((128, 1, 1),) * 12,
            (128, 1, 1),
            ops={"elementwise": 1_408},
            source="MVCNN's view pooling over 12 views",
        ),
    )
