"""What is drawn, and how."""

from __future__ import annotations

from archcalc.errors import RequestError, did_you_mean, one_of, printable
from archcalc.record import Record

DIRECTIONS = ("down", "right")
COLORS = ("op", "macs", "params", "memory", "none")

NARROWEST, WIDEST = 200, 10_000
"""Pixels of a picture's width."""


class Options(Record):
    """What is drawn, and how."""

    depth: int | None = None
    """Levels of composites that are unfolded; as many as a page holds if left out."""
    every: bool = False
    """Whether every layer has a box of its own, and repeats are not folded."""
    block: str = ""
    """A block, by its name, or a composite, by its path, to be drawn by itself."""
    direction: str = "down"
    color: str = "op"
    width: int = 1600
    """Pixels, at most: what is longer goes on in another line, what is wider is drawn smaller."""

    def check(self) -> None:
        """Raise RequestError for what cannot be drawn."""
        for name, value, known in (("direction", self.direction, DIRECTIONS), ("color", self.color, COLORS)):
            if value not in known:
                hint = did_you_mean(str(value), known) or f": {one_of(known)}"
                raise RequestError(f"no {name} '{printable(str(value)[:60])}'{hint}")
        if not NARROWEST <= self.width <= WIDEST:
            raise RequestError(f"a width of {self.width} pixels; allowed are {NARROWEST} to {WIDEST:,}")
        if self.depth is not None and self.depth < 1:
            raise RequestError(f"a depth of {self.depth}; it must be at least 1")
