"""What the places of a map see along one axis: pixels of the input, from the lowest to the highest.

Where windows slide, places see the same over and over, one pace apart (:class:`Pattern`), and what lies in the padding
counts as seen, as published tables have it. Where maps meet whose places move at different paces, or some see all of
the image, there is no place far from the border any more: then only what is there counts, place by place
(:class:`Places`).
"""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from archcalc.operations.base import MAX_PERIOD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from archcalc.operations.base import Reads

Pixel = int | None
"""The number of a pixel; None where nothing is seen."""


class Pattern(NamedTuple):
    """Place ``r + period·k`` sees the pixels from ``low[r] + shift·k`` to ``high[r] + shift·k``."""

    period: int
    shift: int
    low: tuple[Pixel, ...]
    high: tuple[Pixel, ...]


class Places(NamedTuple):
    """What each place sees that there is, none of it outside the image."""

    low: tuple[Pixel, ...]
    high: tuple[Pixel, ...]


class Scattered(NamedTuple):
    """What places see that stand in no order: ``most`` pixels each, all of them between ``low`` and ``high``."""

    most: int
    low: int
    high: int


Axis = Pattern | Places | Scattered | None
"""What the places of an axis see; None where it is unknown."""

PIXELS = Pattern(1, 1, (0,), (0,))
"""Each place of the input sees itself."""


def extent(axis: Axis, length: int) -> int | None:
    """Return the most pixels that one of ``length`` places sees, from the first to the last of them."""
    if axis is None:
        return None
    if isinstance(axis, Scattered):
        return axis.most
    seen = zip(axis.low[:length], axis.high[:length], strict=True)
    return max((high - low + 1 for low, high in seen if low is not None and high is not None), default=0)


