"""The structure of a graph: what runs one after another, what runs side by side, and knots that are neither.

Specs are series-parallel where they do not say ``from``: sequences, and merges with branches. Two reductions find that
structure again: a node with one way in and one way out joins the two ways, and two ways between the same nodes are
branches. What is left is cut at the nodes that every way passes; a remainder between two of them is a knot.

(Valdes, Tarjan, Lawler 1982, "The Recognition of Series Parallel Digraphs".)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

MAX_NESTED = 40
"""Levels of structure; what is nested deeper is laid out as a knot, in ranks."""


LONGEST_TAIL = 4
"""Nodes of a way out that is taken off, at most."""


class Wire:
    """Edges from one node straight to another, by their numbers."""

    __slots__ = ("edges", "key", "level")

    def __init__(self, edges: list[int], key: int) -> None:
        self.edges = edges
        self.key: int = key
        self.level: int = 0


class Run:
    """Nodes one after another: a way, a node, a way, ..., a way. The first and the last end outside."""

    __slots__ = ("key", "level", "parts")

    def __init__(self, parts: list[Way | int], key: int, level: int) -> None:
        self.parts = parts
        self.key: int = key
        self.level: int = level


class Branches:
    """Ways from one node to another, side by side."""

    __slots__ = ("key", "level", "ways")

    def __init__(self, ways: list[Way]) -> None:
        self.ways: list[Way] = []
        self.key: int = ways[0].key
        self.level: int = 0
        self.add(ways)

    def add(self, ways: list[Way]) -> None:
        """Add ways."""
        self.ways += ways
        self.key = min(self.key, *(way.key for way in ways))
        self.level = max(self.level, *(way.level + 1 for way in ways))

    def in_order(self) -> list[Way]:
        """Return the ways in the order in which the node that they lead to reads them."""
        return sorted(self.ways, key=lambda way: way.key)


class Knot:
    """Nodes between two others that are neither; ways lead from START and to END as well."""

    __slots__ = ("key", "level", "nodes", "ways")

    def __init__(self, nodes: list[int], ways: list[Link], key: int) -> None:
        self.nodes = nodes
        self.ways = ways
        self.key: int = key
        self.level: int = max((way.level for _, _, way in ways), default=0) + 1


Way = Wire | Run | Branches | Knot
Link = tuple[int, int, Way]

START, END = -1, -2
"""Where the ways of a structure come from and lead to."""


class Structure(NamedTuple):
    """A way from START to END, and what hangs on some of its nodes: ways that end where nothing reads them."""

    way: Way
    tails: dict[int, Way]


def structure(
    nodes: Sequence[int], edges: Iterable[tuple[int, int, list[int], int]], holders: Container[int] = ()
) -> Structure:
    """Return the structure of a graph from START to END.

    ``nodes`` are in an order in which edges point onwards. What leads from one node to another is given once: (from,
    to, edges by their numbers, key); where ways meet, they are put in the order of the keys of what they end with.
    Short ways out of ``holders`` are taken off (the heads of a detector) where the rest is no simple graph with them.
    """
    reduction = _Reduction(nodes)
    for source, target, numbers, key in edges:
        reduction.add(source, target, Wire(numbers, key))
    reduction.reduce()
    tails: dict[int, Way] = {}
    while len(reduction.into) > 1 and (found := reduction.tails(holders)):
        tails.update(found)
        reduction.reduce()
    left = [node for node in nodes if node in reduction.into]
    return Structure(_between(START, END, left, reduction.links()), tails)


class _Reduction:
    """A graph whose edges are ways, being reduced."""

    def __init__(self, nodes: Sequence[int]) -> None:
        self.into: dict[int, dict[int, Way]] = {node: {} for node in nodes}
        self.out: dict[int, dict[int, Way]] = {node: {} for node in nodes}
        self.into[END] = {}
        self.out[START] = {}
        self.waiting = list(reversed(nodes))

    def add(self, source: int, target: int, way: Way) -> None:
        """Add a way; beside another between the same nodes it becomes a branch."""
        beside = self.out[source].get(target)
        if beside is not None:
            way = _beside(beside, way)
            self.waiting += [node for node in (target, source) if node >= 0]
        self.out[source][target] = self.into[target][source] = way

    def reduce(self) -> None:
        """Join the ways through each node that has one way in and one way out, until there is no such node."""
        while self.waiting:
            node = self.waiting.pop()
            if node not in self.into or len(self.into[node]) != 1 or len(self.out[node]) != 1:
                continue
            ((source, before),) = self.into[node].items()
            ((target, after),) = self.out[node].items()
            if max(before.level, after.level) >= MAX_NESTED:
                continue
            del self.into[node], self.out[node], self.out[source][node], self.into[target][node]
            self.add(source, target, _joined(before, node, after))

    def tails(self, holders: Container[int]) -> dict[int, Way]:
        """Take off the short ways that lead from holders to where nothing reads them, and return them by that node."""
        found = {
            node: way
            for node, way in self.into[END].items()
            if node in holders and len(self.out[node]) > 1 and 0 < _length(way) <= LONGEST_TAIL
        }
        if len(found) == len(self.into[END]):
            found.popitem()
        for node in found:
            del self.into[END][node], self.out[node][END]
            self.waiting.append(node)
        return found

    def links(self) -> list[Link]:
        return [(source, target, way) for source, ways in self.out.items() for target, way in ways.items()]


def _length(way: Way) -> int:
    """Return how many nodes a way has that ends where nothing reads it; 0 for any other."""
    if isinstance(way, Branches):
        lengths = [_length(each) for each in way.ways]
        return sum(lengths) if all(lengths) else 0
    if isinstance(way, Knot | Wire) or any(isinstance(part, Knot) for part in way.parts):
        return 0
    last = way.parts[-1]
    if (isinstance(last, Wire) and last.edges) or (isinstance(last, Branches) and not _length(last)):
        return 0
    return sum(
        1 if isinstance(part, int) else max(_length(part), LONGEST_TAIL * isinstance(part, Branches))
        for part in way.parts
    )


def _joined(before: Way, node: int, after: Way) -> Way:
    """Return two ways and the node between them as one; the longer list takes up the other."""
    level = max(before.level + (before.__class__ is not Run), after.level + (after.__class__ is not Run))
    if isinstance(before, Run):
        before.parts.append(node)
        before.parts += after.parts if isinstance(after, Run) else [after]
        before.key, before.level = after.key, level
        return before
    return Run([before, node, *(after.parts if isinstance(after, Run) else [after])], after.key, level)


def _beside(first: Way, second: Way) -> Way:
    """Return two ways as branches; one that has some already takes up the other."""
    if isinstance(second, Branches) and not isinstance(first, Branches):
        first, second = second, first
    if not isinstance(first, Branches):
        return Branches([first, second])
    first.add(second.ways if isinstance(second, Branches) else [second])
    return first


def _between(start: int, end: int, nodes: list[int], links: list[Link], depth: int = 0) -> Way:
    """Return the structure of what a reduction left between two nodes: ``nodes`` in order."""
    if depth > MAX_NESTED:
        return _knot(start, end, nodes, links)
    cuts = _cuts(end, nodes, links)
    if not cuts:
        return _side_by_side(start, end, nodes, links, depth)
    section_of, number = {}, 0
    inner: list[list[int]] = [[]]
    for node in nodes:  # the section that ends at a cut, or in which a node is
        section_of[node] = number
        if node in cuts:
            number += 1
            inner.append([])
        else:
            inner[-1].append(node)
    section_of[end] = number
    own: list[list[Link]] = [[] for _ in inner]
    for link in links:
        own[section_of[link[1]]].append(link)
    ends = [start, *cuts, end]
    ways = [_side_by_side(ends[i], ends[i + 1], inner[i], own[i], depth) for i in range(len(inner))]
    parts = [part for way, last in zip(ways, ends[1:], strict=True) for part in (*_opened(way), last)]
    return Run(parts[:-1], ways[-1].key, max(way.level for way in ways) + 1)


def _opened(way: Way) -> list[Way | int]:
    return way.parts if isinstance(way, Run) else [way]


def _cuts(end: int, nodes: list[int], links: list[Link]) -> dict[int, None]:
    """Return the nodes that every way to the end passes, in order."""
    order = {node: number for number, node in enumerate([*nodes, end])}
    furthest = max((order[target] for source, target, _ in links if source not in order), default=0)
    reach = dict.fromkeys(nodes, 0)
    for source, target, _ in links:
        if source in reach:
            reach[source] = max(reach[source], order[target])
    cuts: dict[int, None] = {}
    for number, node in enumerate(nodes):
        if furthest == number:
            cuts[node] = None
        furthest = max(furthest, reach[node])
    return cuts


def _side_by_side(start: int, end: int, nodes: list[int], links: list[Link], depth: int) -> Way:
    """Return what lies between two nodes that are neighbours: one way, branches, or a knot."""
    if not nodes:
        (only,) = [way for _, _, way in links]
        return only
    sets = _components(nodes, links)
    direct = [way for source, target, way in links if source == start and target == end]
    if len(sets) == 1 and not direct:
        return _knot(start, end, nodes, links)
    ways: list[Way] = direct
    for inside in sets:
        own = [link for link in links if link[0] in inside or link[1] in inside]
        ways.append(_between(start, end, [node for node in nodes if node in inside], own, depth + 1))
    return Branches([way for each in ways for way in (each.ways if isinstance(each, Branches) else [each])])


def _knot(start: int, end: int, nodes: list[int], links: list[Link]) -> Knot:
    ends = {start: START, end: END}
    own = [(ends.get(source, source), ends.get(target, target), way) for source, target, way in links]
    return Knot(nodes, own, min(way.key for _, target, way in own if target == END))


def _components(nodes: list[int], links: list[Link]) -> list[set[int]]:
    """Return sets of nodes that hang together, in the order of their first nodes."""
    near: dict[int, list[int]] = {node: [] for node in nodes}
    for source, target, _ in links:
        if source in near and target in near:
            near[source].append(target)
            near[target].append(source)
    found: list[set[int]] = []
    seen: set[int] = set()
    for node in nodes:
        if node in seen:
            continue
        inside, waiting = {node}, [node]
        while waiting:
            for other in near[waiting.pop()]:
                if other not in inside:
                    inside.add(other)
                    waiting.append(other)
        seen |= inside
        found.append(inside)
    return found
