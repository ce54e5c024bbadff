"""Polynomials in several variables with exact coefficients, and interpolation on a grid of whole numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Point = tuple[int, ...]

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Term(NamedTuple):
    """One term: its coefficient, and the power of each variable."""

    coefficient: Fraction
    powers: tuple[int, ...]


class Polynomial(NamedTuple):
    """An exact polynomial; ``terms`` fall in degree, and none is 0.

    >>> square = interpolate(("n",), (range(1, 4),), {(1,): 1, (2,): 4, (3,): 9})
    >>> str(square), square(5)
    ('n²', Fraction(25, 1))
    """

    variables: tuple[str, ...]
    terms: tuple[Term, ...]

    def __call__(self, *point: int) -> Fraction:
        """Return its value at a point, which has a whole number for each variable."""
        total = Fraction(0)
        for coefficient, powers in self.terms:
            for value, power in zip(point, powers, strict=True):
                coefficient *= value**power
            total += coefficient
        return total

    def __str__(self) -> str:
        """Write it as text: ``154,451,968·n² + 2,048,000``, ``1/2·n² − 3·n``."""
        text = ""
        for coefficient, powers in self.terms:
            sign = ("−" if coefficient < 0 else "") if not text else " − " if coefficient < 0 else " + "
            text += sign + _term(abs(coefficient), self.variables, powers)
        return text or "0"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data; a coefficient that is not whole is text, ``"1/2"``."""
        return {
            "text": str(self),
            "terms": [
                {
                    "coefficient": plain(coefficient),
                    "powers": {name: power for name, power in zip(self.variables, powers, strict=True) if power},
                }
                for coefficient, powers in self.terms
            ],
        }


def plain(value: Fraction) -> int | str:
    """Return an exact number as plain data: an integer, or text such as ``"1/2"``."""
    return int(value) if value.denominator == 1 else str(value)


def _term(coefficient: Fraction, variables: Sequence[str], powers: Sequence[int]) -> str:
    factors = [
        name + (str(power).translate(_SUPERSCRIPTS) if power > 1 else "")
        for name, power in zip(variables, powers, strict=True)
        if power
    ]
    if coefficient != 1 or not factors:
        divisor = "" if coefficient.denominator == 1 else f"/{units.exact(coefficient.denominator)}"
        factors.insert(0, units.exact(coefficient.numerator) + divisor)
    return "·".join(factors)


def interpolate(variables: tuple[str, ...], axes: Sequence[range], values: Mapping[Point, int]) -> Polynomial:
    """Return the polynomial through all points of a grid, of a lower degree than an axis has points.

    Exact: along each axis the values become the coefficients of the powers, by Lagrange's polynomials of its points.
    """
    grid: dict[Point, Fraction] = {
        index: Fraction(values[tuple(axis[place] for axis, place in zip(axes, index, strict=True))])
        for index in product(*(range(len(axis)) for axis in axes))
    }
    for number, axis in enumerate(axes):
        grid = _along(grid, number, _powers_of(axis))
    terms = [Term(coefficient, powers) for powers, coefficient in grid.items() if coefficient]
    terms.sort(key=lambda term: (sum(term.powers), term.powers), reverse=True)
    return Polynomial(variables, tuple(terms))


def _along(grid: Mapping[Point, Fraction], axis: int, matrix: Sequence[Sequence[Fraction]]) -> dict[Point, Fraction]:
    """Multiply each line of a grid along an axis by a matrix."""
    made = dict.fromkeys(grid, Fraction(0))
    for index, value in grid.items():
        if value:
            for power, row in enumerate(matrix):
                made[(*index[:axis], power, *index[axis + 1 :])] += row[index[axis]] * value
    return made


def _powers_of(axis: range) -> list[list[Fraction]]:
    """Return the coefficients of Lagrange's polynomials: a row for each power, a column for each point."""
    columns = []
    for own in axis:
        column = [Fraction(1)]
        for other in axis:
            if other != own:  # times (x - other) / (own - other)
                lower, upper = [Fraction(0), *column], [*column, Fraction(0)]
                column = [(below - other * above) / (own - other) for below, above in zip(lower, upper, strict=True)]
        columns.append(column)
    return [list(row) for row in zip(*columns, strict=True)]
