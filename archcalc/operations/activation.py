"""What activations share: one operation for each value, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.operations.base import CountFormula, Operation, output_values

if TYPE_CHECKING:
    from collections.abc import Iterator


class Activation(Operation):
    """A function of each value apart."""

    shown_inline = True
    stores = False

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation for each value."""
        yield CountFormula("ops", "activation", output_values)
