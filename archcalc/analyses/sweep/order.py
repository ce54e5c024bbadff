"""Choosing among variants: the Pareto front, and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.outcomes import MEASURES, measure
from archcalc.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


class Key(NamedTuple):
    """A quantity or argument to choose by, and whether more of it is better."""

    name: str
    more: bool = False

    def value(self, values: Mapping[str, Any]) -> Any:
        """Return the value to compare, less being better; None if it is not known or no number."""
        own = values.get(self.name)
        if own is None or isinstance(own, str | tuple):
            return None
        return -own if self.more else own


class Choice(NamedTuple):
    """Which rows are kept of those that satisfy the condition, and in which order."""

    front: tuple[Key, ...] = ()
    """Quantities of the Pareto front; all rows are kept if there are none."""
    sort: Key | None = None
    top: int | None = None

    def words(self, arguments: Collection[str]) -> tuple[str, ...]:
        """Return the quantities that it needs, arguments aside."""
        keys = (*self.front, *([self.sort] if self.sort is not None else []))
        return tuple(key.name for key in keys if key.name not in arguments)


def read_choice(arguments: Collection[str], pareto: str | None, sort: str | None, top: int | None) -> Choice:
    """Read what is kept and in which order; raise RequestError for unknown quantities.

    Rows are sorted with the least first, by ``-NAME`` with the largest.
    """
    front = read_keys(pareto, arguments) if pareto is not None else ()
    if pareto is not None and len(front) < 2:
        raise RequestError("--pareto: name two quantities or more, such as macs,top1_error")
    keys = read_keys(sort, arguments) if sort is not None else ()
    if len(keys) > 1:
        raise RequestError("--sort: name one quantity or argument")
    key = keys[0]._replace(more=(sort or "").strip().startswith("-")) if keys else None
    return Choice(front, key, top)


def read_keys(text: str, arguments: Collection[str]) -> tuple[Key, ...]:
    """Read quantities and arguments separated by commas; ``-`` in front: more is better, ``+``: less is.

    Without a sign, less is better, but of accuracies and rates more. Raises RequestError for an unknown name.
    """
    keys = []
    for part in (each.strip() for each in text.split(",")):
        sign, word = (part[0], part[1:].strip()) if part[:1] in ("+", "-") else ("", part)
        name = word if word in arguments else measure(word, arguments)
        usual = name in MEASURES and name not in arguments and MEASURES[name].more_is_better
        keys.append(Key(name, usual if not sign else sign == "-"))
    return tuple(keys)


def pareto(rows: Sequence[Mapping[str, Any]], keys: Sequence[Key]) -> list[int]:
    """Return the numbers of the rows that no other is better than: in one key, and in none worse.

    Rows that lack a value are left out; of rows with equal values all stay.
    """
    points = [(tuple(key.value(row) for key in keys), number) for number, row in enumerate(rows)]
    front: list[tuple[tuple[Any, ...], int]] = []
    for values, number in sorted(each for each in points if None not in each[0]):
        if not any(_dominates(other, values) for other, _ in front):
            front.append((values, number))
    return sorted(number for _, number in front)


def _dominates(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return one != other and all(own <= value for own, value in zip(one, other, strict=True))


def ordered(rows: Iterable[Any], key: Key, values: Any) -> list[Any]:
    """Return rows in the order of a key, equal ones as they were; those that lack it come last."""

    def place(row: Any) -> tuple[bool, Any]:
        value = key.value(values(row))
        return (value is None, 0 if value is None else value)

    return sorted(rows, key=place)
