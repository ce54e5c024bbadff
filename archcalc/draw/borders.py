"""Which groups have a border, what repetitions without one are called, and how often parts run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.graph import Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.draw.graph import Graph
    from archcalc.draw.naming import Naming

SMALL_GROUP = 3
"""Boxes of a group within a group, at least, for which it has a border."""


def visible(graph: Graph, naming: Naming, group: Group, level: int = 0) -> Group:
    """Return a group with those inside it opened that get no border of their own.

    That is the third level and deeper; in the second what is no block or has but two boxes; and what is no block and
    reads several boxes outside, as a merge that ``from`` leads to: it belongs to what is around it.
    """
    members: list[int | Group] = []
    for member in group.members:
        if not isinstance(member, Group):
            members.append(member)
            continue
        shown = _has_border(graph, naming, member, level)
        inner = visible(graph, naming, member, level + shown)
        members += [inner] if shown else inner.members
    return group.replace(members=tuple(members))


def _has_border(graph: Graph, naming: Naming, group: Group, level: int) -> bool:
    if group.repeat > 1 or group.paths > 1:
        return True
    block = naming.block(group.path) != ""
    first, *others = group.members
    several = bool(others) or (block and isinstance(first, Group) and first.repeat > 1)
    if not several or not (block or _entries(graph, group) < 2):
        return False
    return level == 0 or (level == 1 and block and len(list(group.boxes)) >= SMALL_GROUP)


def _entries(graph: Graph, group: Group) -> int:
    inside = set(group.boxes)
    return len({source for place in inside for source in graph.boxes[place].sources} - inside)


def repetitions(graph: Graph, group: Group, bordered: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the paths of members that have but a number in a repetition without a border, and what they are called.

    One that is all there is of the repetition has its name, the others both: stage1, conv1/2.
    """
    repetition = group.path.rpartition("/")[2]
    for member in group.members:
        path = member.path if isinstance(member, Group) else graph.boxes[member].name
        own = path.rpartition("/")[2]
        if own.isdigit() and repetition and group.path not in bordered:
            yield path, repetition if len(group.members) == 1 else f"{repetition}/{own}"
        if isinstance(member, Group):
            yield from repetitions(graph, member, bordered)


def groups_in(group: Group) -> Iterator[str]:
    """Yield the paths of the groups inside a group."""
    for member in group.members:
        if isinstance(member, Group):
            yield member.path
            yield from groups_in(member)


def times_of(graph: Graph, group: Group, outer: int) -> Iterator[tuple[int | str, int]]:
    """Yield how often each box and group runs while what is around it runs once."""
    for member in group.members:
        if isinstance(member, Group):
            inner = min(layer.times for place in member.boxes for layer in graph.boxes[place].row.layers)
            yield member.path, inner // outer
            yield from times_of(graph, member, inner)
        else:
            yield member, min(layer.times for layer in graph.boxes[member].row.layers) // outer
