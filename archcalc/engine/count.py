"""Counting: from a network to a report of integers.

docs/conventions.md defines what is counted, kind by kind. Equal operations on equal inputs are counted once; every
formula is a function in the operation's file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.engine.field import IMAGE, FieldOfView, Seen
from archcalc.engine.layer import DTYPES, Layer, Setup, dtype_named
from archcalc.engine.network import Counts
from archcalc.engine.report import Counted, Report, Totals
from archcalc.errors import RequestError, did_you_mean
from archcalc.limits import MAX_NUMBER, MAX_REACH
from archcalc.operations import macs_in
from archcalc.operations.base import POINT, compute, read_whole_map
from archcalc.text.source import no_cyclic_collection
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from archcalc.engine.network import Applied, Multiplicity, Network, Node


def counts_of(applied: Applied) -> Counts:
    """Count one operation on its inputs; of the input image, which has none, only its values."""
    operation, inputs, output = applied.operation, applied.inputs, applied.output
    if not inputs:
        return Counts(0, {}, 0, {}, operation.stored_values(output), POINT)
    quantities = operation.quantities(inputs, output)
    params: dict[str, int] = {}
    ops: dict[str, int] = {}
    buffers = 0
    for of, kind, formula in operation.formulas():
        value = compute(formula, quantities)
        if of == "ops":
            ops[kind] = ops.get(kind, 0) + value
        elif of == "params":
            params[kind] = params.get(kind, 0) + value
        else:
            buffers += value
    reads = operation.reads_of(inputs)
    return Counts(sum(params.values()), params, buffers, ops, operation.stored_values(output), reads)


def setup(batch: int = 1, dtype: str = "float32") -> Setup:
    """Return what memory and work are counted for; raise RequestError for an invalid batch or unknown type."""
    if not 1 <= batch <= MAX_NUMBER:
        raise RequestError(f"a batch size is from 1 to {MAX_NUMBER:,}")
    dtype = dtype_named(dtype)
    if dtype not in DTYPES:
        raise RequestError(f"no type '{dtype}'{did_you_mean(dtype, DTYPES)}; there are {', '.join(DTYPES)}")
    return Setup(batch, dtype, DTYPES[dtype])


def count(network: Network, setup: Setup, *, training: bool = False) -> Report:
    """Count a network; training branches are in the totals only with ``training``."""
    with no_cyclic_collection():
        return _count(network, setup, training)


def _count(network: Network, setup: Setup, training: bool) -> Report:
    uses: dict[Applied, _Use] = {}
    every: list[Layer] = []
    seen: list[Seen] = []
    fields: list[tuple[int, int] | None] = []  # of what flows out
    images = network.inputs.values()
    view = FieldOfView(max(image.height for image in images), max(image.width for image in images))
    for position, node in enumerate(network.nodes):
        _, applied, sources, _, multiplicity, weights = node
        use = uses.get(applied)
        if use is None:
            if applied.counts is None:
                applied.counts = counts_of(applied)
            use = uses[applied] = _Use(applied.counts)
        use.by_multiplicity[multiplicity] = use.by_multiplicity.get(multiplicity, 0) + 1
        if weights is not None:
            use.borrowed[multiplicity] = use.borrowed.get(multiplicity, 0) + 1
        counts = use.counts
        sight = _flowing_in(applied, [seen[source] for source in sources], view)
        field_in = field = fields[sources[0]] if len(sources) == 1 else sight.field(*applied.output[1:])
        if counts.reads is not POINT:
            spreads = applied.output[1:] != (1, 1) != applied.inputs[0][1:]
            sight = view.through(sight, counts.reads, applied.output, whole=spreads)
            field = sight.field(*applied.output[1:])
            _refuse_beyond_measure(network, node, field, sight.stride)
        if applied.operation.sees_whole_map and applied.output[1:] != (1, 1):
            sight = sight._replace(whole=True)
        seen.append(sight)
        reshaped = counts.reads is POINT and len(sources) == 1 and applied.inputs[0][1:] != applied.output[1:]
        fields.append(sight.field(*applied.output[1:]) if reshaped else field)
        depth = max([every[source].depth for source in sources], default=0) + applied.operation.counts_in_depth
        every.append(Layer(position, node, counts, field, sight.stride, sight.whole, field_in, depth, setup))
    trunk = _totals(uses, training=False)
    branches = _totals(uses, training=True)
    has_side = any(multiplicity.training for use in uses.values() for multiplicity in use.by_multiplicity)
    side = tuple(layer for layer in every if layer.training) if has_side else ()
    layers = every if training or not side else [layer for layer in every if not layer.training]
    totals = trunk.plus(branches) if training and side else trunk
    depth = max(layer.depth for layer in layers)
    counted = Counted(network, tuple(layers), side)
    apart = branches if side else None
    return Report(network.spec, network.inputs, setup, training, totals, depth, len(layers), apart, lambda: counted)


def _refuse_beyond_measure(
    network: Network, node: Node, field: tuple[int, int] | None, stride: tuple[Any, Any] | None
) -> None:
    """Raise SpecError if a receptive field or an effective stride is beyond MAX_REACH."""
    pixels = (*(field or ()), *(stride or ()))
    if any(size.numerator > MAX_REACH or size.denominator > MAX_REACH for size in pixels):
        reach = f"{MAX_REACH:,} pixels, or as small a fraction"
        message = f"{node.name}: its receptive field or effective stride is larger than {reach}"
        raise network.spec.wrong(NodeError(node.place, message))


def _flowing_in(applied: Applied, sources: list[Seen], view: FieldOfView) -> Seen:
    """Return what is seen by what flows in; a gate 1 high or wide does not widen what it gates, but may see all.

    The field would depend on the size of the image otherwise; published tables leave such gates out.
    """
    if len(sources) == 1:
        return sources[0]
    if not sources:
        return IMAGE
    if applied.operation.broadcasts and any(shape[1:] != applied.output[1:] for shape in applied.inputs):
        rows, columns = (
            [seen for seen, shape in zip(sources, applied.inputs, strict=True) if shape[axis] == applied.output[axis]]
            for axis in (1, 2)
        )
        return view.gated(rows, columns, applied.output)
    if applied.operation.others_are_filters:
        return sources[0]._replace(whole=True)
    if applied.operation.others_seen_whole:
        others = zip(sources[1:], applied.inputs[1:], strict=True)
        sources = [sources[0], *(view.through(seen, read_whole_map(shape), applied.output) for seen, shape in others)]
        strides = sources[0].stride
        return view.merged(sources, applied.output)._replace(stride=strides)
    return view.merged(sources, applied.output)


class _Use:
    """The counts of an applied operation, and the number of its layers by multiplicity."""

    __slots__ = ("borrowed", "by_multiplicity", "counts")

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.by_multiplicity: dict[Multiplicity, int] = {}
        self.borrowed: dict[Multiplicity, int] = {}
        """Those of them that use the weights of another layer."""


def _totals(uses: dict[Applied, _Use], *, training: bool) -> Totals:
    """Add up the layers of the trunk, or of the training branches."""
    params = buffers = stored = 0
    ops: dict[str, int] = {}
    params_by_kind: dict[str, int] = {}
    skipped: Any = 0
    for use in uses.values():
        counts = use.counts
        for multiplicity, layers in use.by_multiplicity.items():
            if multiplicity.training != training:
                continue
            runs = layers * multiplicity.times
            owners = layers - use.borrowed.get(multiplicity, 0)
            params += counts.params * owners
            buffers += counts.buffers * owners
            stored += counts.stored * runs
            for kind, value in counts.params_by_kind.items():
                params_by_kind[kind] = params_by_kind.get(kind, 0) + value * owners
            for kind, value in counts.ops.items():
                ops[kind] = ops.get(kind, 0) + value * runs
            skipped += (1 - multiplicity.survival) * macs_in(counts.ops) * runs
    return Totals(params, params_by_kind, buffers, ops, stored, skipped)
