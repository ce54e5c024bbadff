"""Parts of a network while it is folded: operations, merges with their branches, calls of blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


LARGER = frozenset(("conv_transpose", "upsample", "resize", "max_unpool", "pixel_shuffle"))
"""Operations that make maps larger."""


class Ref(NamedTuple):
    """A graph node that a block's call reads by name: an argument of the call."""

    node: int


class Part:
    """One item of a sequence. Which kind it is, ``kind`` says: op, merge, call or training."""

    __slots__ = (
        "branches", "channels", "kind", "label", "node", "nodes", "pinned", "repeat", "settings", "skeleton", "source",
        "sources", "weights", "word",
    )  # fmt: skip

    def __init__(self, kind: str, word: str, settings: dict[str, Any], node: int, channels: int) -> None:
        self.kind = kind
        self.word = word
        self.settings = settings
        """Settings of an operation, or arguments of a call: values, or formulas in a block's body."""
        self.node = node
        """The graph node that it is; of a call none (-1)."""
        self.channels = channels
        """Channels that flow into it."""
        self.branches: list[Branch] = []
        self.nodes: list[int] = []
        """The graph nodes of a call, in order."""
        self.source: int | str = -1
        """The graph node that it reads, a name or a formula in a body; -1 for the item before it."""
        self.label = ""
        """What it is called in a body, where another item of the body reads it."""
        self.sources: list[int] = []
        """The graph nodes that it reads where it takes several by name."""
        self.pinned = False
        """Whether it cannot be part of a block: something reads what is inside it, or it reads several by name."""
        self.weights = -1
        """The graph node whose weights it uses; -1 where they are its own."""
        self.repeat: Any = None
        self.skeleton = -1

    def in_order(self) -> Iterator[int]:
        """Yield its graph nodes in the order in which a spec runs them."""
        for branch in self.branches:
            for part in branch.parts:
                yield from part.in_order()
        yield from self.nodes
        if self.node >= 0:
            yield self.node

    @property
    def last(self) -> int:
        """The graph node whose output is its output; -1 for a branch for training."""
        return self.node if self.node >= 0 else self.nodes[-1] if self.nodes else -1

    def refs(self, start: bool = True) -> Iterator[int]:
        """Yield the graph nodes that it reads by name; ``start``: also where it begins."""
        if start and isinstance(self.source, int) and self.source >= 0:
            yield self.source
        yield from self.sources
        yield from (held.node for held in self.settings.values() if isinstance(held, Ref))
        for branch in self.branches:
            if isinstance(branch.source, int) and branch.source >= 0:
                yield branch.source
            for part in branch.parts:
                yield from part.refs()


class Branch:
    """A branch of a merge."""

    __slots__ = ("parts", "source", "when")

    def __init__(self, parts: list[Part], source: int | str = -1, when: str = "") -> None:
        self.parts = parts
        self.source = source
        self.when = when


class Block:
    """A block: what it is called, its arguments with their defaults (None: required), and its body."""

    __slots__ = ("arguments", "body", "name")

    def __init__(self, name: str, arguments: dict[str, Any], body: list[Part]) -> None:
        self.name = name
        self.arguments = arguments
        self.body = body


def sequences(parts: list[Part]) -> Iterator[list[Part]]:
    """Yield a sequence and those inside it, in branches; what is inside first."""
    for part in parts:
        for branch in part.branches:
            yield from sequences(branch.parts)
    yield parts


def every(parts: list[Part]) -> list[Part]:
    """Return all items of a sequence, and those inside them, outer ones first."""
    found: list[Part] = []
    for part in parts:
        found.append(part)
        for branch in part.branches:
            found += every(branch.parts)
    return found


def weight(parts: Sequence[Part]) -> int:
    """Return how many lines parts take, about."""
    inside = (part.branches if any(branch.parts for branch in part.branches) else [] for part in parts)
    return sum(1 + sum(weight(branch.parts) + 1 for branch in branches) for branches in inside)
