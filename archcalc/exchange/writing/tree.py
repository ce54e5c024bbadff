"""Items of a spec as a tree, before they are text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Value = Any
"""What stands behind a word: a number, text, a list, a mapping, or None for nothing."""


class Item:
    """One item: an operation, a block's call, a merge, a group or a branch for training, and the words about it."""

    __slots__ = ("branches", "items", "name", "node", "repeat", "sources", "value", "weights", "when", "word")

    def __init__(
        self,
        word: str,
        value: Value = None,
        *,
        node: int = -1,
        name: str = "",
        sources: list[str] | None = None,
        items: list[Item] | None = None,
        branches: list[Branch] | None = None,
        weights: str = "",
    ) -> None:
        self.word = word
        self.value = value
        self.node = node
        """The graph node that it says; -1 for what is none."""
        self.name = name
        self.sources = sources
        self.items = items
        self.branches = branches
        self.weights = weights
        self.repeat: Any = None
        self.when = ""


class Branch:
    """A branch of a merge: items, perhaps of another source than what flows into the merge."""

    __slots__ = ("items", "source", "when")

    def __init__(self, items: list[Item], source: str = "", when: str = "") -> None:
        self.items = items
        self.source = source
        self.when = when


def nodes_in_order(items: list[Item]) -> Iterator[int]:
    """Yield the graph nodes of a tree in the order in which the spec runs them."""
    for item in items:
        for branch in item.branches or ():
            yield from nodes_in_order(branch.items)
        yield from nodes_in_order(item.items or [])
        if item.node >= 0:
            yield item.node
