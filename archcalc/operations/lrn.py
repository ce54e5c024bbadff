"""Local response normalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Operation, Shape, output_values, setting
from archcalc.text.readers import whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def work(C_out: Any, H_out: Any, W_out: Any, n: Any) -> Any:
    """Count n squares added up, one scaled sum, one power and one division for each value."""
    return output_values(C_out, H_out, W_out) * (n + 3)


class Lrn(Operation):
    """Divides each value by a power of the squares of its neighbours across channels.

    Krizhevsky et al. 2012, section 3.3: a / (k + α·Σ a²)^β over n neighbouring channels.
    """

    word = "lrn"
    neighbours: int = setting(whole(1), "channels that the sum of squares runs over, n", 5)
    examples = (Example("", ((8, 16, 16),), (8, 16, 16), ops={"lrn": 2_048 * 8}),)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield n + 3 operations for each value."""
        yield CountFormula("ops", "lrn", work)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formula: n neighbours."""
        return {**super().quantities(inputs, output), "n": self.neighbours}
