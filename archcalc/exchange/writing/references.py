"""What ``from`` and ``weights`` say: names of layers that no part around them hides by another of the same name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archcalc.exchange.writing.names import Unique
    from archcalc.exchange.writing.tree import Item

_NUMBERED = re.compile(r"(.+)_[0-9]+")


class _Reference(NamedTuple):
    """Nodes that an item reads, or whose weights it shares, in a part of the network, when so much was written."""

    item: Item
    part: str
    nodes: tuple[int, ...]
    time: int
    shares: bool


class _Named(NamedTuple):
    """An item with a name, the path of its part, and the names there."""

    item: Item
    part: str
    names: Unique


class References:
    """Collects what items read until all names are known, and then writes it.

    A name is looked for in the part where it stands, then in the part around it. A layer whose path another one
    further inside has too, as a name or as a number (``relu_1``), gets another name.
    """

    def __init__(self, inputs: Mapping[int, str]) -> None:
        self._inputs = dict(inputs)
        self._named: dict[int, _Named] = {}
        self._known: dict[str, int] = {}
        """The path of everything with a name, and when it was written."""
        self._numbered: dict[tuple[str, str], int] = {}
        """The parts and operations of items without a name, and when the first was written."""
        self._references: list[_Reference] = []
        self._time = 0

    def __contains__(self, node: int) -> bool:
        return node in self._named or node in self._inputs

    def opened(self, path: str) -> None:
        """Note that a part begins, whose path ends in a slash."""
        self._known.setdefault(path.rstrip("/"), self._time)

    def written(self, item: Item, part: str, names: Unique) -> None:
        """Note that an item stands in a part."""
        self._time += 1
        if item.name:
            self._named[item.node] = _Named(item, part, names)
            self._known[part + item.name] = self._time
        else:
            self._numbered.setdefault((part, item.word), self._time)

    def sources(self, item: Item, part: str, nodes: Sequence[int]) -> None:
        """Let an item in a part read nodes."""
        self._references.append(_Reference(item, part, tuple(nodes), self._time, False))

    def weights(self, item: Item, part: str, owner: int) -> None:
        """Let an item in a part share the weights of a node."""
        self._references.append(_Reference(item, part, (owner,), self._time, True))

    def write(self) -> None:
        """Write all of them into their items."""
        for reference in self._references:
            for node in reference.nodes:
                if node in self._named and self._hidden(node, reference):
                    self._rename(self._named[node])
        for reference in self._references:
            names = [self._name(node, reference.part) for node in reference.nodes]
            if reference.shares:
                reference.item.weights = names[0]
            else:
                reference.item.sources = names

    def _name(self, node: int, part: str) -> str:
        """Return the name by which a node is read in a part: the short one in its own part, else its path."""
        if node in self._inputs:
            return self._inputs[node]
        found = self._named[node]
        return found.item.name if found.part == part else found.part + found.item.name

    def _hidden(self, node: int, reference: _Reference) -> bool:
        """Whether the path of a node leads to another one from inside a part."""
        found = self._named[node]
        path = found.part + found.item.name
        return found.part != reference.part and any(
            self._there(around + path, reference.time) for around in _around(reference.part)
        )

    def _there(self, path: str, time: int) -> bool:
        if self._known.get(path, time + 1) <= time:
            return True
        part, slash, name = path.rpartition("/")
        numbered = _NUMBERED.fullmatch(name)
        return numbered is not None and self._numbered.get((part + slash, numbered[1]), time + 1) <= time

    def _rename(self, found: _Named) -> None:
        """Give an item a name that no other one has, in whatever part."""
        taken = {path.rpartition("/")[2] for path in self._known}
        name, number = found.item.name, 1
        while name in taken:
            number += 1
            name = f"{found.item.name}_{number}"
        found.item.name = found.names(name)
        self._known[found.part + found.item.name] = 0


def _around(part: str) -> Iterator[str]:
    """Yield the path of a part and of those around it, but for the whole network."""
    while part:
        yield part
        part = part[: part.rfind("/", 0, -1) + 1]
