"""Product of branches."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.merge import Merge


class Multiply(Merge):
    """Multiplies its branches value by value. A side of 1 is repeated: C x 1 x 1 gates channels, 1 x H x W places."""

    word = "multiply"
    examples = (
        Example("", ((64, 8, 8), (64, 8, 8)), (64, 8, 8), ops={"elementwise": 4_096}),
        Example("", ((64, 8, 8), (64, 1, 1)), (64, 8, 8), ops={"elementwise": 4_096}, source="squeeze-and-excitation"),
        Example(
            "",
            ((64, 32, 32), (1, 32, 32)),
            (64, 32, 32),
            ops={"elementwise": 65_536},
            source="CBAM, equation 2: a gate of places",
        ),
        Example(
            "",
            ((8, 6, 5), (8, 6, 1), (8, 1, 5)),
            (8, 6, 5),
            ops={"elementwise": 480},
            source="coordinate attention, equation 8: gates of rows and of columns",
        ),
    )
