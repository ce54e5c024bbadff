"""Transposed convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    CountFormula,
    Example,
    IntermediateFormula,
    Operation,
    ReadsOfAxes,
    Shape,
    ShapeError,
    output_values,
    required,
    setting,
)
from archcalc.operations.window import effective_kernel, multiplied, named, read_stamps, shared_padding, size
from archcalc.text.readers import Padding, flag, padding, pair, whole
from archcalc.trace import exact_div

if TYPE_CHECKING:
    from collections.abc import Iterator


def grown(L: Any, K: Any, S: Any, P: Any, Q: Any, D: Any, O: Any) -> Any:  # noqa: E741 - O as in papers
    """Return the length that the stamps of a kernel cover, less the padding, plus what is added at one side."""
    return (L - 1) * S - (2 * P if P == Q else P + Q) + effective_kernel(K, D) + O


def weights(C_in: Any, C_out: Any, G: Any, K_h: Any, K_w: Any) -> Any:
    """Count a kernel for each pair of an input and an output channel (of a group)."""
    return C_in * exact_div(C_out, G) * K_h * K_w


def biases(C_out: Any) -> Any:
    """Count one bias for each filter."""
    return C_out


def macs(C_in: Any, H: Any, W: Any, C_out: Any, G: Any, K_h: Any, K_w: Any) -> Any:
    """Count one multiplication and addition for each weight at each place of the input."""
    return C_in * H * W * exact_div(C_out, G) * K_h * K_w


class ConvTranspose(Operation):
    """Stamps a kernel, weighted by each input value, at steps of the stride: a convolution run backwards.

    Dumoulin & Visin 2016, "A guide to convolution arithmetic", section 4; the settings are those of PyTorch's
    ConvTranspose2d, and with `pad: same` those of Keras' Conv2DTranspose. Stamps that fall on the padding are counted
    as work.
    """

    word = "conv_transpose"
    counts_in_depth = True
    filters: int = required(whole(1), "number of filters, which is the number of output channels")
    kernel: tuple[int, int] = setting(size, "height and width of the kernel", (1, 1))
    stride: tuple[int, int] = setting(size, "step of the stamps in the output", (1, 1))
    pad: Padding | str = setting(
        padding,
        "rows and columns cut off; same leaves S·H rows, an odd one cut at the end (same_lower: at the beginning)",
        (0, 0, 0, 0),
    )
    output_pad: tuple[int, int] = setting(pair(whole(0), across=0), "rows and columns added at the end", (0, 0))
    dilation: tuple[int, int] = setting(size, "distance of the kernel's taps", (1, 1))
    groups: int = setting(whole(1), "parts that the channels are split into; a filter sees one part", 1)
    bias: bool = setting(flag, "one extra weight for each filter", True)
    examples = (
        Example(
            "{filters: 512, kernel: 2, stride: 2}",
            ((1024, 28, 28),),
            (512, 56, 56),
            params=1024 * 512 * 4 + 512,
            ops={"mac": 1024 * 784 * 512 * 4, "bias": 512 * 3_136},
            source="U-Net, figure 1: 28 x 28 becomes 56 x 56",
        ),
        Example(
            "{filters: 6, kernel: 3, stride: 2, pad: 1, output_pad: 1, groups: 2, bias: false}",
            ((4, 12, 10),),
            (6, 24, 20),
            params=4 * 3 * 9,
            ops={"mac": 4 * 120 * 3 * 9},
        ),
        Example(
            "{filters: 1, kernel: [3, 1], dilation: 2}", ((1, 4, 4),), (1, 8, 4), params=4, ops={"mac": 48, "bias": 32}
        ),
        Example(
            "{filters: 3, kernel: 4, pad: same}",
            ((1, 8, 8),),
            (3, 8, 8),
            params=51,
            ops={"mac": 64 * 3 * 16, "bias": 192},
            source="Keras' Conv2DTranspose(3, 4, padding='same'): as many rows as the input times the stride",
        ),
        Example(
            "{filters: 1, kernel: 5, stride: 2, pad: same, bias: false}",
            ((256, 7, 7),),
            (1, 14, 14),
            params=6_400,
            ops={"mac": 49 * 6_400},
            source="Keras' DCGAN tutorial: 7 x 7 becomes 14 x 14",
        ),
        Example(
            "{filters: 1, kernel: 4, stride: 2, pad: {top: 1, bottom: 2, left: 0, right: 1}, bias: false}",
            ((1, 4, 4),),
            (1, 7, 9),
            params=16,
            ops={"mac": 256},
        ),
    )

    @property
    def resolved_stride(self) -> tuple[int, int]:
        """The stride."""
        return self.stride

    def check(self) -> None:
        """Require that the groups divide the filters, and less added than a step or a tap, as PyTorch does."""
        if self.filters % self.groups:
            raise ShapeError(f"{self.filters} filters cannot be split into {self.groups} groups")
        for added, stride, dilation in zip(self.output_pad, self.stride, self.dilation, strict=True):
            if added >= max(stride, dilation):
                raise ShapeError(f"an output_pad of {added}, where it has to be less than the stride or the dilation")
        if isinstance(self.pad, str) and any(self.output_pad):
            raise ShapeError(f"an output_pad together with pad: {self.pad}, which fixes the output size")

    def output(self, *inputs: Shape) -> Shape:
        """Return filters x H' x W'."""
        (shape,) = inputs
        if shape.channels % self.groups:
            raise ShapeError(f"{shape.channels} input channels cannot be split into {self.groups} groups")
        height, width = (grown(**at) for at in self.resolved_axes(shape))
        if height < 1 or width < 1:
            raise ShapeError(f"nothing is left of {shape} after its padding")
        return Shape(self.filters, height, width)

    def resolved_axes(self, shape: Shape) -> tuple[dict[str, int], dict[str, int]]:
        """Return the quantities of the length, along the height and along the width, where padding is worked out."""
        return self._axis(shape.height, 0), self._axis(shape.width, 1)

    def padding(self, shape: Shape) -> tuple[int, int, int, int]:
        """Return the padding above, below, left and right, also where it is ``same``."""
        height, width = self.resolved_axes(shape)
        return height["P"], height["Q"], width["P"], width["Q"]

    def _axis(self, length: int, axis: int) -> dict[str, int]:
        kernel, stride, dilation = self.kernel[axis], self.stride[axis], self.dilation[axis]
        added = self.output_pad[axis]
        if isinstance(self.pad, str):
            more = effective_kernel(kernel, dilation) - stride
            before, behind = shared_padding(max(more, 0), self.pad)
            added = max(-more, 0)
        else:
            before, behind = self.pad[2 * axis : 2 * axis + 2]
        return {"L": length, "K": kernel, "S": stride, "P": before, "Q": behind, "D": dilation, "O": added}

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the inputs whose stamps cover one place; the stride makes the places stand closer."""
        height, width = (read_stamps(at["K"], at["S"], at["P"], at["D"]) for at in self.resolved_axes(shape))
        return height, width

    def formulas(self) -> Iterator[CountFormula]:
        """Yield weights and MACs, and a bias for each filter, added at each place."""
        yield CountFormula("params", "weight", weights)
        yield CountFormula("ops", "mac", macs)
        if self.bias:
            yield CountFormula("params", "bias", biases)
            yield CountFormula("ops", "bias", output_values)

    def intermediate_formulas(self, inputs: tuple[Shape, ...]) -> Iterator[IntermediateFormula]:
        """Explain the output's height and width, in one line where they are alike."""
        height, width = (
            {name: at[name] for name in ("L", "S")} if isinstance(self.pad, str) else at
            for at in self.resolved_axes(inputs[0])
        )
        formula = multiplied if isinstance(self.pad, str) else grown
        alike = height == width
        yield IntermediateFormula("output height, width" if alike else "output height", formula, named(height, "H"))
        if not alike:
            yield IntermediateFormula("output width", formula, named(width, "W"))

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formulas: G groups, a kernel of K_h x K_w."""
        kernel = {"G": self.groups, "K_h": self.kernel[0], "K_w": self.kernel[1]}
        return {**super().quantities(inputs, output), **kernel}
