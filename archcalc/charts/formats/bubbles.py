"""Bubbles as Vega-Lite: points and their names, which stand where the SVG has them."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING

from archcalc.charts.axis import tick_label
from archcalc.charts.bubbles import place_all, round_areas
from archcalc.charts.formats.vega import FONT, Spec, colours, named, plain, positions, whole

if TYPE_CHECKING:
    from archcalc.charts.bubbles import BubbleChart, Label, Plot
    from archcalc.charts.labels import Disc


def vega(chart: BubbleChart) -> Spec:
    """Return a chart of bubbles as Vega-Lite."""
    plot = place_all(chart)
    content: Spec = {
        "width": round(plot.frame.wide),
        "height": round(plot.frame.high),
        "data": {"values": _rows(chart, plot)},
        "encoding": {"x": positions(plot.x, "x"), "y": positions(plot.y, "y")},
        "layer": [_points(chart, plot), _NAMES],
        "config": FONT,
    }
    return whole(chart.title, chart.subtitle, chart.description, content)


_NAMES: Spec = {
    "mark": {
        "type": "text",
        "align": "left",
        "baseline": "middle",
        "dx": {"expr": "datum.across"},
        "dy": {"expr": "datum.down"},
    },
    "encoding": {"text": {"field": "label", "type": "nominal"}},
}


def _rows(chart: BubbleChart, plot: Plot) -> list[Spec]:
    labels = {label.bubble: label for label in plot.labels}
    return [
        {
            "network": bubble.name,
            "x": plain(bubble.x),
            "y": plain(bubble.y),
            "area": plain(bubble.area),
            "colour": bubble.look,
            "about": bubble.tooltip.split("\n"),
            "border": [4, 3] if bubble.dashed else [1, 0],
            **_named(labels.get(number), plot.discs[number]),
        }
        for number, bubble in enumerate(chart.bubbles)
    ]


def _named(label: Label | None, disc: Disc) -> Spec:
    """Return what is written beside a bubble, and how far from its centre."""
    if label is None or label.spot is None:
        return {"label": "", "across": 0, "down": 0}
    rect = label.spot.rect
    return {
        "label": label.text,
        "across": round(rect.x + 1 - disc.x, 1),
        "down": round(rect.y + rect.high / 2 - disc.y, 1),
    }


def _points(chart: BubbleChart, plot: Plot) -> Spec:
    looks = list(dict.fromkeys(bubble.look for bubble in chart.bubbles))
    colour: Spec = {"field": "colour", "type": "nominal", "scale": colours(looks), "legend": None}
    most = max(bubble.area for bubble in chart.bubbles) or 1.0
    return {
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
                "legend": _legend(chart, plot, most),
            },
            "tooltip": {"field": "about", "type": "nominal"},
        },
    }


def _legend(chart: BubbleChart, plot: Plot, most: float) -> Spec | None:
    if chart.areas is None:
        return None
    label, kind = chart.areas
    values = round_areas(most, kind, plot.largest)
    return {
        "title": label,
        "values": values,
        "labelExpr": named({repr(value): tick_label(value, kind) for value in values}, of="datum.value"),
        "symbolFillColor": "transparent",
        "symbolStrokeColor": "gray",
    }
