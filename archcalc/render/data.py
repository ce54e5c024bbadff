"""Reports as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.analyses.counting import Counting
from archcalc.render.page import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.engine.report import Report


def reports_to_json(reports: Sequence[Report], convention: Convention | None = None, *, flops: bool = False) -> Page:
    """Return a page of one object for one network, a list for several."""
    data = [_report(report, convention) for report in reports]
    if flops:
        for each in data:
            each["totals"]["flops"] = 2 * each["totals"]["macs"]
    return Page((), data[0] if len(data) == 1 else data)


def _report(report: Report, convention: Convention | None) -> dict[str, Any]:
    from archcalc.analyses.unseen import remarks

    data = report.to_json()
    data["remarks"] = [remark.text for remark in remarks(report)]
    data["totals"].update(totals_under(report, convention))
    return data


def totals_under(report: Report, convention: Convention | None) -> dict[str, Any]:
    """Return the totals of a network under a convention, which stand beside the usual ones."""
    if convention is None:
        return {}
    sums = Counting(convention).sums(report)
    return {
        "convention": convention.name,
        "cost": sums.work,
        "convention_params": sums.params,
        "convention_memory_bytes": sums.memory_bytes,
    }
