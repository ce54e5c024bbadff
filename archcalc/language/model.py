"""A spec that has been read: items, blocks and the file's own words, as immutable values.

Shapes are not known yet: formulas are kept as functions, to be computed when the spec is expanded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.errors import did_you_mean, printable
from archcalc.record import Record
from archcalc.text.tree import Mapping, Node, NodeError

if TYPE_CHECKING:
    from collections.abc import Collection

    from archcalc.language.deferred import Deferred, Pool
    from archcalc.language.formula import Formula
    from archcalc.operations.base import Operation
    from archcalc.text.source import Source


class Reference(NamedTuple):
    """The name of an earlier layer as written, or the formula for it (or for a list of names)."""

    node: Node
    name: str | Deferred


class Modifiers(NamedTuple):
    """The modifiers of an item, each None if it was not written."""

    name: str | None = None
    sources: tuple[Reference, ...] | None = None
    repeat: Deferred | None = None
    when: Deferred | None = None
    times: Deferred | None = None
    survival: Deferred | None = None
    weights: Reference | None = None


class Item:
    """One entry of a list of layers, and its place."""

    __slots__ = ("cost", "modifiers", "node", "word")
    cost: int
    """Extra work of its formulas each time that it is expanded."""
    node: Node
    word: str
    modifiers: Modifiers | None

    def __init__(self, node: Node, word: str, modifiers: Modifiers | None) -> None:
        self.node = node
        self.word = word
        self.modifiers = modifiers
        self.cost = 0


class OperationItem(Item):
    """An operation: built already where its settings are constant.

    Otherwise settings with formulas are deferred, and settings that take the size of another layer name it.
    """

    __slots__ = ("constants", "deferred", "likes", "operation", "type")

    def __init__(
        self,
        node: Node,
        modifiers: Modifiers | None,
        type: type[Operation],
        operation: Operation | None = None,
        constants: dict[str, Any] | None = None,
        deferred: dict[str, Deferred] | None = None,
        likes: dict[str, Reference] | None = None,
    ) -> None:
        super().__init__(node, type.word, modifiers)
        self.type = type
        self.operation = operation
        self.constants = constants or {}
        self.deferred = deferred or {}
        self.likes = likes or {}


class MergeItem(Item):
    """Branches that read one input, and the operation that joins them."""

    __slots__ = ("branches", "join")

    def __init__(self, join: OperationItem, branches: tuple[GroupItem, ...]) -> None:
        super().__init__(join.node, join.word, join.modifiers)
        self.join = join
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


class GroupItem(Item):
    """Items that share modifiers: a group, or a branch of a merge."""

    __slots__ = ("items",)

    def __init__(self, node: Node, modifiers: Modifiers | None, items: tuple[Item, ...]) -> None:
        super().__init__(node, "layers", modifiers)
        self.items = items


class TrainingItem(Item):
    """Items of a branch that exists in training only."""

    __slots__ = ("items",)

    def __init__(self, node: Node, modifiers: Modifiers | None, items: tuple[Item, ...]) -> None:
        super().__init__(node, "training", modifiers)
        self.items = items


class Argument(Record):
    """An argument of a block or a file, with its default unless it is required."""

    node: Node
    default: Deferred | None
    cost: int = 0
    """Work of its default's formulas."""
    written: Node | None = None
    """The default as the spec has it."""


class Requirement(Record):
    """A condition on arguments, and the message for when it does not hold."""

    node: Node
    condition: Formula
    message: str


class Block(Record):
    """A named piece of network with arguments."""

    name: str
    node: Node
    arguments: dict[str, Argument]
    require: tuple[Requirement, ...]
    items: tuple[Item, ...]


class Cite(Record):
    """A source: the key that figures cite, and where to find it."""

    key: str
    title: str
    year: int | None = None
    url: str | None = None


class Variant(Record):
    """A network of a family: the arguments it sets, and its own words."""

    name: str
    node: Node
    set: dict[str, Any]
    title: str | None = None
    year: int | None = None
    cite: Cite | None = None
    input: Inputs | None = None
    aliases: tuple[str, ...] = ()
    published: Node | None = None
    expect: Node | None = None


Inputs = dict[str, "Deferred"]
"""The inputs by name (``input`` for one without a name), each a deferred list of sizes."""


class Family(Record):
    """A spec file: one network, or a family of them that share their layers."""

    source: Source
    name: str
    title: str
    cite: Cite | None
    year: int | None
    input: Inputs
    sequence: bool
    """Whether inputs are C x L: then a window's single number is its length."""
    arguments: dict[str, Argument]
    remarks: tuple[str, ...]
    """What to point out about the file itself: arguments that nothing uses."""
    require: tuple[Requirement, ...]
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
            hint = did_you_mean(name, known) or listed(known)
            raise NodeError(at, f"{block} has no argument '{printable(name[:60])}'{hint}")
    lacking = [name for name, argument in known.items() if argument.default is None and name not in arguments]
    if lacking:
        raise NodeError(node, f"{block} needs {' and '.join(repr(name) for name in lacking)}")
    return arguments


def listed(known: Collection[str]) -> str:
    """Return known names in brackets, for an error."""
    return f" ({', '.join(known)})" if known else ""
