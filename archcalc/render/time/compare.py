"""Times beside what ``compare`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.render.compare import bar
from archcalc.render.page import Head, Page
from archcalc.render.time.page import rate
from archcalc.render.time.trust import trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.time.estimate import Estimate
    from archcalc.render.page import Grid


def with_times(page: Page, estimates: Sequence[Estimate], *, bars: bool = True) -> Page:
    """Return a page that compares networks, with how long each of them takes on a device.

    The first grid gets a column of times and one of images a second; the second, of ratios, that of the times.
    """
    totals, *ratios = page.grids
    grids = [_totals(totals, estimates), *(_ratios(grid, estimates, bars) for grid in ratios[:1]), *ratios[1:]]
    for data, each in zip(page.data, estimates, strict=True):
        data["time"] = {
            "device": each.device.name,
            "seconds": each.seconds,
            "images_per_second": each.images_per_second,
        }
        data["ratios"]["seconds"] = each.seconds / estimates[0].seconds if estimates[0].seconds else None
    return page.replace(grids=tuple(grids))


def _totals(grid: Grid, estimates: Sequence[Estimate]) -> Grid:
    first = estimates[0]
    cells = [(units.duration(each.seconds), rate(each.images_per_second)) for each in estimates]
    said = next(trust(first))
    note = f"Time: estimated for {first.device.title} (archcalc time). {said}"
    exact = grid.exact
    if exact is not None:
        rows = zip(exact[1], estimates, strict=True)
        exact = (
            (*exact[0], "device", "seconds", "images_per_second"),
            tuple((*row, each.device.name, each.seconds, each.images_per_second) for row, each in rows),
        )
    return grid.replace(
        heads=(*grid.heads, Head("time"), Head("images\na second", optional=1)),
        rows=tuple((*row, *more) for row, more in zip(grid.rows, cells, strict=True)),
        notes=(*grid.notes, note),
        exact=exact,
    )


def _ratios(grid: Grid, estimates: Sequence[Estimate], bars: bool) -> Grid:
    times = [round(each.seconds * 10**12) for each in estimates]
    cells = [bar(each, max(times), times[0], bars) for each in times]
    return grid.replace(
        heads=(*grid.heads, Head(f"time, to {estimates[0].report.name}", left=True)),
        rows=tuple((*row, cell) for row, cell in zip(grid.rows, cells, strict=True)),
    )
