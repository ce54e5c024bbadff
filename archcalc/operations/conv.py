"""Convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    CountFormula,
    Example,
    IntermediateFormula,
    Shape,
    ShapeError,
    output_values,
    required,
    setting,
)
from archcalc.operations.window import Windowed
from archcalc.text.readers import choice, flag, list_of, optional, whole
from archcalc.trace import exact_div

if TYPE_CHECKING:
    from collections.abc import Iterator


def filter_weights(C_in: Any, G: Any, K_h: Any, K_w: Any) -> Any:
    """Count the weights of one filter, which sees the channels of its own group."""
    return exact_div(C_in, G) * K_h * K_w


def filter_params(C_in: Any, G: Any, K_h: Any, K_w: Any) -> Any:
    """Count the parameters of one filter: its weights and one bias."""
    return filter_weights(C_in, G, K_h, K_w) + 1


def weights(C_out: Any, C_in: Any, G: Any, K_h: Any, K_w: Any) -> Any:
    """Count the weights of all filters."""
    return C_out * filter_weights(C_in, G, K_h, K_w)


def biases(C_out: Any) -> Any:
    """Count one bias for each filter."""
    return C_out


def macs(C_out: Any, H_out: Any, W_out: Any, C_in: Any, G: Any, K_h: Any, K_w: Any) -> Any:
    """Count one multiplication and addition for each weight at each place of the output."""
    return output_values(C_out, H_out, W_out) * filter_weights(C_in, G, K_h, K_w)


def connected_weights(T: Any, K_h: Any, K_w: Any) -> Any:
    """Count the weights where T pairs of an input and an output channel are connected."""
    return T * K_h * K_w


def connected_macs(T: Any, H_out: Any, W_out: Any, K_h: Any, K_w: Any) -> Any:
    """Count the MACs where T pairs of an input and an output channel are connected."""
    return T * H_out * W_out * K_h * K_w


class Conv(Windowed):
    """Slides filters over the input; each filter sees all channels (of its group) and gives one output channel."""

    word = "conv"
    counts_in_depth = True
    filters: int = required(whole(1), "number of filters, which is the number of output channels")
    round: str = setting(
        choice("floor", "ceil"), "if the stride does not divide evenly: floor; ceil (ceil_mode)", "floor"
    )
    groups: int = setting(whole(1), "parts that the channels are split into; a filter sees one part", 1)
    bias: bool = setting(flag, "one extra weight for each filter", True)
    connections: tuple[int, ...] | None = setting(
        optional(list_of(whole(1))), "how many input channels each filter sees, if not all (LeNet's C3)", None
    )

    examples = (
        Example(
            "{filters: 96, kernel: 11, stride: 4}",
            ((3, 227, 227),),
            (96, 55, 55),
            params=34_944,
            ops={"mac": 105_415_200, "bias": 290_400},
            source="AlexNet's first layer, worked out in lecture notes: 11·11·3 + 1 = 364, 364·96 = 34,944",
        ),
        Example(
            "{filters: 64, kernel: 11, stride: 4, pad: 2}",
            ((3, 227, 227),),
            (64, 56, 56),
            params=23_296,
            ops={"mac": 72_855_552, "bias": 200_704},
            source="the first layer of the one-tower AlexNet, worked out in lecture notes",
        ),
        Example(
            "{filters: 6, kernel: [1, 7], pad: [0, 3], groups: 2, bias: false}",
            ((4, 9, 9),),
            (6, 9, 9),
            params=6 * 2 * 7,
            ops={"mac": 6 * 81 * 2 * 7},
        ),
        Example(
            "{filters: 2, kernel: 3, dilation: 2, pad: same, bias: false}",
            ((1, 8, 8),),
            (2, 8, 8),
            params=18,
            ops={"mac": 18 * 64},
        ),
        Example(
            "{filters: 2, kernel: 3, stride: 2, pad: {top: 0, bottom: 1, left: 1, right: 0}, bias: false}",
            ((1, 8, 8),),
            (2, 4, 4),
            params=18,
            ops={"mac": 18 * 16},
        ),
        Example(
            "{filters: 16, kernel: 5, connections: [3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6]}",
            ((6, 14, 14),),
            (16, 10, 10),
            params=1_516,
            ops={"mac": 150_000, "bias": 1_600},
            source="LeCun et al. 1998, section II.B: C3 has 1,516 trainable parameters",
        ),
    )

    def check(self) -> None:
        """Require that the groups divide the filters, and one number of connections for each filter."""
        if self.filters % self.groups:
            raise ShapeError(f"{self.filters} filters cannot be split into {self.groups} groups")
        if self.connections is not None and len(self.connections) != self.filters:
            raise ShapeError(f"{len(self.connections)} connections for {self.filters} filters")

    def output(self, *inputs: Shape) -> Shape:
        """Return filters x H' x W'."""
        (shape,) = inputs
        if shape.channels % self.groups:
            raise ShapeError(f"{shape.channels} input channels cannot be split into {self.groups} groups")
        if self.connections is not None and max(self.connections) > shape.channels:
            raise ShapeError(f"a filter with {max(self.connections)} connections, on {shape.channels} input channels")
        return Shape(self.filters, *self.slide(shape))

    def remarks(self, shape: Shape) -> Iterator[str]:
        """Point out padding around a single tap, which sees nothing but zeros there: a kernel that was forgotten."""
        if self.kernel == (1, 1) and not isinstance(self.pad, str) and any(self.pad):
            yield "its kernel is 1 x 1 and its padding sees only zeros; was the kernel left out?"
        yield from super().remarks(shape)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield weights and MACs, and a bias for each filter, added at each place."""
        partly = self.connections is not None
        yield CountFormula("params", "weight", connected_weights if partly else weights)
        yield CountFormula("ops", "mac", connected_macs if partly else macs)
        if self.bias:
            yield CountFormula("params", "bias", biases)
            yield CountFormula("ops", "bias", output_values)

    def intermediate_formulas(self, inputs: tuple[Shape, ...]) -> Iterator[IntermediateFormula]:
        """Explain the output's size and what one filter has."""
        yield from super().intermediate_formulas(inputs)
        if self.connections is None:
            formula = filter_params if self.bias else filter_weights
            yield IntermediateFormula("params of one filter", formula, self.quantities(inputs, inputs[0]))

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formulas: G groups, T connections, a kernel of K_h x K_w."""
        return {
            **super().quantities(inputs, output),
            "G": self.groups,
            "K_h": self.kernel[0],
            "K_w": self.kernel[1],
            "T": sum(self.connections or ()),
        }
