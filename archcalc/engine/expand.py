"""Expand a spec into a flat list of nodes with shapes.

Names refer to earlier layers only, so a network has no cycles. Shapes are known at every step: formulas may use them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.arguments import argument_values, bound, called_block, check_requirements, input_shapes
from archcalc.engine.block_cache import Expansion, call_key, looks_outside, looks_up_names, renamed_copies
from archcalc.engine.builder import NetworkBuilder, ShapeMismatchError
from archcalc.engine.context import Context, repetitions, with_survival, with_times
from archcalc.engine.names import Names, names_inside
from archcalc.engine.network import Multiplicity, Network
from archcalc.engine.references import find, full_name_of, names_of, source_of
from archcalc.language.formula import Scope
from archcalc.language.model import BlockItem, GroupItem, MergeItem, OperationItem, TrainingItem
from archcalc.limits import MAX_BLOCK_NESTING, MAX_EXPANSIONS, MAX_LAYERS, MAX_STEPS
from archcalc.operations.base import ShapeError
from archcalc.text import readers
from archcalc.text.source import no_cyclic_collection
from archcalc.text.tree import NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from archcalc.engine.arguments import Size
    from archcalc.language.model import Item, Modifiers, Reference
    from archcalc.language.networks import NetworkSpec
    from archcalc.operations.base import Operation, Shape


def expand(spec: NetworkSpec, input: Size | Mapping[str, Size] | None = None) -> Network:
    """Expand a spec for its own input, another size, or sizes by name; raise SpecError if that is impossible."""
    try:
        with no_cyclic_collection():
            return Expander(spec, input).network()
    except NodeError as error:
        raise spec.wrong(error) from None


class Expander:
    """Walks through the items of a spec with its shapes; what reads a spec otherwise may follow its steps."""

    def __init__(self, spec: NetworkSpec, input: Size | Mapping[str, Size] | None) -> None:
        self.spec = spec
        self.blocks = spec.family.blocks
        self.pool = spec.family.pool
        self.other_input = input is not None
        self.values = argument_values(spec)
        self.inputs = input_shapes(spec, self.values, input)
        self.built = NetworkBuilder(self.pool)
        self.built.remarks += spec.family.remarks
        self.expansions: dict[Hashable, Expansion] = {}
        self.outside = looks_outside(spec.family)
        self.finds_names = looks_up_names(spec.family)
        self.steps = 0
        self.nesting = 0

    def network(self) -> Network:
        """Expand the network."""
        built = self.built
        for name, shape in self.inputs.items():
            built.add_input(name, shape)
        items = self.spec.family.items
        names = Names("", built.explicit(items) | self.inputs.keys())
        self.run(items, Context(self.values, None, names, Multiplicity(), 0, ""), 0)
        return built.network(self.spec, self.values)

    def run(self, items: tuple[Item, ...], context: Context, flow: int) -> int:
        """Expand items one after another; return the position of the output."""
        if not items:
            return flow
        self.nesting += 1
        if self.nesting > MAX_BLOCK_NESTING:
            raise NodeError(items[0].node, f"blocks and branches nested more than {MAX_BLOCK_NESTING} levels deep")
        for item in items:
            self.count_step(item, 1 + item.cost)
            if item.modifiers is None:
                flow = self.expand_once(item, None, context, (flow,))
            else:
                out = self.expand_modified(item, item.modifiers, context, flow)
                flow = flow if out is None else out
        self.nesting -= 1
        return flow

    def count_step(self, item: Item, steps: int = 1) -> None:
        """Count work on an item; raise NodeError if too much of it adds no layer."""
        self.steps += steps
        if self.steps > MAX_STEPS and self.steps > MAX_STEPS + 3 * len(self.built.nodes):
            raise NodeError(item.node, f"more than {MAX_STEPS:,} items to expand, most of which add no layer")

    def expand_modified(
        self, item: Item, modifiers: Modifiers, context: Context, flow: int, shape: Shape | None = None
    ) -> int | None:
        """Expand an item as its modifiers say; return None if they leave it out.

        ``shape`` is the input that its formulas see: what it reads, or for a branch what the merge reads.
        """
        sources: tuple[int, ...] = (flow,)
        if shape is not None and not context.applies(modifiers, shape):
            return None
        if modifiers.sources is not None:
            try:
                sources = self.sources(item, modifiers.sources, context, flow)
            except NodeError:  # what is left out need not find what it would have read
                if context.applies(modifiers, self.built.shape(flow)):
                    raise
                return None
        if shape is None:
            shape = self.built.shape(sources[0])
            if not context.applies(modifiers, shape):
                return None
        scope = context.scope(shape)
        if modifiers.times is not None:
            context = with_times(item, modifiers.times, scope, context)
        if modifiers.survival is not None:
            context = with_survival(self.built, item, modifiers.survival, scope, context)
        if modifiers.repeat is not None:
            return self.expand_repeated(item, modifiers, scope, context, sources)
        return self.expand_sharing(item, modifiers.name, modifiers, context, sources)

    def expand_repeated(
        self, item: Item, modifiers: Modifiers, scope: Scope, context: Context, sources: tuple[int, ...]
    ) -> int | None:
        """Expand an item as often as it is repeated; return None if never."""
        assert modifiers.repeat is not None
        count, name = repetitions(item, modifiers.repeat, scope), modifiers.name
        if count == 0:
            return None
        start, names = len(self.built.nodes), context.names
        inner = names if name is None else self.built.open(names, name, item.node, frozenset())
        flow = sources[0]
        for index in range(1, count + 1):
            self.count_step(item, 1 + item.cost)
            inside = context._replace(repetition=index, names=inner)
            flow = self.expand_sharing(item, None if name is None else str(index), modifiers, inside, sources)
            sources = (flow,)
        if name is not None:
            self.built.close(names.prefix + name, start, flow)
        return flow

    def expand_sharing(
        self, item: Item, name: str | None, modifiers: Modifiers, context: Context, sources: tuple[int, ...]
    ) -> int:
        """Expand an item once, with the weights of an earlier one if its modifiers say so."""
        if modifiers.weights is None:
            return self.expand_once(item, name, context, sources)
        owner = full_name_of(self.built, modifiers.weights, context)
        start, own_name = len(self.built.nodes), name or context.names.number(item.word)
        flow = self.expand_once(item, own_name, context, sources)
        self.built.share_weights(start, context.names.prefix + own_name, owner, item.node)
        return flow

    def expand_once(self, item: Item, name: str | None, context: Context, sources: tuple[int, ...]) -> int:
        """Expand an item once; return the position of the output."""
        kind = item.__class__
        if kind is OperationItem:
            return self.operation(item, name, context, sources)  # type: ignore[arg-type]
        if len(sources) > 1:
            raise NodeError(item.node, f"{item.word} takes one input; its 'from' names {len(sources)}")
        if kind is BlockItem:
            return self.block(item, name, context, sources[0])  # type: ignore[arg-type]
        if kind is MergeItem:
            return self.merge(item, name, context, sources[0])  # type: ignore[arg-type]
        if kind is GroupItem:
            return self.group(item, name, context, sources[0])  # type: ignore[arg-type]
        assert isinstance(item, TrainingItem)
        return self.training(item, name, context, sources[0])

    def operation(self, item: OperationItem, name: str | None, context: Context, sources: tuple[int, ...]) -> int:
        """Add a layer."""
        if len(sources) > 1 and not item.type.takes_several:
            raise NodeError(item.node, f"{item.word} takes one input; its 'from' names {len(sources)}")
        full = context.names.prefix + (name or context.names.number(item.word))
        if len(sources) == 1 and item.type.has_branches:
            if name is not None:
                self.built.close(full, len(self.built.nodes), sources[0])
            return sources[0]
        operation = item.operation or self.build(item, context, self.built.shape(sources[0]))
        return self.built.add(item, full, operation, sources, context.multiplicity)

    def build(self, item: OperationItem, context: Context, shape: Shape) -> Operation:
        """Build the operation of an item whose settings have formulas or refer to another layer."""
        values = dict(item.constants)
        settings = item.type.settings
        scope = context.scope(shape)
        for name, deferred in item.deferred.items():
            values[name] = settings[name].type(deferred(scope))
        for name, reference in item.likes.items():
            size = self.built.shape(find(self.built, reference, context))[1:]
            values[name] = settings[name].type(Scalar(size, False, reference.node.line, reference.node.column))
        try:
            return self.pool.make(item.type, values)
        except ShapeError as error:
            raise NodeError(item.node, f"{item.type.word}: {error}") from None

    def group(self, item: GroupItem, name: str | None, context: Context, flow: int) -> int:
        """Expand the items of a group."""
        if name is None:
            return self.run(item.items, context, flow)
        built, names = self.built, context.names
        start, inner = len(built.nodes), built.open(names, name, item.node, built.explicit(item.items))
        flow = self.run(item.items, context._replace(names=inner), flow)
        built.close(names.prefix + name, start, flow)
        return flow

    def block(self, item: BlockItem, name: str | None, context: Context, flow: int) -> int:
        """Expand the call of a block, or copy an equal one."""
        built, names = self.built, context.names
        shape = built.shape(flow)
        block, arguments = called_block(item, self.blocks, context.scope(shape))
        given = {word: readers.argument(value(context.scope(shape))) for word, value in arguments.items()}
        own_name = name or names.number(block.name)
        inner = built.open(names, own_name, item.node, built.explicit(block.items))
        call = call_key(block.name, given, shape, context.multiplicity)
        known, start = self.expansions.get(call), len(built.nodes)
        if known is not None:
            flow = self.expand_again(known, item, inner.prefix, flow)
            built.call_again(known, inner, name is None)
        else:
            self.count_step(item, sum(argument.cost for argument in block.arguments.values()))
            values = bound(block.arguments, given, self.values, shape)
            check_requirements(block.require, Scope(values, shape))
            steps, entry, first_name, calls = self.steps, flow, len(built.named), len(built.calls)
            built.call(inner, block, values, name is None)
            inside = Context(values, None, inner, context.multiplicity, entry, names.prefix)
            flow = self.run(block.items, inside, entry)
            if block.name not in self.outside and len(self.expansions) < MAX_EXPANSIONS:
                ends = (start, len(built.nodes), inner.prefix, entry, flow, self.steps - steps)
                self.expansions[call] = Expansion(*ends, first_name, len(built.named), tuple(built.calls[calls:]))
        built.close(names.prefix + own_name, start, flow)
        return flow

    def expand_again(self, known: Expansion, item: BlockItem, prefix: str, flow: int) -> int:
        """Repeat a call that has been expanded before; return the position of the output."""
        nodes = self.built.nodes
        shift = len(nodes) - known.start
        if known.end + shift > MAX_LAYERS:
            raise NodeError(item.node, f"more than {MAX_LAYERS:,} layers")
        self.count_step(item, known.steps + 1)
        start = len(nodes)
        nodes += list(renamed_copies(nodes, known, prefix, flow))
        if self.finds_names:
            self.built.name_again(known, start, prefix)
        return known.exit + shift if known.exit >= known.start else flow

    def merge(self, item: MergeItem, name: str | None, context: Context, flow: int) -> int:
        """Expand branches, and add what joins them."""
        built, names = self.built, context.names
        shape, start = built.shape(flow), len(built.nodes)
        inner = names if name is None else built.open(names, name, item.node, names_inside(item))
        inside = context._replace(names=inner)
        ends = []
        for branch in item.branches:
            self.count_step(item)
            if branch.modifiers is None:
                ends.append(self.run(branch.items, inside, flow))
            else:
                end = self.expand_modified(branch, branch.modifiers, inside, flow, shape)
                ends += [] if end is None else [end]
        if not ends:
            raise NodeError(item.node, f"all branches of {item.word} are left out")
        if len(ends) > 1:
            full = inner.prefix + inner.number(item.word)
            operation = item.join.operation or self.build(item.join, context, shape)
            ends = [built.add(item, full, operation, tuple(ends), context.multiplicity)]
        if name is not None:
            built.close(names.prefix + name, start, ends[0])
        return ends[0]

    def training(self, item: TrainingItem, name: str | None, context: Context, flow: int) -> int:
        """Expand a branch off the trunk; at another input than the spec's own it need not fit."""
        built = self.built
        own_name = name or context.names.number(item.word)
        inner = built.open(context.names, own_name, item.node, built.explicit(item.items))
        multiplicity = context.multiplicity._replace(training=True)
        before, known, nesting = len(built.nodes), len(built.named), self.nesting
        try:
            self.run(item.items, context._replace(names=inner, multiplicity=multiplicity), flow)
        except ShapeMismatchError as error:
            if not self.other_input:
                raise
            built.forget(before, known, inner.prefix)
            self.expansions = {call: each for call, each in self.expansions.items() if each.end <= before}
            self.nesting = nesting
            left_out = f"{own_name}, a training branch, does not fit this input and is left out: {error}"
            built.remarks.append(left_out)
        return flow

    def sources(self, item: Item, references: tuple[Reference, ...], context: Context, flow: int) -> tuple[int, ...]:
        """Return the positions of what an item reads."""
        shape = self.built.shape(flow)
        found = []
        for reference in references:
            for name in names_of(reference, context.scope(shape)):
                self.count_step(item)
                found.append(source_of(self.built, name, reference, context))
        return tuple(found)
