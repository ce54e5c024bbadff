"""What merges share: several inputs, and one operation less than inputs for each output value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, IntermediateFormula, Operation, Shape, ShapeError, output_values
from archcalc.trace import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def pairwise(C_out: Any, H_out: Any, W_out: Any, N: Any) -> Any:
    """Count N − 1 operations for each output value of N inputs."""
    return output_values(C_out, H_out, W_out) * (N - 1)


class Merge(Operation):
    """Joins inputs value by value. A side of 1 is repeated along the others: gates of channels, of places, of rows."""

    takes_several = True
    has_branches = True
    broadcasts = True
    exactly_two: bool = False
    """Whether it takes two inputs and no more, of which the order matters."""

    def output(self, *inputs: Shape) -> Shape:
        """Return the largest of each side; raise ShapeError where another input has neither that nor 1."""
        if self.exactly_two and len(inputs) != 2:
            raise ShapeError(f"{len(inputs)} branches, expected two")
        first = inputs[0]
        if all(shape == first for shape in inputs):
            return first
        largest = Shape(*map(max, *inputs))
        if any(side not in (1, most) for shape in inputs for side, most in zip(shape, largest, strict=True)):
            raise ShapeError(f"its branches do not fit: {' and '.join(map(str, inputs))}")
        return largest

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation less than inputs for each output value."""
        yield CountFormula("ops", "elementwise", pairwise)

    def intermediate_formulas(self, inputs: tuple[Shape, ...]) -> Iterator[IntermediateFormula]:
        """Say which inputs are repeated, and how often each of their values is used."""
        output = self.output(*inputs)
        for shape in dict.fromkeys(inputs):
            repeated = [
                (name, most)
                for name, most, own in zip(("C_out", "H_out", "W_out"), output, shape, strict=True)
                if own != most
            ]
            if repeated:
                sides = {place: Quantity(name, most) for place, (name, most) in zip("ABC", repeated, strict=False)}
                yield IntermediateFormula(f"uses of each value of {shape}", _PRODUCTS[len(repeated)], sides)


def _of_one(A: Any) -> Any:
    return A


def _of_two(A: Any, B: Any) -> Any:
    return A * B


def _of_three(A: Any, B: Any, C: Any) -> Any:
    return A * B * C


_PRODUCTS: dict[int, Callable[..., Any]] = {1: _of_one, 2: _of_two, 3: _of_three}
