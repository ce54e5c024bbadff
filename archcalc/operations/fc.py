"""Fully connected layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    CountFormula,
    Example,
    Operation,
    ReadsOfAxes,
    Shape,
    read_whole_map,
    required,
    setting,
)
from archcalc.text.readers import flag, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def _inputs(C_in: Any, H: Any, W: Any) -> Any:
    return C_in if H == 1 and W == 1 else C_in * H * W


def weights(C_out: Any, C_in: Any, H: Any, W: Any) -> Any:
    """Count one weight for each input value and each output value."""
    return C_out * _inputs(C_in, H, W)


def outputs(C_out: Any) -> Any:
    """Count one bias for each output value, added once."""
    return C_out


class Fc(Operation):
    """Connects every input value to every output; a map of C x H x W is taken as one vector."""

    word = "fc"
    counts_in_depth = True
    out_features: int = required(whole(1), "number of outputs")
    bias: bool = setting(flag, "one extra weight for each output", True)

    examples = (
        Example(
            "{out_features: 4096}",
            ((512, 7, 7),),
            (4096, 1, 1),
            params=102_764_544,
            ops={"mac": 102_760_448, "bias": 4_096},
            source="VGG-16's fc6: 7·7·512·4096 = 102,760,448 weights",
        ),
        Example(
            "4096",
            ((4096, 1, 1),),
            (4096, 1, 1),
            params=16_781_312,
            ops={"mac": 16_777_216, "bias": 4_096},
            source="AlexNet's fc7 in lecture notes: 4096·4096 + 4096 = 16,781,312",
        ),
        Example("{out_features: 10, bias: false}", ((84, 1, 1),), (10, 1, 1), params=840, ops={"mac": 840}),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return out_features x 1 x 1."""
        return Shape(self.out_features, 1, 1)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the whole input."""
        return read_whole_map(shape)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield a weight and a MAC for each pair of input and output, and the biases."""
        yield CountFormula("params", "weight", weights)
        yield CountFormula("ops", "mac", weights)
        if self.bias:
            yield CountFormula("params", "bias", outputs)
            yield CountFormula("ops", "bias", outputs)
