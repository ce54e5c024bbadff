"""Where the time goes, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.rows import rows
from archcalc.analyses.time.parts import CostOfLayers
from archcalc.render.columns import BY_WORD, across
from archcalc.render.page import Grid, Head, Table
from archcalc.render.time.costs import EXACT, Scale, cells, exact, heads
from archcalc.render.view import view

if TYPE_CHECKING:
    from archcalc.analyses.rows import Row
    from archcalc.analyses.time.estimate import Estimate


def layers(estimate: Estimate, *, depth: int, every: bool) -> Grid:
    """Return the layer table; what makes no pass, such as a view, takes no time."""
    cost, cost_of = estimate.cost, CostOfLayers(estimate)
    seen, label = view(estimate.report), BY_WORD["layer"]
    table = _rows(estimate, depth, every)
    scale = Scale.of(cost.seconds)
    head = heads(scale)
    blank = ("",) * (len(head) + 1)
    return Grid(
        title="",
        heads=(Head("layer", left=True), Head("output", optional=3), *head),
        rows=tuple(
            (label.cell(row, seen), *blank)
            if row.heading
            else (label.cell(row, seen), across(row.output), *cells(cost_of(row.layers), cost.seconds, scale))
            for row in table
        ),
        total=("sum", "", *cells(cost, cost.seconds, scale)),
        headings=frozenset(number for number, row in enumerate(table) if row.heading),
    )


def layer_values(estimate: Estimate, *, depth: int, every: bool) -> Table:
    """Return the same rows with exact values."""
    known, cost_of = (estimate.report.name, estimate.device.name), CostOfLayers(estimate)
    values = (
        (*known, row.path, across(row.output), *exact(cost_of(row.layers)))
        for row in _rows(estimate, depth, every)
        if not row.heading
    )
    return Table(("network", "device", "layer", "output", *EXACT), values, "layers")


def _rows(estimate: Estimate, depth: int, every: bool) -> list[Row]:
    return [row for row in rows(estimate.report, depth, every=every) if row.path != "input"]
