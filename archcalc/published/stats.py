"""Statistics of the literature: how many figures of each source are recorded, and the verdicts on them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from archcalc.published.verdicts import (
    AGREES,
    AGREES_UNDER,
    APPROXIMATE,
    DIFFERS,
    MEASURED,
    MISPRINT,
    NO_NETWORK,
    OTHER,
    REMARKED,
    UNCHECKED,
    UNEXPECTED,
    UNEXPLAINED,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.published.verdicts import Finding


class SourceStats(NamedTuple):
    """The figures of a source by verdict, each counted once.

    ``agree`` includes figures that are cut, ``differ`` those that agree unexpectedly. Figures of no network are
    recorded and not checked, like remarks and what was measured.
    """

    figures: int = 0
    agree: int = 0
    agree_under: int = 0
    approximate: int = 0
    other: int = 0
    unexplained: int = 0
    misprints: int = 0
    differ: int = 0
    measured: int = 0
    remarks: int = 0
    of_no_network: int = 0

    @property
    def checked(self) -> int:
        """How many are checked against what follows from a network."""
        return self.figures - self.measured - self.remarks - self.of_no_network


_FIELDS = {
    AGREES: "agree",
    AGREES_UNDER: "agree_under",
    APPROXIMATE: "approximate",
    OTHER: "other",
    UNEXPLAINED: "unexplained",
    MISPRINT: "misprints",
    UNEXPECTED: "differ",
    DIFFERS: "differ",
    MEASURED: "measured",
    REMARKED: "remarks",
}


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Return each published figure once: one of a family is checked for all its networks, and one failure counts."""
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        figure = finding.figure
        key = (figure.cite, figure.where, figure.quantity, figure.printed, figure.node.line, figure.node.column)
        if figure.cite and (key not in found or finding.fails):
            found[key] = finding
    return list(found.values())


def source_stats(findings: Iterable[Finding]) -> dict[str, SourceStats]:
    """Return the statistics of each source, those with most figures first."""
    counts: dict[str, Counter[str]] = {}
    for finding in distinct(findings):
        apart = finding.network == NO_NETWORK and finding.status in UNCHECKED
        counter = counts.setdefault(finding.figure.cite, Counter())
        counter.update(["figures", "of_no_network" if apart else _FIELDS[finding.status]])
    found = {cite: SourceStats(**counter) for cite, counter in counts.items()}
    return dict(sorted(found.items(), key=lambda item: (-item[1].figures, item[0])))
