"""Product of branches."""

from __future__ import annotations

from archcalc.operations.base import Example, Shape, ShapeError
from archcalc.operations.merge import Elementwise


class Multiply(Elementwise):
    """Multiplies its branches value by value; a C x 1 x 1 branch gates whole channels."""

    word = "multiply"
    examples = (
        Example("", ((64, 8, 8), (64, 8, 8)), (64, 8, 8), ops={"elementwise": 4_096}),
        Example("", ((64, 8, 8), (64, 1, 1)), (64, 8, 8), ops={"elementwise": 4_096}),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return the shape of the largest branch; the others have its shape, or its channels and 1 x 1."""
        largest = max(inputs, key=lambda shape: shape.values)
        if any(shape not in (largest, (largest.channels, 1, 1)) for shape in inputs):
            raise ShapeError(f"its branches do not fit: {' and '.join(map(str, inputs))}")
        return largest
