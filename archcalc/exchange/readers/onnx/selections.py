"""ONNX operations that choose or compare values, and those that make numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from archcalc.exchange.arrays import MAX_COMPUTED, derived, whole_numbers
from archcalc.exchange.sizes import positive_axis
from archcalc.exchange.tensors import Const, ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operand
    from archcalc.exchange.readers.onnx.context import Context


def gather(c: Context) -> list[Operand]:
    """Gather: entries of a constant, of a tensor, or (a table of weights, by numbers of words) an embedding."""
    x, chosen = c.arg(0), c.arg(1)
    axis = c.whole("axis", 0)
    if isinstance(chosen, Const):
        return [c.net.take(x, chosen, axis)]
    if isinstance(x, Const) and axis == 0 and len(x.dims) == 2:
        return [c.net.add("embedding", [chosen], (*c.net.shape(chosen), x.dims[1]), [x])]
    dims = c.net.dims(x)
    axis = positive_axis(axis, len(dims))
    taken = (*dims[:axis], *c.net.shape(chosen), *dims[axis + 1 :])
    return [c.net.add("opaque", [c.net.node(x), chosen], taken, what="Gather", ops=0)]


def gather_nd(c: Context) -> list[Operand]:
    """GatherND and GatherElements: entries by several numbers, or one for each value."""
    x, chosen = c.arg(0), c.net.dims(c.arg(1))
    dims = c.net.dims(x)
    if c.node.op == "GatherElements":
        sizes: tuple[int, ...] = chosen
    else:
        depth = c.whole("batch_dims", 0) + (chosen[-1] if chosen else 0)
        sizes = (*chosen[:-1], *dims[depth:])
    sources: list[int] = [each for each in c.args() if isinstance(each, int)]
    if not sources and isinstance(x, Const):
        return [c.net.folding.const(sizes, None, x)]
    return [c.net.add("opaque", sources, sizes, what=c.node.op, ops=0)]


def tile(c: Context) -> list[Operand]:
    """Tile: repeats whole tensors."""
    x = c.arg(0)
    times = whole_numbers(c.const(1, "repeats"), "repeats")
    dims = c.net.dims(x)
    found = [length * count for length, count in zip(dims, times, strict=True)]
    if isinstance(x, Const):
        one = c.net.folding.expand(x, found) if x.size == 1 else derived(found, x)
        return [one]
    return [x if tuple(found) == dims else c.net.add("opaque", [x], found, what="Tile", ops=0)]


def range_(c: Context) -> list[Operand]:
    """Range: numbers at equal distances."""
    held = [c.const(place, "bounds").values for place in range(3)]
    start, stop, step = (values[0] if values else math.nan for values in held)
    if not step or any(each != each for each in (start, stop, step)):
        raise ModelFault("its bounds cannot be computed")
    count = max(math.ceil((stop - start) / step), 0)
    values = tuple(start + step * place for place in range(count)) if count <= MAX_COMPUTED else None
    return [Const((count,), values)]


def where(c: Context) -> list[Operand]:
    """Where: chosen value by value."""
    held = c.args()
    consts = [each for each in held if isinstance(each, Const)]
    if len(consts) == len(held):
        chosen: Callable[..., Any] = lambda test, a, b: a if test else b  # noqa: E731
        return [c.net.folding.elementwise(chosen, *consts).replace(key="", learned=False, roots=())]
    nodes = [c.net.node(each) for each in held[1:] if not isinstance(each, Const)] or [c.net.node(held[0])]
    return [c.net.ew("where", nodes, consts)]


def opaque_scan(c: Context) -> list[Operand]:
    """Add what keeps the size of its input and computes one value for each: CumSum, Trilu."""
    x = c.arg(0)
    if isinstance(x, Const):
        return [Const(x.dims)]
    return [c.net.add("opaque", [x], c.net.shape(x), what=c.node.op, ops=c.net.nodes[x].size)]


def scatter(c: Context) -> list[Operand]:
    """ScatterND and ScatterElements: the first input with some values replaced."""
    x = c.arg(0)
    others = [each for each in c.args()[1:] if isinstance(each, int)]
    if isinstance(x, Const) and not others:
        return [x.replace(values=None)]
    sources = others if isinstance(x, Const) else [x, *others]
    return [c.net.add("opaque", sources, c.net.dims(x), what=c.node.op, ops=0)]


def top_k(c: Context) -> list[Operand]:
    """TopK: the largest values along an axis, and where they stand."""
    x = c.tensor(0)
    count = c.ints("k", 1)
    if not count:
        raise ModelFault("it has no k")
    sizes = list(c.net.shape(x))
    axis = positive_axis(c.whole("axis", -1), len(sizes))
    sizes[axis] = min(count[0], sizes[axis])
    return [c.net.add("opaque", [x], sizes, what="TopK", ops=c.net.nodes[x].size) for _ in range(c.outputs())]


def arg_max(c: Context) -> list[Operand]:
    """ArgMax and ArgMin: where the largest value stands along an axis."""
    x = c.tensor(0)
    sizes = list(c.net.shape(x))
    axis = positive_axis(c.whole("axis", 0), len(sizes))
    kept = [1] if c.whole("keepdims", 1) else []
    sizes[axis : axis + 1] = kept
    return [c.net.add("opaque", [x], sizes, what=c.node.op, ops=c.net.nodes[x].size)]


OPERATIONS: dict[str, Callable[[Context], list[Operand]]] = {
    "Gather": gather,
    **dict.fromkeys(("GatherND", "GatherElements"), gather_nd),
    "Tile": tile,
    "Range": range_,
    "Where": where,
    "CumSum": opaque_scan,
    "Trilu": opaque_scan,
    "ScatterND": scatter,
    "ScatterElements": scatter,
    "Scatter": scatter,
    "TopK": top_k,
    "ArgMax": arg_max,
    "ArgMin": arg_max,
}
