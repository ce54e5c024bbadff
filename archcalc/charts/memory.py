"""Memory over time: what is alive while each layer runs, and where the peak is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.memory.moments import run
from archcalc.analyses.rows import rows
from archcalc.charts.steps import Band, Step, StepChart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.moments import Inference, Moment
    from archcalc.engine.report import Report

NAMED = 6
"""Outputs at the peak that are named."""

LEGEND = (
    ("attention", "waits for a later layer"),
    ("merge", "is read by the layer that runs"),
    ("conv", "is written by it"),
)


def memory(report: Report, *, fold: bool = False, share: bool = False) -> StepChart:
    """Return what is alive at inference over time; ``fold`` and ``share`` are --fold-bn and --share-concat."""
    inference = run(report, fold=fold, share=share)
    moments, names = inference.moments, {layer.position: layer.name for layer in report.layers}
    peak = moments[inference.top]
    says = f"peak {units.size(inference.bytes(peak.alive))} while {names[peak.layer]} runs"
    setup = report.setup
    inputs = " and ".join("×".join(map(str, shape)) for shape in report.network.inputs.values())
    rules = [text for text, used in (("batch norm folded", fold), ("concatenation without copies", share)) if used]
    images = "one image" if setup.batch == 1 else f"batch {setup.batch:,}"
    return StepChart(
        title=f"{report.title}: memory over time",
        subtitle=" · ".join([f"input {inputs}", images, setup.dtype, *rules]),
        description=f"What is alive at inference, in {len(moments)} steps: {says}.",
        notes=tuple(_notes(inference, names)),
        remarks=(),
        upwards="Alive at once",
        steps=tuple(_step(inference, moment, names) for moment in moments),
        bands=tuple(_bands(report, moments)),
        legend=LEGEND,
        top=inference.top,
        says=says,
    )


def _step(inference: Inference, moment: Moment, names: dict[int, str]) -> Step:
    amounts = [inference.bytes(bits) for bits in (moment.waiting, moment.read, moment.written)]
    waiting, read, written = map(units.size, amounts)
    said = f"{names[moment.layer]}: {units.size(inference.bytes(moment.alive))} alive"
    return Step(
        names[moment.layer], tuple(map(float, amounts)), f"{said}\nwritten {written}, read {read}, waiting {waiting}"
    )


def _bands(report: Report, moments: tuple[Moment, ...]) -> Iterator[Band]:
    """Yield the rows of the layer table with the steps that are theirs; a row of views has none."""
    place = {moment.layer: number for number, moment in enumerate(moments)}
    for row in rows(report):
        steps = [place[layer.position] for layer in row.layers if layer.position in place]
        if steps and not row.heading:
            yield Band(row.path, steps[0], steps[-1] + 1)


def _notes(inference: Inference, names: dict[int, str]) -> Iterator[str]:
    alive = sorted(inference.alive_at_peak, key=lambda each: -each[1])
    named = ", ".join(f"{names[position]} {units.size(size)}" for position, size in alive[:NAMED])
    more = len(alive) - NAMED
    rest = f" and {more} more" if more > 0 else ""
    yield f"Alive at the peak: {named}{rest}. An output lives until the last layer that reads it has run."
    report = inference.report
    stored, weights = units.size(report.memory_bytes), units.size(report.model_bytes)
    yield f"All stored outputs together are {stored}. The parameters, {weights}, come on top."
