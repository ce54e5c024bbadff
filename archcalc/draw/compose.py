"""From a graph to a picture: words and sizes of boxes, the layout, and everything moved to where it is drawn."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from archcalc.draw.borders import groups_in, repetitions, times_of, visible
from archcalc.draw.graph import Group
from archcalc.draw.labels import FIGURES, copies, label
from archcalc.draw.layout.arrange import down, to_the_right
from archcalc.draw.layout.pieces import Rect
from archcalc.draw.legend import legend, look
from archcalc.draw.metrics import width
from archcalc.draw.picture import Border, Edge, Line, Picture, Shown
from archcalc.draw.texts import WIDE, Texts
from archcalc.draw.theme import TEXT, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archcalc.draw.graph import Graph
    from archcalc.draw.labels import Label
    from archcalc.draw.layout.arrange import Size
    from archcalc.draw.layout.pieces import Point, Scene
    from archcalc.draw.naming import Naming
    from archcalc.draw.options import Options

MARGIN = 16.0
HEADER = 46.0
"""Height of the title and the line below it."""
NARROWER = (140.0, 116.0)
"""Widths of boxes that are tried where a picture is too wide with those of the usual width."""


class Composer:
    """Composes the picture of a graph."""

    def __init__(self, graph: Graph, naming: Naming, options: Options) -> None:
        self.graph = graph
        self.naming = naming
        self.direction = options.direction
        self.color = options.color
        self.width = options.width
        self.root = visible(graph, naming, graph.root)
        self.repetitions = dict(repetitions(graph, graph.root, {graph.root.path, *groups_in(self.root)}))
        self.times = dict(times_of(graph, self.root, 1))
        grouped = {place for member in self.root.members if isinstance(member, Group) for place in member.boxes}
        figure = self.color if self.color in FIGURES else ""
        self.labels = [
            self._label(place, figure, inside=place in grouped or bool(graph.root.path))
            for place in range(len(graph.boxes))
        ]
        self.texts = Texts(graph.boxes, self.labels, uniform=self.direction != "right")

    @property
    def lines(self) -> list[tuple[Line, ...]]:
        """The lines of text in the boxes."""
        return self.texts.lines

    def _label(self, place: int, figure: str, *, inside: bool) -> Label:
        """Return the words of a box; what a block alone reads is its input."""
        box = self.graph.boxes[place]
        own = label(
            box, self.naming, figure, inside=inside, times=self.times[place], name=self.repetitions.get(box.name, "")
        )
        alone = box.outside and sum(each.outside for each in self.graph.boxes) == 1
        return own.replace(name="", title="input", marks="", symbol="") if alone else own

    def size(self, place: int) -> Size:
        """Return what a box takes."""
        return self.texts.sizes[place]

    def look(self, place: int) -> str:
        """Return the colour of a box."""
        return look(self.graph, self.graph.boxes[place], self.color)

    def words(self, group: Group) -> Line:
        """Return what stands above a group."""
        name = self.repetitions.get(group.path, "")
        bold, plain = self.naming.words(group.path, alike=group.repeat > 1 or group.paths > 1, name=name)
        times = self.times[group.path]
        more = [plain, copies(group), f"runs {times:,} times" if times > 1 else ""]
        return Line(bold, " ".join(word for word in more if word), small=True)

    def heading(self, group: Group) -> float:
        """Return how wide the words above a group are."""
        return self.words(group).width

    def family(self, group: Group) -> str:
        """Return which block a group is: those of one block are equally wide."""
        return self.naming.block(group.path)

    def picture(self, title: str = "", subtitle: str = "") -> Picture:
        """Lay it out; without a title there is no legend either, since both stand on the page around it."""
        scene = self._scene()
        header = HEADER if title else 0.0
        low, top, high, bottom = _bounds(scene)
        room = max(high - low, min(max(width(title, TITLE, bold=True), width(subtitle, TEXT)), self.width - 2 * MARGIN))
        move = _Move(MARGIN - low + (room - (high - low)) / 2, MARGIN + header - top)
        swatches, legend_height = legend(self.graph, self.color, room) if title else ((), 0.0)
        foot = header + bottom - top + 2 * MARGIN
        edges = self.graph.edges
        named = self.graph.name_of
        return Picture(
            most=self.width,
            title=title,
            subtitle=subtitle,
            description=self._description(),
            width=ceil(room + 2 * MARGIN),
            height=ceil(foot + legend_height + (MARGIN if swatches else 0)),
            boxes=tuple(self._shown(place, scene, move) for place in range(len(self.graph.boxes))),
            edges=tuple(
                Edge(named(source), named(target), tuple(_simple(map(move.point, scene.points[number]))))
                for number, (source, target) in enumerate(edges)
            ),
            borders=tuple(
                Border(group.path, move.rect(rect), self.words(group), group.repeat, floor(words + move.x))
                for group, rect, words in scene.groups
            ),
            legend=tuple(
                swatch._replace(x=floor(swatch.x + MARGIN) + 0.5, y=swatch.y + floor(foot) + 0.5) for swatch in swatches
            ),
        )

    def _description(self) -> str:
        """Return what there is to see, for readers who do not see it."""
        boxes, ends = self.graph.boxes, {source for source, _ in self.graph.edges}
        first, last = self.labels[0], [own for place, own in enumerate(self.labels) if place not in ends]
        outputs = ", ".join(f"{own.name or own.title} {own.size}" for own in last)
        counted = f"{len(boxes)} boxes and {len(self.graph.edges)} edges"
        return f"{counted}, from {first.name or first.title} {first.size} to {outputs}."

    def _scene(self) -> Scene:
        """Find the places of everything; what cannot go to the right within the width goes down."""
        graph, room = self.graph, self.width - 2 * MARGIN
        lying = to_the_right(graph.edges, self.root, self, room) if self.direction == "right" else None
        if lying is not None:
            return lying
        for widest in (WIDE, *NARROWER):
            self.texts = Texts(graph.boxes, self.labels, uniform=True, widest=widest)
            scene = down(graph.edges, self.root, self, room)
            low, _, high, _ = _bounds(scene)
            if high - low <= room:
                break
        return scene

    def _shown(self, place: int, scene: Scene, move: _Move) -> Shown:
        box, own = self.graph.boxes[place], self.labels[place]
        beside = None
        if own.symbol:
            around = move.rect(scene.labels[place])
            beside = ((around.x + 4, around.y + around.height - 4), own.beside)
        return Shown(
            name=box.name,
            rect=move.rect(scene.boxes[place]),
            lines=self.lines[place],
            look=self.look(place),
            tooltip=own.tooltip,
            round=bool(own.symbol),
            composite=box.row.main is None and len(box.row.layers) > 1,
            repeat=box.repeat,
            outside=box.outside,
            training=box.row.layers[0].training,
            beside=beside,
        )


class _Move:
    """Moves what is laid out to where it is drawn: to the middle of pixels, so that lines are sharp."""

    def __init__(self, x: float, y: float) -> None:
        self.x = x
        self.y = y

    def point(self, point: Point) -> Point:
        return floor(point[0] + self.x + 0.001) + 0.5, floor(point[1] + self.y + 0.001) + 0.5

    def rect(self, rect: Rect) -> Rect:
        left, top = self.point((rect.x, rect.y))
        right, bottom = self.point((rect.x + rect.width, rect.y + rect.height))
        return Rect(left, top, right - left, bottom - top)


def _bounds(scene: Scene) -> tuple[float, float, float, float]:
    rects = [*scene.boxes.values(), *scene.labels.values(), *(rect for _, rect, _ in scene.groups)]
    points = [point for line in scene.points.values() for point in line]
    return (
        min([*(rect.x for rect in rects), *(x for x, _ in points)]),
        min([*(rect.y for rect in rects), *(y for _, y in points)]),
        max([*(rect.x + rect.width for rect in rects), *(x for x, _ in points)]),
        max([*(rect.y + rect.height for rect in rects), *(y for _, y in points)]),
    )


def _simple(points: Iterable[Point]) -> list[Point]:
    """Return a line without points that it passes straight."""
    found: list[Point] = []
    for point in points:
        if found and found[-1] == point:
            continue
        while len(found) > 1 and _straight(found[-2:], point):
            found.pop()
        found.append(point)
    return found


def _straight(before: Sequence[Point], point: Point) -> bool:
    first, second = before
    return first[0] == second[0] == point[0] or first[1] == second[1] == point[1]
