"""Attention written as products of tensors: softmax(Q·Kᵀ·s + bias)·V (Vaswani et al. 2017, equation 1)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archcalc.exchange.idioms.match import by_scalar, is_ew

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.tensors import Const, Node


def products(net: Operands) -> Callable[[Node], int | None]:
    """Find a product of a softmax of a product."""

    def rule(node: Node) -> int | None:
        if node.kind != "matmul":
            return None
        weighing, values = node.inputs
        scores, biases = _scores(net, weighing)
        if scores is None:
            return None
        lead = node.shape[:-2]
        query, keys = (_under(net, source, lead) for source in scores.inputs)
        if query is None or keys is None or net.shape(values)[:-2] != lead:
            return None
        rank = len(node.shape)
        turned = net.transpose(keys, [*range(rank - 2), rank - 1, rank - 2])
        first, second = _of_any_length(net, query), _of_any_length(net, turned)
        if first is not None and second is not None:
            return net.add("attention", [first, second, values], node.shape, biases, cosine=True)
        return net.add("attention", [query, turned, values], node.shape, biases)

    return rule


def _of_any_length(net: Operands, number: int) -> int | None:
    """Return queries or keys before each was brought to length one (Liu et al. 2022, 3.2); None if they were not."""
    node = net.nodes[number]
    rank = len(node.shape)
    if node.kind == "transpose":
        inner = net.nodes[node.inputs[0]]
        swapped = node.attrs["perm"] == (*range(rank - 2), rank - 1, rank - 2)
        if swapped and _is_length(inner, rank - 2):
            return net.transpose(inner.inputs[0], node.attrs["perm"])
    return node.inputs[0] if _is_length(node, rank - 1) else None


def _is_length(node: Node, axis: int) -> bool:
    return node.kind == "norm" and node.attrs["what"] == "l2" and node.attrs["channels"] == axis and not node.weights


def _under(net: Operands, number: int, lead: tuple[int, ...]) -> int | None:
    """Return a tensor whose axes in front of its last two are these, or None where they cannot be."""
    shape = net.shape(number)
    if shape[:-2] == lead:
        return number
    return net.reshape(number, (*lead, *shape[-2:])) if prod(shape[:-2]) == prod(lead) else None


def _scores(net: Operands, number: int) -> tuple[Node | None, list[Const]]:
    """Return the product that a softmax weighs, and the learned biases that were added to it."""
    node = net.nodes[number]
    biases: list[Const] = []
    while node.kind == "reshape" and net.shape(node.inputs[0])[-2:] == node.shape[-2:]:
        node = net.nodes[node.inputs[0]]
    if node.kind != "softmax" or node.attrs["axis"] != len(node.shape) - 1:
        return None, biases
    for _ in range(12):
        node = net.nodes[node.inputs[0]]
        if node.kind == "matmul":
            return node, biases
        if is_ew(node, "add", "sub", "where", "max", "min") or (is_ew(node, "mul", "div") and by_scalar(node)):
            biases.extend(const for const in node.weights if const.learned and const.size > 1)
        elif node.kind == "affine":
            biases.extend(node.weights)
        elif node.kind != "reshape":
            return None, biases
    return None, biases
