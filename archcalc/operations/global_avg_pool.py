"""Global average pooling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Operation, ReadsOfAxes, Shape, read_whole_map

if TYPE_CHECKING:
    from collections.abc import Iterator


def all_values(C_in: Any, H: Any, W: Any) -> Any:
    """Count one operation for each input value: a window as large as the map."""
    return C_in * H * W


class GlobalAvgPool(Operation):
    """Averages each channel over the whole map."""

    word = "global_avg_pool"
    saved_for_backward = ""
    examples = (
        Example("", ((1024, 7, 7),), (1024, 1, 1), ops={"pool": 50_176}, source="GoogLeNet's head in lecture notes"),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return C x 1 x 1."""
        return Shape(inputs[0].channels, 1, 1)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the whole input."""
        return read_whole_map(shape)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation for each input value."""
        yield CountFormula("ops", "pool", all_values)
