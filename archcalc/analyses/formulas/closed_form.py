"""The closed form of a network: exact polynomials, found by interpolation and checked at further points."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.formulas.lines import CHECKS, line, own_point, refuse_other_rows, somewhere
from archcalc.analyses.formulas.polynomial import interpolate
from archcalc.analyses.formulas.refusal import refuse_line, refuse_point
from archcalc.analyses.formulas.samples import INPUT_VALUES, TOTALS, Quantity, Samples
from archcalc.errors import RequestError, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archcalc.analyses.formulas.lines import Line
    from archcalc.analyses.formulas.polynomial import Polynomial
    from archcalc.analyses.formulas.samples import Rows
    from archcalc.analyses.formulas.variables import Variables
    from archcalc.analyses.variants import Base
    from archcalc.operations.base import Shape

    Point = tuple[int, ...]

FAR = (10, 17, 32, 64, 101, 257, 1024, 10_007)
"""Values at which a polynomial is checked beyond those next to the ones that settle it."""

MAX_GRID = 5_000
"""Points that may settle one polynomial in several variables."""

MAX_LAYERS_FAR = 100_000
"""Layers that a network is expected to have, at most, where a polynomial is checked."""


class Difference(NamedTuple):
    """A point at which a formula does not hold: what the network has there, and what the formula gives."""

    point: Point
    quantity: Quantity
    value: int
    formula: Any


class ClosedForm(NamedTuple):
    """Polynomials of a network's quantities, with the points that settle and check them."""

    base: Base
    variables: Variables
    polynomials: Mapping[Quantity, Polynomial]
    starts: tuple[int, ...]
    """The least value of each variable from which the polynomials hold."""
    settled: tuple[range, ...]
    """The values of each variable at which the network was analysed to find them."""
    checked: tuple[Point, ...]
    """The further points at which they agree with the network."""
    exceptions: tuple[Difference, ...]
    """The points just below at which the network can be built but is another."""
    impossible: tuple[tuple[Point, str], ...]
    """Points at which the network cannot be built, and why."""
    inputs: tuple[Shape, ...] | None
    """The shapes of the inputs, if they are the same at all points."""

    @property
    def totals(self) -> dict[str, Polynomial]:
        """The polynomials of the whole network: ``params``, ``macs``, ``memory_values``, ``depth``."""
        return {word: self.polynomials[Quantity(word)] for word in TOTALS}

    @property
    def input_values(self) -> Polynomial:
        """The values of the input image among the memory values."""
        return self.polynomials[Quantity(INPUT_VALUES)]

    @property
    def rows(self) -> dict[str, dict[str, Polynomial]]:
        """The polynomials of each row by its name; empty if rows were not asked for."""
        found: dict[str, dict[str, Polynomial]] = {}
        for quantity, polynomial in self.polynomials.items():
            if quantity.row:
                found.setdefault(quantity.row, {})[quantity.word] = polynomial
        return found


def closed_form(base: Base, variables: Variables, unfolded: Rows | None = None) -> ClosedForm:
    """Find the closed form of a network; raise RequestError where there is none, with a point that shows it.

    The degree in each variable is found first, the others being fixed; a grid of so many values settles the
    coefficients, and every other point at which the network was looked at must agree.
    """
    _refuse_broken(base)
    samples = Samples(base, variables, unfolded)
    others = somewhere(samples)
    lines = []
    for axis in range(len(variables.names)):
        found = line(samples, axis, others)
        if found is None:
            refuse_line(samples, axis, others)
        lines.append(found)
    settled = tuple(each.axis_points for each in lines)
    polynomials = _interpolated(samples, settled)
    form = ClosedForm(base, variables, polynomials, tuple(each.start for each in lines), settled, (), (), (), None)
    for point in _points_to_check(samples, lines, others):
        samples.at(point)
    _check(samples, form)
    return _with_domain(samples, form, lines, others)


def _refuse_broken(base: Base) -> None:
    """Raise SpecError where the spec is wrong whatever the variables are: it cannot be built as it stands."""
    from archcalc.analyses.variants import is_own, variant

    try:
        variant(base, {}).report()
    except SpecError as error:
        if is_own(error.file):
            return
        needs_value = any("has no value" in mistake.message for mistake in error.mistakes)
        if not needs_value:
            raise
    except RequestError:
        return


