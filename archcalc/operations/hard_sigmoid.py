"""Hard sigmoid."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example


class HardSigmoid(Activation):
    """Replaces the sigmoid with straight lines: min(max(0, x + 3), 6) / 6.

    Howard et al. 2019, "Searching for MobileNetV3", section 5.2.
    """

    word = "hard_sigmoid"
    saved_for_backward = "output"
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),)
