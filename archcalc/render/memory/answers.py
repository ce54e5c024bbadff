"""The first lines of ``memory``, which answer what most ask: what it runs in, what it trains in, what fits."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.memory.needs import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.analysis import Memory
    from archcalc.analyses.memory.needs import Fit

USUAL = (8, 24, 80)
"""GiB of memory that cards have, where none is asked for."""


def answers(memory: Memory, fit: Fit | None, *, si: bool) -> Iterator[str]:
    """Yield a line for running, for training and for what fits."""

    def size(value: int) -> str:
        return units.size(value, si=si)

    batch = memory.report.setup.batch
    images = "1 image" if batch == 1 else f"{batch:,} images"
    weights = memory.weights + memory.statistics
    yield f"runs in    {size(weights + memory.peak)}: {size(weights)} of weights, {size(memory.peak)} for {images}"
    step = memory.step
    if step is not None:
        activations = memory.bytes(step.liveness.peak)
        yield (
            f"trains in  {size(step.fixed + activations)}: {size(step.fixed)} of weights, gradients and"
            f" {memory.options.optimizer}, {size(activations)} for {images}"
        )
    yield f"fits       batches of {_fits(memory, fit)}"


def _fits(memory: Memory, fit: Fit | None) -> str:
    """Say how many images fit: into what was asked for, or into the usual sizes."""
    words = {"running": "run", "training": "trained"}
    wanted = [need for need in islice(needs(memory), 2) if need.word in words]  # the others take a second analysis
    cards = fit.cards if fit is not None and not fit.every_card else ()
    places = [(card.title, card.bytes) for card in cards] or [(f"{size} GiB", size * 2**30) for size in USUAL]
    return "; ".join(
        f"{' and '.join(f'{need.largest(most):,} ({words[need.word]})' for need in wanted)} in {title}"
        for title, most in places
    )
