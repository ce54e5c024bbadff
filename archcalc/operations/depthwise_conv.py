"""Depthwise convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Shape, output_values, required, setting
from archcalc.operations.window import Windowed, size
from archcalc.text.readers import choice, flag, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def weights(C_in: Any, M: Any, K_h: Any, K_w: Any) -> Any:
    """Count one kernel for each output channel; an input channel makes M of them."""
    return _channels(C_in, M) * K_h * K_w


def biases(C_in: Any, M: Any) -> Any:
    """Count one bias for each output channel."""
    return _channels(C_in, M)


def macs(C_out: Any, H_out: Any, W_out: Any, K_h: Any, K_w: Any) -> Any:
    """Count one multiplication and addition for each tap at each output value."""
    return output_values(C_out, H_out, W_out) * K_h * K_w


def _channels(C_in: Any, M: Any) -> Any:
    return C_in if M == 1 else C_in * M


class DepthwiseConv(Windowed):
    """Slides one kernel over each channel separately: a convolution with as many groups as channels."""

    word = "depthwise_conv"
    counts_in_depth = True
    kernel: tuple[int, int] = required(size, "height and width of the window")
    round: str = setting(choice("floor", "ceil"), "what happens if the stride does not divide evenly", "floor")
    multiplier: int = setting(whole(1), "output channels for each input channel", 1)
    bias: bool = setting(flag, "one extra weight for each output channel", True)

    examples = (
        Example(
            "{kernel: 3, pad: 1, bias: false}",
            ((8, 16, 16),),
            (8, 16, 16),
            params=72,
            ops={"mac": 18_432},
            source="measured with eight counting tools",
        ),
        Example(
            "{kernel: 7, stride: 2, pad: 3, multiplier: 8, bias: false}",
            ((3, 224, 224),),
            (24, 112, 112),
            params=1_176,
            ops={"mac": 1_176 * 112 * 112},
        ),
        Example("{kernel: 3}", ((4, 5, 5),), (4, 3, 3), params=40, ops={"mac": 324, "bias": 36}),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return (C·multiplier) x H' x W'."""
        (shape,) = inputs
        return Shape(shape.channels * self.multiplier, *self.slide(shape))

    def formulas(self) -> Iterator[CountFormula]:
        """Yield weights and MACs, and a bias for each channel, added at each place."""
        yield CountFormula("params", "weight", weights)
        yield CountFormula("ops", "mac", macs)
        if self.bias:
            yield CountFormula("params", "bias", biases)
            yield CountFormula("ops", "bias", output_values)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formulas: multiplier M, a kernel of K_h x K_w."""
        kernel = {"M": self.multiplier, "K_h": self.kernel[0], "K_w": self.kernel[1]}
        return {**super().quantities(inputs, output), **kernel}
