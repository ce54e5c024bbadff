"""Reading a file of conventions: names, words and rules, with every mistake told at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.conventions.rules import NAMES
from archcalc.errors import did_you_mean
from archcalc.language.formula import Formula, is_formula
from archcalc.operations import OPERATIONS
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, read_tree

if TYPE_CHECKING:
    from archcalc.errors import Mistake
    from archcalc.text.source import Source

WORDS = ("title", "says", "source", "unit", "cost", "memory", "params", "remarks")
"""What a convention can have."""

NEEDED = ("title", "says", "source")
"""What a convention cannot do without."""


class Remark(NamedTuple):
    """What a convention does not reproduce of some operations, and why."""

    operations: tuple[str, ...]
    text: str


class Entry(NamedTuple):
    """A convention as it stands in a file; a rule is a formula or a number."""

    name: str
    title: str
    says: str
    source: str
    unit: str
    cost: dict[str, Formula | int] | None
    memory: dict[str, Formula | int] | None
    params: dict[str, Formula | int] | None
    remarks: tuple[Remark, ...]


def read_entries(source: Source, only: str = "") -> list[Entry]:
    """Read the conventions of a file, or ``only`` one; raise SpecError with a mistake of each one that is not right."""
    try:
        tree = read_tree(source)
        if not isinstance(tree, Mapping) or not tree.keys:
            raise NodeError(tree, "conventions are a mapping from name to rules")
    except NodeError as error:
        raise source.error([error.mistake]) from None
    entries: list[Entry] = []
    mistakes: list[Mistake] = []
    for key, value in zip(tree.keys, tree.values, strict=True):
        if only and key.value != only:
            continue
        try:
            entries.append(_entry(key, value))
        except NodeError as error:
            mistakes.append(error.mistake)
    if mistakes:
        raise source.error(mistakes)
    return entries


def _entry(name: Scalar, node: Node) -> Entry:
    if not isinstance(node, Mapping):
        raise NodeError(node, "a convention is a mapping with title, says, source, and cost, memory or params")
    given = {word.value: value for word, value in zip(node.keys, node.values, strict=True)}
    for word in node.keys:
        if word.value not in WORDS:
            raise NodeError(word, f"a convention has no '{word.value}'{did_you_mean(word.value, WORDS)}")
    for needed in NEEDED:
        if needed not in given:
            raise NodeError(name, f"a convention needs '{needed}'")
    title, says, source = (readers.text(given[word]) for word in NEEDED)
    unit = readers.text(given["unit"]) if "unit" in given else "ops"
    cost, memory, params = (_rules(given.get(word)) for word in ("cost", "memory", "params"))
    if not (cost or memory or params):
        raise NodeError(name, "a convention needs rules: cost, memory or params")
    return Entry(name.value, title, says, source, unit, cost, memory, params, _remarks(given.get("remarks")))


def _rules(node: Node | None) -> dict[str, Formula | int] | None:
    if node is None:
        return None
    if not isinstance(node, Mapping) or node.get("default") is None:
        raise NodeError(node, "rules are a mapping from operation to formula, with a default")
    rules: dict[str, Formula | int] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        rule: Formula | int = Formula(value, NAMES) if is_formula(value) else readers.whole(0)(value)  # type: ignore[arg-type]
        for word in _operations(key, ("default", "input")):
            if word in rules:
                raise NodeError(key, f"'{word}' has a rule already")
            rules[word] = rule
    return rules


def _remarks(node: Node | None) -> tuple[Remark, ...]:
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        raise NodeError(node, "remarks are a mapping from operations to what is not reproduced of them")
    return tuple(
        Remark(_operations(key, ()), readers.text(value)) for key, value in zip(node.keys, node.values, strict=True)
    )


def _operations(key: Scalar, others: tuple[str, ...]) -> tuple[str, ...]:
    """Read the operations that a key names, with spaces between them."""
    words = tuple(key.value.split())
    for word in words:
        if word not in (*others, *OPERATIONS):
            raise NodeError(key, f"no operation '{word}'{did_you_mean(word, OPERATIONS)}")
    return words
