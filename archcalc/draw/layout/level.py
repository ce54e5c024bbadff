"""What is inside one group, as a graph of its own: members, and ports for edges that come from outside or go there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.graph import Group, boxes_of
from archcalc.draw.layout.structure import END, START, Branches, Knot, Run, structure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.draw.graph import Member
    from archcalc.draw.layout.structure import Way


class Edges:
    """The edges of a graph by their numbers: where from, where to, and those of each box."""

    def __init__(self, edges: Sequence[tuple[int, int]]) -> None:
        self.source_of = [source for source, _ in edges]
        self.target_of = [target for _, target in edges]
        self.ins: dict[int, list[int]] = {}
        self.outs: dict[int, list[int]] = {}
        for number, (source, target) in enumerate(edges):
            self.outs.setdefault(source, []).append(number)
            self.ins.setdefault(target, []).append(number)


class Level:
    """The inside of a group: nodes are its members by their numbers, and ports, which come after them."""

    def __init__(self, group: Group, edges: Edges) -> None:
        self.members: tuple[Member, ...] = group.members
        self.edges = edges
        self.owner = {box: number for number, member in enumerate(group.members) for box in boxes_of(member)}
        self.ports: dict[int, list[int]] = {}
        """The edges of each port: those of one box outside that come in, or of one inside that go out."""
        self.ways: dict[tuple[int, int], list[int]] = {}
        self.keys: dict[tuple[int, int], int] = {}
        entries = self._inside()
        exits = self._leaving(len(self.members) + len(entries))
        self._loose_ends()
        holders = {number for number, member in enumerate(self.members) if not isinstance(member, Group)}
        nodes = [*entries, *range(len(self.members)), *exits]
        ways = [(*ends, numbers, self._key(ends)) for ends, numbers in self.ways.items()]
        self.way, self.tails = structure(nodes, ways, holders)

    def _key(self, ends: tuple[int, int]) -> int:
        return self.keys[ends] if ends in self.keys else self.ways[ends][0]

    def _inside(self) -> list[int]:
        """Find the ways between members and from ports to them; return the ports."""
        entries: dict[int, int] = {}
        for box, member in self.owner.items():
            for edge in self.edges.ins.get(box, ()):
                source = self.edges.source_of[edge]
                start = self.owner.get(source)
                if start is None:
                    start = entries.setdefault(source, len(self.members) + len(entries))
                    self.ports.setdefault(start, []).append(edge)
                if start != member:
                    self.ways.setdefault((start, member), []).append(edge)
        for port in entries.values():
            self.ways[START, port] = self.ports[port]
        return list(entries.values())

    def _leaving(self, first: int) -> list[int]:
        """Find the ways to ports and on to the outside; return the ports, numbered from the first."""
        exits: list[int] = []
        for box, member in self.owner.items():
            leaving = [edge for edge in self.edges.outs.get(box, ()) if self.edges.target_of[edge] not in self.owner]
            if leaving:
                port = first + len(exits)
                exits.append(port)
                self.ways[member, port] = self.ways[port, END] = self.ports[port] = leaving
                self.keys[port, END] = box
        return exits

    def _loose_ends(self) -> None:
        """Add what is not drawn: a way to what reads nothing, and from what nothing reads."""
        sources, targets = {source for source, _ in self.ways}, {target for _, target in self.ways}
        for number, member in enumerate(self.members):
            for ends, is_loose in (((START, number), number not in targets), ((number, END), number not in sources)):
                if is_loose:
                    self.ways[ends] = []
                    self.keys[ends] = max(boxes_of(member))

    def boxes(self, way: Way | int) -> Iterator[int]:
        """Yield all boxes of a way or a member."""
        waiting: list[Way | int] = [way]
        while waiting:
            part = waiting.pop()
            if isinstance(part, Run):
                waiting += part.parts
            elif isinstance(part, Branches):
                waiting += part.ways
            elif isinstance(part, Knot):
                waiting += [*part.nodes, *(each for _, _, each in part.ways)]
            elif isinstance(part, int) and part not in self.ports:
                yield from boxes_of(self.members[part])
