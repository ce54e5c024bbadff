"""Logarithm of softmax."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.softmax import Softmax


class LogSoftmax(Softmax):
    """Turns values into log probabilities: x − log(sum of all exp(x))."""

    word = "log_softmax"
    examples = (Example("", ((10, 1, 1),), (10, 1, 1), ops={"softmax": 30}),)
