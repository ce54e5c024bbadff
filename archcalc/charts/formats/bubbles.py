"""Bubbles as Vega-Lite: points and their names, which stand where the SVG has them."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING

from archcalc.charts.axis import tick_label
from archcalc.charts.bubbles import round_areas
from archcalc.charts.formats.vega import Spec, colours, named, positions, whole

if TYPE_CHECKING:
    from archcalc.charts.bubbles import BubbleChart, Plot


def vega(chart: BubbleChart, plot: Plot) -> Spec:
    """Return a chart of bubbles as Vega-Lite."""
    looks = list(dict.fromkeys(bubble.look for bubble in chart.bubbles))
    rows = [
        {
            "network": bubble.name,
            "x": bubble.x,
            "y": bubble.y,
            "area": bubble.area,
            "colour": bubble.look,
            "about": bubble.tooltip.split("\n"),
            "border": [4, 3] if bubble.dashed else [1, 0],
            "across": round(spot.rect.x + 1 - disc.x, 1),
            "down": round(spot.rect.y + spot.rect.high / 2 - disc.y, 1),
        }
        for bubble, disc, spot in zip(chart.bubbles, plot.discs, plot.spots, strict=True)
    ]
    most = max(bubble.area for bubble in chart.bubbles) or 1.0
    sizes: Spec | None = None
    if chart.areas is not None:
        values = round_areas(most, chart.areas[1], plot.largest)
        says = {f"{value!r}": tick_label(value, chart.areas[1]) for value in values}
        sizes = {
            "title": chart.areas[0],
            "values": values,
            "labelExpr": named(says, of="datum.value"),
            "symbolFillColor": "transparent",
            "symbolStrokeColor": "gray",
        }
    encoding: Spec = {"x": positions(plot.x, "x"), "y": positions(plot.y, "y")}
    colour: Spec = {"field": "colour", "type": "nominal", "scale": colours(looks), "legend": None}
    points: Spec = {
        "mark": {
            "type": "circle",
            "opacity": 1,
            "fillOpacity": 0.35,
            "strokeWidth": 1.3,
            "strokeDash": {"expr": "datum.border"},
        },
        "encoding": {
            "fill": colour,
            "stroke": colour,
            "size": {
                "field": "area",
                "type": "quantitative",
                "scale": {"type": "linear", "domain": [0, most], "range": [0, round(pi * plot.largest**2, 1)]},
                "legend": sizes,
            },
            "tooltip": {"field": "about", "type": "nominal"},
        },
    }
    names: Spec = {
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "dx": {"expr": "datum.across"},
            "dy": {"expr": "datum.down"},
        },
        "encoding": {"text": {"field": "network", "type": "nominal"}},
    }
    content: Spec = {
        "width": round(plot.frame.wide),
        "height": round(plot.frame.high),
        "data": {"values": rows},
        "encoding": encoding,
        "layer": [points, names],
        "config": {"font": "Helvetica, Arial, sans-serif"},
    }
    return whole(chart.title, chart.subtitle, chart.description, content)
