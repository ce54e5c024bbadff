"""Why a claim about a network is not so: what is known of its figure, or what else gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.why.candidates import Candidate
from archcalc.analyses.why.ledger import look_up
from archcalc.analyses.why.reported import read_reported
from archcalc.analyses.why.search import search
from archcalc.errors import ArchcalcError
from archcalc.language.networks import input_size, with_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.why.ledger import Ledger
    from archcalc.analyses.why.search import Outcome
    from archcalc.conventions.convention import Convention
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.figure import Figure

_SAID = {"params": " params", "macs": " MACs", "memory": "", "model_size": ""}
"""Quantities that a search can explain, and the words that say so behind a figure."""


class Explanation(NamedTuple):
    """What a search for the figure of a claim found."""

    outcome: Outcome
    ledger: Ledger


def explain(spec: NetworkSpec, figure: Figure, rules: Sequence[Convention]) -> Explanation | None:
    """Look for what gives the figure of a claim about a whole network; None where that is not what it is about."""
    if figure.at is not None or figure.quantity not in _SAID or figure.value is None:
        return None
    if figure.quantity in ("memory", "model_size") and not figure.value.of_bytes:
        return None
    try:
        reported = read_reported(f"{figure.printed}{_SAID[figure.quantity]}")
        start = Candidate(0, with_values(spec, figure.set), input_size(figure.input), False)
        ledger = look_up(reported, start.spec)
        return Explanation(search(reported, start, rules, 1, ledger.values), ledger)
    except ArchcalcError:  # a figure that is none of those that are searched, such as a bound
        return None
