"""Reading items: one operation, block, merge or training branch with its settings, and the words about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, printable
from archcalc.language.deferred import Pool, defer, has_formulas, text_of
from archcalc.language.error_collector import ErrorCollector, rest_of_formulas
from archcalc.language.formula import is_formula, unclosed
from archcalc.language.model import (
    BlockItem,
    Branch,
    Item,
    MergeItem,
    Modifiers,
    OperationItem,
    TrainingItem,
    bind,
)
from archcalc.operations import OPERATIONS, operation
from archcalc.operations.base import Operation, ShapeError
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping as Mapping_

    from archcalc.errors import Mistake
    from archcalc.language.deferred import Deferred
    from archcalc.language.model import Argument

MODIFIERS = frozenset(("name", "from", "repeat", "when", "with", "times", "survival"))
"""The words about an item itself."""

BRANCH_WORDS = ("layers", "from", "when", "survival")
"""The words of a branch that is written as a mapping."""

SPECIAL = ("use", "training")
"""Keys that stand where an operation stands."""

MAX_NAME = 100


def read_name(node: Node) -> str:
    """Read a name: text on one line without a slash."""
    name = readers.text(node)
    if not name.isprintable() or len(name) > MAX_NAME:
        raise NodeError(node, f"a name is at most {MAX_NAME} printable characters")
    if "/" in name or name[0] == "=" or name != name.strip():
        raise NodeError(node, f"'{name}' as a name; a name has no '/', does not begin with '=' or a space")
    return name


class ItemReader(ErrorCollector):
    """Reads the items of one spec, noting every mistake instead of stopping at the first."""

    def __init__(self, blocks: Mapping_[str, dict[str, Argument]], mistakes: list[Mistake]) -> None:
        self.blocks = blocks
        super().__init__(mistakes)
        self.pool = Pool()
        self.by_text: dict[tuple[Any, ...], Operation] = {}  # equal text is read once

    def items(self, node: Node, names: Collection[str]) -> tuple[Item, ...]:
        """Read a list of items; ``names`` are the arguments that their formulas can see."""
        if not isinstance(node, Sequence):
            self.report(NodeError(node, f"{readers.shown(node)}, where a list of items is wanted"))
            return ()
        read = self._item
        found = [read(item, names) for item in node.items]
        return tuple(item for item in found if item is not None)

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
                    raise NodeError(node, f"{readers.shown(node)}, where an operation or a block is wanted")
                return self._read(node, node, Scalar("", True, node.line, node.column), None, names)
            raise NodeError(node, "a list as an item; only the branches of a merge are lists of items")
        except NodeError as wrong:
            self.report(wrong)
            return None

    def _split(self, node: Mapping, names: Collection[str]) -> tuple[Scalar, Node, Modifiers | None]:
        """Part the operation from the words about it."""
        found: dict[str, Any] = {}
        operations: list[tuple[Scalar, Node]] = []
        arguments = None
        for key, value in zip(node.keys, node.values, strict=True):
            word = key.value
            if word not in MODIFIERS:
                operations.append((key, value))
            elif word == "name":
                found["name"] = self.try_read(read_name, value)
            elif word == "from":
                found["source"] = self.try_read(readers.text, value)
            elif word == "with":
                arguments = value
            else:
                found[word] = self.try_read(defer, value, names)
        if len(operations) != 1:
            rest = rest_of_formulas(node)
            operations = [each for each in operations if each[0] not in rest]
            if len(operations) != 1:
                self._not_one(node, operations)
        key, value = operations[0]
        if arguments is not None and key.value != "use":
            raise NodeError(arguments, f"'with' belongs to 'use'; the settings of '{key.value}' stand behind it")
        return key, value, Modifiers(**found) if found else None

    def _not_one(self, node: Mapping, operations: list[tuple[Scalar, Node]]) -> None:
        known = [each for each in operations if self._knows(each[0].value)]
        if not operations:
            raise NodeError(node, "no operation or block among these words")
        if len(known) == 1:
            (key, value), word = known[0], next(key for key, _ in operations if key is not known[0][0])
            if is_formula(value) and unclosed(value.value):
                defer(value, ())  # says that the formula wants quotes; the other word is the rest of it
            if key.value in OPERATIONS and word.value in operation(key.value).settings:
                raise NodeError(word, f"'{word.value}' is a setting; write {key.value}: {{..., {word.value}: ...}}")
            raise NodeError(
                word, f"unknown word '{word.value}' beside '{key.value}'{did_you_mean(word.value, MODIFIERS)}"
            )
        modifiers = " and ".join(printable(key.value[:60]) for key, _ in operations[:5])
        raise NodeError(
            operations[1][0], f"an item is one operation; here are {modifiers}{' ...' if operations[5:] else ''}"
        )

    def _knows(self, word: str) -> bool:
        return word in OPERATIONS or word in self.blocks or word in SPECIAL

    def _read(self, node: Node, key: Scalar, value: Node, modifiers: Modifiers | None, names: Collection[str]) -> Item:
        word = key.value
        if word in OPERATIONS:
            type = operation(word)
            if type.merges:
                return self._merge(node, type, value, modifiers, names)
            return self._operation(node, type, value, modifiers, names)
        if word in self.blocks:
            return self._call(node, word, value, modifiers, names)
        if word == "use":
            return self._use(node, value, modifiers, names)
        if word == "training":
            return TrainingItem(node, modifiers, self.items(value, names))
        known = (*OPERATIONS, *self.blocks, *SPECIAL)
        raise NodeError(key, f"unknown operation or block '{printable(word[:60])}'{did_you_mean(word, known)}")

    def _operation(
        self, node: Node, type: type[Operation], value: Node, modifiers: Modifiers | None, names: Collection[str]
    ) -> Item:
        key = text_of(type, value)
        known = self.by_text.get(key)
        if known is not None:
            return OperationItem(node, modifiers, type, known, {}, {})
        noted = len(self.mistakes)
        given = self._settings(type, value)
        constants: dict[str, Any] = {}
        deferred: dict[str, Deferred] = {}
        right = given is not None
        for name, each in (given or {}).items():
            try:
                if has_formulas(each):
                    deferred[name] = defer(each, names)
                else:
                    constants[name] = type.settings[name].type(each)
            except NodeError as wrong:
                self.report(wrong)
                right = False
        if deferred or not right or len(self.mistakes) > noted:
            return OperationItem(node, modifiers, type, None, constants, deferred)
        try:
            operation = self.pool.make(type, constants)
        except ShapeError as unfit:
            raise NodeError(node, f"{type.word}: {unfit}") from None
        if None not in key:
            self.by_text[key] = operation
        return OperationItem(node, modifiers, type, operation, {}, {})

    def _settings(self, type: type[Operation], value: Node) -> dict[str, Node] | None:
        """Return nodes by setting, after noting unknown and missing ones; None where something is amiss."""
        if value.__class__ is Scalar:
            if value.empty:
                given: dict[str, Node] = {}
            elif not type.settings:
                self.report(NodeError(value, f"{type.word} has no settings"))
                return None
            else:
                given = {next(iter(type.settings)): value}
        elif isinstance(value, Mapping):
            given = self.by_name(type.word, type.settings, "setting", value)
        else:
            listed = ", ".join(f"{name}: " for name in type.settings)
            self.report(
                NodeError(value, f"a list could mean anything; {type.word} takes its settings by name: {{{listed}}}")
            )
            return None
        mistyped = [key.value for key in getattr(value, "keys", ()) if key.value not in type.settings]
        lacking = [
            name
            for name, each in type.settings.items()
            if each.required and name not in given and not any(did_you_mean(word, [name]) for word in mistyped)
        ]
        if lacking:
            self.report(NodeError(value, f"{type.word} wants {' and '.join(repr(name) for name in lacking)}"))
            return None
        return given

    def _merge(
        self, node: Node, type: type[Operation], value: Node, modifiers: Modifiers | None, names: Collection[str]
    ) -> Item:
        if not isinstance(value, Sequence):
            raise NodeError(value, f"{type.word} takes a list of branches, each a list of items")
        if not value.items:
            raise NodeError(value, f"{type.word} without branches")
        branches = [self.try_read(self._branch, each, type.word, names) for each in value.items]
        return MergeItem(node, modifiers, self.pool.make(type, {}), tuple(branches))

    def _branch(self, node: Node, word: str, names: Collection[str]) -> Branch:
        if isinstance(node, Sequence):
            return Branch(node, self.items(node, names))
        if isinstance(node, Mapping) and (node.get("layers") is not None or not any(map(self._knows, _words(node)))):
            given = self.by_name("a branch", BRANCH_WORDS, "word", node)
            source = given.get("from")
            return Branch(
                node,
                self.items(given["layers"], names) if "layers" in given else (),
                self.try_read(readers.text, source) if source is not None else None,
                self.try_read(defer, given["when"], names) if "when" in given else None,
                self.try_read(defer, given["survival"], names) if "survival" in given else None,
            )
        raise NodeError(node, f"a branch of {word} is a list of items: put it in [ ]")

    def _call(
        self, node: Node, block: str | Deferred, value: Node, modifiers: Modifiers | None, names: Collection[str]
    ) -> Item:
        arguments: dict[str, Deferred] | tuple[Deferred, ...]
        if isinstance(value, Sequence):
            arguments = tuple(self.try_read(defer, each, names) for each in value.items)
            if None in arguments:  # a formula that is cut at a comma would look like one value too many
                return BlockItem(node, modifiers, block, ())
        elif isinstance(value, Mapping):
            rest = rest_of_formulas(value)
            pairs = zip(value.keys, value.values, strict=True)
            arguments = {key.value: self.try_read(defer, each, names) for key, each in pairs if key not in rest}
        else:
            assert isinstance(value, Scalar)
            arguments = () if value.empty else (self.try_read(defer, value, names),)
        if isinstance(block, str):
            arguments = bind(block, self.blocks[block], arguments, value)
        return BlockItem(node, modifiers, block, arguments)

    def _use(self, node: Node, value: Node, modifiers: Modifiers | None, names: Collection[str]) -> Item:
        arguments = node.get("with") if isinstance(node, Mapping) else None
        if not isinstance(value, Scalar) or value.empty:
            raise NodeError(value, "'use' wants the name of a block, or a formula that gives it")
        named = defer(value, names)
        nothing = Scalar("", True, value.line, value.column)
        return self._call(node, named, nothing if arguments is None else arguments, modifiers, names)


def _words(node: Mapping) -> list[str]:
    return [key.value for key in node.keys]
