"""Sources for PyTorch: a module for the network, one for each block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.exported import Exported

if TYPE_CHECKING:
    from archcalc.engine.report import Report


def write(report: Report) -> Exported:
    """Return the source of a network; raise RequestError where torch.nn has nothing for a layer."""
    from archcalc.export.pytorch.render import rendered
    from archcalc.export.pytorch.writer import TorchBackend
    from archcalc.export.sources.builder import Builder
    from archcalc.export.sources.trace import trace

    network = report.network
    inputs = {name: tuple(shape) for name, shape in network.inputs.items()}
    builder = Builder(trace(network.spec, inputs), TorchBackend(report.name, report.title))
    parts = builder.program()
    left_out = [f"{name}, a branch for training, is left out" for name in dict.fromkeys(builder.training)]
    return Exported(rendered(report, parts), remarks=tuple(left_out))
