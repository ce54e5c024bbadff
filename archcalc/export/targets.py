"""The programs that networks are written for; each writer is imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from archcalc.errors import RequestError
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
    "keras": Target("Keras", "archcalc.export.keras"),
    "onnx": Target("ONNX", "archcalc.export.onnx.writer"),
    "caffe": Target("Caffe", "archcalc.export.caffe.writer"),
    "scalesim": Target("SCALE-Sim", "archcalc.export.scalesim"),
    "timeloop": Target("Timeloop", "archcalc.export.timeloop", has_files=True),
}
"""Word on the command line to target."""


def export(report: Report, target: str) -> Exported:
    """Write a network for a program; raise RequestError where it cannot say one of its layers."""
    if all(position < len(report.network.inputs) or node.multiplicity.training
           for position, node in enumerate(report.network.nodes)):  # fmt: skip
        raise RequestError(f"{report.name} has no layer that {TARGETS[target].title} could take")
    exported = import_module(TARGETS[target].writer).write(report)
    assert isinstance(exported, Exported)
    return exported
