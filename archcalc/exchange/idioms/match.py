"""What the rewriting rules look at: constants, scalings and users of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archcalc.exchange.operands import Operands
    from archcalc.exchange.tensors import Const, Node


def is_ew(node: Node, *functions: str) -> bool:
    """Whether a node is one of these operations value by value."""
    return node.kind == "ew" and node.attrs["fn"] in functions


def is_act(node: Node, *functions: str) -> bool:
    """Whether a node is one of these functions of each value."""
    return node.kind == "act" and node.attrs["fn"] in functions


def scalar(const: Const) -> float | None:
    """Return the number that a constant is, or None."""
    if const.size != 1 or not const.values:
        return None
    return float(const.values[0])


def by_scalar(node: Node) -> bool:
    """Whether a node only combines one tensor with one number."""
    return node.kind == "ew" and len(node.inputs) == 1 and all(const.size == 1 for const in node.weights)


def unscaled(net: Operands, number: int) -> int:
    """Return what a tensor is before it is multiplied or divided by numbers."""
    while True:
        node = net.nodes[number]
        if not (is_ew(node, "mul", "div") and by_scalar(node)) or (node.attrs["fn"] == "div" and node.attrs["swapped"]):
            return number
        number = node.inputs[0]


def plus(net: Operands, number: int, added: float) -> int | None:
    """Return the other summand of a node that adds this number, or None."""
    node = net.nodes[number]
    if is_ew(node, "add") and by_scalar(node) and node.weights:
        value = scalar(node.weights[0])
        if value is not None and abs(value - added) < 1e-6:
            return node.inputs[0]
    return None


def is_square_of(net: Operands, number: int, base: int) -> bool:
    """Whether a node is the square of another."""
    node = net.nodes[number]
    if is_ew(node, "pow") and node.inputs == (base,):
        return bool(node.weights) and scalar(node.weights[0]) == 2
    return (is_ew(node, "mul") and node.inputs == (base, base)) or (is_act(node, "square") and node.inputs == (base,))


def is_root(net: Operands, number: int) -> int | None:
    """Return what a node is the square root of, or None."""
    node = net.nodes[number]
    if is_act(node, "sqrt"):
        return node.inputs[0]
    if is_ew(node, "pow") and len(node.inputs) == 1 and node.weights and scalar(node.weights[0]) == 0.5:
        return node.inputs[0]
    return None


def made_only_of(net: Operands, number: int, base: int, steps: int = 8) -> bool:
    """Whether a node depends on one tensor alone, within a few steps of arithmetic."""
    if number == base:
        return True
    node = net.nodes[number]
    if steps == 0 or node.kind not in ("ew", "act") or not node.inputs:
        return False
    return all(made_only_of(net, source, base, steps - 1) for source in node.inputs)
