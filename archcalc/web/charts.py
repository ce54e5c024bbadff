"""Charts on the page: where the cost is, what is alive over time, and how networks compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.rows import rows
from archcalc.charts import make
from archcalc.charts.marks import SHAPES, tones
from archcalc.draw.formats.svg import fonts
from archcalc.errors import RequestError
from archcalc.web.markup import Html
from archcalc.web.pictures import DARK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.charts.chart import Chart
    from archcalc.engine.report import Report

MAX_BARS = 150
"""Rows of a chart of layers; more of them are of no use."""

MAX_STEPS = 2_000
"""Layers of a chart of memory over time."""

STYLE = (
    f"{fonts('chart')}{SHAPES}{tones(dark=False)}"
    f"@media screen and (prefers-color-scheme:dark){{{tones(dark=True, under=DARK[0])}}}"
    f"@media screen{{{tones(dark=True, under=DARK[1])}}}"
)
"""The style of all charts on a page, which are light on paper."""


def charts(report: Report) -> list[Html]:
    """Return the charts of a network: its rows as bars, and its memory over time."""
    found = []
    if sum(not row.heading for row in rows(report)) <= MAX_BARS:
        found.append(_embedded(make.layers(report)))
    if len(report.layers) <= MAX_STEPS:
        found.append(_embedded(make.memory(report)))
    return found


def comparison(reports: Sequence[Report]) -> tuple[list[Html], tuple[str, ...]]:
    """Return the chart that compares networks, and what was left out of it; none where no accuracy is known."""
    try:
        chart = make.compare(reports)
    except RequestError:
        return [], ()
    return [_embedded(chart)], chart.remarks


def _embedded(chart: Chart) -> Html:
    return Html(chart.content.picture().embedded())
