"""What the ledger of published figures says of a reported one: whether it was printed of a network, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.why.candidates import family, is_namesake
from archcalc.analyses.why.terms import MEMORY, MODEL, PARAMS, VALUES, WORK
from archcalc.published.check import check
from archcalc.published.figures import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.why.reported import Reported
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.figure import Figure
    from archcalc.published.verdicts import Finding

_QUANTITIES = {
    WORK: ("macs",),
    PARAMS: ("params",),
    VALUES: ("memory", "params_and_memory"),
    MEMORY: ("memory", "params_and_memory"),
    MODEL: ("model_size",),
}
"""What can be counted to the quantities of published figures."""


class Ledger(NamedTuple):
    """Entries of the ledger with a reported figure."""

    whole: tuple[Finding, ...]
    """Of the network itself and of its namesakes, as a whole."""
    others: tuple[Finding, ...]
    """Of its layers, and of other members of its family."""

    @property
    def values(self) -> frozenset[int]:
        """What the network has where the figures were printed, as they were counted or under what explains them."""
        given = (finding.computed if finding.explained is None else finding.explained for finding in self.whole)
        return frozenset(value for value in given if isinstance(value, int))


def look_up(reported: Reported, spec: NetworkSpec) -> Ledger:
    """Return the entries of a network and of its family that print a figure."""
    findings = list(_entries(reported, spec))
    whole = [finding for finding in findings if finding.figure.at is None]
    others = [finding for finding in findings if finding.figure.at is not None]
    for member in family(spec):
        of_member = [finding for finding in _entries(reported, member) if finding.figure.at is None]
        (whole if is_namesake(spec, member) else others).extend(of_member)
    known = {id(finding.figure.node) for finding in whole}
    rest = (finding for finding in others if id(finding.figure.node) not in known)
    return Ledger(tuple(whole), tuple(rest))


def _entries(reported: Reported, spec: NetworkSpec) -> Iterator[Finding]:
    same = {id(figure.node) for figure in figures(spec) if _is_same(reported, figure)}
    if same:
        yield from (finding for finding in check(spec) if id(finding.figure.node) in same)


def _is_same(reported: Reported, figure: Figure) -> bool:
    """Whether a published figure is the reported one: the same number of the same kind, to the same digits."""
    if figure.value is None or not any(figure.quantity in _QUANTITIES[quantity] for quantity in reported.quantities):
        return False
    printed = figure.value
    return any(
        printed.value == value.value and printed.of_bytes == value.of_bytes and printed.place == value.place
        for _, value in reported.units
    )
