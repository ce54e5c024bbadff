"""The memory that running or training a batch needs: fixed bytes, and bits per image."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.memory.fit import Card, Need, cards, find_card
from archcalc.analyses.memory.training import train

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.analysis import Memory


class Fit(NamedTuple):
    """What a network needs, and what it should fit into: one card or size, or all known cards."""

    needs: tuple[Need, ...]
    cards: tuple[Card, ...]
    every_card: bool


def fit(memory: Memory, asked: str) -> Fit:
    """Return what fits into a size, a card, or each card (``all``); raise RequestError for anything else."""
    every = asked == "all"
    chosen = tuple(cards().values()) if every else (find_card(asked),)
    return Fit(tuple(needs(memory)), chosen, every)


def needs(memory: Memory) -> Iterator[Need]:
    """Yield what running needs, and what training needs: at its peak, recomputed, and with no memory reused."""
    yield Need("running", "run, at its peak", memory.weights + memory.statistics, memory.running.peak)
    step = memory.step
    if step is None:
        return
    recompute = memory.options.recompute
    least = "trained with recomputation" if recompute else "trained, at its peak"
    yield Need("training", least, step.fixed, step.liveness.peak)
    if not recompute:
        again = train(memory.report, memory.options._replace(recompute=True))
        yield Need("recomputed", "trained with recomputation (--recompute)", step.fixed, again.liveness.peak)
    setup = memory.report.setup
    by_rule = {total.rule: total.values // setup.batch * setup.bits for total in memory.sums}
    yield Need("unshared", "trained, each stored output with a gradient of its own", step.fixed, 2 * by_rule["stored"])
    if "not_in_place" in by_rule:
        gradients = 2 * by_rule["not_in_place"]
        yield Need("unshared_not_in_place", "trained, every output with a gradient of its own", step.fixed, gradients)
