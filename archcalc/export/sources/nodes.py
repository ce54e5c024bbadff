"""The nodes of a spec's text that hold settings and arguments, formulas among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.language.formula import is_formula
from archcalc.language.model import BlockItem, MergeItem, OperationItem
from archcalc.text.tree import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from archcalc.language.model import Block, Item
    from archcalc.text.tree import Node


def modifier(item: Item, word: str) -> Node | None:
    """Return what an item says about itself under a word: repeat, when, survival."""
    return item.node.get(word) if isinstance(item.node, Mapping) else None


def setting(item: Item, name: str) -> Node | None:
    """Return the node of an operation's setting, where it is written."""
    join = item.join if isinstance(item, MergeItem) else item
    if not isinstance(join, OperationItem) or not isinstance(item.node, Mapping):
        return None
    value = item.node.get(join.type.word)
    if isinstance(value, Mapping):
        return value.get(name)
    return value if next(iter(join.type.settings), None) == name else None


def argument(item: BlockItem, block: Block, name: str) -> Node | None:
    """Return the node of an argument that a call gives."""
    if not isinstance(item.node, Mapping):
        return None
    value = item.node.get("with") if item.word == "use" else item.node.get(item.word)
    if isinstance(value, Mapping):
        return value.get(name)
    place = list(block.arguments).index(name)
    if isinstance(value, Sequence):
        return value.items[place] if place < len(value.items) else None
    return value if isinstance(value, Scalar) and not value.empty and place == 0 else None


def formula(node: Node | None) -> str | None:
    """Return the text of a formula without its equals sign, or None for anything else."""
    return node.value[1:] if isinstance(node, Scalar) and is_formula(node) else None
