"""Compound scaling: depth, width and resolution grow together, as alpha, beta and gamma to the power of phi.

Tan & Le 2019, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", equation 3: with
alpha = 1.2, beta = 1.1 and gamma = 1.15 for EfficientNet, work grows by alpha · beta² · gamma², nearly 2, for each phi.
"""

from __future__ import annotations

from fractions import Fraction
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.outcomes import Task, outcome
from archcalc.analyses.scaling.dimensions import DEPTH, RESOLUTION, WIDTH, Dimension, dimensions
from archcalc.analyses.variants import Base, reason
from archcalc.errors import RequestError, SpecError
from archcalc.language.networks import networks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archcalc.language.networks import NetworkSpec

LARGEST = 10**12
"""Numerators of factors beyond which they are rounded to MILLIONTHS, so that arguments can hold them."""

MILLIONTHS = 10**6

MAX_PHI = 20


class Factors(NamedTuple):
    """What a step of phi scales by: depth by alpha, width by beta, resolution by gamma."""

    alpha: Fraction = Fraction(6, 5)
    beta: Fraction = Fraction(11, 10)
    gamma: Fraction = Fraction(23, 20)

    @property
    def by_dimension(self) -> dict[str, Fraction]:
        """The factor of each dimension."""
        return {WIDTH: self.beta, DEPTH: self.alpha, RESOLUTION: self.gamma}

    def work(self, dimensions: Iterable[str]) -> Fraction:
        """Return by what work grows for each step of phi, to a first approximation, with some dimensions."""
        powers = {DEPTH: self.alpha, WIDTH: self.beta**2, RESOLUTION: self.gamma**2}
        total = Fraction(1)
        for dimension in dimensions:
            total *= powers[dimension]
        return total


class Scaled(NamedTuple):
    """A network at some phi: its arguments, and what it comes to, or why it cannot be built."""

    phi: Fraction
    arguments: dict[str, Any]
    quantities: dict[str, Any] | None
    reason: str = ""


class Published(NamedTuple):
    """A network of the family as published: its arguments, what it comes to, and the phi that each of them would be."""

    name: str
    arguments: dict[str, Any]
    quantities: dict[str, Any]
    phis: dict[str, float | None]


class Scaling(NamedTuple):
    """A network, its dimensions, and what scales them."""

    base: Base
    dimensions: dict[str, Dimension]
    factors: Factors

    @property
    def scaled_dimensions(self) -> tuple[str, ...]:
        """The dimensions that the network has arguments for."""
        return tuple(name for name, dimension in self.dimensions.items() if dimension.own)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that are scaled."""
        return tuple(argument for dimension in self.dimensions.values() for argument in dimension.own)

    def at(self, phi: Fraction) -> Scaled:
        """Return the network at some phi."""
        arguments: dict[str, Any] = {}
        for name, dimension in self.dimensions.items():
            arguments.update(dimension.scaled(power(self.factors.by_dimension[name], phi)))
        try:
            return Scaled(phi, arguments, outcome(self.base, arguments, Task()))
        except SpecError as error:
            return Scaled(phi, arguments, None, reason(error))
        except RequestError as error:
            return Scaled(phi, arguments, None, str(error))


def scaling(base: Base, factors: Factors, named: Mapping[str, str | None]) -> Scaling:
    """Return how a network scales; raise RequestError where it has neither width nor depth."""
    found = dimensions(base, dict(named))
    return Scaling(base, {name: each.in_steps(base) for name, each in found.items()}, factors)


def power(factor: Fraction, phi: Fraction) -> Fraction:
    """Return a factor to the power of phi: exact for whole numbers while arguments can hold it."""
    exact = factor**phi.numerator if phi.denominator == 1 else Fraction(float(factor) ** float(phi))
    if max(exact.numerator, exact.denominator) <= LARGEST:
        return exact
    return exact.limit_denominator(MILLIONTHS)


def published(scaling: Scaling) -> tuple[Published, ...]:
    """Return the networks of the family that are published with other widths, depths or resolutions.

    They are those that differ from the network in nothing that is counted but these; none if none of them is larger in
    all dimensions, where nothing was scaled in this way.
    """
    found = [each for spec in networks_of(scaling.base.spec.family) if (each := _published(scaling, spec)) is not None]
    compound = any(all((each.phis[name] or 0) > 0 for name in scaling.scaled_dimensions) for each in found)
    return tuple(found) if compound and len(scaling.scaled_dimensions) > 1 else ()


def _published(scaling: Scaling, spec: NetworkSpec) -> Published | None:
    base = scaling.base.replace(spec=spec, size=None)
    try:
        own = dimensions(base, {name: ",".join(each.own) or None for name, each in scaling.dimensions.items()})
        quantities = outcome(base, {}, Task())
    except (SpecError, RequestError):
        return None
    arguments = {argument: value for each in own.values() for argument, value in each.own.items()}
    try:
        same = outcome(scaling.base.replace(size=None), arguments, Task())
    except (SpecError, RequestError):
        return None
    if same != quantities:
        return None
    phis = {name: _phi(scaling, name, each.own) for name, each in own.items()}
    return Published(spec.name, arguments, quantities, phis)


def _phi(scaling: Scaling, name: str, own: Mapping[str, Any]) -> float | None:
    """Return the phi that a dimension of a published network would be, by its first argument, if it is scaled."""
    if not own or scaling.factors.by_dimension[name] == 1:
        return None
    argument, value = next(iter(own.items()))
    if value <= 0:
        return None
    return log(value / scaling.dimensions[name].own[argument]) / log(scaling.factors.by_dimension[name])
