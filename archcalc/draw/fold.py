"""Equal repeats: a run of equal boxes or groups, each read by the next one alone, becomes one of them with a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.graph import Box, Graph, Group, boxes_of, renumbered

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from archcalc.draw.graph import Member
    from archcalc.draw.naming import Naming


def fold(graph: Graph, naming: Naming) -> Graph:
    """Return a graph with its repeats folded; what a spec gives names of its own is kept apart."""
    folding = _Folding(graph, naming)
    root = folding.folded(graph.root)
    kept = list(root.boxes)
    places = {place: number for number, place in enumerate(kept)}
    boxes = [folding.box(place, places) for place in kept]
    return Graph(graph.report, tuple(boxes), renumbered(root, places))


class _Folding:
    def __init__(self, graph: Graph, naming: Naming) -> None:
        self.boxes = graph.boxes
        self.naming = naming
        self.stand_in: dict[int, int] = {}
        """A box that is folded away, and the equal box that stands for it."""
        self.repeats: dict[int, int] = {}
        self.readers: dict[int, list[int]] = {}
        for source, reader in graph.edges:
            self.readers.setdefault(source, []).append(reader)

    def box(self, place: int, places: dict[int, int]) -> Box:
        """Return a box that is kept, with its sources among those that are."""
        sources = dict.fromkeys(places[source] for source in self.sources(place))
        return self.boxes[place]._replace(sources=tuple(sources), repeat=self.repeats.get(place, 1))

    def kept(self, place: int) -> int:
        """Return the box that stands for a box in the end."""
        while place in self.stand_in:
            place = self.stand_in[place]
        return place

    def folded(self, group: Group) -> Group:
        """Return a group whose runs of equal members are one member each; inner ones first."""
        members = [self.folded(each) if isinstance(each, Group) else each for each in group.members]
        found: list[Member] = []
        start = 0
        while start < len(members):
            end = self.end_of_run(members, start)
            found.append(self.repeated(members[start:end]) if end > start + 1 else members[start])
            start = end
        return group.replace(members=tuple(found))

    def end_of_run(self, members: Sequence[Member], start: int) -> int:
        """Return where the run of equal members ends that begins at a place."""
        end = start + 1
        if end == len(members) or not self.is_numbered(members[start]) or len(self.entries(members[start])) != 1:
            return end
        alike = self.signature(members[start])
        while end < len(members) and self.is_numbered(members[end]):
            if self.signature(members[end]) != alike or not self.follows(members[end], members[end - 1]):
                break
            end += 1
        return end

    def is_numbered(self, member: Member) -> bool:
        """Whether a member has a number for a name: by repetition, or because the spec gives it none."""
        if isinstance(member, Group):
            return self.naming.is_numbered(member.path)
        row = self.boxes[member].row
        return self.naming.is_numbered(row.path, row.main.op if row.main else "")

    def path(self, member: Member) -> str:
        return member.path if isinstance(member, Group) else self.boxes[member].name

    def sources(self, place: int) -> list[int]:
        return [self.kept(source) for source in self.boxes[place].sources]

    def entries(self, member: Member) -> set[int]:
        """Return the boxes outside a member that it reads."""
        inside = set(boxes_of(member))
        return {source for place in inside for source in self.sources(place)} - inside

    def exits(self, member: Member) -> list[int]:
        """Return the boxes of a member that others read, by their number in it."""
        places = list(boxes_of(member))
        inside = set(places)
        return [
            number
            for number, place in enumerate(places)
            if any(self.kept(reader) not in inside for reader in self.readers.get(place, ()))
        ]

    def follows(self, member: Member, before: Member) -> bool:
        """Whether a member reads the one output of the one before it and nothing else, and alone does so."""
        exits = self.exits(before)
        if len(exits) != 1 or self.exits(member) not in ([], exits):
            return False
        exit = list(boxes_of(before))[exits[0]]
        near = {*boxes_of(member), *boxes_of(before)}
        return self.entries(member) == {exit} and all(self.kept(reader) in near for reader in self.readers[exit])

    def signature(self, member: Member) -> Hashable:
        """Return what members have in common that are equal but for their names and survival."""
        places = list(boxes_of(member))
        number = {place: number for number, place in enumerate(places)}
        cut = len(self.path(member))
        return tuple(
            (
                self.boxes[place].name[cut:],
                self.repeats.get(place, 1),
                tuple(number.get(source, -1) for source in self.sources(place)),
                tuple((id(layer.node.applied), layer.times, layer.training) for layer in self.boxes[place].row.layers),
            )
            for place in places
        )

    def repeated(self, run: Sequence[Member]) -> Member:
        """Return the member that stands for a run; what reads the last one of the run then reads it."""
        first = run[0]
        for places in zip(*map(boxes_of, run), strict=True):
            for place in places[1:]:
                self.stand_in[place] = places[0]
            self.readers[places[0]] = [reader for place in places for reader in self.readers.get(place, ())]
        if isinstance(first, Group):
            return first.replace(repeat=len(run))
        self.repeats[first] = len(run)
        return first
