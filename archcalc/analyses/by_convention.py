"""What each convention makes of one network, side by side with archcalc's own count."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.conventions.rules import grouped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.conventions.convention import Convention
    from archcalc.engine.report import Report

OWN = "macs"
"""What archcalc's own count is called among conventions."""


class ConventionCount(NamedTuple):
    """The sums of a network under a convention; None for what it does not count in a way of its own."""

    convention: str
    cost: int | None
    unit: str | None
    params: int | None
    memory_bytes: int | None
    remarks: tuple[str, ...] = ()
    """What the convention does not reproduce of this network."""


def counts(report: Report, conventions: Iterable[Convention]) -> list[ConventionCount]:
    """Count a network as archcalc does, then by each convention."""
    own = ConventionCount(OWN, report.macs, "MACs", report.params, report.memory_bytes)
    layers, bytes_of = grouped(report), report.setup.bytes_of
    return [own] + [
        ConventionCount(
            convention.name,
            convention.total_cost(layers) if convention.costs else None,
            convention.unit if convention.costs else None,
            convention.total_params(layers) if convention.parameters else None,
            bytes_of(convention.total_memory_values(layers)) if convention.memories else None,
            convention.remarks_on(report),
        )
        for convention in conventions
    ]
