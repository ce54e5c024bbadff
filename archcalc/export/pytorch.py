"""Sources for PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.exported import Exported

if TYPE_CHECKING:
    from archcalc.engine.report import Report


def write(report: Report) -> Exported:
    """Return the source of a network as modules of PyTorch."""
    return Exported(f'"""{report.title}."""\n')
