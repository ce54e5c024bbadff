"""Where the values of a map stand in a tensor whose axes were split, merged and put into another order.

An axis of a map (its channels, rows or columns) is a root; a digit is a part of it: places ``lo`` to ``hi`` of its
index, as hundreds are a part of a number. Reshapes split and join digits, transposes move them; no value is touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Digit(NamedTuple):
    """Part of a root's index: ``index // lo % (hi // lo)``."""

    root: int
    lo: int
    hi: int

    @property
    def size(self) -> int:
        """How many values it takes."""
        return self.hi // self.lo

    def split(self, inner: int) -> tuple[Digit, Digit]:
        """Return the outer part, and an inner one of that size."""
        at = self.lo * inner
        return Digit(self.root, at, self.hi), Digit(self.root, self.lo, at)


Digits = tuple[Digit, ...]
Axes = tuple[Digits, ...]


def size(digits: Iterable[Digit]) -> int:
    """Return how many values digits take together."""
    found = 1
    for digit in digits:
        found *= digit.size
    return found


def joined(digits: Iterable[Digit]) -> Digits:
    """Return digits with neighbours that belong together made one, and those of a single value left out."""
    found: list[Digit] = []
    for digit in digits:
        if digit.size == 1:
            continue
        if found and found[-1].root == digit.root and found[-1].lo == digit.hi:
            found[-1] = Digit(digit.root, digit.lo, found[-1].hi)
        else:
            found.append(digit)
    return tuple(found)


def regrouped(axes: Axes, shape: Sequence[int]) -> Axes | None:
    """Deal digits out over new axes, in order; None where an axis would end inside one that cannot be split so."""
    rest = list(joined(digit for axis in axes for digit in axis))[::-1]
    found: list[Digits] = []
    for length in shape:
        own: list[Digit] = []
        left = length
        while left > 1:
            if not rest:
                return None
            digit = rest.pop()
            if left % digit.size == 0:
                own.append(digit)
                left //= digit.size
            elif digit.size % left == 0:
                outer, inner = digit.split(digit.size // left)
                own.append(outer)
                rest.append(inner)
                left = 1
            else:
                return None
        found.append(joined(own))
    return None if rest else tuple(found)


def matched(first: Digits, second: Digits) -> list[tuple[Digit, Digit]] | None:
    """Pair the digits of two axes of the same length, split as far as both need; None where they do not pair."""
    one, other = list(joined(first))[::-1], list(joined(second))[::-1]
    found = []
    while one and other:
        a, b = one.pop(), other.pop()
        if a.size > b.size and a.size % b.size == 0:
            a, inner = a.split(a.size // b.size)
            one.append(inner)
        elif b.size > a.size and b.size % a.size == 0:
            b, inner = b.split(b.size // a.size)
            other.append(inner)
        elif a.size != b.size:
            return None
        found.append((a, b))
    return None if one or other else found


def translated(digits: Digits, pairs: Sequence[tuple[Digit, Digit]]) -> Digits:
    """Return digits in terms of the second of each pair, wherever the first is a part of them."""
    found: list[Digit] = []
    for digit in digits:
        inside = [
            pair for pair in pairs
            if pair[0].root == digit.root and digit.lo <= pair[0].lo and pair[0].hi <= digit.hi
        ]  # fmt: skip
        found.extend(other for _, other in sorted(inside, key=lambda pair: -pair[0].lo))
    return joined(found)
