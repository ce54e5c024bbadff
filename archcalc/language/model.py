"""What a spec is once it has been read: items, blocks and the file's own words, as immutable values.

Shapes are not known here: formulas are kept as :class:`Formula`, to be computed while the network is written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.errors import did_you_mean, printable
from archcalc.record import Record
from archcalc.text.tree import Mapping, Node, NodeError

if TYPE_CHECKING:
    from collections.abc import Collection

    from archcalc.language.deferred import Deferred, Pool
    from archcalc.operations.base import Operation
    from archcalc.text.source import Source


class Modifiers(NamedTuple):
    """The words about an item itself, each None where it was not written."""

    name: str | None = None
    source: str | None = None
    repeat: Deferred | None = None
    when: Deferred | None = None
    times: Deferred | None = None
    survival: Deferred | None = None


class Item:
    """One entry of a list of layers, and where it stands."""

    __slots__ = ("modifiers", "node", "word")
    node: Node
    word: str
    modifiers: Modifiers | None

    def __init__(self, node: Node, word: str, modifiers: Modifiers | None) -> None:
        self.node = node
        self.word = word
        self.modifiers = modifiers


class OperationItem(Item):
    """An operation: built already where its settings are constant, otherwise with templates of those that are not."""

    __slots__ = ("constants", "deferred", "operation", "type")

    def __init__(
        self,
        node: Node,
        modifiers: Modifiers | None,
        type: type[Operation],
        operation: Operation | None,
        constants: dict[str, Any],
        deferred: dict[str, Deferred],
    ) -> None:
        super().__init__(node, type.word, modifiers)
        self.type = type
        self.operation = operation
        self.constants = constants
        self.deferred = deferred


class MergeItem(Item):
    """Branches that see one input, and the operation that joins them."""

    __slots__ = ("branches", "operation")

    def __init__(
        self, node: Node, modifiers: Modifiers | None, operation: Operation, branches: tuple[Branch, ...]
    ) -> None:
        super().__init__(node, operation.word, modifiers)
        self.operation = operation
        self.branches = branches


class BlockItem(Item):
    """A call of a block: by its name, or by a formula that names it (``use``); arguments by name or in order."""

    __slots__ = ("arguments", "block")

    def __init__(
        self,
        node: Node,
        modifiers: Modifiers | None,
        block: str | Deferred,
        arguments: dict[str, Deferred] | tuple[Deferred, ...],
    ) -> None:
        super().__init__(node, block if isinstance(block, str) else "use", modifiers)
        self.block = block
        self.arguments = arguments


class TrainingItem(Item):
    """Items that hang off the trunk and exist in training only."""

    __slots__ = ("items",)

    def __init__(self, node: Node, modifiers: Modifiers | None, items: tuple[Item, ...]) -> None:
        super().__init__(node, "training", modifiers)
        self.items = items


class Branch(Record):
    """One input of a merge: items, and where they start if not at the merge's input."""

    node: Node
    items: tuple[Item, ...]
    source: str | None = None
    when: Deferred | None = None
    survival: Deferred | None = None


class Argument(Record):
    """An argument of a block or a file, with its default unless it is required."""

    node: Node
    default: Deferred | None


class Block(Record):
    """A named piece of network with arguments."""

    name: str
    node: Node
    arguments: dict[str, Argument]
    items: tuple[Item, ...]


class Cite(Record):
    """A source: what figures call it by, and where to find it."""

    key: str
    title: str
    year: int | None = None
    url: str | None = None


class Variant(Record):
    """A member of a family: arguments it sets, and what it says of itself."""

    name: str
    node: Node
    set: dict[str, Any]
    title: str | None = None
    year: int | None = None
    cite: Cite | None = None
    input: Deferred | None = None
    aliases: tuple[str, ...] = ()
    published: Node | None = None
    expect: Node | None = None


class Family(Record):
    """A spec file: one network, or a family of them that share their layers."""

    source: Source
    name: str
    title: str
    cite: Cite | None
    year: int | None
    input: Deferred
    arguments: dict[str, Argument]
    variants: dict[str, Variant]
    pattern: str | None
    aliases: tuple[str, ...]
    blocks: dict[str, Block]
    items: tuple[Item, ...]
    pool: Pool
    published: Node | None
    expect: Node | None
    notes: tuple[str, ...]
    sources: dict[str, Cite]


def bind(
    block: str, known: dict[str, Argument], arguments: dict[str, Deferred] | tuple[Deferred, ...], node: Node
) -> dict[str, Deferred]:
    """Return a block's arguments by name; raise NodeError for one too many, one unknown or one that is missing."""
    if isinstance(arguments, tuple):
        if len(arguments) > len(known):
            raise NodeError(node, f"{len(arguments)} values for {block}, which takes {len(known)}{listed(known)}")
        arguments = dict(zip(known, arguments, strict=False))
    for name in arguments:
        if name not in known:
            at = next((key for key in node.keys if key.value == name), node) if isinstance(node, Mapping) else node
            raise NodeError(
                at, f"{block} has no argument '{printable(name[:60])}'{did_you_mean(name, known) or listed(known)}"
            )
    lacking = [name for name, each in known.items() if each.default is None and name not in arguments]
    if lacking:
        raise NodeError(node, f"{block} wants {' and '.join(repr(name) for name in lacking)}")
    return arguments


def listed(known: Collection[str]) -> str:
    """Return known names in brackets, for an error."""
    return f" ({', '.join(known)})" if known else ""
