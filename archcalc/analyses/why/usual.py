"""What people usually do to a network before they report a figure of it, as data."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from archcalc.conventions.convention import Convention, read_conventions
from archcalc.text import readers
from archcalc.text.source import read_file
from archcalc.text.tree import Mapping, Node, Sequence, read_tree

if TYPE_CHECKING:
    from archcalc.text.source import Source

_size = readers.whole(1)


class Usual(NamedTuple):
    """Image sizes and numbers of classes, those that are common and others; conventions that nobody counts by."""

    common_sizes: tuple[int, ...]
    other_sizes: tuple[int, ...]
    common_classes: dict[int, str]
    other_classes: dict[int, str]
    unusual_conventions: frozenset[str]


@cache
def usual() -> Usual:
    """Return what is usual, and what is not."""
    tree = read_tree(_source("usual.yaml"))
    sizes, classes = (_part(tree, word) for word in ("sizes", "classes"))
    unusual = frozenset(map(readers.text, _items(_part(tree, "conventions")[0])))
    return Usual(_list(sizes[0]), _list(sizes[1]), _named(classes[0]), _named(classes[1]), unusual)


@cache
def ways() -> tuple[Convention, ...]:
    """Return the common ways of counting parameters that have no tool's name."""
    return tuple(read_conventions(_source("ways.yaml")).values())


def _source(name: str) -> Source:
    return read_file(os.path.join(os.path.dirname(os.path.abspath(__file__)), name))


def _part(tree: Node, word: str) -> tuple[Node, ...]:
    assert isinstance(tree, Mapping)
    part = tree.get(word)
    assert isinstance(part, Mapping)
    return tuple(part.values)


def _list(node: Node) -> tuple[int, ...]:
    return tuple(map(_size, _items(node)))


def _items(node: Node) -> tuple[Node, ...]:
    assert isinstance(node, Sequence)
    return tuple(node.items)


def _named(node: Node) -> dict[int, str]:
    assert isinstance(node, Mapping)
    return {int(key.value): readers.text(value) for key, value in zip(node.keys, node.values, strict=True)}
