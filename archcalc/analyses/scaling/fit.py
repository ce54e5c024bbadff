"""The largest value of an argument at which a network keeps within bounds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units
from archcalc.analyses.formulas.own import own_values
from archcalc.analyses.outcomes import MEASURES, Task, outcome
from archcalc.analyses.variants import Base, check_name, reason
from archcalc.engine.arguments import argument_values
from archcalc.errors import RequestError, SpecError
from archcalc.limits import MAX_LAYERS, MAX_STEPS
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archcalc.analyses.scaling.bounds import Bound, Under

NEIGHBOURS = 16
"""Values behind the largest that fits which must not fit either."""

LATTICE = 512
"""Distance up to which the next possible value is looked for."""

MOST = 2**20
"""Steps from the network's own value beyond which nothing is looked for."""

TOO_LARGE = (f"{MAX_LAYERS:,} layers", f"{MAX_STEPS:,} items")
"""What the reasons say of a network that is too large."""

HUNDREDTHS = Fraction(1, 100)
"""The step of a multiplier, unless another is asked for."""


class Tried(NamedTuple):
    """A value that was tried: what the network comes to, or why it cannot be built, and the bounds that it breaks."""

    value: Any
    quantities: dict[str, Any] | None
    breaks: tuple[Bound, ...] = ()
    reason: str = ""

    @property
    def fits(self) -> bool:
        """Whether the network can be built and keeps within all bounds."""
        return self.quantities is not None and not self.breaks


class Fitted(NamedTuple):
    """The largest value that fits, the next that does not (None if there is none), and the distance of values."""

    base: Base
    argument: str
    under: Under
    step: Any
    largest: Tried
    next: Tried | None
    task: Task


