"""Leaky rectified linear unit."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example, setting
from archcalc.text.readers import rate


class LeakyRelu(Activation):
    """Scales negative values down instead of zeroing them: max(0, x) + slope · min(0, x).

    Maas et al. 2013, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", section 2. In place, as in
    Darknet and with PyTorch's `inplace=True`, the backward pass needs only its output.
    """

    word = "leaky_relu"
    saved_for_backward = "output"
    slope: float = setting(rate, "factor of negative values", 0.01)
    examples = (
        Example("0.1", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),
        Example("", ((32, 416, 416),), (32, 416, 416), ops={"activation": 5_537_792}),
    )
