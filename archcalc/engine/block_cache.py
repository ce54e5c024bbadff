"""A block called again with equal arguments and input shape reuses the nodes of its first expansion, renamed.

Blocks that refer to layers outside (``from``, ``like`` or ``weights`` with a name) are expanded each time, since the
name may mean another layer at the next call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.engine.network import Call, Node
from archcalc.language.model import BlockItem, GroupItem, MergeItem, OperationItem, TrainingItem
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from archcalc.language.model import Block, Family, Item, Reference

INSIDE = "in"
"""The name of what flows into a block."""


class Expansion(Record):
    """The expansion of a call: nodes ``start`` to ``end``, named below ``prefix``, from ``entry`` to ``exit``."""

    start: int
    end: int
    prefix: str
    entry: int
    exit: int
    steps: int
    first_name: int
    last_name: int
    """The range of its names among all names."""
    calls: tuple[Call, ...]
    """The call itself, and those of the blocks that it called."""


def call_key(block: str, arguments: dict[str, Any], *others: Hashable) -> Hashable:
    """Return a key that is equal for calls with equal results; 1 and true differ."""
    return (block, *((name, typed(value)) for name, value in arguments.items()), *others)


def typed(value: Any) -> Hashable:
    """Return a key for a value; 1 and true differ."""
    return tuple(map(typed, value)) if value.__class__ is tuple else (value.__class__, value)


def looks_outside(family: Family) -> frozenset[str]:
    """Return the blocks of a file that look up layers by name, directly or in a block that they call."""
    outside = {name for name, block in family.blocks.items() if any(_references(block.items))}
    calls = {name: set(_calls(block, family)) for name, block in family.blocks.items()}
    grown = True
    while grown:
        more = {name for name, called in calls.items() if name not in outside and called & outside}
        outside |= more
        grown = bool(more)
    return frozenset(outside)


def looks_up_names(family: Family) -> bool:
    """Whether anything in a file finds a layer by its name."""
    return any(map(_any_references, (family.items, *(block.items for block in family.blocks.values()))))


def _any_references(items: Iterable[Item]) -> bool:
    return any(True for _ in _references(items))


def _references(items: Iterable[Item]) -> Iterator[Reference]:
    """Yield the names that items look up, except ``in``."""
    for item in every_item(items):
        if item.modifiers is not None:
            yield from (reference for reference in item.modifiers.sources or () if reference.name != INSIDE)
            if item.modifiers.weights is not None:
                yield item.modifiers.weights
        if isinstance(item, OperationItem):
            yield from item.likes.values()


def _calls(block: Block, family: Family) -> Iterator[str]:
    """Yield the blocks that a block calls; any block where a formula names it."""
    for item in every_item(block.items):
        if isinstance(item, BlockItem):
            yield from (item.block,) if isinstance(item.block, str) else family.blocks


def every_item(items: Iterable[Item]) -> Iterator[Item]:
    """Yield items and those inside them."""
    for item in items:
        yield item
        if isinstance(item, MergeItem):
            yield item.join
            yield from every_item(item.branches)
        elif isinstance(item, GroupItem | TrainingItem):
            yield from every_item(item.items)


def renamed_copies(nodes: list[Node], expansion: Expansion, prefix: str, entry: int) -> Iterator[Node]:
    """Yield copies of the nodes of a call, named below another prefix and fed from another position."""
    shift, cut = len(nodes) - expansion.start, len(expansion.prefix)
    for position in range(expansion.start, expansion.end):
        name, applied, sources, place, multiplicity, _ = nodes[position]
        moved = tuple([source + shift if source >= expansion.start else entry for source in sources])
        yield Node(prefix + name[cut:], applied, moved, place, multiplicity)
