"""What recurrent layers share: gates that read the input and what the layer gave before, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from archcalc.operations.base import (
    CountFormula,
    Operation,
    Reads,
    ReadsOfAxes,
    Shape,
    ShapeError,
    read_all,
    read_whole_map,
    required,
    setting,
)
from archcalc.text.readers import choice, flag, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def weights(A: Any, U: Any, D: Any, C_in: Any, E: Any) -> Any:
    """Count the weights of all gates, of input and of what was given before; E are those of the layers above."""
    return D * A * U * (C_in + U) + E


def biases(A: Any, U: Any, D: Any, Y: Any, B: Any) -> Any:
    """Count the biases of all gates, once or twice, in each layer."""
    return D * A * U * B * Y


def macs(A: Any, U: Any, D: Any, C_in: Any, E: Any, T: Any) -> Any:
    """Count each weight once at each step."""
    return T * weights(A, U, D, C_in, E)


def bias_additions(A: Any, U: Any, D: Any, Y: Any, B: Any, T: Any) -> Any:
    """Count each bias once at each step."""
    return T * biases(A, U, D, Y, B)


class Recurrent(Operation):
    """A recurrent layer over the steps of a sequence, which are its places in order."""

    counts_in_depth = True
    gates: ClassVar[int]
    units: int = required(whole(1), "output values at each step, in each direction")
    layers: int = setting(whole(1), "stacked layers", 1)
    bidirectional: bool = setting(flag, "whether a second one reads the sequence backwards", False)
    bias: str = setting(
        choice("double", "single", "none"),
        "biases of a gate: of input and of state (PyTorch), of both, or none",
        "double",
    )
    last: bool = setting(flag, "whether only the output of the last step is passed on", False)

    def output(self, *inputs: Shape) -> Shape:
        """Return the units of all directions at each step, or at the last; raise ShapeError for a map of two sides."""
        (shape,) = inputs
        if shape.height != 1 and shape.width != 1:
            raise ShapeError(f"{shape} is not a sequence (C x L x 1)")
        channels = self.units * self._directions
        return Shape(channels, 1, 1) if self.last else Shape(channels, shape.height, shape.width)

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the sequence up to each step: the last step, or each in two directions, sees all of it."""
        if self.last:
            return read_whole_map(shape)
        height, width = (Reads() if length == 1 else read_all(length)._replace(stride=1) for length in shape[1:])
        return height, width

    def formulas(self) -> Iterator[CountFormula]:
        """Yield weights and MACs, and biases where it has some."""
        yield CountFormula("params", "weight", weights)
        yield CountFormula("ops", "mac", macs)
        if self.bias != "none":
            yield CountFormula("params", "bias", biases)
            yield CountFormula("ops", "bias", bias_additions)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formulas: A gates of U units, D directions, Y layers, T steps, B biases each."""
        (shape,) = inputs
        directions, units = self._directions, self.units
        above = (self.layers - 1) * directions * self.gates * units * (directions * units + units)
        return {
            **super().quantities(inputs, output),
            "A": self.gates,
            "U": units,
            "D": directions,
            "Y": self.layers,
            "B": {"double": 2, "single": 1, "none": 0}[self.bias],
            "E": above,
            "T": shape.height * shape.width,
        }
