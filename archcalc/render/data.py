"""Reports as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.analyses.counting import Counting
    from archcalc.engine.report import Report


def report_to_json(report: Report, counting: Counting) -> dict[str, Any]:
    """Return a report as plain data, with remarks and the totals of another way of counting."""
    from archcalc.analyses.unseen import remarks

    data = report.to_json()
    data["remarks"] = [remark.text for remark in remarks(report)]
    data["totals"].update(totals_under(report, counting))
    if not counting.biases:
        data["totals"]["params_without_biases"] = counting.sums(report).params
    if counting.flops:
        data["totals"]["flops"] = 2 * report.macs
    return data


def totals_under(report: Report, counting: Counting) -> dict[str, Any]:
    """Return the totals of a network under a convention, which are added to the usual ones."""
    if counting.convention is None:
        return {}
    sums = counting.sums(report)
    return {
        "convention": counting.convention.name,
        "cost": sums.work,
        "convention_params": sums.params,
        "convention_memory_bytes": sums.memory_bytes,
        "convention_remarks": list(counting.convention.remarks_on(report)),
    }
