"""The pictures of a network for the page: folded, then unfolded level by level, in all colours of their boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.draw.choice import unfolded
from archcalc.draw.compose import Composer
from archcalc.draw.formats.svg import LOOKS, SHAPES, embedded, tones
from archcalc.draw.legend import entries, look
from archcalc.draw.naming import Naming
from archcalc.draw.options import Options
from archcalc.web.markup import Html

if TYPE_CHECKING:
    from archcalc.draw.graph import Graph
    from archcalc.draw.picture import Picture
    from archcalc.engine.report import Report

COLORS = {"op": "operation", "macs": "MACs", "params": "params", "memory": "memory"}
"""What boxes can be coloured by, and what the page calls it."""

MAX_BOXES = 2_000
"""Boxes of a picture; a larger one is of no use in a page."""

DARK = ":root:not([data-theme=light]) ", ":root[data-theme=dark] "
"""Where it is dark: by the reader's system, or by the choice on the page."""

STYLE = (
    f"{SHAPES}{tones(LOOKS, dark=False)}"
    f"@media screen and (prefers-color-scheme:dark){{{tones(LOOKS, dark=True, under=DARK[0])}}}"
    f"@media screen{{{tones(LOOKS, dark=True, under=DARK[1])}}}"
)
"""The style of all pictures on a page, which is light on paper."""


class Drawn(NamedTuple):
    """A picture: its SVG, and what the page knows of it."""

    svg: Html
    data: dict[str, Any]


TALL = 1.4
"""How many times as high as it is wide a picture is that paper has no room for."""

PAPER = 1_000
"""Pixels of the width of a picture on paper."""


def pictures(report: Report) -> list[Drawn]:
    """Return a picture for each level that composites are unfolded; equal ones are left out.

    ``boxes`` are by name [place of the first layer, number of layers, its look for each of COLORS]. Where the last is
    tall, another one follows in which the network goes to the right, for paper.
    """
    naming = Naming(report.network)
    places = {layer.position: place for place, layer in enumerate(report.layers)}
    found: list[Drawn] = []
    before: list[str] = []
    for depth, graph in enumerate(unfolded(report, naming), 1):
        names = [box.name for box in graph.boxes]
        if names != before and len(names) <= MAX_BOXES:
            picture = Composer(graph, naming, Options()).picture()
            found.append(_drawn(picture, graph, places, {"depth": depth}))
            last = picture.height > TALL * picture.width, graph
        before = names
    if found and last[0]:
        picture = Composer(last[1], naming, Options(direction="right", width=PAPER)).picture()
        found.append(_drawn(picture, last[1], places, {"paper": True}))
    return found


def _drawn(picture: Picture, graph: Graph, places: dict[int, int], more: dict[str, Any]) -> Drawn:
    boxes = {
        box.name: [
            places[box.row.layers[0].position], len(box.row.layers), *(look(graph, box, color) for color in COLORS)
        ]
        for box in graph.boxes
    }  # fmt: skip
    legends = [entries(graph, color) for color in COLORS]
    return Drawn(Html(embedded(picture)), {**more, "boxes": boxes, "legends": legends})
