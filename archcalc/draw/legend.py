"""Which colour a box has, and the legend that says so."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from archcalc.draw.labels import FIGURES, value_of
from archcalc.draw.metrics import width
from archcalc.draw.picture import Swatch
from archcalc.draw.theme import KINDS, SHARES, SMALL, kind_of, share_of

if TYPE_CHECKING:
    from archcalc.draw.graph import Box, Graph

SWATCH = 12.0
ENTRY = 16.0
"""Distance of two entries."""
ROW = 18.0


def look(graph: Graph, box: Box, color: str) -> str:
    """Return a box's colour: a kind of operation, or the number of a share of the total."""
    report = graph.report
    if color in FIGURES:
        total = {"macs": report.macs, "params": report.params, "memory": report.memory_bytes}[color]
        return f"s{share_of(value_of(box, color), total)}"
    main = box.row.main
    if color == "none" or box.outside or box.row.layers[0].op == "input":
        return "plain"
    return "block" if main is None else kind_of(main.op)


def legend(graph: Graph, color: str, room: float) -> tuple[tuple[Swatch, ...], float]:
    """Return the entries of a legend within a width, and its height."""
    x = y = 0.0
    found = []
    listed = entries(graph, color)
    for name, text in listed:
        wide = (SWATCH + 6 if name else 0) + width(text, SMALL)
        if x and x + wide > room:
            x, y = 0.0, y + ROW
        found.append(Swatch(name, text, x, y))
        x += wide + ENTRY
    return tuple(found), y + ROW if listed else 0.0


def entries(graph: Graph, color: str) -> list[tuple[str, str]]:
    """Return looks and what they mean; one without a look is the title of those that follow."""
    used = {look(graph, box, color) for box in graph.boxes}
    if color == "op":
        return [(name, kind.says) for name, kind in KINDS.items() if name in used]
    if color not in FIGURES:
        return []
    between = [f"{low}–{high}%" for low, high in pairwise(SHARES)]
    bounds = ["none", f"under {SHARES[0]}%", *between, f"over {SHARES[-1]}%"]
    title = {"macs": "share of all MACs", "params": "share of all parameters", "memory": "share of the memory"}[color]
    folded = ", each" if any(box.repeat > 1 for box in graph.boxes) else ""
    return [("", f"{title}{folded}:"), *((f"s{number}", text) for number, text in enumerate(bounds))]
