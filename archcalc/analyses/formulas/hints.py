"""Where a network has no closed form in a variable: in what it has one, as it would be typed after --in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.formulas.lines import CHECKS, degrees, looking
from archcalc.analyses.formulas.polynomial import interpolate
from archcalc.analyses.variants import names_to_vary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archcalc.analyses.formulas.samples import Quantity, Samples, Values
    from archcalc.analyses.formulas.variables import Variables
    from archcalc.language.networks import NetworkSpec

    Point = tuple[int, ...]
    Look = Callable[[int], Values | None]

MAX_DEGREE = 4
"""Degree of the polynomials that hints are about."""

PERIODS = (*range(2, 65), 80, 96, 100, 112, 120, 128, 160, 192, 224, 256)
"""Numbers of which a variable may have to be a multiple."""

LATER = (16, 48)
"""How far behind a value that disagrees polynomials are looked for."""

FURTHER = (2, 5)
"""How many times as far they must still hold."""

FAR = (10, 17, 32, 64)
"""Steps of a period behind those that suggest it at which it is checked: what is cut may not change for long."""

EXPLOSION, EXPLODING = 8, 1.5
"""A number of values, and by what the layers grow from each of the last three to the next, that is too much."""

MAX_LAYERS_HINT = 300_000
"""Layers that are counted, in all, in search of a hint."""


class Steps(NamedTuple):
    """Values at equal distances: the multiples of a number, plus a remainder."""

    modulus: int
    remainder: int

    @property
    def added(self) -> str:
        """The remainder as it is added in a formula; empty if it is 0."""
        return f"+{self.remainder}" if self.remainder else ""


def hint(samples: Samples, axis: int, others: Point, disagrees: int) -> str:
    """Return what to ask for instead: values from some point on, or multiples of some number; empty if neither helps.

    ``disagrees`` is a value of the variable at which the network is not what the values before it suggest.
    """
    if _explodes(samples, axis, others):
        return ""
    at = _while_it_lasts(samples, looking(samples, axis, others))
    name = samples.variables.names[axis]
    start = later(at, disagrees)
    if start is not None:
        letter = fresh(samples.base.spec, samples.variables, "j")
        asked = rewritten(samples.variables, name, f"{start}+{letter}")
        return f"; from {name} = {start} on there is one: {asked}"
    found = period(at, least_of(samples, axis))
    if found is not None:
        letter = fresh(samples.base.spec, samples.variables, "n")
        asked = rewritten(samples.variables, name, f"{found.modulus}*{letter}{found.added}")
        each = "" if len(samples.variables.names) > 1 else ", or --per remainder for a formula for each remainder"
        return f"; in steps of {found.modulus} there is one: {asked}{each}"
    return ""


def _while_it_lasts(samples: Samples, at: Look) -> Look:
    """Return what looks at values until MAX_LAYERS_HINT layers were counted; then nothing is known of any."""
    already = sum(samples.layers.values())

    def look(value: int) -> Values | None:
        return at(value) if sum(samples.layers.values()) - already < MAX_LAYERS_HINT else None

    return look


def _explodes(samples: Samples, axis: int, others: Point) -> bool:
    """Whether the layers grow faster than by a polynomial of small degree: larger values would take too long."""
    known = {
        value: samples.layers[point]
        for value, point in ((point[axis], point) for point in sorted(samples.layers))
        if point == (*others[:axis], value, *others[axis + 1 :])
    }
    growing = [known[value] > EXPLODING * known[value - 1] for value in known if value - 1 in known]
    return len(growing) >= EXPLOSION - 1 and all(growing[-2:])


def least_of(samples: Samples, axis: int) -> int:
    """Return the least value of a variable at which the network was built."""
    return min(point[axis] for point in samples.values)


def later(at: Look, disagrees: int) -> int | None:
    """Return the value from which on the quantities are polynomials; None if there is none such."""
    for distance in LATER:
        start = disagrees + distance
        found = _run(at, range(start, start + MAX_DEGREE + CHECKS + 2))
        if found is None:
            continue
        axis = range(start, start + found + 1)
        if not all(_holds(at, axis, times * start + 1) for times in FURTHER):
            continue
        while start > 1 and _holds(at, axis, start - 1):
            start -= 1
        return start
    return None


def _holds(at: Look, axis: range, value: int) -> bool:
    """Whether the polynomials through the values of a range give the quantities at another value."""
    values = at(value)
    if values is None:
        return False
    points: dict[Quantity, dict[tuple[int, ...], int]] = {quantity: {} for quantity in values}
    for each in axis:
        for quantity, number in (at(each) or {}).items():
            points.setdefault(quantity, {})[(each,)] = number
    return all(
        len(known) == len(axis) and interpolate(("x",), (axis,), known)(value) == values.get(quantity)
        for quantity, known in points.items()
    )


def period(at: Look, known: int) -> Steps | None:
    """Return the least steps in which all quantities are polynomials; None if there are none.

    Multiples are preferred, then values with the remainder of one that is known to be possible.
    """
    for modulus in PERIODS:
        for remainder in dict.fromkeys((0, known % modulus)):
            start = next((value for value in _first(modulus, remainder, known) if at(value) is not None), None)
            if start is not None and _goes_on(at, start, modulus):
                return Steps(modulus, remainder)
    return None


def _goes_on(at: Look, start: int, modulus: int) -> bool:
    """Whether the quantities are polynomials in steps of a number, and are still the same ones far behind."""
    order = _run(at, range(start, start + (MAX_DEGREE + CHECKS + 3) * modulus, modulus))
    if order is None:
        return False
    axis = range(start + modulus, start + (order + 2) * modulus, modulus)  # the least value may be special
    far = [value for value in (start + steps * modulus for steps in FAR) if at(value) is not None]
    return bool(far) and all(_holds(at, axis, value) for value in far)


def _first(modulus: int, remainder: int, known: int) -> range:
    """Return the values with a remainder, next to one that is known to be possible, among which to begin."""
    start = known // modulus * modulus + remainder
    return range(start or modulus, start + 3 * modulus, modulus)


def _run(at: Look, values: Iterable[int]) -> int | None:
    """Return the degree of the quantities along equally distant values, the first of which may be special."""
    run: list[Values] = []
    for value in values:
        found = at(value)
        if found is None or (run and found.keys() != run[0].keys()):
            return None
        run.append(found)
        for start in (0, 1):
            if len(run) > start and (order := degrees(run[start:])) is not None and order <= MAX_DEGREE:
                return order
    return None


def fresh(spec: NetworkSpec, variables: Variables, letter: str) -> str:
    """Return a letter that is no variable yet, nor, where there is one, the name of an argument."""
    letters: tuple[str, ...] = (letter, *"mtuvxyz")
    free = [each for each in letters if each not in variables.names]
    return next((each for each in free if each not in names_to_vary(spec)), free[0])


def rewritten(variables: Variables, name: str, by: str) -> str:
    """Return what sets the same things with an expression in the place of a variable, as typed on a command line."""
    return f'--in "{",".join(settings_with(variables, name, by))}"'


def settings_with(variables: Variables, name: str, by: str) -> list[str]:
    """Return the settings with an expression in the place of a variable."""
    parts, word = [], rf"\b{name}\b"
    for setting in variables.settings:
        if setting.formula is None:
            parts.append(f"{name}={by}" if setting.name == name else str(setting))
        else:
            parts.append(f"{setting.name}={re.sub(word, f'({by})', setting.text)}")
    return parts
