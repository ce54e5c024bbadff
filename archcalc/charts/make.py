"""The charts that there are, each made from reports: the one place that everything else asks for them.

``chart.svg`` of any of them is a whole SVG with a style of its own, which several can share on one page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.charts.chart import Chart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.devices.device import Device
    from archcalc.analyses.time.estimate import Estimate
    from archcalc.engine.report import Report


def compare(
    reports: Sequence[Report], *, x: str = "macs", y: str = "top1", size: str = "params", device: Device | None = None
) -> Chart:
    """Return networks as bubbles: ``x``, ``y`` and ``size`` are words of :mod:`archcalc.charts.quantities`.

    Networks without one of the values are left out, and ``remarks`` says why. Raises RequestError where none is left,
    for an unknown word, and for a time without a device.
    """
    from archcalc.charts.compare import compare

    return Chart(compare(reports, x, y, size, device))


def layers(report: Report, *, depth: int = 1, every: bool = False) -> Chart:
    """Return the memory, parameters and MACs of each row as bars; rows are those of the layer table."""
    from archcalc.charts.layers import layers

    return Chart(layers(report, depth, every=every))


def time(estimate: Estimate, *, depth: int = 1, every: bool = False) -> Chart:
    """Return the estimated time of each row on a device as bars: what it computes, and what it moves."""
    from archcalc.charts.layers import times

    return Chart(times(estimate, depth, every=every))


def memory(report: Report, *, fold: bool = False, share: bool = False) -> Chart:
    """Return what is alive at inference over time, and the peak.

    ``fold`` merges batch norm into the layer before it, ``share`` writes branches straight into their concatenation.
    """
    from archcalc.charts.memory import memory

    return Chart(memory(report, fold=fold, share=share))


def errors() -> Chart:
    """Return the errors of the ImageNet challenge's winners by year, with the depths of their networks."""
    from archcalc.charts.winners import errors

    return Chart(errors())
