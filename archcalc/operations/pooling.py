"""What max and average pooling share: a window over each channel, K·K operations for each output value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Shape, ShapeError, output_values, required, setting
from archcalc.operations.window import Windowed, size
from archcalc.text.readers import optional

if TYPE_CHECKING:
    from collections.abc import Iterator


def window_operations(C_out: Any, H_out: Any, W_out: Any, K_h: Any, K_w: Any) -> Any:
    """Count one operation for each value of each window (the lecture notes' rule)."""
    return output_values(C_out, H_out, W_out) * K_h * K_w


class Pooling(Windowed):
    """A window over each channel apart."""

    kernel: tuple[int, int] = required(size, "height and width of the window")
    stride: tuple[int, int] | None = setting(optional(size), "step of the window; the kernel's size if left out", None)

    def check(self) -> None:
        """Require, as Caffe does, that padding is smaller than the window where its rounding is asked for."""
        if self.round == "caffe" and not isinstance(self.pad, str):
            top, bottom, left, right = self.pad
            if max(top, bottom) >= self.kernel[0] or max(left, right) >= self.kernel[1]:
                raise ShapeError("with round: caffe the padding is smaller than the window")

    def output(self, *inputs: Shape) -> Shape:
        """Return C x H' x W'."""
        (shape,) = inputs
        return Shape(shape.channels, *self.slide(shape))

    def formulas(self) -> Iterator[CountFormula]:
        """Yield K·K operations for each output value."""
        yield CountFormula("ops", "pool", window_operations)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formulas: a window of K_h x K_w."""
        return {**super().quantities(inputs, output), "K_h": self.kernel[0], "K_w": self.kernel[1]}
