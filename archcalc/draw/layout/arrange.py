"""From a graph to places: which pieces there are, measured, and put into a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from archcalc.draw.graph import Group
from archcalc.draw.layout.branches import BESIDE
from archcalc.draw.layout.flow import UNBOUND, Flow
from archcalc.draw.layout.groups import PADDING, GroupPiece
from archcalc.draw.layout.knots import KnotPiece
from archcalc.draw.layout.level import Edges, Level
from archcalc.draw.layout.lines import INDENT, in_lines
from archcalc.draw.layout.pieces import BoxPiece, Frame, Piece, PortPiece, Scene, WirePiece
from archcalc.draw.layout.runs import RunPiece, widen
from archcalc.draw.layout.stacks import side_by_side
from archcalc.draw.layout.structure import END, START, Branches, Knot, Run, Wire
from archcalc.draw.layout.ushape import Rung, UPiece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.layout.pieces import Point
    from archcalc.draw.layout.structure import Way

ENDS = 60.0
"""Length that branches take for where they part and meet."""
TO_TAIL = BESIDE + 6.0
"""Distance of a box from what hangs on its side; an arrow is between them."""
LONGEST_SKIP = 3
"""Boxes of what leads across between an encoder and a decoder, at most."""


class Size(NamedTuple):
    """What a box takes, and what a label behind it does (width, height)."""

    width: float
    height: float
    label: tuple[float, float] | None = None
    grows: bool = False
    """Whether its map is larger than the one that it reads."""
    rows: int = 0
    """How many rows the map has that flows out."""
    joins: str = ""
    """How it takes several inputs: value by value (``elementwise``), one behind the other (``gathers``), or not."""


class Sizes(Protocol):
    """What a layout asks about boxes and groups."""

    def size(self, place: int) -> Size:
        """Return what the box at a position takes."""

    def heading(self, group: Group) -> float:
        """Return how wide the words above a group are."""

    def family(self, group: Group) -> str:
        """Return what groups have in common that are equally wide where they are below one another."""


def down(edges: Sequence[tuple[int, int]], root: Group, sizes: Sizes, room: float) -> Scene:
    """Return the places of everything in a picture that goes down; where it can be, it is no wider than the room."""
    return _scene(_Layout(Edges(edges), sizes, room).inside(root, Flow("down")), (0, 1), (1, 0))


def to_the_right(edges: Sequence[tuple[int, int]], root: Group, sizes: Sizes, room: float) -> Scene | None:
    """Return the places of everything in a picture that goes to the right, in lines no longer than the room.

    None where it would be longer: an encoder and decoder, or what cannot be broken into lines.
    """
    layout = _Layout(Edges(edges), sizes, room)
    piece = layout.inside(root, Flow("right"))
    if piece.length > room and not isinstance(piece, UPiece):
        piece = layout.inside(root, Flow("right", room))
    return _scene(piece, (1, 0), (0, 1)) if piece.length <= room else None


def _scene(piece: Piece, along: Point, right: Point) -> Scene:
    scene = Scene()
    piece.place(Frame(0, 0, along, right), scene)
    return scene


class _Layout:
    """Measures groups and boxes."""

    def __init__(self, edges: Edges, sizes: Sizes, room: float) -> None:
        self.edges = edges
        self.sizes = sizes
        self.room = room

    def inside(self, group: Group, flow: Flow) -> Piece:
        """Measure what is inside a group."""
        level = Level(group, self.edges)
        return _Measuring(self, level).measured(level.way, None, flow)

    def group(self, group: Group, flow: Flow) -> Piece:
        """Measure a group with its border."""
        inside = self.inside(group, flow.less(2 * PADDING))
        piece = GroupPiece(group, inside, self.sizes.heading(group), flow)
        piece.family = self.sizes.family(group)
        return piece

    def box(self, place: int, flow: Flow) -> BoxPiece:
        """Measure a box."""
        size = self.sizes.size(place)
        length, across = (size.height, size.width) if flow.is_upright else (size.width, size.height)
        ins, outs = self.edges.ins.get(place, []), self.edges.outs.get(place, [])
        piece = BoxPiece(place, length, across, ins, outs, size.joins)
        if size.label is not None:
            width, height = size.label
            piece.label(*((height, width) if flow.is_upright else (width, height)))
        return piece


class _Measuring:
    """Measures the ways of one level."""

    def __init__(self, layout: _Layout, level: Level) -> None:
        self.layout = layout
        self.level = level
        self.source_of = layout.edges.source_of

    def measured(self, way: Way, behind: Piece | None, flow: Flow) -> Piece:
        """Measure a way; ``behind`` is the piece that its edges lead to, where it is on this level."""
        if isinstance(way, Wire):
            return WirePiece(way.edges, self.source_of)
        if isinstance(way, Run):
            return self.encoder_decoder(way, flow) or in_lines(
                self.pieces(way.parts, flow.less(2 * INDENT)), self.source_of, flow.room
            )
        if isinstance(way, Branches):
            joins = behind.joins if isinstance(behind, BoxPiece) else ""
            branch = flow.less(ENDS + (behind.length if behind else 0))
            branches = [self.measured(each, None, branch) for each in way.in_order()]
            return side_by_side(branches, behind, joins, self.layout.room if flow.is_upright else UNBOUND)
        return self.knot(way, flow)

    def run(self, parts: Sequence[Way | int], flow: Flow) -> RunPiece:
        """Measure a run in one line."""
        return RunPiece(self.pieces(parts, flow), self.source_of)

    def pieces(self, parts: Sequence[Way | int], flow: Flow) -> list[Piece]:
        """Measure the pieces of a run, from the last to the first, so that each knows what is behind it."""
        found: list[Piece] = []
        for part in reversed(parts):
            if isinstance(part, int):
                found.append(self.node(part, flow))
            elif not isinstance(part, Wire):
                found.append(self.measured(part, found[-1] if found else None, flow))
        if flow.is_upright:
            widen(found)
        return found[::-1]

    def node(self, number: int, flow: Flow) -> Piece:
        """Measure a member or a port."""
        if number in self.level.ports:
            return PortPiece(self.level.ports[number])
        member = self.level.members[number]
        if isinstance(member, Group):
            return self.layout.group(member, flow)
        box = self.layout.box(member, flow)
        if number in self.level.tails:
            box.hang(self.measured(self.level.tails[number], None, flow.turned), TO_TAIL)
        return box

    def knot(self, knot: Knot, flow: Flow) -> Piece:
        """Measure a knot: its nodes, and the ways between them that are more than an edge, in ranks."""
        pieces = [self.node(node, flow) for node in knot.nodes]
        place: dict[int, int | None] = {node: number for number, node in enumerate(knot.nodes)}
        place[START] = place[END] = None
        arcs: list[tuple[int | None, int | None, int]] = []
        for source, target, way in knot.ways:
            start, end = place[source], place[target]
            if isinstance(way, Wire):
                arcs += [(start, end, edge) for edge in way.edges]
                continue
            piece = self.measured(way, None, flow)
            arcs += [(start, len(pieces), edge) for edge in piece.ins]
            arcs += [(len(pieces), end, edge) for edge in piece.outs]
            pieces.append(piece)
        return KnotPiece(pieces, arcs, self.source_of)

    def encoder_decoder(self, run: Run, flow: Flow) -> UPiece | None:
        """Measure a run that goes down to smaller maps and up again, with skips across; None for any other."""
        if flow.way in ("up", "left"):
            return None
        rungs: list[Rung] = []
        way: Way = run
        while isinstance(way, Run):
            found = self.rung(way)
            if found is None:
                break
            number, skip, deep = found
            down, up = way.parts[:number], way.parts[number + 1 :]
            across = self.measured(skip, None, flow.turned)
            rungs.append(Rung(self.run(down, flow), across, self.run(up, flow.reversed)))
            way = deep
        shaped = UPiece(rungs, self.measured(way, None, flow)) if rungs else None
        return shaped if shaped is None or shaped.length <= flow.room else None

    def rung(self, run: Run) -> tuple[int, Way, Way] | None:
        """Return the first branches of a run that are a skip and a deep way on which, or behind which, a map grows.

        Behind it where they meet in a group, a decoder's step, whose map is larger than the one from below.
        """
        for number, part in enumerate(run.parts):
            if number == 0 or not isinstance(part, Branches) or len(part.ways) != 2 or part is run.parts[-1]:
                continue
            skip, deep = sorted(part.ways, key=lambda way: len(list(self.level.boxes(way))))
            short = len(list(self.level.boxes(skip))) <= LONGEST_SKIP
            below, meeting = list(self.level.boxes(deep)), list(self.level.boxes(run.parts[number + 1]))
            larger = any(map(self.grows, meeting)) and self.rows(meeting) > self.rows(below) > 0
            returns = any(map(self.grows, below)) or larger
            if short and isinstance(deep, Run) and returns:
                return number, skip, deep
        return None

    def grows(self, place: int) -> bool:
        """Whether a map becomes larger in the box at a position."""
        return self.layout.sizes.size(place).grows

    def rows(self, places: Sequence[int]) -> int:
        """Return how many rows the map has that flows out of boxes; 0 where there are none."""
        return self.layout.sizes.size(max(places)).rows if places else 0
