"""Layer normalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, output_values, setting
from archcalc.operations.normalisation import Normalisation, multiply_and_add
from archcalc.text.readers import choice, flag

if TYPE_CHECKING:
    from collections.abc import Iterator


def scale_and_shift_of_values(C_out: Any, H_out: Any, W_out: Any) -> Any:
    """Count a scale and a shift for each value."""
    return 2 * output_values(C_out, H_out, W_out)


class LayerNorm(Normalisation):
    """Normalises each position over its channels, then scales and shifts each channel. It keeps no statistics.

    Ba et al. 2016, "Layer Normalization"; over the channels of a map as in Liu et al. 2022, "A ConvNet for the 2020s".
    With `over: map` it normalises a whole image at once, and each value has a scale and a shift of its own: PyTorch's
    LayerNorm([C, H, W]). Counted like batch normalisation: computing mean and variance is left out.
    """

    word = "layer_norm"
    over: str = setting(
        choice("channels", "map"), "what is normalised together: the channels of a position, or everything", "channels"
    )
    scale: bool = setting(flag, "a trained scale (gamma)", True)
    shift: bool = setting(flag, "a trained shift (beta)", True)
    examples = (
        Example("", ((96, 56, 56),), (96, 56, 56), params=192, ops={"norm": 602_112}),
        Example("map", ((8, 16, 16),), (8, 16, 16), 4_096, {"norm": 4_096}, "PyTorch's LayerNorm([8, 16, 16])"),
        Example("{over: map, shift: false}", ((2, 3, 3),), (2, 3, 3), params=18, ops={"norm": 18}),
        Example("{shift: false}", ((768, 197, 1),), (768, 197, 1), params=768, ops={"norm": 151_296}),
        Example("{scale: false, shift: false}", ((8, 4, 4),), (8, 4, 4), ops={"norm": 128}),
    )

    @property
    def sees_whole_map(self) -> bool:  # type: ignore[override]
        """Whether the statistics are those of the whole map."""
        return self.over == "map"

    def formulas(self) -> Iterator[CountFormula]:
        """Yield scale and shift of each channel, or of each value, and one or two operations for each value."""
        if self.over == "channels":
            yield from super().formulas()
            return
        both = self.scale and self.shift
        if self.scale or self.shift:
            yield CountFormula("params", "norm", scale_and_shift_of_values if both else output_values)
        yield CountFormula("ops", "norm", multiply_and_add if both else output_values)
