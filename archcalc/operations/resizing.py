"""What resizing shares: places of the output that lie between places of the input.

Output place i lies at (i + 1/2)·L / n − 1/2 of the input, or at i·(L − 1) / (n − 1) where corners are aligned; nearest
takes place ⌊i·L / n⌋. Source: PyTorch's ``torch.nn.functional.interpolate``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    MAX_PERIOD,
    CountFormula,
    Operation,
    Reads,
    ReadsOfAxes,
    Shape,
    ShapeError,
    output_values,
    setting,
)
from archcalc.text.readers import choice, flag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

NEIGHBOURS = {"nearest": (0, 0), "bilinear": (0, 1), "bicubic": (-1, 2)}
"""Word to the first and the last place that a value is made of, from the place before it on."""


def bilinear_work(C_out: Any, H_out: Any, W_out: Any) -> Any:
    """Count one operation for each of the 2·2 values that an output value is made of."""
    return 4 * output_values(C_out, H_out, W_out)


def bicubic_work(C_out: Any, H_out: Any, W_out: Any) -> Any:
    """Count one operation for each of the 4·4 values that an output value is made of."""
    return 16 * output_values(C_out, H_out, W_out)


WIDE = 7
"""Places from which on some value of a resized map has all four bicubic neighbours, however few values there are."""

WORK = {"bilinear": bilinear_work, "bicubic": bicubic_work}


mode = setting(choice(*NEIGHBOURS), "how values between positions are computed", "nearest")
"""The setting of every resizing, which comes behind those of the size."""

align_corners = setting(
    flag, "whether the corner positions of input and output are aligned, as in PyTorch", default=False
)
"""The setting of every resizing, likewise."""


class Resizing(Operation):
    """Makes a map larger or smaller."""

    saved_for_backward = ""
    mode: str
    align_corners: bool

    def check(self) -> None:
        """Require, as PyTorch does, that corners are aligned only where values are interpolated."""
        if self.align_corners and self.mode == "nearest":
            raise ShapeError("align_corners with mode: nearest, which takes values as they are")

    def lengths(self, shape: Shape) -> tuple[int, int]:
        """Return the output's height and width."""
        raise NotImplementedError

    def output(self, *inputs: Shape) -> Shape:
        """Return C x H' x W'; raise ShapeError where nothing would be left."""
        (shape,) = inputs
        height, width = self.lengths(shape)
        if height < 1 or width < 1:
            raise ShapeError(f"nothing is left of {shape}")
        return Shape(shape.channels, height, width)

    def step(self, length: int, resized: int, axis: int) -> Fraction:
        """Return how many places of the input one place of the output stands for."""
        from fractions import Fraction

        if self.align_corners:
            return Fraction(length - 1, resized - 1) if resized > 1 else Fraction(0)
        return Fraction(length, resized)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the nearest place, or those between which a place lies."""
        height, width = (
            self._axis(length, resized, axis)
            for axis, (length, resized) in enumerate(zip(shape[1:], self.lengths(shape), strict=True))
        )
        return height, width

    def _axis(self, length: int, resized: int, axis: int) -> Reads | None:
        from fractions import Fraction

        step = self.step(length, resized, axis)
        if length == 1 or not step:
            return Reads(1, 0, (0,), (0,), 1, Fraction(length, resized))
        if self.mode == "bicubic" and length < WIDE and resized <= MAX_PERIOD:
            return self._written_out(length, resized, step)
        return self._repeated(step)

    def _written_out(self, length: int, resized: int, step: Fraction) -> Reads:
        """Say it place by place: on a map as small as this there may be no value that the border is far from."""
        first, last = zip(*[self._between(step, place) for place in range(resized)], strict=True)
        return Reads(
            resized,
            length,
            tuple(min(max(place, 0), length - 1) for place in first),
            tuple(min(max(place, 0), length - 1) for place in last),
            1,
            step,
        )

    def _repeated(self, step: Fraction) -> Reads | None:
        """Say it for one period, as it is far from the border."""
        period = step.denominator
        if period > MAX_PERIOD:
            return None
        first, last = zip(*[self._between(step, place) for place in range(period)], strict=True)
        return Reads(period, step.numerator, first, last, 1, step)

    def _between(self, step: Fraction, place: int) -> tuple[int, int]:
        """Return the first and the last place that a place of the output is made of; one where it falls on a place."""
        above, below = place * step.numerator, step.denominator
        if self.mode != "nearest" and not self.align_corners:
            above, below = 2 * above + step.numerator - below, 2 * below
        whole, rest = divmod(above, below)
        before, behind = NEIGHBOURS[self.mode] if rest else (0, 0)
        return whole + before, whole + behind

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation for each value that an output value is made of; nearest only moves values."""
        if self.mode in WORK:
            yield CountFormula("ops", "resize", WORK[self.mode])
