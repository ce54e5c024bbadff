"""The dimensions of a network: which of its arguments are its width, its depth and its resolution."""

from __future__ import annotations

import re
from fractions import Fraction
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


class Dimension(NamedTuple):
    """A dimension of a network: the arguments that are scaled together, each with the network's own value.

    ``whole`` says of each whether it counts something, layers or channels or pixels, and stays a whole number; others
    are multipliers, and scaled exactly.
    """

    name: str
    own: dict[str, Any]
    whole: dict[str, bool]

    def scaled(self, factor: Fraction) -> dict[str, Any]:
        """Return the values scaled: layers rounded up, channels to multiples of 8, pixels to the nearest."""
        return {argument: self._scaled(argument, value * factor) for argument, value in self.own.items()}

    def _scaled(self, argument: str, exact: Fraction) -> Any:
        if not self.whole[argument]:
            return exact.numerator if exact.denominator == 1 else exact
        if self.name == DEPTH:
            return -(-exact.numerator // exact.denominator)
        step = MULTIPLE if self.name == WIDTH and self.own[argument] % MULTIPLE == 0 else 1
        return max(step, step * int((2 * exact + step) // (2 * step)))


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
        whole = {word: _counts(defaults.get(word, own[word])) for word in words}
        found[dimension] = Dimension(dimension, {word: own[word] for word in words}, whole)
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


def _counts(value: Any) -> bool:
    """Whether an argument counts something: one that is usually 1, or a fraction, is a multiplier."""
    return bool(value.__class__ is int and value > 1)


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
