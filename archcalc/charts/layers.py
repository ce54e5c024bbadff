"""The rows of a network as bars: memory, parameters and work of each, or its time on a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.rows import rows
from archcalc.charts.axis import BYTES, COUNT, SECONDS
from archcalc.charts.bars import BarChart, Panel, Part
from archcalc.charts.bars import Row as Bars
from archcalc.draw.theme import KINDS, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.rows import Row
    from archcalc.analyses.time.estimate import Estimate
    from archcalc.analyses.time.parts import CostOfLayers
    from archcalc.engine.report import Report

INPUT = "input"


def layers(report: Report, depth: int = 1, *, every: bool = False) -> BarChart:
    """Return the memory, parameters and MACs of each row of the layer table, composites folded as ``show`` does."""
    found = rows(report, depth, every=every)
    return BarChart(
        title=f"{report.title}: layer by layer",
        subtitle=_conditions(report),
        description=_description(report, found),
        notes=(),
        remarks=(),
        panels=(
            Panel("memory", "Activation memory", units.size(report.memory_bytes), BYTES),
            Panel("params", "Parameters", units.short(report.params), COUNT),
            Panel("macs", "MACs", units.short(report.macs), COUNT),
        ),
        rows=tuple(_amounts(row) for row in found),
        legend=_legend(found),
    )


def times(estimate: Estimate, depth: int = 1, *, every: bool = False) -> BarChart:
    """Return the time of each row on a device: what it computes, and what it moves; calibrated as the estimate is."""
    from archcalc.analyses.time.parts import CostOfLayers

    report, cost_of = estimate.report, CostOfLayers(estimate)
    found = [row for row in rows(report, depth, every=every) if row.path != INPUT]
    compute, traffic = estimate.cost.compute * estimate.scale, estimate.cost.traffic * estimate.scale
    whole = (
        f"{units.duration(estimate.seconds)}: {units.duration(compute)} to compute, {units.duration(traffic)} to move"
    )
    return BarChart(
        title=f"{report.title} on {estimate.device.title}",
        subtitle=f"{_conditions(report)} · an estimate",
        description=f"Bars of the time of {len(found)} rows. Together {whole}.",
        notes=("2 MACs / peak + bytes / bandwidth for each pass; archcalc time says how far that can be trusted.",),
        remarks=(),
        panels=(Panel("time", "Time", whole, SECONDS),),
        rows=tuple(_time(row, cost_of, estimate.scale) for row in found),
        legend=(("conv", "computing"), ("pool", "moving values and weights")),
    )


def _conditions(report: Report) -> str:
    setup = report.setup
    inputs = " and ".join("×".join(map(str, shape)) for shape in report.network.inputs.values())
    images = "one image" if setup.batch == 1 else f"batch {setup.batch:,}"
    return f"input {inputs} · {images} · {setup.dtype}"


def _amounts(row: Row) -> Bars:
    if row.heading:
        return _heading(row)
    look = _look(row)
    values = (row.memory_bytes, row.params, row.macs)
    return Bars(
        path=row.path,
        label=row.label,
        level=row.level,
        heading=False,
        tooltip="\n".join(
            [
                *_about(row),
                f"{units.size(row.memory_bytes)}, {units.exact(row.params)} params, {units.exact(row.macs)} MACs",
            ]
        ),
        bars=tuple((Part(value, look),) for value in values),
        says=(units.size(row.memory_bytes), units.short(row.params), units.short(row.macs)),
    )


def _time(row: Row, cost_of: CostOfLayers, scale: float) -> Bars:
    if row.heading:
        return _heading(row)
    cost = cost_of(row.layers)
    compute, traffic = cost.compute * scale, cost.traffic * scale
    said = f"{units.duration(compute)} to compute, {units.duration(traffic)} to move"
    return Bars(
        path=row.path,
        label=row.label,
        level=row.level,
        heading=False,
        tooltip="\n".join([*_about(row), said]),
        bars=((Part(compute, "conv"), Part(traffic, "pool")),),
        says=(units.duration(compute + traffic),),
    )


def _heading(row: Row) -> Bars:
    return Bars(row.path, row.label, row.level, heading=True, tooltip=row.path)


def _about(row: Row) -> tuple[str, str]:
    words = row.words if len(row.layers) <= 4 else f"{len(row.layers)} layers: {row.words}"
    sizes = f"{'×'.join(map(str, row.input))} → {'×'.join(map(str, row.output))}"
    return f"{row.path}: {words}" if words != row.path else row.path, sizes


def _look(row: Row) -> str:
    return "block" if row.main is None else kind_of(row.main.op)


def _legend(found: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    """Return the colours of bars that are longer than nothing."""
    used = {_look(row) for row in found if not row.heading and (row.memory_bytes or row.params or row.macs)}
    return tuple((name, kind.says) for name, kind in KINDS.items() if name in used)


def _description(report: Report, found: Sequence[Row]) -> str:
    """Return what the chart shows, in words: the rows with most of each."""
    plain = [row for row in found if not row.heading]
    most = (
        f"most memory: {max(plain, key=lambda row: row.memory_bytes).path}",
        f"most parameters: {max(plain, key=lambda row: row.params).path}",
        f"most MACs: {max(plain, key=lambda row: row.macs).path}",
    )
    return f"Bars of the {len(plain)} rows of {report.name}. {'; '.join(most)}."
