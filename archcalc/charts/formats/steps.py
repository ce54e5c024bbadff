"""Steps as Vega-Lite: bars without gaps, which stand on one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.charts.formats.vega import FONT, Spec, colours, named, plain, positions, whole
from archcalc.charts.steps import HEIGHT, frame

if TYPE_CHECKING:
    from archcalc.charts.steps import Frame, StepChart

WIDE = 800
"""Pixels of all steps."""


def vega(chart: StepChart) -> Spec:
    """Return a chart of steps as Vega-Lite."""
    place = frame(chart)
    rows = [
        {
            "step": step.name,
            "from": number,
            "to": number + 1,
            "low": plain(sum(step.amounts[:part])),
            "high": plain(sum(step.amounts[: part + 1])),
            "what": look,
            "about": step.tooltip.split("\n"),
        }
        for number, step in enumerate(chart.steps)
        for part, (look, _) in enumerate(chart.legend)
    ]
    layers = [_amounts(chart, place), _peak(chart)]
    content: Spec = {"width": WIDE, "height": HEIGHT, "data": {"values": rows}, "layer": layers, "config": FONT}
    return whole(chart.title, chart.subtitle, chart.description, content)


def _amounts(chart: StepChart, place: Frame) -> Spec:
    means = dict(chart.legend)
    across: Spec = {
        "field": "from",
        "type": "quantitative",
        "title": "Steps, in the order in which they run",
        "scale": {"domain": [0, place.steps], "nice": False},
        "axis": {"grid": False},
    }
    return {
        "mark": {"type": "bar", "opacity": 0.85},
        "encoding": {
            "x": across,
            "x2": {"field": "to"},
            "y": positions(place.axis, "low"),
            "y2": {"field": "high"},
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": colours(list(means)),
                "legend": {"title": None, "labelExpr": named(means)},
            },
            "tooltip": {"field": "about", "type": "nominal"},
        },
    }


def _peak(chart: StepChart) -> Spec:
    highest = chart.steps[chart.top]
    side = "left" if 2 * chart.top < len(chart.steps) else "right"
    return {
        "data": {"values": [{"from": chart.top + 0.5, "low": sum(highest.amounts), "says": chart.says}]},
        "encoding": {"x": {"field": "from", "type": "quantitative"}, "y": {"field": "low", "type": "quantitative"}},
        "layer": [
            {"mark": {"type": "point", "filled": True, "color": "black"}},
            {
                "mark": {"type": "text", "dy": -10, "align": side},
                "encoding": {"text": {"field": "says", "type": "nominal"}},
            },
        ],
    }
