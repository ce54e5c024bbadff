"""Writing a spec out: blocks, repeats and formulas become a flat list of nodes with shapes.

File order is execution order, and ``from`` looks back only, so a network has no cycles. Shapes are carried
along, because a formula may ask for the channels of what flows in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.arguments import argument_values, bound, input_shape
from archcalc.engine.block_cache import Expansion, call_key, renamed_copies, uses_from
from archcalc.engine.names import Names, names_inside
from archcalc.engine.network import Applied, Multiplicity, Network, Node
from archcalc.engine.running import Runner, when
from archcalc.errors import did_you_mean
from archcalc.language.formula import Scope
from archcalc.language.model import (
    BlockItem,
    Item,
    MergeItem,
    OperationItem,
    TrainingItem,
    bind,
)
from archcalc.limits import MAX_LAYERS, MAX_NUMBER
from archcalc.operations.base import Operation, Shape, ShapeError
from archcalc.operations.input import Input
from archcalc.text import readers
from archcalc.text.source import no_cyclic_collection
from archcalc.text.tree import NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Hashable

    from archcalc.language.deferred import Deferred
    from archcalc.language.model import Block
    from archcalc.language.networks import NetworkSpec


def expand(spec: NetworkSpec, input: tuple[int, ...] | None = None) -> Network:
    """Write a spec out for an input of (channels, height, width), (size,) or its own; raise SpecError."""
    try:
        with no_cyclic_collection():
            return _Writer(spec, input).network()
    except NodeError as wrong:
        raise spec.wrong(wrong) from None


class _Writer(Runner):
    def __init__(self, spec: NetworkSpec, input: tuple[int, ...] | None) -> None:
        super().__init__()
        self.spec = spec
        self.blocks = spec.family.blocks
        self.pool = spec.family.pool
        self.applied_by_input = self.pool.applied
        self.remarks: list[str] = []
        self.values = argument_values(spec)
        self.shape = input_shape(spec, self.values, input)
        self.other_input = input is not None
        self.expansions: dict[Hashable, Expansion] = {}
        self.replays = not uses_from(spec.family)

    def network(self) -> Network:
        image = Input.make({})
        self.nodes.append(Node("input", Applied(image, (), self.shape), (), Scalar("", True, 0, 0), Multiplicity()))
        self.outputs["input"] = 0
        items = self.spec.family.items
        self.run(items, Scope(self.values, self.shape), 0, Names("", self.explicit(items)), Multiplicity())
        return Network(self.spec, self.values, tuple(self.nodes), tuple(self.remarks))

    def once(
        self, item: Item, name: str | None, scope: Scope, flow: int, names: Names, multiplicity: Multiplicity
    ) -> int:
        """Carry out an item one time."""
        kind = item.__class__
        if kind is OperationItem:
            return self.operation(item, name, scope, flow, names, multiplicity)  # type: ignore[arg-type]
        if kind is BlockItem:
            return self.block(item, name, scope, flow, names, multiplicity)  # type: ignore[arg-type]
        if kind is MergeItem:
            return self.merge(item, name, scope, flow, names, multiplicity)  # type: ignore[arg-type]
        assert isinstance(item, TrainingItem)
        return self.training(item, name, scope, flow, names, multiplicity)

    def operation(
        self, item: OperationItem, name: str | None, scope: Scope, flow: int, names: Names, multiplicity: Multiplicity
    ) -> int:
        shape = self.nodes[flow].applied.output
        operation = item.operation
        if operation is None:
            scope.shape = shape
            operation = self.build(item, scope)
        applied = self.applied_by_input.get((operation, shape))
        if applied is None:
            applied = self.applied_by_input[operation, shape] = self.apply(operation, (shape,), item, name, names)
        return self.add(item, name, applied, (flow,), names, multiplicity)

    def build(self, item: OperationItem, scope: Scope) -> Operation:
        """Build the operation of an item whose settings have formulas."""
        values = dict(item.constants)
        settings = item.type.settings
        for name, defer in item.deferred.items():
            values[name] = settings[name].type(defer(scope))
        try:
            return self.pool.make(item.type, values)
        except ShapeError as unfit:
            raise NodeError(item.node, f"{item.type.word}: {unfit}") from None

    def apply(
        self, operation: Operation, shapes: tuple[Shape, ...], item: Item, name: str | None, names: Names
    ) -> Applied:
        """Work out the output's shape; raise NodeError, with the layer's name, where there is none."""
        try:
            output = operation.output(*shapes)
            if max(output) > MAX_NUMBER:
                raise ShapeError(f"its output, {output}, is larger than {MAX_NUMBER:,}")
            return Applied(operation, shapes, output)
        except ShapeError as unfit:
            called = names.prefix + (name or names.number(item.word))
            raise _ShapeMismatchError(item.node, f"{called}: {unfit}") from None

    def add(
        self,
        item: Item,
        name: str | None,
        applied: Applied,
        sources: tuple[int, ...],
        names: Names,
        multiplicity: Multiplicity,
    ) -> int:
        """Append a node; return its position."""
        position = len(self.nodes)
        if position >= MAX_LAYERS:
            raise NodeError(item.node, f"more than {MAX_LAYERS:,} layers")
        full = names.prefix + (name or names.number(item.word))
        if full in self.outputs:
            raise NodeError(item.node, f"the name '{full}' stands twice")
        self.nodes.append(Node(full, applied, sources, item.node, multiplicity))
        self.outputs[full] = position
        return position

    def block(
        self, item: BlockItem, name: str | None, scope: Scope, flow: int, names: Names, multiplicity: Multiplicity
    ) -> int:
        scope.shape = shape = self.nodes[flow].applied.output
        block, arguments = self.called(item, scope)
        given = {name: readers.literal(defer(scope)) for name, defer in arguments.items()}
        values = bound(block.arguments, given, self.values, shape)
        own = name or names.number(block.name)
        inner = self.part(names, own, item.node, self.explicit(block.items))
        call = call_key(block.name, given, shape, multiplicity)
        expansions = self.expansions.get(call)
        if expansions is None:
            start, entry, steps = len(self.nodes), flow, self.steps
            flow = self.run(block.items, Scope(values, shape), flow, inner, multiplicity)
            if self.replays:
                self.expansions[call] = Expansion(start, len(self.nodes), inner.prefix, entry, flow, self.steps - steps)
        else:
            flow = self.again(expansions, item, inner.prefix, flow)
        self.outputs[names.prefix + own] = flow
        return flow

    def again(self, expansions: Expansion, item: BlockItem, prefix: str, flow: int) -> int:
        """Carry out a call that has been carried out before; return the position of what flows out."""
        shift = len(self.nodes) - expansions.start
        if expansions.end + shift > MAX_LAYERS:
            raise NodeError(item.node, f"more than {MAX_LAYERS:,} layers")
        self.steps += expansions.steps
        self.step(item)
        self.nodes += list(renamed_copies(self.nodes, expansions, prefix, flow))
        return expansions.exit + shift if expansions.exit >= expansions.start else flow

    def called(self, item: BlockItem, scope: Scope) -> tuple[Block, dict[str, Deferred]]:
        """Return the block that an item calls, and its arguments by name."""
        if isinstance(item.block, str):
            assert isinstance(item.arguments, dict)
            return self.blocks[item.block], item.arguments
        word = readers.text(item.block(scope))
        block = self.blocks.get(word)
        if block is None:
            raise NodeError(item.node, f"no block '{word}'{did_you_mean(word, self.blocks)}")
        return block, bind(word, block.arguments, item.arguments, item.node)

    def merge(
        self, item: MergeItem, name: str | None, scope: Scope, flow: int, names: Names, multiplicity: Multiplicity
    ) -> int:
        inner = names if name is None else self.part(names, name, item.node, names_inside(item))
        shape = self.nodes[flow].applied.output
        ends: list[int] = []
        for branch in item.branches:
            scope.shape = shape
            if branch.when is not None and not when(branch.when(scope)):
                continue
            start = flow if branch.source is None else self.find(branch.source, names.prefix, branch.node, multiplicity)
            chance = multiplicity
            if branch.survival is not None:
                chance = self.chance(branch.survival, scope, multiplicity, branch.node)
            ends.append(self.run(branch.items, scope, start, inner, chance) if branch.items else start)
        if not ends:
            raise NodeError(item.node, f"no branch of {item.word} is left")
        if len(ends) > 1:
            shapes = tuple(self.nodes[end].applied.output for end in ends)
            applied = self.applied_by_input.get((item.operation, shapes))
            if applied is None:
                applied = self.applied_by_input[item.operation, shapes] = self.apply(
                    item.operation, shapes, item, None, inner
                )
            ends = [self.add(item, None, applied, tuple(ends), inner, multiplicity)]
        if name is not None:
            self.outputs[names.prefix + name] = ends[0]
        return ends[0]

    def training(
        self, item: TrainingItem, name: str | None, scope: Scope, flow: int, names: Names, multiplicity: Multiplicity
    ) -> int:
        """Carry out a branch off the trunk; at another input than the spec's own it need not fit."""
        own = name or names.number(item.word)
        inner = self.part(names, own, item.node, self.explicit(item.items))
        before, known, nesting = len(self.nodes), len(self.outputs), self.nesting
        try:
            self.run(item.items, scope, flow, inner, multiplicity._replace(training=True))
        except _ShapeMismatchError as misfit:
            if not self.other_input:
                raise
            del self.nodes[before:]
            while len(self.outputs) > known:
                self.outputs.popitem()
            self.expansions = {
                call: expansions for call, expansions in self.expansions.items() if expansions.end <= before
            }
            self.nesting = nesting
            self.remarks.append(f"{own}, a branch for training, does not fit this input and is left out: {misfit}")
        return flow


class _ShapeMismatchError(NodeError):
    """A shape that cannot be."""
