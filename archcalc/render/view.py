"""A view of a report: the units of its tables, and the way of counting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.counting import OWN, Counting
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.analyses.counting import Sums
    from archcalc.conventions.convention import Convention
    from archcalc.engine.report import Report


class View(Record):
    """A view of a report: the units of its columns, the way of counting, and its sums under that."""

    report: Report
    params: units.Unit
    work: units.Unit
    memory: units.Unit
    values: units.Unit
    si: bool
    """Whether sizes are in powers of 1000."""
    counting: Counting
    sums: Sums

    @property
    def convention(self) -> Convention | None:
        """The convention of the counting, if it is not archcalc's own."""
        return self.counting.convention


def view(report: Report, counting: Counting = OWN, *, si: bool = False) -> View:
    """Choose the units that fit a report."""
    work = report.macs * (2 if counting.flops else 1)
    unit = units.work_unit(work or max(report.ops.values()))
    return View(
        report, units.params_unit(report.params), unit, units.memory_unit(si),
        units.params_unit(report.memory_values), si, counting.within(report), counting.sums(report),
    )  # fmt: skip
