"""A picture before it is written: what is where, in pixels, and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.draw.metrics import fitted, width
from archcalc.draw.theme import SMALL, TEXT
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.draw.layout.pieces import Point, Rect


class Line(NamedTuple):
    """A line of text: what is bold, and what follows it."""

    bold: str
    plain: str
    small: bool = False

    @property
    def size(self) -> float:
        """The font's size."""
        return SMALL if self.small else TEXT

    @property
    def width(self) -> float:
        """About how wide it is."""
        plain = f" {self.plain}" if self.bold and self.plain else self.plain
        return width(self.bold, self.size, bold=True) + width(plain, self.size)

    def fitted(self, most: float) -> Line:
        """Return it no wider than that."""
        if self.width <= most:
            return self
        bold = fitted(self.bold, self.size, most, bold=True)
        left = most - width(f"{bold} ", self.size, bold=True) if bold else most
        return self._replace(bold=bold, plain=fitted(self.plain, self.size, left) if self.plain and left > 20 else "")


class Shown(Record):
    """A box in its place."""

    name: str
    rect: Rect
    lines: tuple[Line, ...]
    look: str
    """A kind of operation, ``plain``, or ``s`` and the number of a colour: see theme.py."""
    tooltip: str
    round: bool = False
    composite: bool = False
    repeat: int = 1
    outside: bool = False
    training: bool = False
    beside: tuple[Point, str] | None = None
    """What is written beside the edge that leaves a merge, and where that begins."""


class Edge(NamedTuple):
    """An edge in its place."""

    source: str
    target: str
    points: tuple[Point, ...]


class Border(NamedTuple):
    """A group in its place, and the words above it."""

    path: str
    rect: Rect
    words: Line
    repeat: int
    words_at: float


class Swatch(NamedTuple):
    """An entry of the legend; one without a look is its title."""

    look: str
    text: str
    x: float
    y: float


class Picture(Record):
    """All that is drawn."""

    most: float
    """The width that it may have; one that is wider is drawn smaller."""
    title: str
    subtitle: str
    description: str
    width: float
    height: float
    boxes: tuple[Shown, ...]
    edges: tuple[Edge, ...]
    borders: tuple[Border, ...]
    legend: tuple[Swatch, ...]
