"""Counting: from a network to a report of integers.

What is counted, kind by kind, is the contract of docs/conventions.md. Equal operations on equal inputs are
counted once; every formula is a function of the operation's file.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from archcalc.engine.layer import DTYPES, Basis, Layer
from archcalc.engine.network import Counted
from archcalc.engine.report import Report, Totals
from archcalc.errors import RequestError, did_you_mean
from archcalc.limits import MAX_NUMBER, MAX_REACH
from archcalc.operations.base import POINT, grown_field, parameters_of
from archcalc.text.source import no_cyclic_collection
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.engine.network import Fit, Network, Node, State


_names: dict[Callable[..., Any], tuple[str, ...]] = {}


def compute(formula: Callable[..., Any], quantities: dict[str, Any]) -> Any:
    """Call a formula with the quantities that it is a function of."""
    names = _names.get(formula)
    if names is None:
        names = _names[formula] = parameters_of(formula)
    return formula(*[quantities[name] for name in names])


def counted(fit: Fit) -> Counted:
    """Count one operation on its inputs; the input image, which has none, only by its values."""
    operation, inputs, output = fit.operation, fit.inputs, fit.output
    if not inputs:
        return Counted(0, {}, 0, {}, operation.stored_values(output), POINT)
    quantities = operation.quantities(inputs, output)
    params: dict[str, int] = {}
    ops: dict[str, int] = {}
    buffers = 0
    for of, kind, formula in operation.counts():
        value = compute(formula, quantities)
        if of == "ops":
            ops[kind] = ops.get(kind, 0) + value
        elif of == "params":
            params[kind] = params.get(kind, 0) + value
        else:
            buffers += value
    window = operation.window(inputs[0])
    return Counted(sum(params.values()), params, buffers, ops, operation.stored_values(output), window)


def basis(batch: int = 1, dtype: str = "float32") -> Basis:
    """Return what memory and work are counted for; raise RequestError for a batch or type that there is not."""
    if not 1 <= batch <= MAX_NUMBER:
        raise RequestError(f"a batch is at least 1, at most {MAX_NUMBER:,}")
    if dtype not in DTYPES:
        raise RequestError(f"no type '{dtype}'{did_you_mean(dtype, DTYPES)}; there are {', '.join(DTYPES)}")
    return Basis(batch, dtype, DTYPES[dtype])


def count(network: Network, basis: Basis, *, training: bool = False) -> Report:
    """Count a network; branches for training are in the totals only with ``training``."""
    with no_cyclic_collection():
        return _count(network, basis, training)


def _count(network: Network, basis: Basis, training: bool) -> Report:
    uses: dict[Fit, _Use] = {}
    every: list[Layer] = []
    for position, node in enumerate(network.nodes):
        _, fit, sources, _, state = node
        use = uses.get(fit)
        if use is None:
            if fit.counted is None:
                fit.counted = counted(fit)
            use = uses[fit] = _Use(fit.counted)
        use.by_state[state] = use.by_state.get(state, 0) + 1
        result = use.counted
        field, stride, depth = _before(every, sources)
        k_h, k_w, s_h, s_w = result.window
        if k_h != 1 or k_w != 1:
            field = (ceil(grown_field(field[0], k_h, stride[0])), ceil(grown_field(field[1], k_w, stride[1])))
        if s_h != 1 or s_w != 1:
            stride = (_step(stride[0] * s_h), _step(stride[1] * s_w))
        if max(*field, *stride) > MAX_REACH or stride[0].__class__ is not int or stride[1].__class__ is not int:
            _bounded(network, node, (*field, *stride))
        every.append(Layer(position, node, result, field, stride, depth + fit.operation.weighted, basis))
    trunk = _totals(uses, training=False)
    branches = _totals(uses, training=True)
    has_side = any(state.training for use in uses.values() for state in use.by_state)
    side = tuple(layer for layer in every if layer.training) if has_side else ()
    layers = every if training or not side else [layer for layer in every if not layer.training]
    totals = trunk.plus(branches) if training and side else trunk
    depth = max(layer.depth for layer in layers)
    return Report(network, basis, training, tuple(layers), totals, depth, side, branches if side else None)


def _bounded(network: Network, node: Node, pixels: tuple[Any, ...]) -> None:
    """Raise SpecError where a receptive field or an effective stride has grown beyond all measure."""
    if any(each.numerator > MAX_REACH or each.denominator > MAX_REACH for each in pixels):
        message = f"{node.name}: its receptive field or effective stride is beyond {MAX_REACH:,} pixels, or as small"
        raise network.spec.wrong(NodeError(node.place, message))


def _step(pixels: Any) -> Any:
    """Return a whole number of pixels as an int; below one pixel, after a transposed convolution, it is a fraction."""
    return pixels.numerator if pixels.denominator == 1 else pixels


def _before(every: list[Layer], sources: tuple[int, ...]) -> tuple[tuple[int, int], tuple[int, int], int]:
    """Return the receptive field, stride and depth of what flows in: through branches the largest."""
    if len(sources) == 1:
        before = every[sources[0]]
        return before.receptive_field, before.effective_stride, before.depth
    if not sources:
        return (1, 1), (1, 1), 0
    many = [every[source] for source in sources]
    fields, strides = [each.receptive_field for each in many], [each.effective_stride for each in many]
    return (
        (max(h for h, _ in fields), max(w for _, w in fields)),
        (max(h for h, _ in strides), max(w for _, w in strides)),
        max(each.depth for each in many),
    )


class _Use:
    """What a fit comes to, and in how many layers of each state it stands."""

    __slots__ = ("by_state", "counted")

    def __init__(self, counted: Counted) -> None:
        self.counted = counted
        self.by_state: dict[State, int] = {}


def _totals(uses: dict[Fit, _Use], *, training: bool) -> Totals:
    """Add up the layers of the trunk, or of the branches for training."""
    params = buffers = stored = 0
    ops: dict[str, int] = {}
    params_by_kind: dict[str, int] = {}
    skipped: Any = 0
    for use in uses.values():
        each = use.counted
        for state, layers in use.by_state.items():
            if state.training != training:
                continue
            runs = layers * state.times
            params += each.params * layers
            buffers += each.buffers * layers
            stored += each.stored * runs
            for kind, value in each.params_by_kind.items():
                params_by_kind[kind] = params_by_kind.get(kind, 0) + value * layers
            for kind, value in each.ops.items():
                ops[kind] = ops.get(kind, 0) + value * runs
            skipped += (1 - state.survival) * each.ops.get("mac", 0) * runs
    return Totals(params, params_by_kind, buffers, ops, stored, skipped)
