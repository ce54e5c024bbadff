"""The account of the literature: how many figures of each source are recorded, and what became of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from archcalc.published.check import AGREES, CUT, DIFFERS, MEASURED, MISPRINT, NO_NETWORK, UNEXPECTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.published.check import Finding


class SourceStats(NamedTuple):
    """The figures of a source, each counted once.

    Those that are checked agree (cut ones too), are known misprints, or differ (or agree though they are marked as
    misprints). Others are measured, or of no network and only recorded.
    """

    figures: int = 0
    agree: int = 0
    misprints: int = 0
    differ: int = 0
    measured: int = 0
    of_no_network: int = 0

    @property
    def checked(self) -> int:
        """How many are held against what follows from a network."""
        return self.agree + self.misprints + self.differ


_FIELDS = {
    AGREES: "agree",
    CUT: "agree",
    MISPRINT: "misprints",
    UNEXPECTED: "differ",
    DIFFERS: "differ",
    MEASURED: "measured",
}


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Return each published figure once: one of a family is held against all its networks; one that fails stands."""
    found: dict[tuple[object, ...], Finding] = {}
    for each in findings:
        figure = each.figure
        key = (figure.cite, figure.where, figure.quantity, figure.printed, figure.node.line, figure.node.column)
        if figure.cite and (key not in found or each.fails):
            found[key] = each
    return list(found.values())


def source_stats(findings: Iterable[Finding]) -> dict[str, SourceStats]:
    """Return the account of each source, those with most figures first."""
    counts: dict[str, Counter[str]] = {}
    for each in distinct(findings):
        apart = each.network == NO_NETWORK and each.status == MEASURED
        counted = counts.setdefault(each.figure.cite, Counter())
        counted.update(["figures", "of_no_network" if apart else _FIELDS[each.status]])
    found = {cite: SourceStats(**counted) for cite, counted in counts.items()}
    return dict(sorted(found.items(), key=lambda item: (-item[1].figures, item[0])))
