"""The lines of text in boxes, and how large boxes have to be for them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from archcalc.draw.layout.arrange import Size
from archcalc.draw.metrics import width
from archcalc.draw.picture import Line
from archcalc.draw.theme import LINE, SMALL, TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.graph import Box
    from archcalc.draw.labels import Label

SIDES = 10.0
"""What a box has on each side of its text."""
NARROW, WIDE = 64.0, 180.0
ROUND = 22.0
"""Diameter of a merge."""
BESIDE = 15.0
"""Height of the label of a merge."""


class Texts:
    """Lines and sizes of all boxes, none of them wider than ``widest``."""

    def __init__(self, boxes: Sequence[Box], labels: Sequence[Label], *, uniform: bool, widest: float = WIDE) -> None:
        self.widest = widest
        self.lines = [lines_of(label, widest - 2 * SIDES) for label in labels]
        widths = [_width(lines) for lines, label in zip(self.lines, labels, strict=True) if not label.symbol]
        self.usual = self._box_width(max(widths, default=NARROW))
        self.sizes = [
            _round_size(label) if label.symbol else self._size(box, lines, uniform=uniform)
            for box, label, lines in zip(boxes, labels, self.lines, strict=True)
        ]

    def _box_width(self, text: float) -> float:
        """Return the width of a box; an even number, so that its middle lies on a pixel."""
        return 2 * ceil(min(max(text + 2 * SIDES, NARROW), self.widest) / 2)

    def _size(self, box: Box, lines: Sequence[Line], *, uniform: bool) -> Size:
        """Return what a box takes: as wide as all others, where they are below one another."""
        wide = self.usual if uniform else self._box_width(_width(lines))
        joins = "gathers" if box.concatenates else ""
        return Size(wide, len(lines) * LINE + 9, None, grows=box.grows, rows=box.row.output.height, joins=joins)


def _width(lines: Sequence[Line]) -> float:
    return max(line.width for line in lines)


def _round_size(label: Label) -> Size:
    around = 2 * ceil(max(ROUND, width(label.symbol, TEXT, bold=True) + 12) / 2)
    return Size(around, ROUND, (width(label.beside, SMALL) + 8, BESIDE), joins="elementwise")


def lines_of(label: Label, most: float) -> tuple[Line, ...]:
    """Return the lines of a box, none of them wider than that."""
    if label.symbol:
        return (Line(label.symbol, ""),)
    plain = " ".join(word for word in (label.title if label.name else "", label.repeat) if word)
    lines = [Line(label.name or label.title, plain)]
    if lines[0].width > most and label.name and label.title:
        lines = [Line(label.name, ""), Line("", plain)]
    body = Line("", " ".join(word for word in (label.size, label.marks) if word), small=True)
    apart = [Line("", label.marks, small=True), Line("", label.size, small=True)]
    lines += [body] if body.width <= most else apart
    lines += [Line("", text, small=True) for text in (label.contents, label.figure) if text]
    return tuple(line.fitted(most) for line in lines)
