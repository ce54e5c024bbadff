"""How a report is looked at: the units of its tables, and the convention that they count by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report


class View(NamedTuple):
    """How a report is looked at: its units, the unit of work, and the convention of cost and memory."""

    report: Report
    params: units.Unit
    work: units.Unit
    memory: units.Unit
    flops: bool
    convention: Convention | None

    def cost(self, layers: Sequence[Layer]) -> int:
        """Return the work of some layers under the convention, doubled where FLOPs are asked for."""
        if self.convention is not None:
            return sum(self.convention.cost(layer) for layer in layers)
        return sum(layer.macs for layer in layers) * (2 if self.flops else 1)

    def stored(self, layers: Sequence[Layer]) -> int:
        """Return the activation memory of some layers under the convention, in bytes."""
        if self.convention is not None:
            return sum(self.convention.memory_bytes(layer) for layer in layers)
        return sum(layer.memory_bytes for layer in layers)

    def count_params(self, layers: Sequence[Layer]) -> int:
        """Return the parameters of some layers under the convention."""
        if self.convention is not None:
            return sum(self.convention.params(layer) for layer in layers)
        return sum(layer.params for layer in layers)

    @property
    def cost_name(self) -> str:
        """What a unit of work is called."""
        if self.convention is not None and self.convention.has_cost:
            return "ops"
        return "FLOPs" if self.flops else "MACs"


def view(report: Report, *, si: bool = False, flops: bool = False, convention: Convention | None = None) -> View:
    """Choose the units that fit a report."""
    work = report.macs * (2 if flops else 1)
    unit = units.work_unit(work or max(report.ops.values()))
    return View(report, units.params_unit(report.params), unit, units.memory_unit(si), flops, convention)
