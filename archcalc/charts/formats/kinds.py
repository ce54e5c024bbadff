"""Vega-Lite of each kind of chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.charts.bars import BarChart
from archcalc.charts.bubbles import BubbleChart
from archcalc.charts.columns import ColumnChart
from archcalc.charts.formats import bars, bubbles, columns, steps
from archcalc.charts.steps import StepChart

if TYPE_CHECKING:
    from archcalc.charts.content import Content
    from archcalc.charts.formats.vega import Spec


def vega(content: Content) -> Spec:
    """Return a chart as Vega-Lite, version 5."""
    if isinstance(content, BubbleChart):
        return bubbles.vega(content)
    if isinstance(content, BarChart):
        return bars.vega(content)
    if isinstance(content, StepChart):
        return steps.vega(content)
    assert isinstance(content, ColumnChart)
    return columns.vega(content)
