"""What merges share: several branches, and one operation less than inputs for each output value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Operation, Shape, ShapeError, output_values

if TYPE_CHECKING:
    from collections.abc import Iterator


def pairwise(C_out: Any, H_out: Any, W_out: Any, N: Any) -> Any:
    """Count N − 1 operations for each output value of N inputs."""
    return output_values(C_out, H_out, W_out) * (N - 1)


class Elementwise(Operation):
    """Joins equal shapes value by value."""

    takes_several = True
    has_branches = True
    broadcasts = True

    def output(self, *inputs: Shape) -> Shape:
        """Return the shape that all inputs have; raise ShapeError where they differ."""
        if any(shape != inputs[0] for shape in inputs):
            raise ShapeError(f"its branches do not fit: {' and '.join(map(str, inputs))}")
        return inputs[0]

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation less than inputs for each output value."""
        yield CountFormula("ops", "elementwise", pairwise)
