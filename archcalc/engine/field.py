"""Receptive fields: which pixels of the input the places of a map see, exactly.

Along each axis a map is described by what its places see: place ``r + period·k`` sees the pixels from
``low[r] + shift·k`` to ``high[r] + shift·k``. Windows, transposed convolutions, resizing and pooling all turn such a
description into another one (:class:`archcalc.operations.base.Reads`), so no field has to be estimated. As published
tables have it, fields are those of places far from the border: what lies in the padding counts as seen.
"""

from __future__ import annotations

from math import gcd
from operator import sub
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.operations.base import MAX_PERIOD
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from archcalc.operations.base import Reads, ReadsOfAxes


class Pattern(NamedTuple):
    """What the places of an axis see, over and over; None for a place that sees nothing."""

    period: int
    shift: int
    low: tuple[int | None, ...]
    high: tuple[int | None, ...]


class Scattered(Record):
    """What places see that stand in no order: ``most`` pixels each, all of them between ``low`` and ``high``."""

    most: int
    low: int
    high: int


Axis = tuple[Pattern, ...] | Scattered | None
"""What the places of an axis see, by way of each branch that moves at a pace of its own; None where it is unknown."""

PIXELS: Axis = (Pattern(1, 1, (0,), (0,)),)
"""Each place of the input sees itself."""


class Seen(NamedTuple):
    """What the places of a map see of the input image; ``whole`` where something that gates them sees all of it."""

    height: Axis
    width: Axis
    stride: tuple[Any, Any] | None
    whole: bool

    def field(self, height: int, width: int) -> tuple[int, int] | None:
        """Return the most pixels that one of height x width places sees along each axis, or None."""
        vertical, horizontal = extent(self.height, height), extent(self.width, width)
        return None if vertical is None or horizontal is None else (vertical, horizontal)


IMAGE = Seen(PIXELS, PIXELS, (1, 1), whole=False)


