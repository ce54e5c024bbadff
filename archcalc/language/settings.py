"""Reading the settings of an operation: typed where they are constant, deferred where they have formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.language.deferred import cost_of, defer, has_formulas, text_of
from archcalc.language.formula import is_formula, rest_of_formulas
from archcalc.language.model import MergeItem, OperationItem, Reference
from archcalc.operations.base import ShapeError
from archcalc.text import readers
from archcalc.text.errors import ErrorCollector
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from archcalc.errors import Mistake
    from archcalc.language.deferred import Deferred, Pool
    from archcalc.language.model import GroupItem, Item, Modifiers
    from archcalc.operations.base import Operation


class SettingsReader(ErrorCollector):
    """Reads operations with their settings; equal text is read once."""

    def __init__(self, mistakes: list[Mistake], pool: Pool, *, sequence: bool) -> None:
        super().__init__(mistakes)
        self.pool = pool
        self.sequence = sequence
        self.by_text: dict[tuple[Any, ...], Operation] = {}  # equal text is read once

    def operation(
        self, node: Node, type: type[Operation], value: Node, modifiers: Modifiers | None, names: Collection[str]
    ) -> OperationItem:
        """Read an operation and its settings."""
        key = text_of(type, value)
        known = self.by_text.get(key)
        if known is not None:
            return OperationItem(node, modifiers, type, known)
        before = len(self.mistakes)
        item = OperationItem(node, modifiers, type)
        given = self._settings(type, value)
        for name, setting in (given or {}).items():
            self.try_read(self._setting, item, name, setting, names)
        if given is None or item.deferred or item.likes or len(self.mistakes) > before:
            return item
        item.operation = self._build(node, type, item.constants)
        if None not in key:
            self.by_text[key] = item.operation
        return item

    def _build(self, node: Node, type: type[Operation], values: dict[str, Any]) -> Operation:
        try:
            return self.pool.make(type, values)
        except ShapeError as error:
            raise NodeError(node, f"{type.word}: {error}") from None

    def _setting(self, item: OperationItem, name: str, node: Node, names: Collection[str]) -> None:
        """Read one setting into an item."""
        reader = item.type.settings[name].type
        if reader.names_layer:
            item.likes[name] = Reference(node, defer(node, names) if is_formula(node) else readers.text(node))
        elif has_formulas(node):
            item.deferred[name] = self._oriented(reader, defer(node, names))
            item.cost += cost_of(node)
        else:
            item.constants[name] = reader(readers.along_length(reader, node) if self.sequence else node)

    def _oriented(self, reader: readers.Reader[Any], deferred: Deferred) -> Deferred:
        if not self.sequence or reader.across is None:
            return deferred
        return lambda scope: readers.along_length(reader, deferred(scope))

    def _settings(self, type: type[Operation], value: Node) -> dict[str, Node] | None:
        """Return nodes by setting, after reporting unknown and missing ones; None if no operation can be built."""
        if value.__class__ is Scalar:
            if value.empty:
                given: dict[str, Node] = {}
            elif not type.settings:
                self.report(NodeError(value, f"{type.word} has no settings"))
                return None
            else:
                given = {next(iter(type.settings)): value}
        elif isinstance(value, Mapping):
            given = self.words(type.word, value, type.settings, "setting ", rest_of_formulas(value), _meant)
        elif len(type.settings) == 1:
            given = {next(iter(type.settings)): value}
        else:
            listed = ", ".join(f"{name}: " for name in type.settings)
            message = f"a list could mean anything; {type.word} takes its settings by name: {{{listed}}}"
            self.report(NodeError(value, message))
            return None
        mistyped = [key.value for key in getattr(value, "keys", ()) if key.value not in type.settings]
        lacking = [
            name
            for name, setting in type.settings.items()
            if setting.required and name not in given and not _means(mistyped, name)
        ]
        if lacking:
            self.report(NodeError(value, f"{type.word} needs {' and '.join(repr(name) for name in lacking)}"))
            return None
        return given

    def merge(
        self,
        node: Node,
        type: type[Operation],
        value: Node,
        modifiers: Modifiers | None,
        names: Collection[str],
        read_branch: Callable[[Node, str, Collection[str]], GroupItem],
    ) -> Item:
        """Read a merge: a list of branches, or its settings with the branches among them, or with ``from: [a, b]``."""
        branches, settings = _parted(value)
        if branches is None and modifiers is not None and modifiers.sources is not None:
            return self.operation(node, type, settings, modifiers, names)
        if not isinstance(branches, Sequence):
            raise NodeError(value, f"{type.word} takes a list of branches, each a list of items{_names_layers(value)}")
        if not branches.items:
            named = modifiers is not None and modifiers.sources is not None
            hint = f"; with 'from' it needs none: write {type.word} alone" if named else ""
            raise NodeError(value, f"{type.word} without branches{hint}")
        read = [self.try_read(read_branch, branch, type.word, names) for branch in branches.items]
        join = self.operation(node, type, settings, modifiers, names)
        return MergeItem(join, tuple(branch for branch in read if branch is not None))


def _meant(word: str, settings: Collection[str]) -> str:
    from archcalc.language.synonyms import setting_suggestion

    return setting_suggestion(word, settings)


def _means(words: Collection[str], setting: str) -> bool:
    """Whether one of the words that are no settings means this one."""
    from archcalc.language.synonyms import setting_meant

    return any(setting_meant(word, [setting]) for word in words)


def _names_layers(value: Node) -> str:
    return (
        "; 'from' stands beside it, not in it" if isinstance(value, Mapping) and value.get("from") is not None else ""
    )


def _parted(value: Node) -> tuple[Node | None, Node]:
    """Separate the branches of a merge from its settings."""
    nothing = Scalar("", True, value.line, value.column)
    if isinstance(value, Sequence):
        return value, nothing
    if not isinstance(value, Mapping):
        return None, value
    kept = [pair for pair in zip(value.keys, value.values, strict=True) if pair[0].value != "branches"]
    settings = Mapping([key for key, _ in kept], [node for _, node in kept], value.line, value.column)
    return value.get("branches"), settings if kept else nothing
