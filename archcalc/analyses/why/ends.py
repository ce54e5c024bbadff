"""The two ends of a difference, as a user names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.why.ledger import look_up
from archcalc.analyses.why.reported import read_reported
from archcalc.analyses.why.search import search
from archcalc.analyses.why.terms import WORK, Interpretation, interpretation
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.zoo import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.why.candidates import Candidate
    from archcalc.conventions.convention import Convention
    from archcalc.language.networks import NetworkSpec

PLAIN = ("macs", "flops")
"""What is counted without a convention."""


def end(
    text: str, start: Candidate, conventions: Sequence[Convention], quantity: str | None, batch: int
) -> Interpretation:
    """Return one end of a difference: a convention, macs, flops, a network, NETWORK:CONVENTION, or a figure.

    Raise RequestError where the text is none of these, or a figure that nothing explains.
    """
    if text[:1].isdigit():
        figure = read_reported(text)
        outcome = search(figure, start, conventions, batch, look_up(figure, start.spec).values)
        if outcome.answer is None:
            raise RequestError(f"{printable(text)}: nothing that was tried on {start.spec.name} explains it")
        return outcome.answer.interpretation
    known = {convention.name: convention for convention in conventions}
    network, _, name = text.rpartition(":")
    if name not in (*known, *PLAIN):
        network, name = text, PLAIN[0]
    spec = start.spec if not network else _spec(network, known)
    convention = known.get(name)
    counted = quantity or (convention.subjects[0] if convention else WORK)
    plain = interpretation(start._replace(spec=spec), counted, batch)
    return plain._replace(convention=convention, doubled=name == "flops")


def _spec(name: str, conventions: dict[str, Convention]) -> NetworkSpec:
    try:
        return find(name)
    except RequestError as error:
        near = did_you_mean(name, conventions)
        raise RequestError(f"no convention '{printable(name)}'{near}, and {error}") from None
