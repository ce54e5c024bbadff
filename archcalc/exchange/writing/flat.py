"""A graph as items that are not folded: a line for each node, in groups that are the file's own modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.writing.names import RESERVED, Unique, clean, path_of
from archcalc.exchange.writing.references import References
from archcalc.exchange.writing.tree import Item
from archcalc.exchange.writing.words import INLINE, as_custom, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archcalc.exchange.graph import Graph, GraphNode


def flat_items(graph: Graph) -> list[Item]:
    """Return the items of a graph's nodes, each once, in an order in which each comes behind what it reads."""
    return _Flat(graph).items()


class Part:
    """A group that is being written: its items, its names, and its module's path in the file."""

    def __init__(self, module: str, path: str, names: Unique) -> None:
        self.module = module
        self.path = path
        self.names = names
        self.items: list[Item] = []


class _Flat:
    """Writes nodes one behind the other, opening and closing groups as their modules' paths do."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.users = graph.users()
        self.inputs = input_names(graph)
        self.references = References(self.inputs)
        self.owners: dict[tuple[str, ...], GraphNode] = {}
        self.flow = next(iter(self.inputs), -1)
        self.paths = [path_of(node) for node in graph.nodes]
        self.modules = {tuple(parts[:end]) for parts in self.paths for end in range(1, len(parts))}

    def items(self) -> list[Item]:
        """Write everything."""
        top = Part("", "", Unique((*RESERVED, *self.inputs.values())))
        trunk = [node for node in self.graph.nodes if node.word != "input" and not node.training]
        branches = training_parts(self.graph)
        for number, heads in branches.items():
            if number in self.inputs:
                self._train(heads, number, top)
        self._write(trunk, top, branches)
        self.references.write()
        return top.items

    def _write(self, nodes: Sequence[GraphNode], top: Part, branches: dict[int, list[list[GraphNode]]]) -> None:
        stack = [top]
        for place, node in enumerate(nodes):
            modules = self._groups(node)
            depth = 0
            while depth < len(modules) and depth + 1 < len(stack) and stack[depth + 1].module == modules[depth]:
                depth += 1
            del stack[depth + 1 :]
            for module in modules[depth:]:
                stack.append(self._open(module, stack[-1]))
            following = nodes[place + 1] if place + 1 < len(nodes) else None
            stack[-1].items.append(self._item(node, stack[-1], following))
            if node.id in branches:
                self._train(branches[node.id], node.id, stack[-1])

    def _groups(self, node: GraphNode) -> list[str]:
        """Return the module paths of the groups around a node, the outermost first."""
        parts = self.paths[node.id]
        inner = parts if tuple(parts) in self.modules else parts[:-1]
        return [".".join(parts[: end + 1]) for end in range(len(inner))]

    def _open(self, module: str, around: Part) -> Part:
        name = around.names(module.rpartition(".")[2])
        path = f"{around.path}{name}/"
        inside = Part(module, path, Unique())
        around.items.append(Item("layers", name=name, items=inside.items))
        self.references.opened(path)
        return inside

    def _item(self, node: GraphNode, part: Part, following: GraphNode | None) -> Item:
        word, settings = said(node, self.graph)
        owner = self.owners.setdefault(node.weights, node) if node.weights else node
        alike = (owner.settings, owner.word) == (node.settings, node.word) and owner.id in self.references
        if owner is not node and not alike:
            word, settings = as_custom(node, f"{node.word} with the weights of {owner.origin.name}")
            settings.pop("params", None)
        read = [user for user in self.users[node.id] if following is None or user != following.id or
                following.inputs != (node.id,)]  # fmt: skip
        named = read or word not in INLINE or len(self.users[node.id]) > 1
        item = Item(word, settings, node=node.id, name=part.names(self._name(node, word), word) if named else "")
        if node.inputs and node.inputs != (self.flow,):
            self.references.sources(item, part.path, node.inputs)
        if owner is not node and alike:
            self.references.weights(item, part.path, owner.id)
        self.references.written(item, part.path, part.names)
        self.flow = node.id
        return item

    def _name(self, node: GraphNode, word: str) -> str:
        parts = self.paths[node.id]
        return word if tuple(parts) in self.modules else parts[-1]

    def _train(self, heads: list[list[GraphNode]], source: int, part: Part) -> None:
        """Write branches for training behind the node that they hang off."""
        for nodes in heads:
            name = part.names(_common(nodes) or "training")
            inside = Part("", f"{part.path}{name}/", Unique())
            self.references.opened(inside.path)
            item = Item("training", name=name, items=inside.items)
            if self.flow != source:
                self.references.sources(item, part.path, (source,))
            self.flow = source
            for place, node in enumerate(nodes):
                following = nodes[place + 1] if place + 1 < len(nodes) else None
                inside.items.append(self._item(node, inside, following))
            self.flow = source
            part.items.append(item)


def input_names(graph: Graph) -> dict[int, str]:
    """Return how a spec calls the inputs: ``input`` where there is one."""
    nodes = graph.inputs
    if len(nodes) == 1:
        return {nodes[0].id: "input"}
    unique = Unique(())
    return {node.id: unique(_input_name(node)) for node in nodes}


def _input_name(node: GraphNode) -> str:
    return clean(str(node.settings.get("name") or node.origin.name)) or "input"


def training_parts(graph: Graph) -> dict[int, list[list[GraphNode]]]:
    """Return what only training needs, in connected parts, by the last node of the network that each reads."""
    part: dict[int, list[GraphNode]] = {}
    for node in graph.nodes:
        if not node.training:
            continue
        joined = [node]
        for source in node.inputs:
            if source in part and part[source] is not joined:
                joined = sorted(part[source] + joined, key=lambda each: each.id)
                for each in joined:
                    part[each.id] = joined
        part[node.id] = joined
    found: dict[int, list[list[GraphNode]]] = {}
    for nodes in {id(nodes): nodes for nodes in part.values()}.values():
        own = {node.id for node in nodes}
        sources = [source for node in nodes for source in node.inputs if source not in own]
        found.setdefault(max(sources, default=0), []).append(nodes)
    return found


def _common(nodes: Iterable[GraphNode]) -> str:
    """Return the last part of the path that all nodes' names begin with."""
    from os.path import commonprefix

    paths = [path_of(node) for node in nodes]
    shared = commonprefix(paths)
    return shared[-1] if shared else ""
