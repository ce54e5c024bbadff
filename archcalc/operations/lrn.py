"""Local response normalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    POINT,
    CountFormula,
    Example,
    Operation,
    ReadsOfAxes,
    Shape,
    ShapeError,
    output_values,
    read_window,
    setting,
)
from archcalc.text.readers import flag, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def work_within(C_out: Any, H_out: Any, W_out: Any, n: Any) -> Any:
    """Count n·n squares added up, one scaled sum, one power and one division for each value."""
    return output_values(C_out, H_out, W_out) * (n * n + 3)


def work(C_out: Any, H_out: Any, W_out: Any, n: Any) -> Any:
    """Count n squares added up, one scaled sum, one power and one division for each value."""
    return output_values(C_out, H_out, W_out) * (n + 3)


class Lrn(Operation):
    """Divides each value by a power of the squares of its neighbours across channels.

    Krizhevsky et al. 2012, section 3.3: a / (k + α·Σ a²)^β over n neighbouring channels; with `within_channel` over
    n x n positions of its own channel instead, Caffe's WITHIN_CHANNEL.
    """

    word = "lrn"
    neighbours: int = setting(whole(1), "channels in the sum of squares, n", 5)
    within_channel: bool = setting(flag, "whether the neighbours are n x n positions of the same channel", False)
    examples = (
        Example("", ((8, 16, 16),), (8, 16, 16), ops={"lrn": 2_048 * 8}),
        Example(
            "{neighbours: 3, within_channel: true}",
            ((32, 16, 16),),
            (32, 16, 16),
            ops={"lrn": 32 * 256 * 12},
            source="norm1 of Caffe's cifar10_full",
        ),
    )

    def check(self) -> None:
        """Require a middle of the places, as Caffe does."""
        if self.within_channel and self.neighbours % 2 == 0:
            raise ShapeError(f"{self.neighbours} neighbours within a channel; their number must be odd")

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the neighbours."""
        if not self.within_channel:
            return POINT
        axis = read_window(-(self.neighbours // 2), self.neighbours, 1)
        return axis, axis

    def formulas(self) -> Iterator[CountFormula]:
        """Yield n + 3 operations for each value, n·n + 3 within a channel."""
        yield CountFormula("ops", "lrn", work_within if self.within_channel else work)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formula: n neighbours."""
        return {**super().quantities(inputs, output), "n": self.neighbours}
