"""Steps as Vega-Lite: bars without gaps, which stand on one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.charts.formats.vega import Spec, colours, named, positions, whole

if TYPE_CHECKING:
    from archcalc.charts.steps import Frame, StepChart


def vega(chart: StepChart, place: Frame) -> Spec:
    """Return a chart of steps as Vega-Lite."""
    rows = [
        {
            "step": step.name,
            "from": number,
            "to": number + 1,
            "low": sum(step.amounts[:part]),
            "high": sum(step.amounts[: part + 1]),
            "what": look,
            "about": step.tooltip.split("\n"),
        }
        for number, step in enumerate(chart.steps)
        for part, (look, _) in enumerate(chart.legend)
    ]
    means = dict(chart.legend)
    across: Spec = {
        "field": "from",
        "type": "quantitative",
        "title": "Steps, in the order in which they run",
        "scale": {"domain": [0, place.steps], "nice": False},
        "axis": {"grid": False},
    }
    area: Spec = {
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
    highest = chart.steps[chart.top]
    peak: Spec = {
        "data": {"values": [{"from": chart.top + 0.5, "low": sum(highest.amounts), "says": chart.says}]},
        "encoding": {"x": {"field": "from", "type": "quantitative"}, "y": {"field": "low", "type": "quantitative"}},
        "layer": [
            {"mark": {"type": "point", "filled": True, "color": "black"}},
            {
                "mark": {"type": "text", "dy": -10, "align": "left" if 2 * chart.top < place.steps else "right"},
                "encoding": {"text": {"field": "says", "type": "nominal"}},
            },
        ],
    }
    content: Spec = {"width": 800, "height": 300, "data": {"values": rows}, "layer": [area, peak]}
    return whole(chart.title, chart.subtitle, chart.description, content)
