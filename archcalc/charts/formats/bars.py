"""Bars as Vega-Lite: the panels side by side, with the same rows in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.charts.axis import from_zero
from archcalc.charts.formats.vega import FONT, Spec, colours, named, positions, whole

if TYPE_CHECKING:
    from archcalc.charts.bars import BarChart

STEP = 15
"""Pixels of a row."""
ROOM = 720
"""Pixels of all panels together."""


def vega(chart: BarChart) -> Spec:
    """Return a chart of bars as Vega-Lite."""
    rows = [
        {
            "row": row.path,
            "panel": panel.word,
            "value": part.value,
            "look": part.look,
            "part": place,
            "about": row.tooltip.split("\n"),
        }
        for row in chart.rows
        if row.bars
        for number, panel in enumerate(chart.panels)
        for place, part in enumerate(row.bars[number])
    ]
    order = [row.path for row in chart.rows if row.bars]
    means = dict(chart.legend)
    panels = [_panel(chart, number, order, means) for number in range(len(chart.panels))]
    content: Spec = {"data": {"values": rows}, "hconcat": panels, "config": FONT}
    return whole(chart.title, chart.subtitle, chart.description, content)


def _panel(chart: BarChart, number: int, order: list[str], means: dict[str, str]) -> Spec:
    panel, wide = chart.panels[number], ROOM // len(chart.panels)
    values = from_zero(f"{panel.title}, {panel.total}", panel.kind, chart.most(number), wide, room=4, apart=56)
    names: Spec = (
        {"title": None, "labelLimit": 260} if number == 0 else {"title": None, "labels": False, "ticks": False}
    )
    return {
        "transform": [{"filter": {"field": "panel", "equal": panel.word}}],
        "width": wide,
        "height": {"step": STEP},
        "mark": "bar",
        "encoding": {
            "y": {"field": "row", "type": "nominal", "sort": order, "title": None, "axis": names},
            "x": {**positions(values, "value"), "stack": "zero"},
            "order": {"field": "part", "type": "ordinal"},
            "color": {
                "field": "look",
                "type": "nominal",
                "scale": colours(list(means)),
                "legend": {"title": None, "labelExpr": named(means)},
            },
            "tooltip": {"field": "about", "type": "nominal"},
        },
    }
