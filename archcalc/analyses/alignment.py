"""Aligning two sequences: what of one is what of the other, in order.

Like lines of two texts, but matched several times, by less and less that has to be equal. A common part is found
exactly where that is cheap; longer sequences are first cut at what occurs once in each (patience), so that the cost
grows about linearly.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    Pairs = list[tuple[int, int]]

MAX_CELLS = 250_000
"""Pairs of places that are compared one by one; beyond, sequences are cut first."""


class Key(NamedTuple):
    """By what places match: a list for each sequence, of what has to be equal.

    Where fewer than a ``share`` of the places between two matches would match, none does: that is chance.
    """

    first: Sequence[Hashable]
    second: Sequence[Hashable]
    share: float = 0


def align(first: int, second: int, keys: Iterable[Key]) -> Pairs:
    """Match the places of two sequences of these lengths, in order: by the first key, then between by the next."""
    pairs: Pairs = []
    for key in keys:
        found: Pairs = []
        for here, there in _gaps(pairs, first, second):
            more = _common(here, there, [key.first[each] for each in here], [key.second[each] for each in there])
            found += more if len(more) >= key.share * max(len(here), len(there)) else []
        pairs = sorted([*pairs, *found])
    return pairs


def _gaps(pairs: Pairs, first: int, second: int) -> Iterator[tuple[range, range]]:
    """Yield what lies between matched places, where both sequences have something."""
    at, to = 0, 0
    for here, there in [*pairs, (first, second)]:
        if here > at and there > to:
            yield range(at, here), range(to, there)
        at, to = here + 1, there + 1


def _common(here: range, there: range, first: list[Hashable], second: list[Hashable]) -> Pairs:
    """Return a long common subsequence of two lists, as pairs of their places."""
    pairs: Pairs = []
    left = [(0, len(first), 0, len(second))]
    while left:
        start, end, begin, close = left.pop()
        while start < end and begin < close and first[start] == second[begin]:
            pairs.append((start, begin))
            start, begin = start + 1, begin + 1
        while start < end and begin < close and first[end - 1] == second[close - 1]:
            end, close = end - 1, close - 1
            pairs.append((end, close))
        one, other = first[start:end], second[begin:close]
        if not one or not other:
            continue
        small = len(one) * len(other) <= MAX_CELLS
        anchors = _longest(one, other) if small else _anchors(one, other)
        found = [(start + i, begin + j) for i, j in anchors or _next_ones(one, other)]
        pairs += found
        if anchors and not small:
            edges = [(start - 1, begin - 1), *found, (end, close)]
            left += [(i + 1, k, j + 1, m) for (i, j), (k, m) in pairwise(edges)]
    return [(here[i], there[j]) for i, j in pairs]


def _longest(first: list[Hashable], second: list[Hashable]) -> Pairs:
    """Return the longest common subsequence, comparing every place with every other."""
    width = len(second) + 1
    lengths = [0] * (width * (len(first) + 1))
    for i in range(len(first) - 1, -1, -1):
        row, below, each = i * width, (i + 1) * width, first[i]
        for j in range(len(second) - 1, -1, -1):
            if each == second[j]:
                lengths[row + j] = lengths[below + j + 1] + 1
            else:
                lengths[row + j] = max(lengths[below + j], lengths[row + j + 1])
    pairs: Pairs = []
    i = j = 0
    while i < len(first) and j < len(second):
        if first[i] == second[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _anchors(first: list[Hashable], second: list[Hashable]) -> Pairs:
    """Return what occurs once in each of two lists and in the same order: the longest increasing subsequence."""
    once = _places_of_single(second)
    both = [(place, once[key]) for key, place in _places_of_single(first).items() if key in once]
    ends: list[int] = []
    """The least place in the second list at which a chain of each length ends."""
    best: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(both):
        length = bisect_left(ends, place)
        before.append(best[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        best[length : length + 1] = [number]
    chain: Pairs = []
    number = best[-1] if best else -1
    while number >= 0:
        chain.append(both[number])
        number = before[number]
    return chain[::-1]


def _places_of_single(keys: list[Hashable]) -> dict[Hashable, int]:
    """Return where each key is that occurs once, in order."""
    counts: dict[Hashable, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return {key: place for place, key in enumerate(keys) if counts[key] == 1}


def _next_ones(first: list[Hashable], second: list[Hashable]) -> Pairs:
    """Match each place of a list with the next equal one of the other that is left."""
    places: dict[Hashable, list[int]] = {}
    for place in range(len(second) - 1, -1, -1):
        places.setdefault(second[place], []).append(place)
    pairs: Pairs = []
    last = -1
    for i, key in enumerate(first):
        known = places.get(key, [])
        while known and known[-1] <= last:
            known.pop()
        if known:
            last = known.pop()
            pairs.append((i, last))
    return pairs
