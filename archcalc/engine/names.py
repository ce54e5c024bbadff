"""Names of layers: paths joined with slashes; explicit names are reserved first, the other items are numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.language.model import GroupItem, MergeItem

if TYPE_CHECKING:
    from archcalc.language.model import Item


class Names:
    """The names of one part of a network: a path in front, names that its items give themselves, and numbers."""

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
    """Return the names that items give themselves, those in groups and branches without a name included."""
    found: set[str] = set()
    for item in items:
        if item.modifiers is not None and item.modifiers.name is not None:
            found.add(item.modifiers.name)
        elif isinstance(item, MergeItem):
            found |= names_inside(item)
        elif isinstance(item, GroupItem):
            found |= explicit_names(item.items)
    return found


def names_inside(item: MergeItem) -> frozenset[str]:
    """Return the names that the items in the branches of a merge give themselves."""
    return frozenset(explicit_names(item.branches))
