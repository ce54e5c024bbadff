"""Sources for Keras: a function that builds the network by the functional API, one for each block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.exported import Exported

if TYPE_CHECKING:
    from archcalc.engine.report import Report


def write(report: Report) -> Exported:
    """Return the source of a network; raise RequestError where Keras has nothing for a layer."""
    from archcalc.export.keras.render import rendered
    from archcalc.export.keras.writer import KerasBackend
    from archcalc.export.sources.builder import Builder
    from archcalc.export.sources.trace import trace

    network = report.network
    inputs = {name: tuple(shape) for name, shape in network.inputs.items()}
    builder = Builder(trace(network.spec, inputs), KerasBackend(report.name))
    parts = builder.program()
    left_out = [f"{name}, a branch for training, is left out" for name in dict.fromkeys(builder.training)]
    return Exported(rendered(report, parts), remarks=tuple(left_out))
