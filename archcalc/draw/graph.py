"""The graph of a picture: boxes, what they read, and the groups that they belong to.

A box is a row of the layer table, a group a composite that is unfolded. Where something reads a layer in the middle of
a row (the sum in front of a pre-activation, say), the row is parted after that layer, so that an edge always begins
where the value that it carries is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.rows import Row, rows
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report


ARRANGES = frozenset(("reshape", "tokens", "matmul"))
"""Operations whose height is not that of a map."""


class Box(NamedTuple):
    """One box: its row of layers, and the boxes that it reads, in the order of its inputs, by their positions."""

    row: Row
    sources: tuple[int, ...]
    repeat: int = 1
    """How many equal boxes in a row it stands for."""
    paths: int = 1
    """How many equal branches it stands for the box of."""
    outside: bool = False
    """Whether it is no part of what is drawn, only what that reads."""

    @property
    def name(self) -> str:
        """The path of its row, which no other box has."""
        return self.row.path

    @property
    def merges(self) -> bool:
        """Whether it is one merge of several inputs."""
        main = self.row.main
        return main is not None and main is self.row.layers[0] and main.operation.takes_several and len(main.inputs) > 1

    @property
    def concatenates(self) -> bool:
        """Whether it puts its inputs one behind the other."""
        return self.merges and self.row.layers[0].operation.concatenates

    @property
    def grows(self) -> bool:
        """Whether a map becomes larger in it, and is not only another arrangement of values."""
        return any(
            layer.output.height > shape.height
            for layer in self.row.layers
            for shape in layer.inputs[:1]
            if layer.op not in ARRANGES
        )


class Group(Record):
    """A composite that is unfolded: boxes by their positions, and groups, in the order in which they run."""

    path: str
    members: tuple[Member, ...]
    repeat: int = 1
    """How many equal composites in a row it stands for."""
    paths: int = 1
    """How many equal branches it stands for."""

    @property
    def boxes(self) -> Iterator[int]:
        """The positions of all boxes inside."""
        for member in self.members:
            yield from boxes_of(member)


Member = int | Group


def boxes_of(member: Member) -> Iterator[int]:
    """Yield the positions of a member's boxes."""
    if isinstance(member, Group):
        yield from member.boxes
    else:
        yield member


def renumbered(group: Group, places: dict[int, int]) -> Group:
    """Return a group whose boxes have other positions."""
    members = tuple(renumbered(each, places) if isinstance(each, Group) else places[each] for each in group.members)
    return group.replace(members=members)


class Graph(Record):
    """Boxes in the order in which they run, and the group of all of them."""

    report: Report
    boxes: tuple[Box, ...]
    root: Group

    @property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """From which box to which, each pair once, in the order of the readers and their inputs."""
        return tuple((source, place) for place, box in enumerate(self.boxes) for source in box.sources)

    def name_of(self, place: int) -> str:
        """Return the name of a box by its position."""
        return self.boxes[place].name


def graph(report: Report, depth: int = 1, *, every: bool = False, part: str = "") -> Graph:
    """Return the graph of a report: unfolded ``depth`` levels deep, or ``every`` layer by itself.

    ``part`` is the path of a composite to draw by itself, unfolded so many levels further; what it reads from outside
    becomes boxes in front of it.
    """
    layers = _inside(report, part) if part else report.layers
    level = part.count("/") + 1 if part else 0
    chosen = report.with_layers(layers) if part else report
    folded = (row for row in rows(chosen, depth + level, every=every) if not row.heading)
    pieces = list(_parted(folded, _readers(layers)))
    outside = list(_outside(report, layers))
    owners = {layer.position: place for place, row in enumerate((*outside, *pieces)) for layer in row.layers}
    boxes = [Box(row, (), outside=True) for row in outside]
    boxes += [Box(row, _sources(row, place, owners)) for place, row in enumerate(pieces, len(boxes))]
    names = [row.path for row in pieces]
    inner = _grouped(part, [(place, name.split("/")) for place, name in enumerate(names, len(outside))], level)
    return Graph(report, tuple(boxes), Group(part, (*range(len(outside)), *inner)))


def _inside(report: Report, part: str) -> tuple[Layer, ...]:
    return tuple(layer for layer in report.layers if layer.name == part or layer.name.startswith(f"{part}/"))


def _outside(report: Report, layers: tuple[Layer, ...]) -> Iterator[Row]:
    """Yield rows for the layers that a part reads from outside."""
    inside = {layer.position for layer in layers}
    wanted = {source for layer in layers for source in layer.node.sources} - inside
    for layer in report.layers:
        if layer.position in wanted:
            yield Row(layer.name, layer.name, (layer,))


def _readers(layers: tuple[Layer, ...]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for layer in layers:
        for source in layer.node.sources:
            found.setdefault(source, []).append(layer.position)
    return found


def _parted(folded: Iterable[Row], readers: dict[int, list[int]]) -> Iterator[Row]:
    """Yield rows, parted after each layer in their middle that something else reads; folded composites stay whole."""
    for row in folded:
        if row.main is None and any(not layer.operation.shown_inline for layer in row.layers):
            yield row
            continue
        held = {layer.position for layer in row.layers}
        start, path = 0, row.path
        for end, layer in enumerate(row.layers[:-1], 1):
            if not held.issuperset(readers.get(layer.position, ())):
                yield Row(path, path.rpartition("/")[2], row.layers[start:end], row.level)
                start, path = end, row.layers[end].name
        yield Row(path, path.rpartition("/")[2], row.layers[start:], row.level) if start else row


def _sources(row: Row, place: int, owners: dict[int, int]) -> tuple[int, ...]:
    """Return the boxes that a row reads, each once; a branch for training may be left out with what it reads."""
    read = (owners.get(source, place) for layer in row.layers for source in layer.node.sources)
    return tuple(dict.fromkeys(source for source in read if source != place))


def _grouped(path: str, named: list[tuple[int, list[str]]], level: int) -> tuple[Member, ...]:
    """Return what stands below a path: boxes, and groups of those whose names go on."""
    members: list[Member] = []
    start = 0
    while start < len(named):
        place, parts = named[start]
        if len(parts) <= level + 1:
            members.append(place)
            start += 1
            continue
        end = start + 1
        while end < len(named) and len(named[end][1]) > level + 1 and named[end][1][level] == parts[level]:
            end += 1
        inner = "/".join(parts[: level + 1])
        members.append(Group(inner, _grouped(inner, named[start:end], level + 1)))
        start = end
    return tuple(members)
