"""Verdicts: what a figure as printed and the exact number make of each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.published.quantities import kind_of

if TYPE_CHECKING:
    from archcalc.published.figure import Figure

AGREES, AGREES_UNDER, APPROXIMATE = "agrees", "agrees-under", "approximate"
OTHER, UNEXPLAINED, MISPRINT = "other", "unexplained", "misprint"
UNEXPECTED, DIFFERS = "unexpected", "differs"
MEASURED, REMARKED, EXPECTED, BROKEN = "measured", "remark", "expected", "broken"
STATUSES = (
    AGREES, AGREES_UNDER, APPROXIMATE, OTHER, UNEXPLAINED, MISPRINT,
    UNEXPECTED, DIFFERS, MEASURED, REMARKED, EXPECTED, BROKEN,
)  # fmt: skip
FAILURES = (UNEXPECTED, DIFFERS, BROKEN)
UNCHECKED = (MEASURED, REMARKED)

SEVERAL_NETWORKS, NO_NETWORK = "several networks", "no network"
"""What findings of claims, and of figures of no network, are called instead of a network."""


class Tried(NamedTuple):
    """A reading of an unexplained figure, and what it gives."""

    figure: Figure
    computed: Any


class Finding(NamedTuple):
    """A figure, what follows from the network, and the verdict.

    ``computed`` is exact: an int, a fraction, or a shape as a tuple; None for what is measured. ``explained`` is the
    same under what explains the figure (``under``), if that is given. ``cut`` says that the printed digits are cut off,
    not rounded. ``status`` is the verdict:

    - agrees: the exact number rounds to the printed digits, or is truncated to them
    - agrees-under: it does under an argument, a convention or another reading that the source does not state
    - approximate: the source says about, over or under, and it is
    - other: the figure describes something else; unexplained: nobody knows what; misprint: the slip is known
    - unexpected: marked as unexplained or as a misprint, and it agrees
    - differs: none of these
    - measured and remark: never checked
    - expected and broken: a bound that the spec sets for itself holds or does not
    """

    network: str
    figure: Figure
    status: str
    computed: Any
    explained: Any = None
    cut: bool = False
    tried: tuple[Tried, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether a check with this finding fails."""
        return self.status in FAILURES


def agreement(figure: Figure, computed: Any) -> str:
    """Say how an exact value gives the printed figure: ``rounded``, ``cut``, ``about``, or not at all (empty)."""
    if kind_of(figure.quantity) == "shape":
        return "rounded" if _same_shape(figure, tuple(computed)) else ""
    assert figure.value is not None
    if isinstance(computed, tuple | str):  # a kernel of two sizes, or padding that is 'same'
        return ""
    return figure.value.agrees(computed, direction=figure.round)


def verdict(figure: Figure, plain: str, explained: str | None) -> tuple[str, bool]:
    """Return the verdict on a figure, and whether it agrees by cutting digits off.

    ``plain`` is the agreement of the network as the source describes it, ``explained`` that of the explanation.
    """
    if explained == "":
        return DIFFERS, False
    if figure.other:
        return OTHER, False
    if figure.misprint or figure.unexplained:
        known = MISPRINT if figure.misprint else UNEXPLAINED
        return (UNEXPECTED if plain else known), False
    if plain == "rounded" or (plain and explained is None):
        return {"rounded": AGREES, "cut": AGREES, "about": APPROXIMATE}[plain], plain == "cut"
    return (AGREES_UNDER if explained else DIFFERS), explained == "cut"


def _same_shape(figure: Figure, computed: tuple[int, ...]) -> bool:
    printed = tuple(int(number) for number in re.findall(r"[0-9]+", figure.printed.replace(",", "")))
    if len(printed) == 3 and figure.order == "hwc":
        printed = (printed[2], printed[0], printed[1])
    if len(printed) == 2:
        return printed in (computed, computed[1:])
    if len(printed) == 1:
        return computed == (printed[0], 1, 1)
    return printed == computed
