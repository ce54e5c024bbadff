"""Cross-correlation of two activations."""

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
    read_window,
    setting,
)
from archcalc.text.readers import flag

if TYPE_CHECKING:
    from collections.abc import Iterator


def positions(H: Any, K: Any) -> Any:
    """Return how many places the second input has along one side of the first."""
    return H - K + 1


def products(C_in: Any, K_h: Any, K_w: Any, H_out: Any, W_out: Any) -> Any:
    """Count one multiplication and addition for each value of the second input at each of its places."""
    return H_out * W_out * C_in * K_h * K_w


class CrossCorrelation(Operation):
    """Slides the second input over the first like a filter, and gives their similarity at each position.

    Bertinetto et al. 2016, "Fully-Convolutional Siamese Networks for Object Tracking", section 2: the second input is
    the exemplar, the first the search image. With ``depthwise`` each channel gives a map of its own: Li et al. 2019,
    "SiamRPN++", section 3.3. In PyTorch: F.conv2d with an activation as weight.
    """

    word = "cross_correlation"
    takes_several = True
    has_branches = True
    others_are_filters = True
    depthwise: bool = setting(flag, "whether each channel gives a map of its own, instead of one for all", False)
    examples = (
        Example(
            "",
            ((256, 22, 22), (256, 6, 6)),
            (1, 17, 17),
            ops={"matmul": 17 * 17 * 256 * 6 * 6},
            source="SiamFC, figure 1",
        ),
        Example(
            "{depthwise: true}",
            ((256, 29, 29), (256, 5, 5)),
            (256, 25, 25),
            ops={"matmul": 25 * 25 * 256 * 5 * 5},
            source="SiamRPN++, figure 6",
        ),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return one map, or one for each channel, of the places that there are; raise ShapeError where none is."""
        if len(inputs) != 2:
            raise ShapeError(f"a correlation of {len(inputs)} inputs, expected two")
        searched, template = inputs
        if searched.channels != template.channels:
            raise ShapeError(f"{searched} and {template} differ in channels")
        height, width = positions(searched.height, template.height), positions(searched.width, template.width)
        if min(height, width) < 1:
            raise ShapeError(f"{template} is larger than {searched}, and cannot slide over it")
        return Shape(searched.channels if self.depthwise else 1, height, width)

    def reads_of(self, inputs: tuple[Shape, ...]) -> ReadsOfAxes:
        """See a window of the first input, as large as the second."""
        _, template = inputs
        return read_window(0, template.height, 1), read_window(0, template.width, 1)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield the products, which no weights take part in."""
        yield CountFormula("ops", "matmul", products)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formula: the second input is the kernel."""
        template = inputs[1]
        return {**super().quantities(inputs, output), "K_h": template.height, "K_w": template.width}

    def intermediate_formulas(self, inputs: tuple[Shape, ...]) -> Iterator[IntermediateFormula]:
        """Explain the output's height and width."""
        searched, template = inputs
        sides = [{"H": length, "K": window} for length, window in zip(searched[1:], template[1:], strict=True)]
        if sides[0] == sides[1]:
            yield IntermediateFormula("output height, width", positions, sides[0])
        else:
            yield IntermediateFormula("output height", positions, sides[0])
            yield IntermediateFormula("output width", positions, sides[1])
