"""Times beside what ``compare`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.render.compare import ComparePage
from archcalc.render.page import Head, Table
from archcalc.render.time.trust import trust
from archcalc.render.time.wording import rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.time.estimate import Estimate
    from archcalc.render.page import Grid


class TimedComparePage(ComparePage):
    """Networks side by side, with how long each of them takes on a device."""

    estimates: Sequence[Estimate] = ()

    def grids(self) -> list[Grid]:
        """Return the totals with a column of times and one of images a second; the ratios with that of the times."""
        totals, *ratios = super().grids()
        return [_totals(totals, self.estimates), *(_ratios(grid, self.estimates, self.bars) for grid in ratios)]

    def tables(self) -> list[Table]:
        """Return all in one table."""
        (table,) = super().tables()
        rows = (
            (*row, self._ratio(estimate), estimate.device.name, estimate.seconds, estimate.images_per_second)
            for row, estimate in zip(table.rows, self.estimates, strict=True)
        )
        return [Table((*table.heads, "seconds_ratio", "device", "seconds", "images_per_second"), rows)]

    def data(self) -> list[dict[str, Any]]:
        """Return the same with the time of each."""
        data = super().data()
        for network, estimate in zip(data, self.estimates, strict=True):
            network["time"] = {
                "device": estimate.device.name,
                "seconds": estimate.seconds,
                "images_per_second": estimate.images_per_second,
            }
            network["ratios"]["seconds"] = self._ratio(estimate)
        return data

    def _ratio(self, estimate: Estimate) -> float | None:
        first = self.estimates[0].seconds
        return estimate.seconds / first if first else None


def _totals(grid: Grid, estimates: Sequence[Estimate]) -> Grid:
    first = estimates[0]
    cells = [(units.duration(estimate.seconds), rate(estimate.images_per_second)) for estimate in estimates]
    note = f"Time: estimated for {first.device.title} (archcalc time). {next(trust(first))}"
    return grid.replace(
        heads=(*grid.heads, Head("time"), Head("images\na second", optional=1)),
        rows=tuple((*row, *more) for row, more in zip(grid.rows, cells, strict=True)),
        notes=(*grid.notes, note),
    )


def _ratios(grid: Grid, estimates: Sequence[Estimate], bars: bool) -> Grid:
    times = [round(estimate.seconds * 10**12) for estimate in estimates]
    return grid.replace(
        heads=(*grid.heads, Head(f"time, to {estimates[0].report.name}", left=True)),
        rows=tuple((*row, units.ratio(time, times[0])) for row, time in zip(grid.rows, times, strict=True)),
        bars={**grid.bars, len(grid.heads): times} if bars else {},
    )
