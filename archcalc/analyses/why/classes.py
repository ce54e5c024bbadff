"""The parameters of a network as a straight line over its number of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.why.terms import PARAMS, Interpretation, interpretation
from archcalc.errors import ArchcalcError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archcalc.analyses.why.candidates import Candidate
    from archcalc.conventions.convention import Convention

MAX_CLASSES = 100_000
"""The largest number of classes that is tried."""

ANY_CLASSES, UNDER_CONVENTION = 2.6, 0.7
"""How far-fetched any number of classes is, and that its parameters are counted by a convention besides."""


class Series(NamedTuple):
    """The parameters of a network with 1, 2, 3 ... classes: what one class adds, and what is there without any."""

    candidate: Candidate
    convention: Convention | None
    base: int
    step: int

    @property
    def penalty(self) -> float:
        """How far-fetched it is, beside its network."""
        return ANY_CLASSES + (0 if self.convention is None else UNDER_CONVENTION)

    def interpretation(self, params: Any, batch: int) -> Interpretation | None:
        """Return the network with the number of classes that comes nearest to some parameters."""
        classes = round((params - self.base) / self.step)
        if not 1 <= classes <= MAX_CLASSES:
            return None
        try:
            counted = interpretation(self.candidate._replace(classes=classes), PARAMS, batch)
        except ArchcalcError:  # as many as it has anyway
            return None
        return counted._replace(convention=self.convention)


def series(candidate: Candidate, conventions: Iterable[Convention | None], batch: int) -> Iterator[Series]:
    """Yield the series of a network under some conventions; none where it has no classifier to change."""
    try:
        one, two = (interpretation(candidate._replace(classes=classes), PARAMS, batch) for classes in (1, 2))
    except ArchcalcError:
        return
    for convention in conventions:
        first, second = (counted._replace(convention=convention).value for counted in (one, two))
        if second > first:
            yield Series(candidate, convention, 2 * first - second, second - first)
