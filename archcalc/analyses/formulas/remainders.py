"""A closed form for each remainder: where sizes are cut, input = 32·n + r has a polynomial of its own for each r."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.formulas.closed_form import ClosedForm, closed_form
from archcalc.analyses.formulas.hints import fresh, least_of, period, settings_with
from archcalc.analyses.formulas.lines import looking, somewhere
from archcalc.analyses.formulas.samples import Samples
from archcalc.analyses.formulas.variables import Variables, read_variables
from archcalc.errors import RequestError

if TYPE_CHECKING:
    from archcalc.analyses.variants import Base


class Remainder(NamedTuple):
    """The closed form of a network for one remainder of a variable; None, with the reason, where there is none."""

    remainder: int
    variables: Variables
    form: ClosedForm | None
    reason: str = ""


class Remainders(NamedTuple):
    """The closed forms of a network for all remainders of a variable by a modulus."""

    base: Base
    variable: str
    modulus: int
    classes: tuple[Remainder, ...]


def by_remainder(base: Base, variables: Variables) -> Remainders:
    """Return a closed form for each remainder by the least number that gives one.

    Raises RequestError for several variables, and where no such number is found.
    """
    if len(variables.names) > 1:
        raise RequestError(f"--per remainder is for one variable; there are {', '.join(variables.names)}")
    (name,) = variables.names
    samples = Samples(base, variables)
    point = somewhere(samples)
    found = period(looking(samples, 0, point), least_of(samples, 0))
    if found is None:
        closed_form(base, variables)  # says why there is none, if there is none
        return Remainders(base, name, 1, (_class(base, variables, name, 1, 0),))
    classes = tuple(_class(base, variables, name, found.modulus, each) for each in range(found.modulus))
    return Remainders(base, name, found.modulus, classes)


def _class(base: Base, variables: Variables, name: str, modulus: int, remainder: int) -> Remainder:
    added = f"+{remainder}" if remainder else ""
    by = f"{modulus}*{fresh(base.spec, variables, 'n')}{added}"
    own = variables if modulus == 1 else read_variables(base.spec, settings_with(variables, name, by))
    try:
        return Remainder(remainder, own, closed_form(base, own))
    except RequestError as error:
        return Remainder(remainder, own, None, str(error))
