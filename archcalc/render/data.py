"""Reports as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.render.grid import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.engine.report import Report


def reports_to_json(reports: Sequence[Report], convention: str | None = None, *, flops: bool = False) -> Page:
    """Return a page of one object for one network, a list for several."""
    data = [_report(report, convention) for report in reports]
    if flops:
        for each in data:
            each["totals"]["flops"] = 2 * each["totals"]["macs"]
    return Page((), data[0] if len(data) == 1 else data)


def _report(report: Report, convention: str | None) -> dict[str, Any]:
    from archcalc.analyses.unseen import remarks

    data = report.to_json()
    data["remarks"] = [remark.text for remark in remarks(report)]
    if convention is not None:
        from archcalc.conventions import find

        rule = find(convention)
        data["totals"]["convention"] = rule.name
        data["totals"]["cost"] = rule.total_cost(report)
        values = rule.total_memory_values(report)
        data["totals"]["convention_memory_bytes"] = report.basis.bytes_of(values)
    return data
