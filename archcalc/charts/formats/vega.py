"""Charts as Vega-Lite, version 5: data with the marks that show it, for who wants another chart of it."""

from __future__ import annotations

from typing import Any

from archcalc.charts.axis import BYTES, PERCENT, SECONDS, YEAR, Axis
from archcalc.draw import theme

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

Spec = dict[str, Any]

FONT: Spec = {"font": theme.FONT}


def whole(title: str, subtitle: str, description: str, content: Spec) -> Spec:
    """Return a chart with what stands above it."""
    said: Spec = {"text": title, "anchor": "start", **({"subtitle": subtitle} if subtitle else {})}
    return {"$schema": SCHEMA, "title": said, "description": description, **content}


def positions(axis: Axis, field: str) -> Spec:
    """Return the encoding of an axis: the same scale and ticks as in the SVG."""
    scale = {"type": "log" if axis.log else "linear", "domain": [axis.low, axis.high], "nice": False, "zero": False}
    return {
        "field": field,
        "type": "quantitative",
        "title": axis.title,
        "scale": scale,
        "axis": {"values": [tick.value for tick in axis.ticks], "labelExpr": _labels(axis)},
    }


def _labels(axis: Axis) -> str:
    """Return what writes the ticks as the SVG does: an expression of Vega, which has no units of bytes."""
    if axis.kind == YEAR:
        return "format(datum.value, 'd')"
    if axis.kind == PERCENT:
        return "format(datum.value, '~g') + '%'"
    if axis.kind in (BYTES, SECONDS):
        return named({repr(tick.value): tick.label for tick in axis.ticks}, of="datum.value")
    return "replace(format(datum.value, '~s'), 'k', 'K')"


def plain(value: float) -> float:
    """Return a number as data has it: whole where it is."""
    return int(value) if value == int(value) else value


def colours(looks: list[str]) -> Spec:
    """Return the scale of the colours that are used, those for light."""
    return {"domain": looks, "range": [theme.KINDS[look].light.stroke for look in looks]}


def named(means: dict[str, str], of: str = "datum.label") -> str:
    """Return the expression of Vega that writes what each label, or each value, means."""
    found = "datum.label"
    for look, says in means.items():
        found = f"{of} == {look if of.endswith('value') else repr(look)} ? {says!r} : {found}"
    return found
