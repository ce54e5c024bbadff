"""What is known of a family of networks across analyses: what its blocks depend on, and what they came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.block_cache import every_item
from archcalc.language.model import BlockItem, OperationItem, TrainingItem

if TYPE_CHECKING:
    from collections.abc import Hashable

    from archcalc.engine.pieces import Piece
    from archcalc.language.model import Family, Item

MAX_PIECES = 50_000
"""Pieces of one family that are kept; beyond that many, they are forgotten and worked out anew."""


class Known:
    """What is known of a family: whether its networks need their layers, what blocks depend on and come to."""

    def __init__(self, family: Family) -> None:
        bodies = (family.items, *(block.items for block in family.blocks.values()))
        self.plain = len(family.input) != 1 or any(_needs_layers(item) for body in bodies for item in every_item(body))
        self.of_file = {} if self.plain else _arguments_of_file(family)
        self.pieces: dict[Hashable, Piece] = {}


def known_of(family: Family) -> Known:
    """Return what is known of a family."""
    known: Known | None = family.pool.sums
    if known is None:
        known = family.pool.sums = Known(family)
    if len(known.pieces) > MAX_PIECES:
        known.pieces.clear()
        family.pool.applied.clear()
    return known


def _needs_layers(item: Item) -> bool:
    """Whether an item looks at other layers, or its layers run otherwise than once."""
    words = item.modifiers
    across = words is not None and any((words.sources, words.weights, words.times, words.survival))
    return across or isinstance(item, TrainingItem) or (isinstance(item, OperationItem) and bool(item.likes))


def _arguments_of_file(family: Family) -> dict[str, tuple[str, ...]]:
    """Return the file's arguments that each block depends on, by itself or by the blocks that it calls."""
    found = {name: set(block.of_file) for name, block in family.blocks.items()}
    callers: dict[str, list[str]] = {}
    for name, block in family.blocks.items():
        for item in every_item(block.items):
            if isinstance(item, BlockItem):
                if isinstance(item.block, str):
                    callers.setdefault(item.block, []).append(name)
                else:  # a formula says which block is called
                    found[name].update(family.arguments)
    grown = list(found)
    while grown:
        block_name = grown.pop()
        for caller in callers.get(block_name, ()):
            if not found[block_name] <= found[caller]:
                found[caller] |= found[block_name]
                grown.append(caller)
    return {name: tuple(sorted(names)) for name, names in found.items()}
