"""Carrying out items as the words about them say: from, when, times, survival, repeat; and finding earlier names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.names import Names, explicit_names
from archcalc.errors import did_you_mean
from archcalc.language.formula import Scope
from archcalc.limits import MAX_BLOCK_NESTING, MAX_CHANCES, MAX_LAYERS, MAX_NUMBER, MAX_STEPS
from archcalc.text import readers
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from archcalc.engine.network import Multiplicity, Node
    from archcalc.language.deferred import Deferred
    from archcalc.language.model import Item, Modifiers
    from archcalc.text.tree import Node as TreeNode

repeats = readers.whole(0)
times = readers.whole(1)
when = readers.flag
probability = readers.portion


class Runner:
    """Runs lists of items; what an item does one time is said by a subclass, in ``once``."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.outputs: dict[str, int] = {}
        self.reserved: dict[int, frozenset[str]] = {}
        self.chances: set[object] = set()
        self.steps = 0
        self.nesting = 0

    def once(
        self, item: Item, name: str | None, scope: Scope, flow: int, names: Names, multiplicity: Multiplicity
    ) -> int:
        """Carry out an item one time; return the position of what flows out."""
        raise NotImplementedError

    def run(self, items: tuple[Item, ...], scope: Scope, flow: int, names: Names, multiplicity: Multiplicity) -> int:
        """Carry out items one after another; return the position of what flows out."""
        if not items:
            return flow
        self.nesting += 1
        if self.nesting > MAX_BLOCK_NESTING:
            raise NodeError(items[0].node, f"blocks and branches nested more than {MAX_BLOCK_NESTING} levels deep")
        for item in items:
            self.step(item)
            if item.modifiers is None:
                flow = self.once(item, None, scope, flow, names, multiplicity)
            else:
                flow = self.expand_modified(item, item.modifiers, scope, flow, names, multiplicity)
        self.nesting -= 1
        return flow

    def step(self, item: Item) -> None:
        """Count an item that is carried out; raise NodeError where too many add no layer."""
        self.steps += 1
        if self.steps > MAX_STEPS and self.steps > MAX_STEPS + 3 * len(self.nodes):
            raise NodeError(item.node, f"more than {MAX_STEPS:,} items to carry out, most of which add no layer")

    def expand_modified(
        self, item: Item, modifiers: Modifiers, scope: Scope, flow: int, names: Names, multiplicity: Multiplicity
    ) -> int:
        """Carry out an item as the words about it say."""
        before = flow
        if modifiers.source is not None:
            flow = self.find(modifiers.source, names.prefix, item.node, multiplicity)
        scope.shape = self.nodes[flow].applied.output
        if modifiers.when is not None and not when(modifiers.when(scope)):
            return before
        if modifiers.times is not None:
            multiplicity = multiplicity._replace(times=multiplicity.times * times(modifiers.times(scope)))
            if multiplicity.times > MAX_NUMBER:
                raise NodeError(item.node, f"runs {multiplicity.times:,} times; {MAX_NUMBER:,} are the most")
        if modifiers.survival is not None:
            multiplicity = self.chance(modifiers.survival, scope, multiplicity, item.node)
        if modifiers.repeat is None:
            return self.once(item, modifiers.name, scope, flow, names, multiplicity)
        count = repeats(modifiers.repeat(scope))
        if count > MAX_LAYERS:
            raise NodeError(item.node, f"repeat: {count:,}; a network has at most {MAX_LAYERS:,} layers")
        inner = names if modifiers.name is None else self.part(names, modifiers.name, item.node, frozenset())
        for index in range(1, count + 1):
            self.step(item)
            name = None if modifiers.name is None else str(index)
            flow = self.once(item, name, Scope(scope.values, scope.shape, index), flow, inner, multiplicity)
        if modifiers.name is not None:
            self.outputs[names.prefix + modifiers.name] = flow
        return flow

    def chance(self, survival: Deferred, scope: Scope, multiplicity: Multiplicity, node: TreeNode) -> Multiplicity:
        """Return the state of what runs with a probability."""
        multiplicity = multiplicity._replace(survival=multiplicity.survival * probability(survival(scope)))
        self.chances.add(multiplicity.survival)
        if multiplicity.survival.denominator > MAX_NUMBER:
            raise NodeError(node, f"survival: together a fraction of more than 1/{MAX_NUMBER:,}")
        if len(self.chances) > MAX_CHANCES:
            raise NodeError(node, f"survival: more than {MAX_CHANCES:,} different probabilities in one network")
        return multiplicity

    def find(self, source: str, prefix: str, node: TreeNode, multiplicity: Multiplicity) -> int:
        """Return the position that an earlier name stands for, looking from the inside out."""
        while True:
            known = self.outputs.get(prefix + source)
            if known is not None:
                if self.nodes[known].multiplicity.training and not multiplicity.training:
                    raise NodeError(
                        node, f"from: '{source}' belongs to a branch for training, which the trunk cannot read"
                    )
                return known
            if not prefix:
                hint = did_you_mean(source, reversed(self.outputs))
                raise NodeError(node, f"from: no layer '{source}' stands before this one{hint}")
            prefix = prefix[: prefix.rfind("/", 0, -1) + 1]

    def part(self, names: Names, name: str, node: TreeNode, reserved: frozenset[str]) -> Names:
        """Open a part of the network under a name of its own."""
        full = names.prefix + name
        if full in self.outputs:
            raise NodeError(node, f"the name '{full}' stands twice")
        return Names(full + "/", reserved)

    def explicit(self, items: tuple[Item, ...]) -> frozenset[str]:
        """Return the names that the items of one part give themselves, once for each list of items."""
        known = self.reserved.get(id(items))
        if known is None:
            known = self.reserved[id(items)] = frozenset(explicit_names(items))
        return known