class FieldOfView:
    """Carries what is seen through the layers of one network, within a bound on the work that this may take."""

    def __init__(self) -> None:
        self.left = MAX_WORK
        self.known: dict[tuple[Pattern, Reads], Pattern | None] = {}

    def through(self, seen: Seen, reads: ReadsOfAxes, *, whole: bool = False) -> Seen:
        """Return what a layer's places see that read a map's places; ``whole`` where several places could see all."""
        vertical, horizontal = reads
        whole = seen.whole or (whole and _reads_all(vertical) and _reads_all(horizontal))
        height = self.after(seen.height, vertical)
        alike = vertical == horizontal and seen.height is seen.width
        width = height if alike else self.after(seen.width, horizontal)
        if seen.stride is None or vertical is None or horizontal is None:
            return Seen(height, width, None, whole)
        stride = (_step(seen.stride[0] * vertical.stride), _step(seen.stride[1] * horizontal.stride))
        return Seen(height, width, stride, whole)

    def after(self, axis: Axis, reads: Reads | None) -> Axis:
        """Return what the places see that read the places of an axis."""
        if axis is None or reads is None:
            return None
        if reads.period == 0:
            return _scattered(axis, reads.last[0] + 1)
        if isinstance(axis, Scattered):
            return _out_of(axis, reads)
        patterns = [self.read(pattern, reads) for pattern in axis]
        return None if None in patterns else together(patterns)  # type: ignore[arg-type]

    def read(self, pattern: Pattern, reads: Reads) -> Pattern | None:
        """Return the pattern of places that read those of another; None where it takes too much to write it out."""
        if reads.period == 1 and pattern.period == 1:
            low, high = pattern.low[0], pattern.high[0]
            if low is None or high is None:
                return pattern
            shift = pattern.shift
            return Pattern(1, shift * reads.shift, (low + shift * reads.first[0],), (high + shift * reads.last[0],))
        key = (pattern, reads)
        if key not in self.known:
            rounds = pattern.period // gcd(pattern.period, reads.shift)
            looks = min(pattern.period, 1 + max(map(sub, reads.last, reads.first), default=0) // reads.step)
            self.left -= reads.period * rounds * max(looks, 1)
            fits = reads.period * rounds <= MAX_PERIOD and self.left > 0
            self.known[key] = _written_out(pattern, reads, rounds) if fits else None
        return self.known[key]


def _scattered(axis: Axis, length: int) -> Axis:
    """Return what places see that are out of order now; where all see the same, order says nothing."""
    if not isinstance(axis, tuple) or _all_alike(axis):
        return axis
    most = extent(axis, length)
    everything = [_hull(pattern, 0, length - 1, 1) for pattern in axis]
    lows, highs = (
        [low for low, _ in everything if low is not None],
        [high for _, high in everything if high is not None],
    )
    return None if most is None or not lows else Scattered(most, min(lows), max(highs))


def _out_of(axis: Scattered, reads: Reads) -> Axis:
    """Return what the places see that read places without order: one each, all of them, or nobody knows what."""
    if reads.period == 1 and reads.shift == 0:
        return (Pattern(1, 0, (axis.low,), (axis.high,)),)
    return axis if reads.period == 1 and reads.first == reads.last else None


def _covers(patterns: Sequence[Pattern], low: int, high: int) -> bool:
    return any(
        pattern.low[0] is not None and pattern.high[0] is not None and pattern.low[0] <= low and high <= pattern.high[0]
        for pattern in patterns
    )


def _all_alike(axis: Sequence[Pattern]) -> bool:
    """Whether all places see the same, as they do behind a pooling of the whole axis."""
    return all(pattern.period == 1 and pattern.shift == 0 for pattern in axis)


MAX_WORK = 4_000_000
"""Places that are worked out one by one in a network; beyond it a receptive field is not known."""


def _reads_all(reads: Reads | None) -> bool:
    return reads is not None and reads.period == 1 and reads.shift == 0


def _step(pixels: Any) -> Any:
    """Return a whole number of pixels as an int; where the map has grown it is a fraction."""
    return pixels.numerator if pixels.denominator == 1 else pixels


def _written_out(pattern: Pattern, reads: Reads, rounds: int) -> Pattern:
    lows, highs = [], []
    for number in range(rounds):
        for first, last in zip(reads.first, reads.last, strict=True):
            low, high = _hull(pattern, first + reads.shift * number, last + reads.shift * number, reads.step)
            lows.append(low)
            highs.append(high)
    shift = pattern.shift * (reads.shift * rounds // pattern.period)
    return Pattern(reads.period * rounds, shift, tuple(lows), tuple(highs))


def _hull(pattern: Pattern, first: int, last: int, step: int) -> tuple[int | None, int | None]:
    """Return the lowest and the highest pixel that some places see: those at both ends decide, one period of them."""
    most = min((last - first) // step, pattern.period - 1)
    lows = [_at(pattern, pattern.low, first + step * number) for number in range(most + 1)]
    highs = [_at(pattern, pattern.high, last - step * number) for number in range(most + 1)]
    return (
        min((low for low in lows if low is not None), default=None),
        max((high for high in highs if high is not None), default=None),
    )


def _at(pattern: Pattern, pixels: tuple[int | None, ...], place: int) -> int | None:
    rounds, rest = divmod(place, pattern.period)
    pixel = pixels[rest]
    return None if pixel is None else pixel + pattern.shift * rounds


def together(patterns: Iterable[Pattern]) -> Axis:
    """Return what places see that are the sum of several: branches at one pace become one pattern."""
    paces: dict[tuple[int, int], Pattern] = {}
    for pattern in patterns:
        pace = (pattern.period, pattern.shift)
        other = paces.get(pace)
        paces[pace] = pattern if other is None or other == pattern else _both(pattern, other)
    return tuple(paces.values()) if len(paces) <= MAX_PACES else None


MAX_PACES = 16
"""Branches at different paces that are told apart; beyond it a receptive field is not known."""


def _both(first: Pattern, second: Pattern) -> Pattern:
    return Pattern(
        first.period,
        first.shift,
        tuple(_either(min, *pair) for pair in zip(first.low, second.low, strict=True)),
        tuple(_either(max, *pair) for pair in zip(first.high, second.high, strict=True)),
    )


def _either(choose: Callable[[int, int], int], first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return second if first is None else first
    return choose(first, second)


def extent(axis: Axis, length: int) -> int | None:
    """Return the most pixels that one of ``length`` places sees, from the first to the last of them."""
    if axis is None:
        return None
    if isinstance(axis, Scattered):
        return axis.most
    if len(axis) == 1 and axis[0].period == 1:
        ((_, _, (low,), (high,)),) = axis
        return 0 if low is None or high is None else high - low + 1
    period = 1
    for pattern in axis:
        period = period * pattern.period // gcd(period, pattern.period)
        if period > MAX_PERIOD:
            return None
    ends = {*range(min(period, length)), *range(max(0, length - period), length)}  # what a place sees grows to an end
    return max(_seen(axis, place) for place in ends)


def _seen(axis: tuple[Pattern, ...], place: int) -> int:
    lows = [low for low in (_at(pattern, pattern.low, place) for pattern in axis) if low is not None]
    highs = [high for high in (_at(pattern, pattern.high, place) for pattern in axis) if high is not None]
    return max(highs) - min(lows) + 1 if lows else 0


def merged(branches: Sequence[Seen]) -> Seen:
    """Return what the places see that the same places of several maps flow into, and the largest of their strides."""
    first = branches[0]
    if all(branch == first for branch in branches):
        return first
    strides = [branch.stride for branch in branches]
    return Seen(
        _union([branch.height for branch in branches]),
        _union([branch.width for branch in branches]),
        None if None in strides else (max(h for h, _ in strides), max(w for _, w in strides)),  # type: ignore[misc]
        any(branch.whole for branch in branches),
    )


def gated(rows: Sequence[Seen], columns: Sequence[Seen]) -> Seen:
    """Return what places see whose rows come from some maps and whose columns from others; the rest are gates."""
    vertical, horizontal = merged(rows), merged(columns)
    known = vertical.stride is not None and horizontal.stride is not None
    stride = (vertical.stride[0], horizontal.stride[1]) if known else None  # type: ignore[index]
    return Seen(vertical.height, horizontal.width, stride, whole=True)


def _union(axes: Sequence[Axis]) -> Axis:
    patterns: list[Pattern] = []
    scattered: list[Scattered] = []
    for axis in axes:
        if axis is None:
            return None
        if isinstance(axis, Scattered):
            scattered.append(axis)
        else:
            patterns += axis
    if scattered:
        most, low, high = (
            max(axis.most for axis in scattered),
            min(axis.low for axis in scattered),
            max(axis.high for axis in scattered),
        )
        if not patterns:
            return Scattered(most, low, high)
        covered = _all_alike(patterns) and _covers(patterns, low, high)  # then each place sees all that the others do
        return together(patterns) if covered else None
    return together(patterns)
