"""Softmax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Operation, output_values

if TYPE_CHECKING:
    from collections.abc import Iterator


def work(C_out: Any, H_out: Any, W_out: Any) -> Any:
    """Count an exponential, an addition and a division for each value."""
    return 3 * output_values(C_out, H_out, W_out)


class Softmax(Operation):
    """Turns values into probabilities: exp(x) divided by the sum of all exp(x)."""

    word = "softmax"
    saved_for_backward = "output"
    stores = False
    examples = (Example("", ((1000, 1, 1),), (1000, 1, 1), ops={"softmax": 3_000}),)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield three operations for each value."""
        yield CountFormula("ops", "softmax", work)
