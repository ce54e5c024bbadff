"""Adaptive average pooling."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, Any, ClassVar

from archcalc.operations.base import (
    MAX_PERIOD,
    CountFormula,
    Example,
    Operation,
    Reads,
    ReadsOfAxes,
    Shape,
    read_all,
    required,
)
from archcalc.operations.window import size

if TYPE_CHECKING:
    from collections.abc import Iterator


def work(C_out: Any, R_h: Any, R_w: Any) -> Any:
    """Count one operation for each value of each window."""
    return C_out * R_h * R_w


def rows_of_all_windows(length: int, windows: int) -> int:
    """Return the sizes of all windows together: window j reaches from ⌊j·L / n⌋ to ⌈(j + 1)·L / n⌉."""
    return length + windows - gcd(length, windows)


def read_shares(length: int, windows: int) -> Reads | None:
    """Return what windows read that divide an axis among them: window j from ⌊j·L / n⌋ to before ⌈(j + 1)·L / n⌉."""
    from fractions import Fraction

    if windows == 1:
        return read_all(length)
    shared = gcd(length, windows)
    period, shift = windows // shared, length // shared
    if period > MAX_PERIOD:
        return None
    first = tuple(place * shift // period for place in range(period))
    last = tuple(-(-(place + 1) * shift // period) - 1 for place in range(period))
    return Reads(period, shift, first, last, 1, Fraction(length, windows))


class AdaptiveAvgPool(Operation):
    """Averages over as many windows as the output has positions, whatever the input's size.

    PyTorch's AdaptiveAvgPool2d. Window j of n reaches from ⌊j·H / n⌋ to ⌈(j + 1)·H / n⌉; windows overlap where n
    does not divide H.
    """

    word = "adaptive_avg_pool"
    saved_for_backward = ""
    pooled: tuple[int, int] = required(size, "height and width of the output")
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "7", ((512, 7, 7),), (512, 7, 7), ops={"pool": 25_088}, source="torchvision's VGG-16: nothing is averaged"
        ),
        Example("6", ((256, 13, 13),), (256, 6, 6), ops={"pool": 256 * 18 * 18}),
        Example("{pooled: [1, 2]}", ((8, 4, 6),), (8, 1, 2), ops={"pool": 8 * 4 * 6}),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return C x height x width."""
        return Shape(inputs[0].channels, *self.pooled)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See as far as each window does; they stand H / n apart."""
        return read_shares(shape.height, self.pooled[0]), read_shares(shape.width, self.pooled[1])

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation for each value of each window."""
        yield CountFormula("ops", "pool", work)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formula: R_h rows and R_w columns of all windows together."""
        (shape,) = inputs
        return {
            **super().quantities(inputs, output),
            "R_h": rows_of_all_windows(shape.height, output.height),
            "R_w": rows_of_all_windows(shape.width, output.width),
        }
