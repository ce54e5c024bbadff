"""The pages of ``show --blocks`` and ``compare --layers``: networks as their papers' tables have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.blocks import stages
from archcalc.analyses.side_by_side import side_by_side
from archcalc.engine.report import SCHEMA
from archcalc.render.columns import across
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.blocks import Stage
    from archcalc.engine.report import Report

_LEGEND = (
    "3x3, 64: a convolution with 64 filters. [...] x3: three blocks with these layers. /2: the stride. Not shown:"
    " activations, normalisation, merges, what is on a shortcut, and the stride within a block."
)
_HEADS = ("network", "layer", "output_h", "output_w", "layers", "params", "macs")


class BlocksPage(Page):
    """Each network row by row, with its blocks in brackets."""

    reports: Sequence[Report]

    def grids(self) -> list[Grid]:
        """Return the table of each network."""
        return [_grid(report) for report in self.reports]

    def tables(self) -> list[Table]:
        """Return the rows of all networks with exact values."""
        return [Table(_HEADS, (row for report in self.reports for row in _rows(report)))]

    def data(self) -> list[dict[str, Any]]:
        """Return the rows of each network."""
        return [_data(report) for report in self.reports]


class SideBySidePage(BlocksPage):
    """Networks side by side, aligned by the height and width of their maps."""

    def grids(self) -> list[Grid]:
        """Return one table with a column for each network."""
        lines = side_by_side(self.reports)
        before = [None, *(line.size for line in lines)]
        rows = [
            (
                "" if line.size == last else _size(line.size),
                *("" if cell is None else cell.text for cell in line.cells),
            )
            for line, last in zip(lines, before, strict=False)
        ]
        heads = (
            Head("output\nH/W", left=True),
            *(Head(report.name, left=True, wraps=True, least=10) for report in self.reports),
        )
        sums = (f"{units.short(report.params)}, {units.short(report.macs)}" for report in self.reports)
        total = ("params, MACs", *sums)
        return [Grid("", heads, tuple(rows), total, legend=(_LEGEND,))]


def _grid(report: Report) -> Grid:
    rows = tuple(
        (
            stage.name,
            across(stage.output),
            stage.text,
            units.short(sum(layer.params for layer in stage.layers)),
            units.short(sum(layer.macs for layer in stage.layers)),
        )
        for stage in stages(report)
        if stage.text
    )
    heads = (
        Head("layer", left=True), Head("output"), Head("layers", left=True, wraps=True, least=24), Head("params"),
        Head("MACs"),
    )  # fmt: skip
    return Grid(
        title=f"{report.title} · {report.name}, input {report.input}",
        heads=heads,
        rows=rows,
        total=("total", "", "", units.short(report.params), units.short(report.macs)),
        legend=(_LEGEND,),
    )


def _size(size: tuple[int, int]) -> str:
    height, width = size
    return str(height) if height == width else f"{height}x{width}"


def _rows(report: Report) -> list[tuple[Any, ...]]:
    return [(report.name, *_exact(stage).values()) for stage in stages(report)]


def _exact(stage: Stage) -> dict[str, Any]:
    return {
        "layer": stage.name,
        "output_h": stage.output.height,
        "output_w": stage.output.width,
        "layers": stage.text,
        "params": sum(layer.params for layer in stage.layers),
        "macs": sum(layer.macs for layer in stage.layers),
    }


def _data(report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "network": report.name,
        "title": report.title,
        "input": list(report.input),
        "stages": [_exact(stage) for stage in stages(report)],
        "params": report.params,
        "macs": report.macs,
    }
