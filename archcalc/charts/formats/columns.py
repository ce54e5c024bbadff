"""Columns as Vega-Lite: errors, and depths below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.charts.formats.vega import FONT, Spec, whole
from archcalc.draw.theme import KINDS

if TYPE_CHECKING:
    from archcalc.charts.columns import ColumnChart


def vega(chart: ColumnChart) -> Spec:
    """Return a chart of columns as Vega-Lite."""
    rows = [
        {
            "entry": f"{column.year} {column.team}",
            "network": column.network,
            "error": column.error,
            "printed": column.printed,
            "depth": column.depth,
            "about": column.tooltip.split("\n"),
        }
        for column in chart.columns
    ]
    order = [f"{column.year} {column.team}" for column in chart.columns]
    value, says = chart.guide
    guide: Spec = {
        "data": {"values": [{"error": value, "says": says}]},
        "encoding": {"y": {"field": "error", "type": "quantitative"}},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 3]}},
            {
                "mark": {"type": "text", "align": "right", "dx": -4, "dy": -7},
                "encoding": {"x": {"value": 800}, "text": {"field": "says", "type": "nominal"}},
            },
        ],
    }
    errors = {
        "width": 800,
        "height": 240,
        "layer": [_bars("error", "Top-5 error (%)", "printed", "pool", order), guide],
    }
    depths = {"width": 800, "height": 110, **_bars("depth", "Depth", "depth", "conv", order)}
    content: Spec = {"data": {"values": rows}, "vconcat": [errors, depths], "config": FONT}
    return whole(chart.title, chart.subtitle, chart.description, content)


def _bars(field: str, title: str, says: str, look: str, order: list[str]) -> Spec:
    return {
        "encoding": {
            "x": {
                "field": "entry",
                "type": "ordinal",
                "sort": order,
                "scale": {"domain": order},
                "title": None,
                "axis": {"labelAngle": -30},
            },
            "y": {"field": field, "type": "quantitative", "title": title},
            "tooltip": {"field": "about", "type": "nominal"},
        },
        "layer": [
            {"mark": {"type": "bar", "color": KINDS[look].light.stroke}},
            {"mark": {"type": "text", "dy": -7}, "encoding": {"text": {"field": says, "type": "nominal"}}},
        ],
    }
