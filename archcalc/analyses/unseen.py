"""Rows and columns of an input that no window reaches, because the stride does not divide.

This is no error: frameworks drop them silently. It gives AlexNet's input of 224 away: (224 − 11)/4 + 1 = 54.25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.places import lost_places
from archcalc.errors import one_of
from archcalc.record import Record
from archcalc.units import quotient

if TYPE_CHECKING:
    from archcalc.engine.layer import Layer
    from archcalc.engine.network import Applied
    from archcalc.engine.report import Report
    from archcalc.operations.base import Unseen


class Remark(Record):
    """Something worth a second look, and the layer that it is about (None: the whole network)."""

    layer: str | None
    text: str


def remarks(report: Report) -> list[Remark]:
    """Return what is worth a second look in a network, in the order of its layers."""
    of_equal: dict[Applied, tuple[str, ...]] = {}  # equal layers share an object, and what is to be said of them
    by_layer = []
    for layer in report.layers:
        applied = layer.node.applied
        texts = of_equal.get(applied)
        if texts is None:
            texts = of_equal[applied] = _texts(layer)
        by_layer += [Remark(layer.name, f"{layer.name}: {text}") for text in texts]
    by_layer += [Remark(name, f"{name}: {text}") for name, text in lost_places(report.network)]
    return by_layer + [Remark(None, text) for text in report.network.remarks]


def _texts(layer: Layer) -> tuple[str, ...]:
    return (*unseen(layer), *layer.operation.remarks(layer.inputs[0])) if layer.inputs else ()


def unseen(layer: Layer) -> list[str]:
    """Return a sentence for each axis of a layer's input whose end no window reaches: what is lost, and what fits."""
    if not layer.inputs:
        return []
    by_axis = list(layer.operation.unseen(layer.inputs[0]))
    alike = len(by_axis) == 2 and by_axis[0].replace(axis=by_axis[1].axis) == by_axis[1]
    if alike:
        return [_sentence("rows and columns", by_axis[0])]
    return [_sentence(part.axis, part) for part in by_axis]


_ONE = {"rows": "row is", "columns": "column is", "rows and columns": "row and column are"}


def _sentence(axis: str, part: Unseen) -> str:
    lost = f"the last {_ONE[axis]}" if part.missed == 1 else f"the last {part.missed} {axis} are"
    whole = part.padded - part.effective_kernel + part.stride
    division = f"({part.padded} − {part.effective_kernel})/{part.stride} + 1 = {quotient(whole, part.stride)}"
    fits = one_of(map(str, part.fits))
    return f"{division} is rounded down to {part.output_length}; {lost} never used; {fits} would fit"
