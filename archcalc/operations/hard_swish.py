"""Hard swish."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class HardSwish(Activation):
    """Replaces the sigmoid of swish with straight lines: x · min(max(0, x + 3), 6) / 6.

    Howard et al. 2019, "Searching for MobileNetV3", section 5.2.
    """

    word = "hard_swish"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
