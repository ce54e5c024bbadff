"""Where the time goes, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.render.columns import BY_WORD, across
from archcalc.render.page import Grid, Head
from archcalc.analyses.rows import rows
from archcalc.render.time.costs import EXACT, Scale, cells, exact, heads
from archcalc.render.view import view

if TYPE_CHECKING:
    from archcalc.analyses.time.estimate import Cost, Estimate
    from archcalc.analyses.rows import Row


def layers(estimate: Estimate, *, depth: int, every: bool) -> Grid:
    """Return the layer table; what makes no pass, such as a view, takes no time."""
    report, cost = estimate.report, estimate.cost
    seen, label = view(report), BY_WORD["layer"]
    table = [row for row in rows(report, depth, every=every) if row.path != "input"]
    by_position = {each.layer.position: each for each in estimate.passes if each.layer is not None}

    def of(row: Row) -> Cost:
        found = [by_position[layer.position] for layer in row.layers if layer.position in by_position]
        return estimate.rates.cost(found)

    scale = Scale.of(cost.seconds)
    head = heads(scale)
    blank = ("",) * (len(head) + 1)
    names = ("network", "device", "layer", "output", *EXACT)
    return Grid(
        title="",
        heads=(Head("layer", left=True), Head("output", optional=3), *head),
        rows=tuple(
            (label.cell(row, seen), *blank)
            if row.heading
            else (label.cell(row, seen), across(row.output), *cells(of(row), cost.seconds, scale))
            for row in table
        ),
        total=("sum", "", *cells(cost, cost.seconds, scale)),
        headings=frozenset(number for number, row in enumerate(table) if row.heading),
        exact=(
            names,
            tuple(
                (report.name, estimate.device.name, row.path, across(row.output), *exact(of(row)))
                for row in table
                if not row.heading
            ),
        ),
    )
