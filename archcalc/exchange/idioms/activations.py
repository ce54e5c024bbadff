"""Activations that exporters spell out: swish, hard swish, mish, gelu.

Sources of the formulas: Ramachandran et al. 2017 (swish), Howard et al. 2019, section 5.2 (hard swish), Misra 2019
(mish), Hendrycks & Gimpel 2016 (gelu, exact by erf and near by tanh).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.idioms.match import is_act, is_ew, made_only_of, plus, unscaled

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.tensors import Node


def single(net: Operands) -> Callable[[Node], int | None]:
    """Find relu6(x + 3) / 6, which is a hard sigmoid, and max(x, 0)."""

    def rule(node: Node) -> int | None:
        if is_ew(node, "mul", "div") and len(node.inputs) == 1 and (base := _shifted(net, unscaled(net, node.id))):
            return net.act(base[0], "hard_sigmoid")
        if is_ew(node, "max") and len(node.inputs) == 1 and [const.values for const in node.weights] in ([(0,)],):
            return net.act(node.inputs[0], "relu")
        return None

    return rule


def _shifted(net: Operands, number: int) -> tuple[int] | None:
    """Return x of relu6(x + 3), however the six and the zero are spelt."""
    node = net.nodes[number]
    if not is_act(node, "relu6", "clip"):
        return None
    found = plus(net, node.inputs[0], 3)
    return None if found is None else (found,)


def gates(net: Operands) -> Callable[[Node], int | None]:
    """Find x times a function of x."""

    def rule(node: Node) -> int | None:
        if not is_ew(node, "mul") or len(node.inputs) != 2 or node.weights:
            return None
        first, second = (unscaled(net, source) for source in node.inputs)
        for x, gate in ((first, second), (second, first)):
            word = _gate(net, x, gate)
            if word:
                return net.act(x, word)
        return None

    return rule


def _gate(net: Operands, x: int, gate: int) -> str | None:
    node = net.nodes[gate]
    if node.kind == "act" and unscaled(net, node.inputs[0]) == x:
        return {"sigmoid": "swish", "hard_sigmoid": "hard_swish"}.get(node.attrs["fn"])
    shifted = _shifted(net, gate)
    if shifted == (x,):
        return "hard_swish"
    if is_act(node, "tanh") and is_act(inner := net.nodes[node.inputs[0]], "softplus") and inner.inputs == (x,):
        return "mish"
    one = plus(net, gate, 1)
    if one is None:
        return None
    curve = net.nodes[one]
    if is_act(curve, "erf") and unscaled(net, curve.inputs[0]) == x:
        return "gelu"
    return "gelu" if is_act(curve, "tanh") and made_only_of(net, curve.inputs[0], x) else None