def _interpolated(samples: Samples, settled: tuple[range, ...]) -> dict[Quantity, Polynomial]:
    """Return the polynomials through all points of a grid."""
    if prod(map(len, settled)) > MAX_GRID:
        raise RequestError(
            f"--in: {prod(map(len, settled)):,} points would be needed for this formula; leave out a variable"
        )
    grid: dict[Point, Any] = {}
    for point in product(*settled):
        values = samples.at(point)
        if values is None:
            why = samples.reasons[point]
            raise RequestError(f"{samples.base.spec.name} cannot be built at {samples.shown(point)}: {why}")
        grid[point] = values
    first = next(iter(grid.values()))
    for values in grid.values():
        refuse_other_rows(samples, first, values)
    names = samples.variables.names
    return {
        quantity: interpolate(names, settled, {point: values[quantity] for point, values in grid.items()})
        for quantity in first
    }


def _points_to_check(samples: Samples, lines: Sequence[Line], others: Point) -> Iterator[Point]:
    """Yield points that lie off the grid: next to it, far from it, and where the network has its own values."""
    if len(lines) > 1:
        for step in range(1, CHECKS + 1):
            yield tuple(each.start + each.degree + step for each in lines)
    ends = [each.start + each.degree + CHECKS for each in lines]
    grows = _growth(samples)
    for turn in range(len(FAR)):
        point = tuple(FAR[(turn + axis) % len(FAR)] for axis in range(len(lines)))
        if all(value > end for value, end in zip(point, ends, strict=True)) and grows(point) <= MAX_LAYERS_FAR:
            yield point
    own = own_point(samples)
    if own is not None and grows(own) <= MAX_LAYERS_FAR:
        yield own


def _growth(samples: Samples) -> Any:
    """Return what estimates the layers at a point: those that are known, growing with the square of the values."""
    fewest, most = min(samples.layers.values()), max(samples.layers.values())
    if fewest == most:
        return lambda point: most
    largest = max(samples.layers)
    return lambda point: most * max(value / max(own, 1) for value, own in zip(point, largest, strict=True)) ** 2


def _check(samples: Samples, form: ClosedForm) -> None:
    """Raise RequestError at the first point, from where the polynomials should hold, that disagrees."""
    for point in sorted(samples.values, key=lambda point: (max(point), point)):
        if all(value >= start for value, start in zip(point, form.starts, strict=True)):
            refuse_other_rows(samples, next(iter(samples.values.values())), samples.values[point])
            found = difference(samples, form, point)
            if found is not None:
                refuse_point(samples, form.polynomials, form.settled, point)


def difference(samples: Samples, form: ClosedForm, point: Point) -> Difference | None:
    """Return the first quantity that differs at a point, if any does."""
    values = samples.at(point)
    for quantity, value in (values or {}).items():
        expected = form.polynomials[quantity](*point) if quantity in form.polynomials else None
        if expected != value:
            return Difference(point, quantity, value, expected)
    return None


def _with_domain(samples: Samples, form: ClosedForm, lines: Sequence[Line], others: Point) -> ClosedForm:
    """Return the form with where it holds: one value below the least, 0 included, may still agree."""
    starts: list[int] = []
    exceptions: list[Difference] = []
    for axis, each in enumerate(lines):
        start = each.start
        if start == each.least:
            below = (*others[:axis], start - 1, *others[axis + 1 :])
            if start - 1 >= 0 and samples.at(below) is not None:
                found = difference(samples, form, below)
                if found is None:
                    start -= 1
                elif start > 1:
                    exceptions.append(found)
        else:
            found = difference(samples, form, (*others[:axis], each.least, *others[axis + 1 :]))
            exceptions += [found] if found is not None else []
        starts.append(start)
    grid = set(product(*form.settled))
    checked = tuple(
        sorted(
            point
            for point in samples.values
            if point not in grid and all(value >= start for value, start in zip(point, starts, strict=True))
        )
    )
    above = [(point, why) for point, why in samples.reasons.items() if _above(point, starts)]
    return form._replace(
        starts=tuple(starts),
        checked=checked,
        exceptions=tuple(exceptions),
        impossible=tuple(sorted(above)),
        inputs=next(iter(samples.inputs)) if len(samples.inputs) == 1 else None,
    )


def _above(point: Point, starts: Sequence[int]) -> bool:
    return all(value >= start for value, start in zip(point, starts, strict=True))
