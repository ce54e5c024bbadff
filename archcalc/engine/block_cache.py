"""Blocks that are called alike make alike nodes: what one call made is copied for the next, under other names.

Alike means the same block with the same arguments on the same shape. Only specs without ``from`` do so, since a
name that a block looks up outside may stand for another layer at the next call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.engine.network import Node
from archcalc.language.model import MergeItem, TrainingItem
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from archcalc.language.model import Family, Item


class Expansion(Record):
    """What a call made: the nodes from ``start`` to ``end``, named below ``prefix``, from one position to another."""

    start: int
    end: int
    prefix: str
    entry: int
    exit: int
    steps: int


def call_key(block: str, arguments: dict[str, Any], *others: Hashable) -> Hashable:
    """Return what two calls have in common if they are alike; 1 and true are two things."""
    return (block, *((name, value.__class__, value) for name, value in arguments.items()), *others)


def uses_from(family: Family) -> bool:
    """Whether anything in a spec says ``from``."""
    return any(map(_uses_from, (family.items, *(block.items for block in family.blocks.values()))))


def _uses_from(items: Iterable[Item]) -> bool:
    for item in items:
        if item.modifiers is not None and item.modifiers.source is not None:
            return True
        if isinstance(item, TrainingItem) and _uses_from(item.items):
            return True
        if isinstance(item, MergeItem) and any(
            each.source is not None or _uses_from(each.items) for each in item.branches
        ):
            return True
    return False


def renamed_copies(nodes: list[Node], expansion: Expansion, prefix: str, entry: int) -> Iterator[Node]:
    """Yield the nodes of a call again, named below another prefix and fed from another position."""
    shift, cut = len(nodes) - expansion.start, len(expansion.prefix)
    for position in range(expansion.start, expansion.end):
        name, applied, sources, place, multiplicity = nodes[position]
        moved = tuple([source + shift if source >= expansion.start else entry for source in sources])
        yield Node(prefix + name[cut:], applied, moved, place, multiplicity)
