"""Folded parts as items of a spec: equal calls in a row as repeats, names, and the order of layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.folding.blocks import Folder
from archcalc.exchange.folding.naming import Paths
from archcalc.exchange.folding.parts import Ref, every
from archcalc.exchange.folding.structure import structured
from archcalc.exchange.writing.flat import input_names
from archcalc.exchange.writing.names import RESERVED, Unique
from archcalc.exchange.writing.tree import Branch as BranchItem
from archcalc.exchange.writing.tree import Item
from archcalc.exchange.writing.words import INLINE

if TYPE_CHECKING:
    from archcalc.exchange.folding.parts import Block, Part
    from archcalc.exchange.graph import Graph

Blocks = dict[str, tuple[dict[str, Any], list[Item]]]


def folded(graph: Graph) -> tuple[list[Item], Blocks, list[int]]:
    """Return the items of a graph, its blocks, and the graph nodes in the order in which the spec runs them."""
    trunk = structured(graph)
    folder = Folder(graph, trunk)
    folder.fold()
    order = [number for part in trunk for number in part.in_order()]
    _repeated(trunk, named_nodes(trunk), {part.weights for part in every(trunk)})
    for block in folder.blocks.values():
        _repeated(block.body, set(), set())
    writer = _Writer(graph, trunk, folder.blocks)
    items = [writer.item(part, top=True) for part in trunk]
    return items, {name: _block(block, folder.blocks) for name, block in sorted_blocks(folder.blocks).items()}, order


def sorted_blocks(blocks: dict[str, Block]) -> dict[str, Block]:
    """Return the blocks, the largest first: what a reader looks for."""
    return dict(reversed(blocks.items()))


def _repeated(parts: list[Part], read: set[int], owners: set[int]) -> None:
    """Make equal calls in a row one that is repeated."""
    for part in parts:
        for branch in part.branches:
            _repeated(branch.parts, read, owners)
    at = 0
    while at < len(parts):
        end = at + 1
        first = parts[at]
        while end < len(parts) and _again(parts[end - 1], parts[end], read, owners):
            end += 1
        if end - at > 1:
            first.repeat = end - at
            first.nodes = [number for part in parts[at:end] for number in part.in_order()]
            del parts[at + 1 : end]
        at += 1


def _again(first: Part, second: Part, read: set[int], owners: set[int]) -> bool:
    alike = first.kind == second.kind == "call" and first.word == second.word and first.settings == second.settings
    if first.label or second.label or first.repeat is not None or second.repeat is not None:
        return False
    shared = first.weights >= 0 or second.weights >= 0 or first.last in owners or second.last in owners
    return alike and not (first.pinned or second.pinned or second.source != -1 or shared or first.last in read)


def named_nodes(trunk: list[Part]) -> set[int]:
    """Return the nodes that need a name: what is read by name, and whose weights others use."""
    return {number for part in trunk for number in part.refs()} | {part.weights for part in every(trunk)}


class _Writer:
    """Writes items with names: what stands in the trunk, and what is read by name."""

    def __init__(self, graph: Graph, trunk: list[Part], blocks: dict[str, Block]) -> None:
        self.graph = graph
        self.blocks = blocks
        self.names: dict[int, str] = dict(input_names(graph))
        self.paths = Paths(graph, trunk)
        self.unique = Unique((*RESERVED, *self.names.values()))
        self.read = named_nodes(trunk)

    def item(self, part: Part, top: bool = False, around: str = "") -> Item:
        """Return the item of a part; ``around`` is the path of the part of the network that it stands in."""
        if part.kind == "training":
            name = self.unique("aux")
            source = self._start(part.source)
            inside = [self.item(each, around=f"{around}{name}/") for each in part.branches[0].parts]
            return Item("training", name=name, sources=source, items=inside)
        name = self._name(part, top)
        within = f"{around}{name}/" if name else around
        branches = None
        if part.kind == "merge":
            branches = [
                BranchItem(
                    [self.item(each, around=within) for each in branch.parts],
                    "".join(self._start(branch.source) or ()),
                    branch.when,
                )
                for branch in part.branches
            ]
        if part.last in self.read:
            self.names[part.last] = around + name
        part.settings = {word: self._given(value) for word, value in part.settings.items()}
        found = Item(part.word, value_of(part, self.blocks), name=name, branches=branches)
        found.sources = [self.names[number] for number in part.sources] or self._start(part.source)
        if part.weights >= 0:
            found.weights = self.names[part.weights]
        found.repeat = part.repeat
        return found

    def _given(self, value: Any) -> Any:
        return self.names[value.node] if isinstance(value, Ref) else value

    def _start(self, source: int | str) -> list[str] | None:
        return [self.names[source]] if isinstance(source, int) and source >= 0 else None

    def _name(self, part: Part, top: bool) -> str:
        """Return a name: for what is read by name always, in the trunk for all but activations."""
        read = part.last in self.read
        inner = any(number in self.read for number in part.in_order() if number != part.last)
        if not read and (not top or part.word in INLINE or part.word == "bn" or inner):
            return ""
        nodes = list(part.in_order())
        base = self.paths.name(nodes, part.repeat if isinstance(part.repeat, int) else 1)
        return self.unique(base or part.word, part.word) if base or read else ""


MOST_LISTED = 6
"""Arguments of a call that are written by their places alone."""


def value_of(part: Part, blocks: dict[str, Block]) -> Any:
    """Return what stands behind an operation or a block: one value, a list of them, or settings by name."""
    held = part.settings
    if part.kind != "call":
        return dict(held)
    names = list(blocks[part.word].arguments)
    if held and list(held) == names[: len(held)] and len(held) <= MOST_LISTED:
        given = list(held.values())
        if len(given) > 1:
            return given
        return held if isinstance(given[0], list) else given[0]
    return dict(held)


def _block(block: Block, blocks: dict[str, Block]) -> tuple[dict[str, Any], list[Item]]:
    return block.arguments, [_body(part, blocks) for part in block.body]


def _body(part: Part, blocks: dict[str, Block]) -> Item:
    branches = None
    if part.kind == "merge":
        branches = [
            BranchItem([_body(each, blocks) for each in branch.parts], _named(branch.source), branch.when)
            for branch in part.branches
        ]
    item = Item(part.word, value_of(part, blocks), name=part.label, branches=branches)
    item.sources = [_named(part.source)] if _named(part.source) else None
    if isinstance(part.repeat, tuple):
        item.when = part.repeat[1]
    else:
        item.repeat = part.repeat
    return item


def _named(source: int | str) -> str:
    return source if isinstance(source, str) else ""
