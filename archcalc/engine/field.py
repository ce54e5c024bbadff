"""Receptive fields: which pixels of the input the places of a map see, exactly.

Windows, transposed convolutions, resizing and pooling all say which places they read
(:class:`archcalc.operations.base.Reads`), and so turn what the places of one map see (``axes``) into what those of the
next do: no field has to be estimated.
"""

from __future__ import annotations

from math import gcd
from operator import sub
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.engine.axes import (
    PIXELS,
    Axis,
    Pattern,
    Places,
    Scattered,
    at_one_pace,
    extent,
    read_pattern,
    read_places,
    read_scattered,
    scattered,
    sees_all,
    union,
)
from archcalc.operations.base import MAX_PERIOD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.operations.base import Reads, ReadsOfAxes, Shape


class Seen(NamedTuple):
    """What the places of a map see of the input image; ``whole`` if something that gates them sees all of it."""

    height: Axis
    width: Axis
    stride: tuple[Any, Any] | None
    whole: bool

    def field(self, height: int, width: int) -> tuple[int, int] | None:
        """Return the most pixels that one of height x width places sees along each axis, or None if unknown."""
        vertical, horizontal = extent(self.height, height), extent(self.width, width)
        return None if vertical is None or horizontal is None else (vertical, horizontal)


IMAGE = Seen(PIXELS, PIXELS, (1, 1), whole=False)

MAX_WORK = 4_000_000
"""Places that are worked out one by one in a network; beyond it a receptive field is not known."""


class FieldOfView:
    """Follows what is seen through the layers of one network, within a bound on the work."""

    def __init__(self, height: int, width: int) -> None:
        self.pixels = (height, width)
        self.left = MAX_WORK
        self.known: dict[tuple[Pattern, Reads], Pattern | None] = {}

    def through(self, seen: Seen, reads: ReadsOfAxes, output: Shape, *, whole: bool = False) -> Seen:
        """Return what a layer's places see that read a map's places; ``whole`` where several places could see all."""
        vertical, horizontal = reads
        whole = seen.whole or (whole and sees_all(vertical) and sees_all(horizontal))
        height = self.after(seen.height, vertical, output.height)
        alike = vertical == horizontal and seen.height is seen.width and output.height == output.width
        width = height if alike else self.after(seen.width, horizontal, output.width)
        if seen.stride is None or vertical is None or horizontal is None:
            return Seen(height, width, None, whole)
        stride = (_step(seen.stride[0] * vertical.stride), _step(seen.stride[1] * horizontal.stride))
        return Seen(height, width, stride, whole)

    def after(self, axis: Axis, reads: Reads | None, length: int) -> Axis:
        """Return what ``length`` places see that read the places of an axis."""
        if axis is None or reads is None:
            return None
        if reads.period == 0:
            return scattered(axis, reads.last[0] + 1)
        if isinstance(axis, Scattered):
            return read_scattered(axis, reads)
        if isinstance(axis, Places):
            return read_places(axis, reads, length) if self.spends(length * _looks(reads, len(axis.low))) else None
        return self.read(axis, reads)

    def read(self, pattern: Pattern, reads: Reads) -> Pattern | None:
        """Return the pattern of places that read those of another; None if that takes too much work."""
        if reads.period == 1 and pattern.period == 1:
            low, high = pattern.low[0], pattern.high[0]
            if low is None or high is None:
                return pattern
            shift = pattern.shift
            return Pattern(1, shift * reads.shift, (low + shift * reads.first[0],), (high + shift * reads.last[0],))
        key = (pattern, reads)
        if key not in self.known:
            rounds = pattern.period // gcd(pattern.period, reads.shift)
            fits = reads.period * rounds <= MAX_PERIOD
            fits = fits and self.spends(reads.period * rounds * _looks(reads, pattern.period))
            self.known[key] = read_pattern(pattern, reads, rounds) if fits else None
        return self.known[key]

    def spends(self, work: int) -> bool:
        """Take work from what is left; return whether there was enough."""
        self.left -= work
        return self.left > 0

    def merged(self, branches: Sequence[Seen], output: Shape) -> Seen:
        """Return what places see that the same places of several maps flow into, and the largest of their strides."""
        first = branches[0]
        if all(branch is first or branch == first for branch in branches):
            return first
        strides = [branch.stride for branch in branches]
        return Seen(
            self.union([branch.height for branch in branches], output.height, 0),
            self.union([branch.width for branch in branches], output.width, 1),
            None if None in strides else (max(h for h, _ in strides), max(w for _, w in strides)),  # type: ignore[misc]
            any(branch.whole for branch in branches),
        )

    def union(self, axes: Sequence[Axis], length: int, axis: int) -> Axis:
        """Return what places of one axis see that several maps flow into."""
        patterns = [each for each in axes if isinstance(each, Pattern)]
        cheap = len(patterns) == len(axes) and at_one_pace(patterns)
        return union(axes, length, self.pixels[axis]) if cheap or self.spends(length * len(axes)) else None

    def gated(self, rows: Sequence[Seen], columns: Sequence[Seen], output: Shape) -> Seen:
        """Return what places see whose rows come from some maps and whose columns from others; the rest are gates."""
        vertical, horizontal = self.merged(rows, output), self.merged(columns, output)
        known = vertical.stride is not None and horizontal.stride is not None
        stride = (vertical.stride[0], horizontal.stride[1]) if known else None  # type: ignore[index]
        return Seen(vertical.height, horizontal.width, stride, whole=True)


def _looks(reads: Reads, most: int) -> int:
    """Return how many places of the input one place of the output is looked up in."""
    return max(min(most, 1 + max(map(sub, reads.last, reads.first), default=0) // reads.step), 1)


def _step(pixels: Any) -> Any:
    """Return a whole number of pixels as an int; where the map has grown it is a fraction."""
    return pixels.numerator if pixels.denominator == 1 else pixels
