"""Where the time goes, operation by operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.render.page import Grid, Head
from archcalc.render.time.costs import EXACT, Scale, cells, exact, heads

if TYPE_CHECKING:
    from archcalc.analyses.time.estimate import Estimate
    from archcalc.analyses.time.passes import Pass


def operations(estimate: Estimate) -> Grid:
    """Return the table of operations, the longest first."""
    by_word: dict[str, list[Pass]] = {}
    for each in estimate.passes:
        if each.layer is not None:
            by_word.setdefault(each.layer.op, []).append(each)
    found = [(word, len(passes), estimate.rates.cost(passes)) for word, passes in by_word.items()]
    found.sort(key=lambda each: -each[2].seconds)
    cost = estimate.cost
    scale = Scale.of(cost.seconds)
    names = ("network", "device", "operation", "passes", *EXACT)
    return Grid(
        title="",
        heads=(Head("operation", left=True, optional=-1), Head("passes"), *heads(scale)),
        rows=tuple((word, f"{number:,}", *cells(each, cost.seconds, scale)) for word, number, each in found),
        total=("sum", f"{len(estimate.passes):,}", *cells(cost, cost.seconds, scale)),
        exact=(
            names,
            tuple(
                (estimate.report.name, estimate.device.name, word, number, *exact(each)) for word, number, each in found
            ),
        ),
    )