def read_pattern(pattern: Pattern, reads: Reads, rounds: int) -> Pattern:
    """Return what places see that read a pattern; it repeats after so many rounds of the reads."""
    lows, highs = [], []
    for number in range(rounds):
        for first, last in zip(reads.first, reads.last, strict=True):
            low, high = _hull(pattern, first + reads.shift * number, last + reads.shift * number, reads.step)
            lows.append(low)
            highs.append(high)
    shift = pattern.shift * (reads.shift * rounds // pattern.period)
    return Pattern(reads.period * rounds, shift, tuple(lows), tuple(highs))


def _hull(pattern: Pattern, first: int, last: int, step: int) -> tuple[Pixel, Pixel]:
    """Return the lowest and the highest pixel that some places see: those at both ends decide, one period of them."""
    most = min((last - first) // step, pattern.period - 1)
    lows = (_at(pattern, pattern.low, first + step * number) for number in range(most + 1))
    highs = (_at(pattern, pattern.high, last - step * number) for number in range(most + 1))
    return _chosen(min, lows), _chosen(max, highs)


def _at(pattern: Pattern, pixels: tuple[Pixel, ...], place: int) -> Pixel:
    rounds, rest = divmod(place, pattern.period)
    pixel = pixels[rest]
    return None if pixel is None else pixel + pattern.shift * rounds


def _chosen(choose: Callable[..., int], pixels: Iterable[Pixel]) -> Pixel:
    known = [pixel for pixel in pixels if pixel is not None]
    return choose(known) if known else None


def read_places(places: Places, reads: Reads, length: int) -> Pattern | Places:
    """Return what ``length`` places see that read places known one by one; where all read the same, as a pattern."""
    if sees_all(reads):
        read = slice(reads.first[0], reads.last[0] + 1)
        return Pattern(1, 0, (_chosen(min, places.low[read]),), (_chosen(max, places.high[read]),))
    lows, highs = [], []
    for place in range(length):
        rounds, rest = divmod(place, reads.period)
        first, last = reads.first[rest] + reads.shift * rounds, reads.last[rest] + reads.shift * rounds
        there = slice(first if first >= 0 else first % reads.step, max(last + 1, 0), reads.step)
        lows.append(_chosen(min, places.low[there]))
        highs.append(_chosen(max, places.high[there]))
    return Places(tuple(lows), tuple(highs))


def sees_all(reads: Reads | None) -> bool:
    """Whether all places read the same."""
    return reads is not None and reads.period == 1 and reads.shift == 0


def scattered(axis: Axis, length: int) -> Axis:
    """Return what places see that are out of order now; where all see the same, order says nothing."""
    if axis is None or isinstance(axis, Scattered) or _all_alike(axis):
        return axis
    if isinstance(axis, Pattern):
        low, high = _hull(axis, 0, length - 1, 1)
    else:
        low, high = _chosen(min, axis.low), _chosen(max, axis.high)
    most = extent(axis, length)
    return None if most is None or low is None or high is None else Scattered(most, low, high)


def read_scattered(axis: Scattered, reads: Reads) -> Axis:
    """Return what the places see that read places without order: one each, all of them, or nobody knows what."""
    if sees_all(reads):
        return Pattern(1, 0, (axis.low,), (axis.high,))
    return axis if reads.period == 1 and reads.first == reads.last else None


def _all_alike(axis: Pattern | Places) -> bool:
    """Whether all places see the same, as they do behind a pooling of the whole axis."""
    return isinstance(axis, Pattern) and axis.period == 1 and axis.shift == 0


def union(axes: Sequence[Axis], length: int, pixels: int) -> Axis:
    """Return what ``length`` places see that several maps flow into, of an image of so many pixels."""
    different = list(dict.fromkeys(axes))
    first = different[0]
    if len(different) == 1:
        return first
    if None in different:
        return None
    if any(isinstance(axis, Scattered) for axis in different):
        return _without_order(different)
    patterns = [axis for axis in different if isinstance(axis, Pattern)]
    if len(patterns) == len(different) and at_one_pace(patterns):
        return _one_pattern(patterns)
    return _one_by_one(different, length, pixels)  # type: ignore[arg-type]


def at_one_pace(patterns: Sequence[Pattern]) -> bool:
    """Whether places move on by as many pixels in all of them."""
    first = patterns[0]
    return all(each.shift * first.period == first.shift * each.period for each in patterns)


def _one_pattern(patterns: Sequence[Pattern]) -> Pattern | None:
    period = lcm(*(each.period for each in patterns))
    if period > MAX_PERIOD:
        return None
    return Pattern(
        period,
        patterns[0].shift * period // patterns[0].period,
        tuple(_chosen(min, [_at(each, each.low, place) for each in patterns]) for place in range(period)),
        tuple(_chosen(max, [_at(each, each.high, place) for each in patterns]) for place in range(period)),
    )


def _one_by_one(axes: Sequence[Pattern | Places], length: int, pixels: int) -> Places:
    lows, highs = [], []
    for place in range(length):
        seen = [_ends(axis, place) for axis in axes]
        inside = [
            (low, high) for low, high in seen if low is not None and high is not None and high >= 0 and low < pixels
        ]
        lows.append(max(min(low for low, _ in inside), 0) if inside else None)
        highs.append(min(max(high for _, high in inside), pixels - 1) if inside else None)
    return Places(tuple(lows), tuple(highs))


def _ends(axis: Pattern | Places, place: int) -> tuple[Pixel, Pixel]:
    """Return the first and the last pixel that a place sees; maps laid side by side may have fewer places."""
    if isinstance(axis, Pattern):
        return _at(axis, axis.low, place), _at(axis, axis.high, place)
    return (axis.low[place], axis.high[place]) if place < len(axis.low) else (None, None)


def _without_order(axes: Sequence[Axis]) -> Axis:
    """Return what places see where some stand in no order: unknown, unless the others all see what any of them sees."""
    unordered = [axis for axis in axes if isinstance(axis, Scattered)]
    found = Scattered(
        max(axis.most for axis in unordered), min(axis.low for axis in unordered), max(axis.high for axis in unordered)
    )
    others = [axis for axis in axes if isinstance(axis, Pattern) and _all_alike(axis)]
    if not others and len(unordered) == len(axes):
        return found
    whole = _one_pattern(others) if len(others) + len(unordered) == len(axes) else None
    if whole is None or whole.low[0] is None or whole.high[0] is None:
        return None
    return whole if whole.low[0] <= found.low and found.high <= whole.high[0] else None
