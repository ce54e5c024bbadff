"""Dropout."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, setting
from archcalc.text.readers import optional, rate


class Dropout(Operation):
    """Drops values at random in training; does nothing in inference, and is counted as free."""

    word = "dropout"
    saved_for_backward = "mask"
    shown_inline = True
    stores = False
    training_only = True
    probability: float | None = setting(optional(rate), "fraction of the values dropped in training", None)
    examples = (
        Example("0.5", ((4096, 1, 1),), (4096, 1, 1)),
        Example("{probability: 0.4}", ((1024, 1, 1),), (1024, 1, 1)),
    )
