"""Series-parallel recovery: a graph as a sequence of items, each merge with the branches between it and its fork.

The fork of a merge is its immediate dominator: all paths to the merge go through it (Cooper, Harvey and Kennedy 2001,
"A Simple, Fast Dominance Algorithm"; in topological order one pass is enough). A node that is read from outside of its
branch gets a name, by which the other reader finds it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from archcalc.exchange.folding.parts import LARGER, Branch, Part, every
from archcalc.exchange.writing.flat import training_parts
from archcalc.exchange.writing.words import BRANCHED, as_custom, said

if TYPE_CHECKING:
    from archcalc.exchange.graph import Graph, GraphNode

LONG = 40
"""Nodes of a branch beyond which it is no branch to a reader, but the network itself."""

ROOT = -1


def structured(graph: Graph) -> list[Part]:
    """Return the items of a network: its trunk, then what else there is to its other outputs."""
    return _Structure(graph).parts()


class _Structure:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.inputs = prefixed(graph)
        self.dominator = dominators(self.inputs)
        self.claimed = {node.id for node in graph.nodes if node.word == "input"}
        self.owners: dict[tuple[str, ...], GraphNode] = {}
        self.shared: set[int] = set()
        for node in graph.nodes:
            if node.weights and self.owners.setdefault(node.weights, node) is not node:
                self.shared |= {node.id, self.owners[node.weights].id}

    def parts(self) -> list[Part]:
        first = next((node.id for node in self.graph.nodes if node.word == "input"), ROOT)
        trunk: list[Part] = []
        flow = first
        for output in sorted({output.node for output in self.graph.outputs if not output.training}):
            if output in self.claimed:
                continue
            source, found = self.chain(output, ROOT)
            if source not in (ROOT, flow):
                _start_from(found, source)
            trunk += found
            flow = output
        self._add_training(trunk)
        self._share(trunk)
        self._pin(trunk)
        return trunk

    def chain(self, node: int, stop: int) -> tuple[int, list[Part]]:
        """Return the items from ``stop`` to a node, and the node that they begin at where another item has it."""
        found: list[Part] = []
        source = ROOT
        while node != stop and node != ROOT:
            if node in self.claimed:
                source = node
                break
            self.claimed.add(node)
            sources = self.inputs[node]
            part = self.part(node)
            if len(sources) < 2:
                found.append(part)
                node = sources[0] if sources else ROOT
                continue
            fork = self.dominator[node]
            branches = [self.chain(each, fork) for each in sources]
            if part.word not in BRANCHED:
                found += reversed(self._cut(part, branches, fork, sources))
            elif any(map(self._is_long, branches)):
                found += reversed(self._hoisted(part, branches, fork, sources))
            else:
                part.branches = [Branch(parts, begin) for begin, parts in branches]
                found.append(part)
            node = fork
        found.reverse()
        return source, found

    def part(self, number: int) -> Part:
        """Return the item of one node."""
        node = self.graph.nodes[number]
        word, settings = said(node, self.graph)
        weights = -1
        if number in self.shared and (owner := self.owners[node.weights]) is not node:
            if (owner.word, owner.settings) == (node.word, node.settings):
                weights = owner.id
            else:
                word, settings = as_custom(node, f"{node.word} with the weights of {owner.origin.name}")
                settings.pop("params", None)
        sources = self.inputs[number]
        fork = sources[0] if len(sources) == 1 else self.dominator[number]
        channels = self.graph.nodes[max(fork, 0)].shape[0]
        part = Part("merge" if len(sources) > 1 else "op", word, settings, number, channels)
        part.weights = weights
        return part

    def _is_long(self, branch: tuple[int, list[Part]]) -> bool:
        nodes = [number for part in branch[1] for number in part.in_order()]
        if len(nodes) > LONG:
            return True
        words = {self.graph.nodes[number].word for number in nodes}
        smaller = any(self.graph.nodes[number].settings.get("stride", 1) != 1 for number in nodes)
        return bool(words & LARGER) and (smaller or "max_pool" in words)

    def _cut(
        self, part: Part, branches: list[tuple[int, list[Part]]], fork: int, sources: tuple[int, ...]
    ) -> list[Part]:
        """Write branches one behind the other, and the merge as one that reads their ends by name."""
        found: list[Part] = []
        for begin, parts in branches:
            if parts and (found or begin != ROOT):
                _start_from(parts, begin if begin != ROOT else fork)
            found += parts
        part.kind = "op"
        part.sources = list(sources)
        part.pinned = True
        return [*found, part]

    def _hoisted(
        self, part: Part, branches: list[tuple[int, list[Part]]], fork: int, sources: tuple[int, ...]
    ) -> list[Part]:
        """Write long branches in front of their merge, which reads the last of them; short ones stay branches."""
        found: list[Part] = []
        flow = -1
        apart = [self._is_long(branch) or _is_read(branch, branches[at + 1 :]) for at, branch in enumerate(branches)]
        for at, (begin, parts) in enumerate(branches):
            if not apart[at]:
                continue
            if found or begin != ROOT:
                _start_from(parts, begin if begin != ROOT else fork)
            found += parts
            flow = at
        part.channels = self.graph.nodes[sources[flow]].shape[0]
        for at, (begin, parts) in enumerate(branches):
            if at == flow:
                part.branches.append(Branch([]))
            elif apart[at]:
                part.branches.append(Branch([], sources[at]))
            else:
                part.branches.append(Branch(parts, begin if begin != ROOT else fork))
        return [*found, part]

    def _add_training(self, trunk: list[Part]) -> None:
        """Put branches for training behind what they read."""
        for source, heads in training_parts(self.graph).items():
            for nodes in heads:
                own = {node.id for node in nodes}
                ends = [node.id for node in nodes if not any(node.id in self.inputs[other] for other in own)]
                inside: list[Part] = []
                for end in ends:
                    begin, parts = self.chain(end, source)
                    if begin not in (ROOT, source):
                        _start_from(parts, begin)
                    elif inside and parts:
                        _start_from(parts, source)
                    inside += parts
                part = Part("training", "training", {}, -1, 0)
                part.branches = [Branch(inside)]
                part.pinned = True
                _insert(trunk, part, source)

    def _share(self, trunk: list[Part]) -> None:
        """Let the first of those that share weights have them, as the spec reads them."""
        first: dict[tuple[str, ...], int] = {}
        parts = {part.node: part for part in every(trunk)}
        for number in [number for part in trunk for number in part.in_order()]:
            if number in self.shared and parts[number].word == self.graph.nodes[number].word:
                owner = first.setdefault(self.graph.nodes[number].weights, number)
                parts[number].weights = -1 if owner == number else owner

    def _pin(self, trunk: list[Part]) -> None:
        """Pin what cannot be part of a block: what reads several by name, and what has a part that is read."""
        readers = Counter(number for part in trunk for number in part.refs())
        for part in reversed(list(every(trunk))):
            own = Counter(part.refs())
            inside = every([inner for branch in part.branches for inner in branch.parts])
            outside = any(inner.pinned or readers[inner.last] > own[inner.last] for inner in inside)
            part.pinned = outside or bool(part.sources)


def _is_read(branch: tuple[int, list[Part]], others: list[tuple[int, list[Part]]]) -> bool:
    """Whether other branches read what is inside one, by name."""
    own = {number for part in branch[1] for number in part.in_order()}
    return any(begin in own or any(own & set(part.refs()) for part in parts) for begin, parts in others)


def _start_from(parts: list[Part], source: int) -> None:
    if parts:
        parts[0].source = source


def _insert(trunk: list[Part], part: Part, source: int) -> None:
    """Put a branch for training behind the item that it reads, or at the end, where it reads it by name."""
    for place, each in enumerate(trunk):
        if each.last == source:
            trunk.insert(place + 1, part)
            return
    part.source = source
    trunk.append(part)


def prefixed(graph: Graph) -> list[tuple[int, ...]]:
    """Return what each node reads, where concat(a, b) exists concat(a, b, c) as concat(concat(a, b), c).

    So a DenseNet, each of whose layers reads all layers before it, becomes a chain.
    """
    found: list[tuple[int, ...]] = []
    tries: dict[int, dict[int, int]] = {}
    at_end: dict[int, int] = {}
    for node in graph.nodes:
        if node.word != "concat" or len(node.inputs) < 2:
            found.append(node.inputs)
            continue
        place, taken, longest = -1, 0, -1
        for count, source in enumerate(node.inputs, 1):
            below = tries.setdefault(place, {})
            place = below.setdefault(source, len(tries))
            if place not in tries:
                tries[place] = {}
            if place in at_end and count < len(node.inputs):
                taken, longest = count, at_end[place]
        at_end.setdefault(place, node.id)
        found.append((longest, *node.inputs[taken:]) if taken else node.inputs)
    return found


def dominators(inputs: list[tuple[int, ...]]) -> list[int]:
    """Return the immediate dominator of each node: the last one that all paths to it go through."""
    found: list[int] = []
    depth: list[int] = []

    def level(node: int) -> int:
        return depth[node] if node >= 0 else 0

    for sources in inputs:
        common = sources[0] if sources else ROOT
        for other in sources[1:]:
            while common != other:
                if level(common) >= level(other):
                    common = found[common] if common >= 0 else ROOT
                else:
                    other = found[other]
        found.append(common)
        depth.append(level(common) + 1)
    return found
