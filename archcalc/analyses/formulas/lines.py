"""One variable at a time: from where a network can be built, and of what degree its quantities are there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.formulas.own import own_values
from archcalc.analyses.formulas.samples import MAX_LAYERS_SAMPLED
from archcalc.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.analyses.formulas.samples import Quantity, Samples, Values

    Point = tuple[int, ...]

MAX_DEGREE = 8

CHECKS = 3
"""Values behind those that settle a polynomial which must agree before its degree is taken as found."""

NEAR = 64

SEARCHED = (*range(1, NEAR + 1), *(2**power for power in range(7, 13)))
"""Values at which it is tried whether the network can be built at all."""

SCANNED = 1024
"""Values up to which each is tried in search of the least at which it can; beyond, only halves."""


class Line(NamedTuple):
    """What is known of one variable, the others being fixed."""

    axis: int
    least: int
    """The least value at which the network can be built."""
    start: int
    """The least value from which all quantities are polynomials: ``least``, or one more."""
    degree: int

    @property
    def axis_points(self) -> range:
        """The values that settle a polynomial of this degree."""
        return range(self.start, self.start + self.degree + 1)


def degree(values: Sequence[int]) -> int | None:
    """Return the degree of a polynomial through values at consecutive whole numbers; None if too few are left to check.

    Differences of one order more than the degree are 0; at least CHECKS of them are looked at.
    """
    row = list(values)
    for order in range(len(values) - CHECKS):
        if len(row) > CHECKS and len(set(row)) == 1:
            return order
        row = [after - before for before, after in pairwise(row)]
    return None


def degrees(run: Sequence[Values]) -> int | None:
    """Return the largest degree of all quantities along consecutive values; None if one has none."""
    found = [degree([values[quantity] for values in run]) for quantity in run[0]]
    return None if None in found else max(each for each in found if each is not None)


def somewhere(samples: Samples) -> Point:
    """Return a point at which the network can be built: all variables nearly the same, or its own values."""
    count = len(samples.variables.names)
    own = own_point(samples)
    for value in SEARCHED:
        point = tuple(value + number for number in range(count))
        if samples.at(point) is not None:
            return point
        if value == NEAR and own is not None and samples.at(own) is not None:
            return own
    point, why = next(iter(samples.reasons.items()))
    name, names = samples.base.spec.name, " and ".join(samples.variables.names)
    more = f"; nor at other values of {names} up to {SEARCHED[-1]}"
    raise RequestError(f"{name} cannot be built at {samples.shown(point)}: {why}{more}")


def own_point(samples: Samples) -> Point | None:
    """Return the network's own values of the variables, where those are themselves arguments or sizes."""
    names = samples.variables.names
    if not all(samples.variables.plain(name) for name in names):
        return None
    own = own_values(samples.base)
    return tuple(own[name] for name in names) if all(own.get(name, 0) > 0 for name in names) else None


def looking(samples: Samples, axis: int, others: Point) -> Callable[[int], Values | None]:
    """Return what looks at a value of one variable, the others being fixed."""
    return lambda value: samples.at((*others[:axis], value, *others[axis + 1 :]))


def least(at: Callable[[int], Values | None], known: int) -> int:
    """Return the least value at which the network can be built, given one at which it can."""
    for value in range(1, min(known, SCANNED) + 1):
        if at(value) is not None:
            return value
    below, above = SCANNED, known
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if at(middle) is not None else (middle, above)
    return above


def line(samples: Samples, axis: int, others: Point) -> Line | None:
    """Return what is known of one variable; None if its quantities are no polynomials of a degree up to MAX_DEGREE."""
    at = looking(samples, axis, others)
    first = least(at, others[axis])
    run: list[Values] = []
    for value in range(first, first + MAX_DEGREE + CHECKS + 3):
        values = at(value)
        if values is None:
            return None
        run.append(values)
        refuse_other_rows(samples, run[0], values)
        for start in (0, 1):  # the least value may be special, as where widths are equal and nothing is projected
            if len(run) > start and (found := degrees(run[start:])) is not None:
                return Line(axis, first, first + start, found)
        if samples.layers[(*others[:axis], value, *others[axis + 1 :])] > MAX_LAYERS_SAMPLED:
            return None
    return None


def refuse_other_rows(samples: Samples, one: Values, other: Values) -> None:
    """Raise RequestError where two points have different rows."""
    if one.keys() != other.keys():
        quantity: Quantity = min(one.keys() ^ other.keys(), key=lambda each: each.row)
        raise RequestError(
            f"--per layer: the row {quantity.row} of {samples.base.spec.name} does not exist at all values of "
            f"{', '.join(samples.variables.names)}; fold it with a smaller --depth, or without --all"
        )
