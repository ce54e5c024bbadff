"""Locally connected layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Shape, output_values, required, setting
from archcalc.operations.window import Windowed, size
from archcalc.text.readers import choice, flag, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def weights(C_out: Any, H_out: Any, W_out: Any, C_in: Any, K_h: Any, K_w: Any) -> Any:
    """Count the weights of a filter for each place of the output: none are shared."""
    return output_values(C_out, H_out, W_out) * C_in * K_h * K_w


class LocallyConnected(Windowed):
    """Slides over the input like a convolution, but each position has filters of its own.

    LeCun 1989, "Generalization and Network Design Strategies"; the local layers of DeepFace: Taigman et al. 2014,
    section 2.2. Keras' LocallyConnected2D, Darknet's `local`; each output value has a bias.
    """

    word = "locally_connected"
    counts_in_depth = True
    filters: int = required(whole(1), "number of filters at each position, which is the number of output channels")
    kernel: tuple[int, int] = required(size, "height and width of the window")
    round: str = setting(
        choice("floor", "ceil"), "if the stride does not divide evenly: floor; ceil (ceil_mode)", "floor"
    )
    bias: bool = setting(flag, "one extra weight for each output value", True)
    examples = (
        Example(
            "{filters: 16, kernel: 9, bias: false}",
            ((16, 63, 63),),
            (16, 55, 55),
            params=16 * 55 * 55 * 16 * 81,
            ops={"mac": 16 * 55 * 55 * 16 * 81},
            source="DeepFace's L4, figure 2: 16 x 9 x 9 x 16 at 55 x 55",
        ),
        Example(
            "{filters: 2, kernel: 3}",
            ((1, 5, 5),),
            (2, 3, 3),
            params=180,
            ops={"mac": 162, "bias": 18},
            source="Keras' LocallyConnected2D(2, 3)",
        ),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return filters x H' x W'."""
        (shape,) = inputs
        return Shape(self.filters, *self.slide(shape))

    def formulas(self) -> Iterator[CountFormula]:
        """Yield weights and MACs, which are as many, and a bias for each output value."""
        yield CountFormula("params", "weight", weights)
        yield CountFormula("ops", "mac", weights)
        if self.bias:
            yield CountFormula("params", "bias", output_values)
            yield CountFormula("ops", "bias", output_values)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formulas: a kernel of K_h x K_w."""
        return {**super().quantities(inputs, output), "K_h": self.kernel[0], "K_w": self.kernel[1]}
