"""Networks side by side: their sums, ratios to the first network, and published error rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.counting import OWN, Counting
from archcalc.published.figures import figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.analyses.counting import Sums
    from archcalc.engine.report import Report
    from archcalc.published.figure import Figure


RATIOS = ("params", "memory_bytes", "work")
"""The sums that are shown as ratios."""


class Compared(NamedTuple):
    """A network among others: its sums, and its published error rates by quantity."""

    report: Report
    sums: Sums
    errors: dict[str, Figure]


class Comparison(NamedTuple):
    """Networks side by side, counted in the same way; ratios are to the first of them."""

    counting: Counting
    networks: tuple[Compared, ...]

    @property
    def first(self) -> Compared:
        """The network that ratios are relative to."""
        return self.networks[0]


def compare(reports: Iterable[Report], counting: Counting = OWN) -> Comparison:
    """Compare networks."""
    return Comparison(counting, tuple(Compared(report, counting.sums(report), errors(report)) for report in reports))


def ratios(sums: Sums, base: Sums) -> tuple[float | None, ...]:
    """Return params, memory and work of a network relative to another; None where that has none."""
    pairs = ((getattr(sums, word), getattr(base, word)) for word in RATIOS)
    return tuple(value / whole if whole else None for value, whole in pairs)


def errors(report: Report) -> dict[str, Figure]:
    """Return the first published error rates of the network with its present arguments."""
    rates: dict[str, Figure] = {}
    for figure in figures(report.network.spec):
        same = all(str(report.network.values.get(name)) == value for name, value in figure.set.items())
        if figure.measured and figure.at is None and same:
            rates.setdefault(figure.quantity, figure)
    return rates
