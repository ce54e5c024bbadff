"""The part of the page of ``time`` about a step of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.time.accuracy import accuracies
from archcalc.analyses.time.passes import BACKWARD, FORWARD, INPUTS, UPDATE, WEIGHTS
from archcalc.render.page import Grid, Head, Table
from archcalc.render.time.costs import EXACT, Scale, cells, exact, heads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.time.estimate import Estimate

_PHASES = {
    FORWARD: "forward",
    INPUTS: "backward: gradients of inputs, where a layer multiplies",
    WEIGHTS: "backward: gradients of weights",
    BACKWARD: "backward through every other layer",
    UPDATE: "update of the weights",
}


def training(estimate: Estimate) -> Grid:
    """Return the table of a step of training, phase by phase."""
    whole = estimate.rates.cost(estimate.training or ())
    scale = Scale.of(whole.seconds)
    return Grid(
        title=f"A step of training with {estimate.options.optimizer}: {units.duration(whole.seconds)}",
        heads=(Head("phase", left=True, optional=-1, wraps=True), *heads(scale)),
        rows=tuple((label, *cells(estimate.phase(phase), whole.seconds, scale)) for phase, label in _PHASES.items()),
        total=("sum", *cells(whole, whole.seconds, scale)),
        notes=tuple(_notes(estimate)),
    )


def training_values(estimate: Estimate) -> Table:
    """Return the same with exact values."""
    known = (estimate.report.name, estimate.device.name)
    rows = ((*known, phase, *exact(estimate.phase(phase))) for phase in _PHASES)
    return Table(("network", "device", "phase", *EXACT), rows, "training")


def _notes(estimate: Estimate) -> Iterator[str]:
    seconds = estimate.training_seconds or 0
    calibrated = f"{units.duration(seconds)}, calibrated as a run is: " if estimate.measurements else ""
    if seconds and estimate.seconds:
        yield (
            f"{calibrated}{units.significant(estimate.report.setup.batch / seconds)} images a second;"
            f" {units.significant(seconds / estimate.seconds)} times the forward pass."
        )
    steps = [accuracy for accuracy in accuracies() if accuracy.phase != "forward"]
    rows = sum(len(accuracy.rows) for accuracy in steps)
    cards = {accuracy.device for accuracy in steps}
    low, high = (pick(accuracy.mean_error for accuracy in steps) for pick in (min, max))
    yield (
        f"Training is less tested: {rows} measurements on {len(cards)} cards, mean error"
        f" {units.share(low, 1)} to {units.share(high, 1)}. Reading images is not counted."
    )
