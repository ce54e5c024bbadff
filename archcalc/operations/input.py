"""The input image."""

from __future__ import annotations

from archcalc.operations.base import Operation


class Input(Operation):
    """The image itself: the first row of every network, stored like any output."""

    word = "input"
    saved_for_backward = ""
