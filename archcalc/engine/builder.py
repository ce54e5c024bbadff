"""The network under construction: its nodes, their names, and which layers share weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.engine.names import Names, explicit_names, nearest_names
from archcalc.engine.network import Applied, Call, Multiplicity, Network, Node
from archcalc.errors import printable
from archcalc.limits import MAX_LAYERS, MAX_NUMBER
from archcalc.operations.base import ShapeError
from archcalc.operations.input import Input
from archcalc.text.tree import NodeError, Scalar

if TYPE_CHECKING:
    from archcalc.engine.block_cache import Expansion
    from archcalc.language.deferred import Pool
    from archcalc.language.model import Block, Item
    from archcalc.language.networks import NetworkSpec
    from archcalc.operations.base import Operation, Shape
    from archcalc.text.tree import Node as TreeNode


class ShapeMismatchError(NodeError):
    """Shapes that do not fit."""


class NetworkBuilder:
    """Appends nodes and keeps track of their names."""

    def __init__(self, pool: Pool) -> None:
        self.applied = pool.applied
        self.nodes: list[Node] = []
        self.outputs: dict[str, int] = {}
        self.named: list[str] = []
        """All names in the order in which they were defined."""
        self.spans: dict[str, tuple[int, int]] = {}
        """The nodes of each named part: the first, and one past the last."""
        self.calls: list[Call] = []
        self.remarks: list[str] = []
        self.chances: set[object] = set()
        self.reserved: dict[int, frozenset[str]] = {}

    def shape(self, position: int) -> Shape:
        """Return the output shape of a node."""
        return self.nodes[position].applied.output

    def apply(self, operation: Operation, shapes: tuple[Shape, ...], item: Item, name: str) -> Applied:
        """Return an operation applied to shapes, one object for equal ones; raise NodeError if they do not fit."""
        key = (operation, shapes[0] if len(shapes) == 1 else shapes)
        known: Applied | None = self.applied.get(key)
        if known is not None:
            return known
        try:
            output = operation.output(*shapes)
            if max(output) > MAX_NUMBER:
                raise ShapeError(f"its output, {output}, is larger than {MAX_NUMBER:,}")
        except ShapeError as error:
            raise ShapeMismatchError(item.node, f"{name}: {error}") from None
        made = self.applied[key] = Applied(operation, shapes, output)
        return made

    def add_input(self, name: str, shape: Shape) -> None:
        """Append an input image, or another input."""
        self.let(name, len(self.nodes))
        nowhere = Scalar("", True, 0, 0)
        self.nodes.append(Node(name, Applied(Input.make({}), (), shape), (), nowhere, Multiplicity()))

    def add(
        self, item: Item, name: str, operation: Operation, sources: tuple[int, ...], multiplicity: Multiplicity
    ) -> int:
        """Append a layer under its full name; return its position."""
        nodes = self.nodes
        position = len(nodes)
        if position >= MAX_LAYERS:
            raise NodeError(item.node, f"more than {MAX_LAYERS:,} layers")
        if name in self.outputs:
            raise NodeError(item.node, f"duplicate name '{name}'")
        shapes = tuple([nodes[source].applied.output for source in sources])
        applied = self.apply(operation, shapes, item, name)
        nodes.append(Node(name, applied, sources, item.node, multiplicity))
        self.let(name, position)
        return position

    def let(self, name: str, position: int) -> None:
        """Let a full name mean the output at a position."""
        self.outputs[name] = position
        self.named.append(name)

    def open(self, names: Names, name: str, node: TreeNode, reserved: frozenset[str]) -> Names:
        """Begin a part of the network with a name of its own."""
        full = names.prefix + name
        if full in self.outputs:
            raise NodeError(node, f"duplicate name '{full}'")
        return Names(full + "/", reserved)

    def close(self, name: str, start: int, flow: int) -> None:
        """End a part that begins at position ``start``; its name means its output, ``flow``."""
        self.let(name, flow)
        self.spans[name] = (start, len(self.nodes))

    def explicit(self, items: tuple[Item, ...]) -> frozenset[str]:
        """Return the explicit names among the items of one part, computed once for each list of items."""
        known = self.reserved.get(id(items))
        if known is None:
            known = self.reserved[id(items)] = frozenset(explicit_names(items))
        return known

    def call(self, names: Names, block: Block, values: dict[str, Any], numbered: bool) -> None:
        """Note the call of a block, whose layers get names below its own."""
        arguments = {word: values[word] for word in block.arguments}
        self.calls.append(Call(names.prefix[:-1], block.name, arguments, numbered))

    def call_again(self, known: Expansion, names: Names, numbered: bool) -> None:
        """Note a call that has been expanded before, and those of the blocks that it called."""
        own, *inner = known.calls
        self.calls.append(own._replace(path=names.prefix[:-1], numbered=numbered))
        cut = len(known.prefix)
        for path, block, arguments, is_numbered in inner:
            self.calls.append(Call(names.prefix + path[cut:], block, arguments, is_numbered))

    def network(self, spec: NetworkSpec, values: dict[str, Any]) -> Network:
        """Return the network that has been built."""
        return Network(spec, values, tuple(self.nodes), tuple(dict.fromkeys(self.remarks)), tuple(self.calls))

    def full_name(self, name: str, prefix: str) -> str | None:
        """Return the full name of the layer or part that a name means, searching from the inside out."""
        while True:
            if prefix + name in self.outputs:
                return prefix + name
            if not prefix:
                return None
            prefix = prefix[: prefix.rfind("/", 0, -1) + 1]

    def no_layer(self, name: str, node: TreeNode) -> NodeError:
        """Return the error for a name that means no layer so far."""
        hint = nearest_names(name, reversed(self.outputs))
        return NodeError(node, f"no layer '{printable(name[:60])}' before this one{hint}")

    def name_again(self, known: Expansion, start: int, prefix: str) -> None:
        """Define the names of a repeated expansion, whose copies begin at a position."""
        shift, cut = start - known.start, len(known.prefix)
        for name in self.named[known.first_name : known.last_name]:
            position = self.outputs[name]
            self.let(prefix + name[cut:], position + shift if position >= known.start else position)
            if name in self.spans:
                first, behind = self.spans[name]
                self.spans[prefix + name[cut:]] = (first + shift, behind + shift)

    def forget(self, nodes: int, names: int, prefix: str) -> None:
        """Go back to an earlier state, with so many nodes and names, and no part with a prefix."""
        del self.nodes[nodes:]
        self.calls = [call for call in self.calls if not call.path.startswith(prefix)]
        for name in self.named[names:]:
            del self.outputs[name]
            self.spans.pop(name, None)
        del self.named[names:]

    def share_weights(self, start: int, prefix: str, owner: str, node: TreeNode) -> None:
        """Let the nodes from a position on, named below a prefix, use the weights of an earlier part."""
        first, behind = self.spans.get(owner, (self.outputs[owner], self.outputs[owner] + 1))
        if behind > start:
            raise NodeError(node, f"weights: '{owner}' does not end before this layer")
        owned = {_inside(self.nodes[position].name, owner): position for position in range(first, behind)}
        for position in range(start, len(self.nodes)):
            layer = self.nodes[position]
            if not layer.applied.has_weights:
                continue
            inside = _inside(layer.name, prefix)
            other = owned.get(inside)
            if other is None:
                raise NodeError(node, f"weights: '{owner}' has no layer '{inside or layer.name}' to share them with")
            if not layer.applied.same_weights(self.nodes[other].applied):
                raise NodeError(
                    node, f"weights: {layer.name} and {self.nodes[other].name} have weights of different sizes"
                )
            weights = self.nodes[other].weights
            self.nodes[position] = layer._replace(weights=other if weights is None else weights)


def _inside(name: str, part: str) -> str:
    """Return what a name is called inside a part; empty for the part itself."""
    return "" if name == part else name.removeprefix(part + "/")
