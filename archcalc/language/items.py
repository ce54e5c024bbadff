"""Reading items: one operation, block, group, merge or training branch with its settings, and the words about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, printable
from archcalc.language.deferred import Pool, cost_of, defer
from archcalc.language.formula import is_formula, rest_of_formulas, unclosed
from archcalc.language.model import BlockItem, GroupItem, Item, Modifiers, Reference, TrainingItem, bind
from archcalc.language.settings import SettingsReader
from archcalc.operations import OPERATIONS, operation
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping as Mapping_

    from archcalc.errors import Mistake
    from archcalc.language.deferred import Deferred
    from archcalc.language.model import Argument

MODIFIERS = frozenset(("name", "from", "repeat", "when", "with", "times", "survival", "weights"))
"""The words that modify an item."""

BRANCH_WORDS = ("layers", "name", "from", "when", "survival", "times", "repeat", "weights")
"""The words of a branch that is written as a mapping."""

SPECIAL = ("use", "training", "layers")
"""Keys that take the place of an operation."""

MAX_NAME = 100


def read_name(node: Node) -> str:
    """Read a name: text on one line without a slash."""
    name = readers.text(node)
    if not name or not name.isprintable() or len(name) > MAX_NAME:
        raise NodeError(node, f"a name has 1 to {MAX_NAME} printable characters")
    if "/" in name or name[0] == "=" or name != name.strip():
        raise NodeError(node, f"'{name}' cannot be a name: no '/', no '=' or space in front")
    return name


def read_references(node: Node, names: Collection[str]) -> tuple[Reference, ...]:
    """Read the name of a layer, a formula that gives one or several, or a list of those."""
    if isinstance(node, Sequence):
        if not node.items:
            raise NodeError(node, "an empty list, expected the names of layers")
        return tuple(read_reference(item, names) for item in node.items)
    return (read_reference(node, names),)


def read_reference(node: Node, names: Collection[str]) -> Reference:
    """Read the name of a layer, or a formula that gives one."""
    return Reference(node, defer(node, names) if is_formula(node) else readers.text(node))


class ItemReader(SettingsReader):
    """Reads the items of a spec; reports every mistake instead of stopping at the first."""

    def __init__(
        self, blocks: Mapping_[str, dict[str, Argument]], mistakes: list[Mistake], *, sequence: bool = False
    ) -> None:
        super().__init__(mistakes, Pool(), sequence=sequence)
        self.blocks = blocks
        self.layer_names: set[str] = set()  # those read so far, for what an error says

    def items(self, node: Node, names: Collection[str]) -> tuple[Item, ...]:
        """Read a list of items; ``names`` are the arguments that their formulas can see."""
        if not isinstance(node, Sequence):
            self.report(NodeError(node, f"expected a list of items, got {readers.shown(node)}"))
            return ()
        read = self._item
        items = [read(item, names) for item in node.items]
        return tuple(item for item in items if item is not None)

    def _item(self, node: Node, names: Collection[str]) -> Item | None:
        try:
            if node.__class__ is Mapping:
                keys = node.keys
                if len(keys) == 1:
                    key, value, modifiers = keys[0], node.values[0], None
                    if key.value in MODIFIERS:
                        raise NodeError(key, f"'{key.value}' without an operation")
                else:
                    key, value, modifiers = self._split(node, names)
                return self._read(node, key, value, modifiers, names)
            if isinstance(node, Scalar):
                if node.empty or node.value[:1] == "=":
                    raise NodeError(node, f"expected an operation or a block, got {readers.shown(node)}")
                return self._read(node, node, Scalar("", True, node.line, node.column), None, names)
            raise NodeError(node, "a list as an item; only the branches of a merge are lists of items")
        except NodeError as error:
            self.report(error)
            return None

    def _split(self, node: Mapping, names: Collection[str]) -> tuple[Scalar, Node, Modifiers | None]:
        """Separate the operation from its modifiers."""
        operations = [pair for pair in zip(node.keys, node.values, strict=True) if pair[0].value not in MODIFIERS]
        modifiers = self._modifiers(node, names)
        if len(operations) != 1:
            rest = rest_of_formulas(node)
            operations = [pair for pair in operations if pair[0] not in rest]
            if len(operations) != 1:
                self._refuse_several(node, operations)
        key, value = operations[0]
        arguments = node.get("with")
        if arguments is not None and key.value != "use":
            raise NodeError(arguments, f"'with' belongs to 'use'; write the settings of '{key.value}' after it")
        return key, value, modifiers

    def _modifiers(self, node: Mapping, names: Collection[str]) -> Modifiers | None:
        """Read the modifiers of an item; None if it has none."""
        modifiers: dict[str, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            word = key.value
            if word not in MODIFIERS or word == "with":
                continue
            if word == "name":
                modifiers["name"] = self.try_read(read_name, value)
                self.layer_names.add(modifiers["name"])
            elif word == "from":
                modifiers["sources"] = self.try_read(read_references, value, names)
            elif word == "weights":
                modifiers["weights"] = self.try_read(read_reference, value, names)
            else:
                modifiers[word] = self.try_read(defer, value, names)
        return Modifiers(**modifiers) if modifiers else None

    def _refuse_several(self, node: Mapping, operations: list[tuple[Scalar, Node]]) -> None:
        known = [pair for pair in operations if self._knows(pair[0].value)]
        if not operations:
            raise NodeError(node, "no operation or block among these words")
        if len(known) == 1:
            (key, value), word = known[0], next(key for key, _ in operations if key is not known[0][0])
            if is_formula(value) and unclosed(value.value):
                defer(value, ())  # says that the formula needs quotes; the other word is the rest of it
            if key.value in OPERATIONS and word.value in operation(key.value).settings:
                raise NodeError(word, f"'{word.value}' is a setting; write {key.value}: {{..., {word.value}: ...}}")
            hint = did_you_mean(word.value, MODIFIERS)
            raise NodeError(word, f"unknown word '{word.value}' beside '{key.value}'{hint}")
        words = " and ".join(printable(key.value[:60]) for key, _ in operations[:5])
        more = " ..." if operations[5:] else ""
        raise NodeError(operations[1][0], f"an item is one operation; here are {words}{more}")

    def _knows(self, word: str) -> bool:
        return word in OPERATIONS or word in self.blocks or word in SPECIAL

    def _read(self, node: Node, key: Scalar, value: Node, modifiers: Modifiers | None, names: Collection[str]) -> Item:
        word = key.value
        if word in OPERATIONS:
            type = operation(word)
            if type.has_branches:
                return self.merge(node, type, value, modifiers, names, self._branch)
            return self.operation(node, type, value, modifiers, names)
        if word in self.blocks:
            return self._call(node, word, value, modifiers, names)
        if word == "use":
            return self._use(node, value, modifiers, names)
        if word == "training":
            return TrainingItem(node, modifiers, self.items(value, names))
        if word == "layers":
            return GroupItem(node, modifiers, self.items(value, names))
        raise NodeError(key, f"unknown operation or block '{printable(word[:60])}'{self._meant(word, names)}")

    def _meant(self, word: str, names: Collection[str]) -> str:
        """Return what an unknown word may mean: a layer, another program's word, or a word that is spelt almost so."""
        from archcalc.language.synonyms import suggestion

        is_layer, source = self._layer(word, names)
        if is_layer:
            return f"; {is_layer}, which is read with from: {source}"
        near = did_you_mean(word, (*OPERATIONS, *self.blocks, *SPECIAL))
        return suggestion(word) or near or "; 'custom' describes what no operation does"

    def _branch(self, node: Node, word: str, names: Collection[str]) -> GroupItem:
        """Read a branch of a merge: a list of items, or a group; without layers it passes its source on."""
        if isinstance(node, Sequence):
            return GroupItem(node, None, self.items(node, names))
        if isinstance(node, Mapping) and (node.get("layers") is not None or not self._holds_operation(node)):
            given = self.words("a branch", node, BRANCH_WORDS, "word ")
            items = self.items(given["layers"], names) if "layers" in given else ()
            return GroupItem(node, self._modifiers(node, names), items)
        is_layer, source = self._layer(node.value, names)
        if is_layer:
            raise NodeError(node, f"{is_layer}; a branch of {word} that begins there is {{from: {source}}}")
        raise NodeError(node, f"a branch of {word} is a list of items: put it in [ ]")

    def _layer(self, word: str | None, names: Collection[str]) -> tuple[str, str]:
        """Say that a word is a layer or an argument, if it is, and how ``from`` names it."""
        if word in self.layer_names:
            return f"'{word}' is a layer", f"{word}"
        return (f"'{word}' is an argument", f"={word}") if word in names else ("", "")

    def _holds_operation(self, node: Mapping) -> bool:
        return any(isinstance(key.value, str) and self._knows(key.value) for key in node.keys)

    def _call(
        self, node: Node, block: str | Deferred, value: Node, modifiers: Modifiers | None, names: Collection[str]
    ) -> Item:
        arguments: dict[str, Deferred] | tuple[Deferred, ...]
        if isinstance(value, Sequence):
            arguments = tuple(self.try_read(defer, item, names) for item in value.items)
            if None in arguments:  # a formula that is cut at a comma would look like one value too many
                return BlockItem(node, modifiers, block, ())
        elif isinstance(value, Mapping):
            rest = rest_of_formulas(value)
            pairs = zip(value.keys, value.values, strict=True)
            arguments = {key.value: self.try_read(defer, item, names) for key, item in pairs if key not in rest}
        else:
            assert isinstance(value, Scalar)
            arguments = () if value.empty else (self.try_read(defer, value, names),)
        if isinstance(block, str):
            arguments = bind(block, self.blocks[block], arguments, value)
        item = BlockItem(node, modifiers, block, arguments)
        item.cost = cost_of(value)
        return item

    def _use(self, node: Node, value: Node, modifiers: Modifiers | None, names: Collection[str]) -> Item:
        arguments = node.get("with") if isinstance(node, Mapping) else None
        if not isinstance(value, Scalar) or value.empty:
            raise NodeError(value, "'use' needs the name of a block, or a formula that gives it")
        block = defer(value, names)
        nothing = Scalar("", True, value.line, value.column)
        return self._call(node, block, nothing if arguments is None else arguments, modifiers, names)
