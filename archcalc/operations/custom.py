"""An operation that a user describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    POINT,
    UNKNOWN,
    CountFormula,
    Example,
    Operation,
    ReadsOfAxes,
    Shape,
    required,
    setting,
)
from archcalc.text.readers import flag, optional, text, triple, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def given_params(params: Any) -> Any:
    """Count the parameters as given."""
    return params


def given_macs(macs: Any) -> Any:
    """Count the MACs as given."""
    return macs


def given_ops(ops: Any) -> Any:
    """Count the other work as given."""
    return ops


class Custom(Operation):
    """Whatever the spec says that it is: its output, parameters and work are formulas of the spec itself."""

    word = "custom"
    user_defined = True
    takes_several = True
    what: str = required(text, "what it is, in words")
    shape: tuple[int, int, int] | None = setting(
        optional(triple(whole(1))), "output as [channels, height, width]; the input's if left out", None
    )
    params: int = setting(whole(0), "number of parameters", 0)
    macs: int = setting(whole(0), "number of MACs", 0)
    ops: int = setting(whole(0), "operations of any other kind", 0)
    stores: bool = setting(flag, "whether its output is stored, and so counts as activation memory", True)
    weighted: bool = setting(flag, "whether it counts as a layer with weights of its own", False)

    @property
    def counts_in_depth(self) -> bool:  # type: ignore[override]
        """Whether the spec says that it has weights of its own."""
        return self.weighted

    examples = (
        Example(
            "{what: Euclidean radial basis functions, shape: [10, 1, 1], macs: 840}",
            ((84, 1, 1),),
            (10, 1, 1),
            ops={"mac": 840},
        ),
        Example("{what: a learned scale, params: 8, ops: 2048}", ((8, 16, 16),), (8, 16, 16), 8, {"custom": 2_048}),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return the shape that the spec gives."""
        return inputs[0] if self.shape is None else Shape(*self.shape)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See each place's own; nobody knows what is seen where the map has another size."""
        return POINT if self.shape is None or self.shape[1:] == shape[1:] else UNKNOWN

    def formulas(self) -> Iterator[CountFormula]:
        """Yield what the spec gives."""
        if self.params:
            yield CountFormula("params", "custom", given_params)
        if self.macs:
            yield CountFormula("ops", "mac", given_macs)
        if self.ops:
            yield CountFormula("ops", "custom", given_ops)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return what the spec gives."""
        given = {"params": self.params, "macs": self.macs, "ops": self.ops}
        return {**super().quantities(inputs, output), **given}
