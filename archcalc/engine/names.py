"""Names of layers: paths joined with slashes; explicit names come first, other items are numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.errors import did_you_mean, one_of
from archcalc.language.model import GroupItem, MergeItem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from archcalc.language.model import Item

MAX_OFFERED = 5
"""Names that an error suggests at most."""


class Names:
    """The names of one part of a network: its path, the explicit names of its items, and numbers for the others."""

    __slots__ = ("numbers", "prefix", "reserved")

    def __init__(self, prefix: str, reserved: frozenset[str]) -> None:
        self.prefix = prefix
        self.reserved = reserved
        self.numbers: dict[str, int] = {}

    def number(self, word: str) -> str:
        """Return the next free name for an item without one: conv_1, conv_2."""
        number = self.numbers.get(word, 0) + 1
        while f"{word}_{number}" in self.reserved:
            number += 1
        self.numbers[word] = number
        return f"{word}_{number}"


def explicit_names(items: tuple[Item, ...]) -> set[str]:
    """Return the explicit names of items, including those in groups and branches without a name."""
    names: set[str] = set()
    for item in items:
        if item.modifiers is not None and item.modifiers.name is not None:
            names.add(item.modifiers.name)
        elif isinstance(item, MergeItem):
            names |= names_inside(item)
        elif isinstance(item, GroupItem):
            names |= explicit_names(item.items)
    return names


def names_inside(item: MergeItem) -> frozenset[str]:
    """Return the explicit names of items in the branches of a merge."""
    return frozenset(explicit_names(item.branches))


def paths_to(name: str) -> Iterator[str]:
    """Yield the composites that hold a layer, the outermost first, and then the layer: ``3a``, ``3a/conv_1``."""
    end = name.find("/")
    while end >= 0:
        yield name[:end]
        end = name.find("/", end + 1)
    yield name


def as_written(name: str, names: Collection[str]) -> str:
    """Return the one name that is meant where case and the sign between parts (``.`` or ``/``) do not matter.

    Where that is none of the names, or several, return the name as it is.
    """
    if name in names:
        return name
    plain = name.lower().replace(".", "/")
    alike = [other for other in names if other.lower().replace(".", "/") == plain]
    return alike[0] if len(alike) == 1 else name


def nearest_names(name: str, names: Iterable[str]) -> str:
    """Return `` (did you mean ...?)`` for the names that are alike but for case, begin or end alike, or are near."""
    plain = name.lower()
    known = list(names)
    alike = [other for other in known if other.lower() == plain]
    alike = alike or [other for other in known if other.lower().startswith(plain) and "/" not in other[len(plain) :]]
    alike = alike or [other for other in known if other.lower().endswith(f"/{plain}")]
    alike = alike or [other for other in known if "." not in plain and plain.endswith((f"_{other}", f"-{other}"))]
    if not name or not alike:
        return did_you_mean(name, known) if "." not in name else ""
    more = " ..." if len(alike) > MAX_OFFERED else ""
    quoted = [f"'{other}'" for other in alike[:MAX_OFFERED]]
    return f" (did you mean {', '.join(quoted) if more else one_of(quoted)}{more}?)"
