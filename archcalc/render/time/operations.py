"""Where the time goes, operation by operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.time.parts import by_operation
from archcalc.render.page import Grid, Head, Table
from archcalc.render.time.costs import EXACT, Scale, cells, exact, heads

if TYPE_CHECKING:
    from archcalc.analyses.time.estimate import Estimate


def operations(estimate: Estimate) -> Grid:
    """Return the table of operations, the longest first."""
    whole = estimate.cost
    scale = Scale.of(whole.seconds)
    return Grid(
        title="",
        heads=(Head("operation", left=True, optional=-1), Head("passes"), *heads(scale)),
        rows=tuple(
            (op, f"{passes:,}", *cells(cost, whole.seconds, scale)) for op, passes, cost in by_operation(estimate)
        ),
        total=("sum", f"{len(estimate.passes):,}", *cells(whole, whole.seconds, scale)),
    )


def operation_values(estimate: Estimate) -> Table:
    """Return the same with exact values."""
    known = (estimate.report.name, estimate.device.name)
    rows = ((*known, op, passes, *exact(cost)) for op, passes, cost in by_operation(estimate))
    return Table(("network", "device", "operation", "passes", *EXACT), rows, "operations")
