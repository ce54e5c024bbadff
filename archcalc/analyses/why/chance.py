"""How likely a figure is matched by chance: the part of all figures like it that the interpretations tried give."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.analyses.why.reported import Reported

MOST = 1 / 20
"""The largest chance of a coincidence at which an interpretation is still named as the answer."""


class Window(NamedTuple):
    """The figures of as many decimals from half the reported one to twice it, in units of the last digit."""

    first: int
    last: int

    @property
    def figures(self) -> int:
        """How many figures there are."""
        return self.last - self.first + 1


def window(reported: Reported) -> Window:
    """Return the figures among which a reported one is a random one, if it is of something else."""
    digits = reported.digits
    return Window(max(1, -(-digits // 2)), 2 * digits)


def chance(digits: Iterable[int], among: Window, further: int = 0) -> float:
    """Return the part of the figures of a window that interpretations give.

    ``digits`` are what they print, in units of the last digit; equal ones count once. ``further`` are figures of the
    window that a series of interpretations gives, without their digits.
    """
    given = {number for number in digits if among.first <= number <= among.last}
    return min(1.0, (len(given) + further) / among.figures)
