"""Equal branches: many paths that are all the same, between the same boxes, become one of them with their number.

So ResNeXt's blocks are drawn where somebody writes all their paths out (Xie et al. 2017, figure 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.graph import Graph, Group, renumbered

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from archcalc.draw.graph import Member
    from archcalc.draw.naming import Naming

FEWEST = 4
"""Equal branches from which on one of them stands for all."""


def fold_paths(graph: Graph, naming: Naming) -> Graph:
    """Return a graph in which of equal branches only the first is left."""
    boxes = graph.boxes
    classes: dict[Hashable, list[int]] = {}
    for place, key in enumerate(_keys(graph, naming)):
        if not boxes[place].merges and not boxes[place].outside:
            classes.setdefault(key, []).append(place)
    paths = {alike[0]: len(alike) for alike in classes.values() if len(alike) >= FEWEST}
    if not paths:
        return graph
    dropped = {place for alike in classes.values() if alike[0] in paths for place in alike[1:]}
    root = _without(graph.root, dropped, paths)
    kept = list(root.boxes)
    places = {place: number for number, place in enumerate(kept)}
    in_groups = dict(_paths_of_groups(root))
    left = tuple(
        boxes[place]._replace(
            sources=tuple(places[source] for source in boxes[place].sources if source in places),
            paths=paths.get(place, 1) // in_groups.get(place, 1),
        )
        for place in kept
    )
    return Graph(graph.report, left, renumbered(root, places))


def _keys(graph: Graph, naming: Naming) -> list[Hashable]:
    """Return for each box what it has in common with those that do the same between the same."""
    boxes = graph.boxes
    known: dict[Hashable, int] = {}
    own = [
        (box.repeat, *((id(layer.node.applied), layer.times, layer.training) for layer in box.row.layers))
        for box in boxes
    ]
    reads: list[int] = []
    for place, box in enumerate(boxes):
        sources = tuple(reads[source] for source in box.sources)
        reads.append(known.setdefault(("reads", own[place], sources or place), len(known)))
    readers: list[list[int]] = [[] for _ in boxes]
    is_read: list[int] = [0] * len(boxes)
    for place in range(len(boxes) - 1, -1, -1):
        key = ("is read", own[place], tuple(sorted(readers[place])) or place)
        is_read[place] = known.setdefault(key, len(known))
        for source in boxes[place].sources:
            readers[source].append(is_read[place])
    return [(reads[place], is_read[place], _pattern(box.name, naming)) for place, box in enumerate(boxes)]


def _pattern(name: str, naming: Naming) -> str:
    """Return the path of a box's group without the numbers that archcalc gave its parts."""
    parts = name.split("/")[:-1]
    paths = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    return "/".join(
        naming.block(path) if naming.is_numbered(path) else part for part, path in zip(parts, paths, strict=True)
    )


def _without(group: Group, dropped: set[int], paths: dict[int, int]) -> Group:
    """Return a group without some boxes and without groups that are empty then."""
    members: list[Member] = []
    for member in group.members:
        if not isinstance(member, Group):
            members += [] if member in dropped else [member]
        elif any(place not in dropped for place in member.boxes):
            inner = _without(member, dropped, paths)
            numbers = {paths.get(place, 1) for place in inner.boxes}
            members.append(inner.replace(paths=numbers.pop()) if len(numbers) == 1 else inner)
    return group.replace(members=tuple(members))


def _paths_of_groups(group: Group) -> Iterator[tuple[int, int]]:
    for member in group.members:
        if isinstance(member, Group):
            yield from ((place, member.paths) for place in member.boxes)
