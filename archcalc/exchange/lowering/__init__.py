"""From the tensors of a file to archcalc's channels x height x width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.graph import Graph, GraphOutput
from archcalc.exchange.lowering import attention, inputs, layers, merges, moves, windows
from archcalc.exchange.lowering.clean import apart, cleaned
from archcalc.exchange.lowering.state import Lowering

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.lowering.state import View
    from archcalc.exchange.operands import Operands
    from archcalc.exchange.tensors import Node

RULES: dict[str, Callable[[Lowering, Node], View]] = {
    **inputs.RULES,
    **windows.RULES,
    **moves.RULES,
    **layers.RULES,
    **merges.RULES,
    **attention.RULES,
}


def lower(net: Operands, file: str, format: str, name: str) -> Graph:
    """Put a net into archcalc's words; raise ModelFault for what cannot be said."""
    low = Lowering(net)
    for node in net.in_order():
        low.current = node
        net.origin = node.origin
        low.views[node.id] = RULES[node.kind](low, node)
    outputs = [
        GraphOutput(word, low.views[number].value, training)
        for held, training in ((net.outputs, False), (net.training, True))
        for word, number in held.items()
    ]
    found = Graph(file, format, name, tuple(low.nodes), tuple(outputs), tuple(net.remarks))
    found = cleaned(found)
    return apart(found) if format == "ONNX" else found
