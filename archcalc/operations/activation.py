"""What activations share: one operation for each value, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.operations.base import Count, Operation, output_values

if TYPE_CHECKING:
    from collections.abc import Iterator


class Activation(Operation):
    """A function of each value apart."""

    attaches = True
    stores = False

    def counts(self) -> Iterator[Count]:
        """Yield one operation for each value."""
        yield Count("ops", "activation", output_values)
