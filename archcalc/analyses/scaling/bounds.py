"""Bounds on a network: ``memory=2GiB,batch=32`` bounds its memory, and fixes the batch that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.outcomes import MEASURES, PUBLISHED, SYNONYMS
from archcalc.analyses.sweep.axes import DEVICE, DTYPE, read_axes
from archcalc.analyses.sweep.conditions import amount, wrong_unit
from archcalc.analyses.variants import names_to_vary
from archcalc.errors import RequestError, did_you_mean, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

    from archcalc.language.networks import NetworkSpec


class Bound(NamedTuple):
    """A bound on a quantity: the most that it may be, or for rates the least."""

    word: str
    value: Fraction
    text: str

    @property
    def least(self) -> bool:
        """Whether it is the least that the quantity may be."""
        return MEASURES[self.word].more_is_better

    def holds(self, quantities: Mapping[str, Any]) -> bool:
        """Whether a variant keeps within it."""
        value = quantities[self.word]
        if value is None:
            return False
        return bool(value >= self.value if self.least else value <= self.value)


class Under(NamedTuple):
    """The bounds, and what is fixed beside them."""

    bounds: tuple[Bound, ...]
    fixed: dict[str, Any]


def read_under(spec: NetworkSpec, argument: str, texts: Iterable[str]) -> Under:
    """Read bounds and fixed values, several with commas; raise RequestError for what is neither.

    An argument of the network goes before a quantity of its name.
    """
    bounds: list[Bound] = []
    fixed: dict[str, Any] = {}
    for part in _parts(texts):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not equals or not name or not value:
            raise RequestError(f"--under {printable(part)}: write QUANTITY=AMOUNT, such as memory=2GiB or macs=300M")
        if name == argument:
            raise RequestError(f"--under {printable(part)}: {name} is what fit looks for")
        if name in fixed or name in [bound.text.partition("=")[0] for bound in bounds]:
            raise RequestError(f"--under {printable(part)}: {name} is given twice")
        if name in (*names_to_vary(spec), DTYPE, DEVICE):
            fixed[name] = _fixed(spec, part)
        else:
            bounds.append(_bound(spec, name, value, part))
    if not bounds:
        raise RequestError("--under needs a bound on a quantity, such as memory=2GiB, macs=300M or params=5M")
    return Under(tuple(bounds), fixed)


def _parts(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (part.strip() for part in text.split(","))


def _fixed(spec: NetworkSpec, part: str) -> Any:
    (axis,) = read_axes([spec], [part])
    if len(axis.values) > 1:
        raise RequestError(f"--under {printable(part)}: give one value")
    return axis.values[0]


def _bound(spec: NetworkSpec, name: str, value: str, part: str) -> Bound:
    word = SYNONYMS.get(name, name)
    if word not in MEASURES or MEASURES[word].takes == PUBLISHED:
        known = [each for each, measure in MEASURES.items() if measure.takes != PUBLISHED]
        hint = did_you_mean(name, (*known, *SYNONYMS, *names_to_vary(spec))) or f" (there are {', '.join(known)})"
        raise RequestError(f"--under {printable(part)}: no quantity '{printable(name[:60])}'{hint}")
    number = amount(value)
    if number is None:
        raise RequestError(
            f"--under {printable(part)}: '{printable(value)}' is not an amount such as 2GiB, 300M or 5ms"
        )
    wrong = wrong_unit(name, value)
    if wrong:
        raise RequestError(f"--under {printable(part)}: {wrong}")
    return Bound(word, number, f"{name}={value}")
