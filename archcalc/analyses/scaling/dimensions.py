"""The dimensions of a network: which of its arguments are its width, its depth and its resolution."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.formulas.own import own_values
from archcalc.analyses.outcomes import outcome
from archcalc.analyses.variants import check_name
from archcalc.engine.arguments import argument_values
from archcalc.errors import RequestError, SpecError
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from archcalc.analyses.variants import Base
    from archcalc.language.networks import NetworkSpec

WIDTH, DEPTH, RESOLUTION = "width", "depth", "resolution"

NAMES = {
    WIDTH: ("width", "width_mult", "alpha", "k", "growth", "filters"),
    DEPTH: ("depth", "depth_mult"),
    RESOLUTION: ("resolution",),
}
"""What arguments that are a dimension are called; the first that a network has."""

STAGES = r"[nd][0-9]+"
"""What arguments are called that are the depth of one stage each."""

MULTIPLE = 8
"""Channels are scaled to multiples of this where they are multiples of it."""

MOST_STEP = 512
"""The largest distance of values that is looked for where not every value can be built."""

SEVERAL = (1, 2, 3, 7)
"""At how many times a distance the network is built before it is taken: sizes that are cut may fit by chance."""

HALF = Fraction(1, 2)


class Dimension(NamedTuple):
    """A dimension of a network: the arguments that are scaled together, each with the network's own value.

    ``steps`` has the distance of the values of each argument that counts something, layers or channels or pixels, and
    stays a whole number; others are multipliers, and scaled exactly.
    """

    name: str
    own: dict[str, Any]
    steps: dict[str, int]

    def scaled(self, factor: Fraction) -> dict[str, Any]:
        """Return the values scaled: layers rounded up, channels and pixels to the nearest that can be."""
        return {argument: self._scaled(argument, value * factor) for argument, value in self.own.items()}

    def _scaled(self, argument: str, exact: Fraction) -> Any:
        if argument not in self.steps:
            return exact.numerator if exact.denominator == 1 else exact
        step, least = self.steps[argument], self.own[argument] % self.steps[argument]
        places = (exact - least) / step
        place = ceil(places) if self.name == DEPTH else floor(places + HALF)
        return least + step * max(place, 0 if least else 1)

    def in_steps(self, base: Base) -> Dimension:
        """Return the dimension with the distances at which the network can be built, where not every value is."""
        return self._replace(steps={word: _step(base, word, self.own[word], step) for word, step in self.steps.items()})


def dimensions(base: Base, named: dict[str, str | None]) -> dict[str, Dimension]:
    """Return the dimensions of a network, by ``named`` arguments (with commas), else by what they are called.

    A dimension that the network has no argument for has none; its resolution is then that of its input. Raises
    RequestError for arguments that there are not, or that are no numbers, and where there is nothing to scale.
    """
    own = {**own_values(base), **_arguments(base.spec)}
    defaults = _arguments(base.spec.replace(values={}))
    found = {}
    for dimension, given in named.items():
        words = _named(base.spec, given) if given is not None else _usual(base.spec, dimension)
        if given is None and not all(_acts(base, dimension, word, own.get(word)) for word in words):
            words = []
        for word in words:
            if own.get(word).__class__ not in (int, Fraction):
                raise RequestError(f"--{dimension} {word}: {word} of {base.spec.name} is not a number")
        counted = [word for word in words if _counts(dimension, word, own[word], defaults.get(word, own[word]))]
        steps = {word: MULTIPLE if dimension == WIDTH and own[word] % MULTIPLE == 0 else 1 for word in counted}
        found[dimension] = Dimension(dimension, {word: own[word] for word in words}, steps)
    if not any(found[dimension].own for dimension in (WIDTH, DEPTH)):
        raise RequestError(
            f"{base.spec.name} has no argument known as its width or depth; name them with --width ARG and --depth ARG"
        )
    return found


def _acts(base: Base, dimension: str, word: str, own: Any) -> bool:
    """Whether an argument of that name is that dimension: with twice the value the network is deeper, or larger.

    Where it cannot be built with that, its name decides.
    """
    if own.__class__ not in (int, Fraction):
        return False
    try:
        before, after = outcome(base, {}), outcome(base, {word: 2 * own})
    except (SpecError, RequestError):
        return True
    quantity = {WIDTH: "params", DEPTH: "depth", RESOLUTION: "memory_values"}[dimension]
    return bool(after[quantity] > before[quantity])


def _arguments(spec: NetworkSpec) -> dict[str, Any]:
    """Return the arguments of a network; none if some have no value as yet."""
    try:
        return argument_values(spec)
    except NodeError:
        return {}


def _counts(dimension: str, word: str, own: Any, usual: Any) -> bool:
    """Whether an argument counts something: one that is usually 1, or a fraction, is a multiplier, but for stages."""
    if own.__class__ is not int:
        return False
    if dimension == DEPTH and re.fullmatch(STAGES, word):
        return True
    return bool(usual.__class__ is int and usual > 1)


def _step(base: Base, word: str, own: int, step: int) -> int:
    """Return the least multiple of a step in which the network can be built from its own value on; else the step."""
    possible = (distance for distance in range(step, MOST_STEP + 1, step) if _built(base, word, own, distance))
    return next(possible, step)


def _built(base: Base, word: str, own: int, distance: int) -> bool:
    try:
        for times in SEVERAL:
            outcome(base, {word: own + times * distance})
    except (SpecError, RequestError):
        return False
    return True


def _named(spec: NetworkSpec, given: str) -> list[str]:
    words = [word.strip() for word in given.split(",")]
    for word in words:
        check_name(spec, word)
    return words


def _usual(spec: NetworkSpec, dimension: str) -> list[str]:
    """Return the arguments of a network that are a dimension of it, by their names."""
    known = spec.family.arguments
    found = next((word for word in NAMES[dimension] if word in known), None)
    if found is not None:
        return [found]
    if dimension == DEPTH:
        return [word for word in known if re.fullmatch(STAGES, word)]
    return ["input"] if dimension == RESOLUTION and len(spec.input) == 1 else []
