"""The programs that networks are written for; each writer is imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from archcalc.export.exported import Exported

if TYPE_CHECKING:
    from archcalc.engine.report import Report


class Target(NamedTuple):
    """A program to write for: its name, the module with ``write(report)``, and whether it can be a folder of files."""

    title: str
    writer: str
    has_files: bool = False


TARGETS = {
    "torch": Target("PyTorch", "archcalc.export.pytorch"),
}
"""Word on the command line to target."""


def export(report: Report, target: str) -> Exported:
    """Write a network for a program; raise RequestError where it cannot say one of its layers."""
    exported = import_module(TARGETS[target].writer).write(report)
    assert isinstance(exported, Exported)
    return exported
