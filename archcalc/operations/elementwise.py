"""Any function of one value."""

from __future__ import annotations

from archcalc.operations.activation import Activation
from archcalc.operations.base import Example, required
from archcalc.text.readers import choice

SAVED = {
    **dict.fromkeys(("exp", "sqrt", "rsqrt", "reciprocal"), "output"),
    **dict.fromkeys(
        ("abs", "square", "power", "log", "sin", "cos", "erf", "threshold", "log_sigmoid", "tanh_shrink"), "input"
    ),
    **dict.fromkeys(("soft_shrink", "hard_shrink"), "input"),
    **dict.fromkeys(("negate", "sign", "round"), ""),
}
"""Word to what the way back needs, as PyTorch saves it."""


class Elementwise(Activation):
    """Applies a function to each value, one that has no operation of its own."""

    word = "elementwise"
    function: str = required(choice(*SAVED), "which function")
    examples = (
        Example("exp", ((8, 16, 16),), (8, 16, 16), ops={"activation": 2_048}),
        Example("{function: square}", ((3, 5, 7),), (3, 5, 7), ops={"activation": 105}),
    )

    @property
    def saved_for_backward(self) -> str:  # type: ignore[override]
        """What the function's derivative needs."""
        return SAVED[self.function]
