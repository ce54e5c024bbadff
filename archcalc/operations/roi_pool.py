"""Pooling of a region of interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.operations.base import CountFormula, Example, Operation, ReadsOfAxes, Shape, read_whole_map, required
from archcalc.operations.global_avg_pool import all_values
from archcalc.operations.window import size

if TYPE_CHECKING:
    from collections.abc import Iterator


class RoiPool(Operation):
    """Keeps the largest value of each cell of a grid over a region of the map.

    Girshick 2015, "Fast R-CNN", section 2.1. This is for one region: `times` gives their number. Their size is known
    only at run time, so the work is counted for the largest possible region, the whole map.
    """

    word = "roi_pool"
    saved_for_backward = "indices"
    pooled: tuple[int, int] = required(size, "height and width of the grid, pooled_h and pooled_w")
    examples = (
        Example("7", ((512, 37, 50),), (512, 7, 7), ops={"pool": 947_200}),
        Example("{pooled: [7, 14]}", ((8, 20, 20),), (8, 7, 14), ops={"pool": 3_200}),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return C x pooled_h x pooled_w."""
        return Shape(inputs[0].channels, *self.pooled)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the whole map: a region may be anywhere on it."""
        return read_whole_map(shape)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation for each value of the region."""
        yield CountFormula("ops", "pool", all_values)
