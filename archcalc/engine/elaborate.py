"""Writing a spec out: blocks, repeats and formulas become a flat list of nodes with shapes.

File order is execution order, and ``from`` looks back only, so a network has no cycles. Shapes are carried
along, because a formula may ask for the channels of what flows in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.naming import Names, explicit_names, names_inside
from archcalc.engine.network import Fit, Network, Node, State
from archcalc.engine.values import argument_values, bound, input_shape
from archcalc.errors import did_you_mean
from archcalc.limits import MAX_BLOCK_NESTING, MAX_CHANCES, MAX_LAYERS, MAX_NUMBER, MAX_STEPS
from archcalc.operations.base import Operation, Shape, Unfit
from archcalc.operations.input import Input
from archcalc.spec import readers
from archcalc.spec.formula import Scope
from archcalc.spec.model import (
    BlockItem,
    Item,
    MergeItem,
    OperationItem,
    TrainingItem,
    Words,
)
from archcalc.spec.source import no_cyclic_collection
from archcalc.spec.templates import Pool, bind
from archcalc.spec.tree import Node as TreeNode
from archcalc.spec.tree import Scalar, Wrong

if TYPE_CHECKING:
    from archcalc.spec.member import Spec
    from archcalc.spec.model import Block, Template

_repeat = readers.whole(0)
_times = readers.whole(1)
_when = readers.flag
_survival = readers.portion


def elaborate(spec: Spec, input: tuple[int, ...] | None = None) -> Network:
    """Write a spec out for an input of (channels, height, width), (size,) or its own; raise SpecError."""
    try:
        with no_cyclic_collection():
            return _Writer(spec, input).network()
    except Wrong as wrong:
        raise spec.wrong(wrong) from None


class _Writer:
    def __init__(self, spec: Spec, input: tuple[int, ...] | None) -> None:
        self.spec = spec
        self.blocks = spec.family.blocks
        self.pool = Pool()
        self.nodes: list[Node] = []
        self.outputs: dict[str, int] = {}
        self.fits: dict[tuple[Operation, Shape], Fit] = {}
        self.joined: dict[tuple[Operation, tuple[Shape, ...]], Fit] = {}
        self.remarks: list[str] = []
        self.reserved: dict[int, frozenset[str]] = {}
        self.values = argument_values(spec)
        self.shape = input_shape(spec, self.values, input)
        self.other_input = input is not None
        self.chances: set[object] = set()
        self.steps = 0
        self.nesting = 0

    def network(self) -> Network:
        image = Input.make({})
        self.nodes.append(Node("input", Fit(image, (), self.shape), (), Scalar("", True, 0, 0), State()))
        self.outputs["input"] = 0
        items = self.spec.family.items
        self.run(items, Scope(self.values, self.shape), 0, Names("", self.explicit(items)), State())
        return Network(self.spec, self.values, tuple(self.nodes), tuple(self.remarks))

    def run(self, items: tuple[Item, ...], scope: Scope, flow: int, names: Names, state: State) -> int:
        """Carry out items one after another; return the position of what flows out."""
        if not items:
            return flow
        self.nesting += 1
        if self.nesting > MAX_BLOCK_NESTING:
            raise Wrong(items[0].node, f"blocks and branches nested more than {MAX_BLOCK_NESTING} levels deep")
        for item in items:
            self.step(item)
            if item.words is None:
                flow = self.once(item, None, scope, flow, names, state)
            else:
                flow = self.worded(item, item.words, scope, flow, names, state)
        self.nesting -= 1
        return flow

    def step(self, item: Item) -> None:
        """Count an item that is carried out; raise Wrong where too many add no layer."""
        self.steps += 1
        if self.steps > MAX_STEPS and self.steps > MAX_STEPS + 3 * len(self.nodes):
            raise Wrong(item.node, f"more than {MAX_STEPS:,} items to carry out, most of which add no layer")

    def worded(self, item: Item, words: Words, scope: Scope, flow: int, names: Names, state: State) -> int:
        """Carry out an item as the words about it say."""
        before = flow
        if words.source is not None:
            flow = self.find(words.source, names.prefix, item.node, state)
        scope.shape = self.nodes[flow].fit.output
        if words.when is not None and not _when(words.when(scope)):
            return before
        if words.times is not None:
            state = state._replace(times=state.times * _times(words.times(scope)))
            if state.times > MAX_NUMBER:
                raise Wrong(item.node, f"runs {state.times:,} times; {MAX_NUMBER:,} are the most")
        if words.survival is not None:
            state = self.chance(words.survival, scope, state, item.node)
        if words.repeat is None:
            return self.once(item, words.name, scope, flow, names, state)
        count = _repeat(words.repeat(scope))
        if count > MAX_LAYERS:
            raise Wrong(item.node, f"repeat: {count:,}; a network has at most {MAX_LAYERS:,} layers")
        inner = names if words.name is None else self.part(names, words.name, item.node, frozenset())
        for index in range(1, count + 1):
            self.step(item)
            name = None if words.name is None else str(index)
            flow = self.once(item, name, Scope(scope.values, scope.shape, index), flow, inner, state)
        if words.name is not None:
            self.outputs[names.prefix + words.name] = flow
        return flow

    def chance(self, survival: Template, scope: Scope, state: State, node: TreeNode) -> State:
        """Return the state of what runs with a probability."""
        state = state._replace(survival=state.survival * _survival(survival(scope)))
        self.chances.add(state.survival)
        if state.survival.denominator > MAX_NUMBER:
            raise Wrong(node, f"survival: together a fraction of more than 1/{MAX_NUMBER:,}")
        if len(self.chances) > MAX_CHANCES:
            raise Wrong(node, f"survival: more than {MAX_CHANCES:,} different probabilities in one network")
        return state

    def once(self, item: Item, name: str | None, scope: Scope, flow: int, names: Names, state: State) -> int:
        """Carry out an item one time."""
        kind = item.__class__
        if kind is OperationItem:
            return self.operation(item, name, scope, flow, names, state)  # type: ignore[arg-type]
        if kind is BlockItem:
            return self.block(item, name, scope, flow, names, state)  # type: ignore[arg-type]
        if kind is MergeItem:
            return self.merge(item, name, scope, flow, names, state)  # type: ignore[arg-type]
        assert isinstance(item, TrainingItem)
        return self.training(item, name, scope, flow, names, state)

    def operation(
        self, item: OperationItem, name: str | None, scope: Scope, flow: int, names: Names, state: State
    ) -> int:
        shape = self.nodes[flow].fit.output
        operation = item.operation
        if operation is None:
            scope.shape = shape
            operation = self.build(item, scope)
        fit = self.fits.get((operation, shape))
        if fit is None:
            fit = self.fits[operation, shape] = self.fitted(operation, (shape,), item, name, names)
        return self.add(item, name, fit, (flow,), names, state)

    def build(self, item: OperationItem, scope: Scope) -> Operation:
        """Build the operation of an item whose settings have formulas."""
        values = dict(item.constants)
        settings = item.type.settings
        for name, template in item.templates.items():
            values[name] = settings[name].type(template(scope))
        try:
            return self.pool.make(item.type, values)
        except Unfit as unfit:
            raise Wrong(item.node, f"{item.type.word}: {unfit}") from None

    def fitted(
        self, operation: Operation, shapes: tuple[Shape, ...], item: Item, name: str | None, names: Names
    ) -> Fit:
        """Work out the output's shape; raise Wrong, with the layer's name, where there is none."""
        try:
            output = operation.output(*shapes)
            if max(output) > MAX_NUMBER:
                raise Unfit(f"its output, {output}, is larger than {MAX_NUMBER:,}")
            return Fit(operation, shapes, output)
        except Unfit as unfit:
            called = names.prefix + (name or names.number(item.word))
            raise _Misfit(item.node, f"{called}: {unfit}") from None

    def add(self, item: Item, name: str | None, fit: Fit, sources: tuple[int, ...], names: Names, state: State) -> int:
        """Append a node; return its position."""
        position = len(self.nodes)
        if position >= MAX_LAYERS:
            raise Wrong(item.node, f"more than {MAX_LAYERS:,} layers")
        full = names.prefix + (name or names.number(item.word))
        if full in self.outputs:
            raise Wrong(item.node, f"the name '{full}' stands twice")
        self.nodes.append(Node(full, fit, sources, item.node, state))
        self.outputs[full] = position
        return position

    def part(self, names: Names, name: str, node: TreeNode, reserved: frozenset[str]) -> Names:
        """Open a part of the network under a name of its own."""
        full = names.prefix + name
        if full in self.outputs:
            raise Wrong(node, f"the name '{full}' stands twice")
        return Names(full + "/", reserved)

    def block(self, item: BlockItem, name: str | None, scope: Scope, flow: int, names: Names, state: State) -> int:
        scope.shape = shape = self.nodes[flow].fit.output
        block, arguments = self.called(item, scope)
        given = {name: readers.literal(template(scope)) for name, template in arguments.items()}
        values = bound(block.arguments, given, self.values, shape)
        own = name or names.number(block.name)
        inner = self.part(names, own, item.node, self.explicit(block.items))
        flow = self.run(block.items, Scope(values, shape), flow, inner, state)
        self.outputs[names.prefix + own] = flow
        return flow

    def called(self, item: BlockItem, scope: Scope) -> tuple[Block, dict[str, Template]]:
        """Return the block that an item calls, and its arguments by name."""
        if isinstance(item.block, str):
            assert isinstance(item.arguments, dict)
            return self.blocks[item.block], item.arguments
        word = readers.text(item.block(scope))
        block = self.blocks.get(word)
        if block is None:
            raise Wrong(item.node, f"no block '{word}'{did_you_mean(word, self.blocks)}")
        return block, bind(word, block.arguments, item.arguments, item.node)

    def merge(self, item: MergeItem, name: str | None, scope: Scope, flow: int, names: Names, state: State) -> int:
        inner = names if name is None else self.part(names, name, item.node, names_inside(item))
        shape = self.nodes[flow].fit.output
        ends: list[int] = []
        for branch in item.branches:
            scope.shape = shape
            if branch.when is not None and not _when(branch.when(scope)):
                continue
            start = flow if branch.source is None else self.find(branch.source, names.prefix, branch.node, state)
            chance = state
            if branch.survival is not None:
                chance = self.chance(branch.survival, scope, state, branch.node)
            ends.append(self.run(branch.items, scope, start, inner, chance) if branch.items else start)
        if not ends:
            raise Wrong(item.node, f"no branch of {item.word} is left")
        if len(ends) > 1:
            shapes = tuple(self.nodes[end].fit.output for end in ends)
            fit = self.joined.get((item.operation, shapes))
            if fit is None:
                fit = self.joined[item.operation, shapes] = self.fitted(item.operation, shapes, item, None, inner)
            ends = [self.add(item, None, fit, tuple(ends), inner, state)]
        if name is not None:
            self.outputs[names.prefix + name] = ends[0]
        return ends[0]

    def training(
        self, item: TrainingItem, name: str | None, scope: Scope, flow: int, names: Names, state: State
    ) -> int:
        """Carry out a branch off the trunk; at another input than the spec's own it need not fit."""
        own = name or names.number(item.word)
        inner = self.part(names, own, item.node, self.explicit(item.items))
        before, known, nesting = len(self.nodes), len(self.outputs), self.nesting
        try:
            self.run(item.items, scope, flow, inner, state._replace(training=True))
        except _Misfit as misfit:
            if not self.other_input:
                raise
            del self.nodes[before:]
            while len(self.outputs) > known:
                self.outputs.popitem()
            self.nesting = nesting
            self.remarks.append(f"{own}, a branch for training, does not fit this input and is left out: {misfit}")
        return flow

    def find(self, source: str, prefix: str, node: TreeNode, state: State) -> int:
        """Return the position that an earlier name stands for, looking from the inside out."""
        while True:
            known = self.outputs.get(prefix + source)
            if known is not None:
                if self.nodes[known].state.training and not state.training:
                    raise Wrong(node, f"from: '{source}' belongs to a branch for training, which the trunk cannot read")
                return known
            if not prefix:
                hint = did_you_mean(source, reversed(self.outputs))
                raise Wrong(node, f"from: no layer '{source}' stands before this one{hint}")
            prefix = prefix[: prefix.rfind("/", 0, -1) + 1]

    def explicit(self, items: tuple[Item, ...]) -> frozenset[str]:
        """Return the names that the items of one part give themselves, once for each list of items."""
        known = self.reserved.get(id(items))
        if known is None:
            known = self.reserved[id(items)] = frozenset(explicit_names(items))
        return known


class _Misfit(Wrong):
    """A shape that cannot be."""