class _Search:
    """The values of an argument at equal distances from the network's own, each tried once."""

    def __init__(self, base: Base, argument: str, under: Under, task: Task, step: Any) -> None:
        self.base, self.argument, self.under, self.task = base, argument, under, task
        self.origin, self.step = _origin(base, argument, under.fixed), step
        if step is None:
            self.step = 1 if self.origin.__class__ is int and not _is_multiplier(base, argument) else HUNDREDTHS
        self.tried: dict[int, Tried] = {}

    def at(self, place: int) -> Tried:
        """Try a value: so many steps from the network's own."""
        if place not in self.tried:
            self.tried[place] = self._try(_plain(self.origin + place * self.step))
        return self.tried[place]

    def _try(self, value: Any) -> Tried:
        try:
            found = outcome(self.base, {**self.under.fixed, self.argument: value}, self.task)
        except SpecError as error:
            return Tried(value, None, (), reason(error))
        except RequestError as error:
            return Tried(value, None, (), str(error))
        return Tried(value, found, tuple(bound for bound in self.under.bounds if not bound.holds(found)))

    def possible(self, first: int, end: int) -> int | None:
        """Return the first place at which the network can be built; None if there is none before ``end``."""
        return next((place for place in self.from_on(first, end) if self.at(place).quantities is not None), None)

    def from_on(self, first: int, end: int) -> Iterator[int]:
        """Yield places up to ``end``, or to one at which the network has too many layers, as it has from there on."""
        for place in range(first, end):
            yield place
            if any(limit in self.at(place).reason for limit in TOO_LARGE):
                return

    def widen(self) -> None:
        """Take the distance between possible values as the step, where not every value is possible."""
        if self.step != 1 or any(self.at(place).quantities is not None for place in (1, 2)):
            return
        for distance in range(3, LATTICE):
            if self.at(distance).quantities is not None and self.at(2 * distance).quantities is not None:
                self.tried = {place // distance: each for place, each in self.tried.items() if place % distance == 0}
                self.step = distance
                return

    def least(self) -> int:
        """Return the place of the least value above 0."""
        return -int((self.origin - 1 if self.step.__class__ is int else self.origin - self.step) // self.step)


def fit(base: Base, argument: str, under: Under, task: Task, step: Any = None) -> Fitted:
    """Find the largest value of an argument at which all bounds hold.

    Doubling and halving the distance from the network's own value finds where a bound is broken; as many values as
    NEIGHBOURS behind it must break one too, else the search goes on there. Raises RequestError where no value fits, and
    where no bound is ever reached.
    """
    check_name(base.spec, argument)
    search = _Search(base, argument, under, task, step)
    _refuse_impossible(search)
    search.widen()
    inside = 0 if search.at(0).fits else _fitting_below(search)
    while True:
        inside = _last(search, *_beyond(search, inside))
        behind = [place for place in search.from_on(inside + 1, inside + NEIGHBOURS + 1) if search.at(place).fits]
        if not behind:
            break
        inside = behind[-1]
    following = search.possible(inside + 1, inside + LATTICE)
    next_one = search.at(inside + 1 if following is None else following)
    return Fitted(base, argument, under, search.step, search.at(inside), next_one, task)


def _refuse_impossible(search: _Search) -> None:
    own = search.at(0)
    if own.quantities is None:
        raise RequestError(
            f"{search.base.spec.name} cannot be built with {search.argument} = {own.value}: {own.reason}"
        )


def _beyond(search: _Search, inside: int) -> tuple[int, int]:
    """Return the last place that was seen to fit, going up in growing steps, and one beyond it that does not."""
    distance = 1
    while True:
        place = search.possible(inside + distance, inside + distance + LATTICE)
        if place is None or not search.at(place).fits:
            return inside, inside + distance if place is None else place
        inside, distance = place, 2 * distance
        if inside > MOST:
            bounds = " and ".join(bound.text for bound in search.under.bounds)
            value = search.at(inside).value
            raise RequestError(f"{bounds} still holds at {search.argument} = {value:,}: it is not a limit")


def _last(search: _Search, inside: int, outside: int) -> int:
    """Return the last place that fits, between one that does and one that does not."""
    while outside - inside > 1:
        middle = (inside + outside) // 2
        place = search.possible(middle, outside)
        if place is not None and search.at(place).fits:
            inside = place
        else:
            outside = middle
    return inside


def _fitting_below(search: _Search) -> int:
    """Return a place below the network's own value that fits; raise RequestError where even the least does not."""
    least, distance = search.least(), 1
    while -distance > least:
        if search.at(-distance).fits:
            return -distance
        distance *= 2
    found = next((place for place in range(least, least + NEIGHBOURS) if search.at(place).fits), None)
    if found is not None:
        return found
    place = search.possible(least, 1)
    tried = search.at(0 if place is None else place)
    bounds, words = ", ".join(bound.text for bound in tried.breaks), [bound.word for bound in tried.breaks]
    assert tried.quantities is not None, "the network can be built as it is"
    values = " and ".join(f"{MEASURES[word].label} would be {_exact(word, tried.quantities[word])}" for word in words)
    raise RequestError(f"no {search.argument} fits {bounds}: at {search.argument} = {tried.value} {values}")


def _exact(word: str, value: Any) -> str:
    """Write a quantity that breaks a bound."""
    kind = MEASURES[word].kind
    if kind == "seconds":
        return units.duration(float(value))
    return f"{units.exact(int(value))}{' bytes' if kind == 'bytes' else ''}"


def _origin(base: Base, argument: str, fixed: Mapping[str, Any]) -> Any:
    """Return the network's own value of an argument; raise RequestError if it is no number."""
    try:
        values: dict[str, Any] = {**own_values(base), **argument_values(base.spec)}
    except NodeError as error:
        raise base.spec.wrong(error) from None
    own = values.get(argument)
    if own is None and argument == "input":
        raise RequestError(f"the input of {base.spec.name} is not square; vary input_height or input_width")
    if own.__class__ not in (int, Fraction):
        raise RequestError(f"{argument} of {base.spec.name} is not a number")
    return own


def _is_multiplier(base: Base, argument: str) -> bool:
    """Whether an argument is usually 1, or a fraction, as width multipliers are."""
    known = base.spec.family.arguments
    if argument not in known:
        return False
    try:
        usual = argument_values(base.spec.replace(values={})).get(argument)
    except NodeError:
        return False
    fractions = {value for variant in base.spec.family.variants.values() for value in [variant.set.get(argument)]}
    return usual.__class__ is Fraction or (usual == 1 and any(value.__class__ is Fraction for value in fractions))


def _plain(value: Any) -> Any:
    return value.numerator if value.denominator == 1 else value
