"""Refusals: what is no polynomial is an error that names the first point which shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from archcalc import units
from archcalc.analyses.formulas.hints import hint
from archcalc.analyses.formulas.lines import CHECKS, MAX_DEGREE, degree, least, looking
from archcalc.analyses.formulas.polynomial import interpolate
from archcalc.analyses.formulas.samples import MAX_LAYERS_SAMPLED
from archcalc.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from archcalc.analyses.formulas.polynomial import Polynomial
    from archcalc.analyses.formulas.samples import Quantity, Samples, Values

    Point = tuple[int, ...]

SCANNED = 256
"""Values between one that agrees and one that does not which are all tried; beyond, only halves."""


def refuse_line(samples: Samples, axis: int, others: Point) -> NoReturn:
    """Raise RequestError for a variable in which some quantity is no polynomial of a degree up to MAX_DEGREE."""
    at = looking(samples, axis, others)
    first = least(at, others[axis])
    run: list[Values] = []
    while len(run) < MAX_DEGREE + CHECKS + 3:
        values = at(first + len(run))
        if values is None:
            _refuse_gap(samples, axis, others, first, len(run))
        run.append(values)
        if samples.layers[(*others[:axis], first + len(run) - 1, *others[axis + 1 :])] > MAX_LAYERS_SAMPLED:
            break
    quantity = next(each for each in run[0] if _degree(run, each) is None)
    numbers = [values[quantity] for values in run]
    order = _longest(numbers)
    settles = range(first, first + order + 1)
    name = samples.variables.names[axis]
    formula = interpolate((name,), (settles,), {(each,): numbers[each - first] for each in settles})
    wrong = next(
        value for value in range(first + order + 1, first + len(numbers)) if formula(value) != numbers[value - first]
    )
    at_wrong = (*others[:axis], wrong, *others[axis + 1 :])
    message = _disagreement(samples, quantity, at_wrong, formula(wrong), _values(name, settles))
    raise RequestError(message + hint(samples, axis, others, wrong))


def _degree(run: Sequence[Values], quantity: Quantity) -> int | None:
    numbers = [values[quantity] for values in run]
    found = degree(numbers)
    return degree(numbers[1:]) if found is None else found


def _longest(numbers: Sequence[int]) -> int:
    """Return the order of the polynomial through the first numbers that holds longest; if none does, the highest."""
    best, farthest = 0, 1
    for order in range(min(MAX_DEGREE, len(numbers) - 2) + 1):
        axis = range(order + 1)
        formula = interpolate(("x",), (axis,), {(each,): numbers[each] for each in axis})
        end = order + 1
        while end < len(numbers) and formula(end) == numbers[end]:
            end += 1
        if end < len(numbers) and (end - order > farthest or farthest == 1):
            best, farthest = order, end - order
    return best


def _refuse_gap(samples: Samples, axis: int, others: Point, first: int, count: int) -> NoReturn:
    """Raise RequestError where the network cannot be built at a value among the first."""
    name = samples.variables.names[axis]
    point = (*others[:axis], first + count, *others[axis + 1 :])
    why = samples.reasons[point]
    message = f"{samples.base.spec.name} cannot be built at {samples.shown(point)}: {why}"
    help_ = hint(samples, axis, others, first + count)
    if not help_:
        help_ = (
            f"; {_values(name, range(first, first + count))} {'are' if count > 1 else 'is'} too few to find a formula"
        )
    raise RequestError(f"{message}{help_}")


def refuse_point(
    samples: Samples, polynomials: Mapping[Quantity, Polynomial], settled: Sequence[range], point: Point
) -> NoReturn:
    """Raise RequestError where polynomials disagree with the network at a point; with one variable, the first such."""
    if len(point) == 1:
        point = (_first(samples, polynomials, settled[0].stop, point[0]),)
    values = samples.at(point) or {}
    quantity = next(each for each, value in values.items() if polynomials[each](*point) != value)
    settles = " and ".join(_values(name, axis) for name, axis in zip(samples.variables.names, settled, strict=True))
    message = _disagreement(samples, quantity, point, polynomials[quantity](*point), settles)
    raise RequestError(message + (hint(samples, 0, point, point[0]) if len(point) == 1 else ""))


def _first(samples: Samples, polynomials: Mapping[Quantity, Polynomial], after: int, wrong: int) -> int:
    """Return the first value that disagrees, given one that does."""

    def disagrees(value: int) -> bool:
        values = samples.at((value,))
        return values is not None and any(polynomials[each](value) != number for each, number in values.items())

    for value in range(after, min(wrong, after + SCANNED)):
        if disagrees(value):
            return value
    below, above = after + SCANNED - 1, wrong
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if disagrees(middle) else (middle, above)
    return above


def _disagreement(samples: Samples, quantity: Quantity, point: Point, formula: Fraction, settles: str) -> str:
    """Say that a quantity is no polynomial, and what shows it."""
    value = (samples.at(point) or {})[quantity]
    names = " and ".join(samples.variables.names)
    is_are, it = ("are", "they are") if str(quantity).partition(" of ")[0][-1] == "s" else ("is", "it is")
    given = units.exact(int(formula)) if formula.denominator == 1 else str(formula)
    return (
        f"{quantity} of {samples.base.spec.name} {is_are} no polynomial in {names}: "
        f"at {samples.shown(point)} {it} {units.exact(value)}, where the polynomial through {settles} gives {given}"
    )


def _values(name: str, values: range) -> str:
    """Write a few values: ``n = 1``, ``n = 1, 2, 3``."""
    return f"{name} = {', '.join(map(str, values))}"
