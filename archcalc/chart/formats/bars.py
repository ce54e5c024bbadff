"""Bars as Vega-Lite: the panels side by side, with the same rows in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.chart.formats.vega import Spec, colours, named, whole

if TYPE_CHECKING:
    from archcalc.chart.bars import BarChart

STEP = 15
"""Pixels of a row."""


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
    panels = [
        _panel(panel.word, f"{panel.title}, {panel.total}", order, means, first=not number)
        for number, panel in enumerate(chart.panels)
    ]
    content: Spec = {"data": {"values": rows}, "hconcat": panels, "config": {"font": "Helvetica, Arial, sans-serif"}}
    return whole(chart.title, chart.subtitle, chart.description, content)


def _panel(word: str, title: str, order: list[str], means: dict[str, str], *, first: bool) -> Spec:
    axis: Spec = {"title": None, "labelLimit": 260} if first else {"title": None, "labels": False, "ticks": False}
    looks = list(means)
    legend: Spec = {"title": None, "labelExpr": named(means)}
    return {
        "transform": [{"filter": {"field": "panel", "equal": word}}],
        "width": 240,
        "height": {"step": STEP},
        "mark": "bar",
        "encoding": {
            "y": {"field": "row", "type": "nominal", "sort": order, "axis": axis},
            "x": {
                "field": "value",
                "type": "quantitative",
                "stack": "zero",
                "title": title,
                "axis": {"format": "~s", "tickCount": 4},
            },
            "order": {"field": "part", "type": "ordinal"},
            "color": {"field": "look", "type": "nominal", "scale": colours(looks), "legend": legend},
            "tooltip": {"field": "about", "type": "nominal"},
        },
    }
