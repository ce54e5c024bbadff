"""Parametric rectified linear unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.activation import Activation
from archcalc.operations.base import CountFormula, Example, output_values, setting
from archcalc.text.readers import choice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def slopes_of_channels(C_out: Any) -> Any:
    """Count one slope for each channel."""
    return C_out


def one_slope() -> Any:
    """Count one slope for all values."""
    return 1


SLOPES: dict[str, Callable[..., Any]] = {"channel": slopes_of_channels, "layer": one_slope, "value": output_values}


class Prelu(Activation):
    """Scales negative values by a trained slope: max(0, x) + a · min(0, x).

    He et al. 2015, "Delving Deep into Rectifiers", section 2.1. A slope for each channel is the paper's first form and
    Caffe's default; PyTorch's default is one for the layer (`num_parameters=1`), Keras' is one for each value.
    """

    word = "prelu"
    slopes: str = setting(choice(*SLOPES), "one slope for each channel, for the whole layer, or for each value",
                          "channel")  # fmt: skip
    examples = (
        Example("", ((64, 112, 112),), (64, 112, 112), params=64, ops={"activation": 802_816}),
        Example("layer", ((8, 16, 16),), (8, 16, 16), 1, {"activation": 2_048}, "PyTorch's PReLU()"),
        Example("{slopes: value}", ((8, 16, 16),), (8, 16, 16), 2_048, {"activation": 2_048}, "Keras' PReLU()"),
    )

    def formulas(self) -> Iterator[CountFormula]:
        """Yield the slopes, and one operation for each value."""
        yield CountFormula("params", "weight", SLOPES[self.slopes])
        yield from super().formulas()
