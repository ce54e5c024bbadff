"""Rows and columns of an input that no window ever sees, because the stride does not divide.

No error: frameworks drop them in silence. It is how AlexNet's 224 shows itself, (224 − 11)/4 + 1 = 54.25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.record import Record
from archcalc.units import quotient

if TYPE_CHECKING:
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report
    from archcalc.operations.base import Unseen


class Remark(Record):
    """Something to point out, and the layer that it is about (None: the network)."""

    layer: str | None
    text: str


def remarks(report: Report) -> list[Remark]:
    """Return what is to be pointed out about a network, in the order of its layers."""
    found = [
        Remark(layer.name, f"{layer.name}: {text}")
        for layer in report.layers
        if layer.inputs
        for text in (*unseen(layer), *layer.operation.remarks(layer.inputs[0]))
    ]
    return found + [Remark(None, text) for text in report.network.remarks]


def unseen(layer: Layer) -> list[str]:
    """Say for each axis what of a layer's input is never seen, and which lengths fit."""
    if not layer.inputs:
        return []
    by_axis = list(layer.operation.unseen(layer.inputs[0]))
    both = len(by_axis) == 2 and by_axis[0].replace(axis=by_axis[1].axis) == by_axis[1]
    return [_sentence("rows and columns" if both else each.axis, each) for each in (by_axis[:1] if both else by_axis)]


def _sentence(axis: str, each: Unseen) -> str:
    named = axis if each.missed > 1 else {"rows": "row", "columns": "column"}.get(axis, "row and column")
    last = "the last" if each.missed == 1 else f"the last {each.missed}"
    fits = " and ".join(map(str, each.fits))
    whole = each.padded - each.effective_kernel + each.stride
    division = f"({each.padded} − {each.effective_kernel})/{each.stride} + 1 = {quotient(whole, each.stride)}"
    return (
        f"{division} is cut to {each.output_length}; "
        f"{last} {named} of {each.length} never seen. {fits} {'fits' if len(each.fits) == 1 else 'fit'}."
    )
