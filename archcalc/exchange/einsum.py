"""Einstein sums of two tensors, written out as products of matrices."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.exchange.operands import Operand, Operands


def einsum(net: Operands, equation: str, args: Sequence[Operand]) -> Operand:
    """Add an einsum of one or two tensors; raise ModelFault for what is no product of matrices."""
    left, arrow, out = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if not arrow or len(terms) != len(args) or not 1 <= len(args) <= 2 or "." in equation:
        raise ModelFault(f"the einsum {equation!r}, which is not a product of one or two tensors")
    sizes: dict[str, int] = {}
    for term, arg in zip(terms, args, strict=True):
        if len(term) != len(net.dims(arg)) or len(set(term)) != len(term):
            raise ModelFault(f"the einsum {equation!r} on {by(net.dims(arg))}")
        sizes.update(zip(term, net.dims(arg), strict=True))
    if set(out) - set(sizes) or len(set(out)) != len(out):
        raise ModelFault(f"the einsum {equation!r}")
    if len(args) == 1:
        if set(out) != set(terms[0]):
            raise ModelFault(f"the einsum {equation!r}, which is not a product of two tensors")
        return net.permute(args[0], [terms[0].index(label) for label in out])
    if isinstance(args[0], Const) and not isinstance(args[1], Const):
        terms, args = terms[::-1], args[::-1]
    return _product(net, terms, args, out, sizes)


def _product(net: Operands, terms: Sequence[str], args: Sequence[Operand], out: str, sizes: dict[str, int]) -> Operand:
    first, second = terms
    both = [label for label in first if label in second]
    batch = [label for label in both if label in out]
    summed = [label for label in both if label not in out]
    own = [[label for label in term if label not in both] for term in terms]
    if any(label not in out for part in own for label in part):
        raise ModelFault("an einsum that also sums over one tensor alone")

    def length(labels: Sequence[str]) -> int:
        return prod(sizes[label] for label in labels)

    lead = [sizes[label] for label in batch]
    left = _arranged(net, args[0], first, [*batch, *own[0], *summed], [*lead, length(own[0]), length(summed)])
    other = args[1]
    if isinstance(other, Const) and not batch:
        order = [second.index(label) for label in (*summed, *own[1])]
        matrix = net.folding.reshape(net.folding.transpose(other, order), [length(summed), length(own[1])])
        found = net.linear_by(net.node(left), matrix, transposed=False)
    else:
        right = _arranged(net, other, second, [*batch, *summed, *own[1]], [*lead, length(summed), length(own[1])])
        found = net.matmul(net.node(left), net.node(right))
    order_out = [*batch, *own[0], *own[1]]
    apart = net.reshape_to(found, [sizes[label] for label in order_out], zero_copies=False)
    return net.permute(apart, [order_out.index(label) for label in out])


def _arranged(net: Operands, arg: Operand, term: str, labels: Sequence[str], lengths: Sequence[int]) -> Operand:
    """Bring axes into an order, and groups of them together."""
    moved = net.permute(arg, [term.index(label) for label in labels])
    return net.folding.reshape(moved, lengths) if isinstance(moved, Const) else net.reshape(moved, lengths)
