"""Pieces of a layout, measured along the flow and across it, before anything has a place.

A piece has a length along the flow, and reaches to the left and the right of an axis across it (as one sees it who goes
along). ``ins`` and ``outs`` say where edges reach and leave it: edge by number, distance to the right of the axis. All
edges run along the flow; where one changes sides, whoever made room for that says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.graph import Group

Point = tuple[float, float]


class Rect(NamedTuple):
    """A rectangle of the picture."""

    x: float
    y: float
    width: float
    height: float


class Frame(NamedTuple):
    """Where a piece is in the picture, and which ways are along the flow and to its right."""

    x: float
    y: float
    along: Point
    right: Point

    def point(self, along: float, right: float = 0) -> Point:
        """Return the place of a point of the piece."""
        return (
            self.x + along * self.along[0] + right * self.right[0],
            self.y + along * self.along[1] + right * self.right[1],
        )

    def at(self, along: float, right: float = 0) -> Frame:
        """Return the same for a piece inside."""
        x, y = self.point(along, right)
        return self._replace(x=x, y=y)

    def turned(self, along: float, right: float) -> Frame:
        """Return the same for a piece that goes to the right, or down where this one goes to a side."""
        x, y = self.point(along, right)
        upright = self.along[0] == 0
        return Frame(x, y, (1.0, 0.0) if upright else (0.0, 1.0), (0.0, 1.0) if upright else (1.0, 0.0))

    def rect(self, first: Point, second: Point) -> Rect:
        """Return the rectangle between two corners."""
        (x1, y1), (x2, y2) = self.point(*first), self.point(*second)
        return Rect(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))


class Scene:
    """What has a place already."""

    def __init__(self) -> None:
        self.boxes: dict[int, Rect] = {}
        self.labels: dict[int, Rect] = {}
        """What is behind round boxes, on the right of the edge that leaves them."""
        self.groups: list[tuple[Group, Rect, float]] = []
        """Groups, and where the words above them begin."""
        self.points: dict[int, list[Point]] = {}
        self.arrived: set[int] = set()

    def line(self, edge: int, *points: Point) -> None:
        """Lead an edge on through some points."""
        self.points.setdefault(edge, []).extend(points)

    def turn(self, edge: int, frame: Frame, start: float, turns: Sequence[tuple[float, float]]) -> None:
        """Lead an edge to other sides: each turn says how far along, and to where."""
        for along, across in turns:
            self.line(edge, frame.point(along, start), frame.point(along, across))
            start = across

    def end(self, edge: int, *points: Point) -> None:
        """Lead an edge to its end."""
        self.line(edge, *points)
        self.arrived.add(edge)


class Piece:
    """A piece of a layout."""

    length: float = 0
    left: float = 0
    right: float = 0
    entry: float = 0
    """Where one edge that reaches it should come in, beside the axis."""
    exit: float = 0
    is_open: bool = False
    """Whether it is branches, which what is behind it gathers."""
    family: str = ""
    """What groups have in common that are drawn equally wide."""
    count: int = 0
    """Boxes inside."""

    def __init__(self) -> None:
        self.ins: dict[int, float] = {}
        self.outs: dict[int, float] = {}
        self.sideways: dict[int, int] = {}
        """Edges that reach the box behind it from the left (-1) or the right (1)."""

    def widen(self, left: float, right: float) -> None:
        """Reach further to its sides."""
        self.left = left
        self.right = right

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        raise NotImplementedError


class BoxPiece(Piece):
    """A box; one that is round has the label of its output beside the edge that leaves it."""

    count = 1

    def __init__(self, number: int, length: float, across: float, ins: list[int], outs: list[int], joins: str) -> None:
        super().__init__()
        self.number = number
        self.length = self.body = length
        self.left = self.right = self.half = across / 2
        self.ins = dict.fromkeys(ins, 0.0)
        self.outs = dict.fromkeys(outs, 0.0)
        self.middle = length / 2
        self.joins = joins
        self.leaves_sideways: set[int] = set()
        """Edges that leave it on its right side, not at its end."""
        self.tail: Piece | None = None

    def label(self, length: float, right: float) -> None:
        """Make room for a label behind it, on the right of the edge that leaves it."""
        self.length += length
        self.label_size = (length, right)
        self.right = max(self.right, right)

    def hang(self, tail: Piece, distance: float) -> None:
        """Hang a piece on its right side, which goes across."""
        self.tail = tail
        self.tail_at = self.right + distance
        self.right = self.tail_at + tail.length
        self.body_at = max(0.0, tail.left - self.middle, tail.right - self.middle)
        self.length = self.body_at + max(self.length, self.middle + max(tail.left, tail.right))
        self.middle += self.body_at
        self.leaves_sideways.update(tail.ins)
        self.outs = {edge: place for edge, place in self.outs.items() if edge not in tail.ins}

    body_at: float = 0.0
    tail_at: float = 0.0
    label_size: Point | None = None

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        end = self.body_at + self.body
        scene.boxes[self.number] = frame.rect((self.body_at, -self.half), (end, self.half))
        for edge, right in self.ins.items():
            if edge not in scene.arrived:
                scene.end(edge, frame.point(self.body_at, right))
        for edge in {**self.outs, **dict.fromkeys(self.leaves_sideways)}:
            scene.line(edge, frame.point(self.middle, self.half) if edge in self.leaves_sideways else frame.point(end))
        if self.label_size is not None:
            length, right = self.label_size
            scene.labels[self.number] = frame.rect((end, 0), (end + length, right))
        if self.tail is not None:
            self.tail.place(frame.turned(self.middle, self.tail_at), scene)


class PortPiece(Piece):
    """A point in the border of a group, through which edges of one box go."""

    def __init__(self, edges: list[int]) -> None:
        super().__init__()
        self.ins = dict.fromkeys(edges, 0.0)
        self.outs = dict(self.ins)

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put nothing into a picture: its edges only pass."""


class WirePiece(Piece):
    """Edges that go straight on beside something else."""

    DISTANCE = 8

    def __init__(self, edges: list[int], source_of: Sequence[int]) -> None:
        super().__init__()
        lanes = {source: number for number, source in enumerate(dict.fromkeys(source_of[edge] for edge in edges))}
        self.right = self.DISTANCE * max(len(lanes) - 1, 0)
        self.ins = {edge: self.DISTANCE * lanes[source_of[edge]] for edge in edges}
        self.outs = dict(self.ins)

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put nothing into a picture: its edges only pass."""
