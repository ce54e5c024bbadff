"""Trees of items as YAML, as a person would write it: one item a line, short lists beside their word."""

from __future__ import annotations

import re
from json import dumps
from typing import TYPE_CHECKING, Any

from archcalc.operations import OPERATIONS, operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.exchange.writing.tree import Branch, Item

WIDTH = 120
"""Columns that a line may take."""

PLAIN = re.compile(r"[A-Za-z0-9_./+][A-Za-z0-9_./+ -]*(?<! )")
WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"))


def text(value: str) -> str:
    """Write text for YAML: as it is where that is safe, otherwise in quotes."""
    if value[:1] == "=":
        bare = not re.search(r"[,\[\]{}#\"'&*!|>%@`]|: ", value.replace("*", "").replace("%", ""))
        return value if bare else dumps(value, ensure_ascii=False)
    if not value.isprintable():
        value = "".join(c if c.isprintable() else "?" for c in value)
    safe = PLAIN.fullmatch(value) and value.lower() not in WORDS
    return value if safe else dumps(value, ensure_ascii=False)


def flow(value: Any) -> str:
    """Write a value on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{word}: {flow(held)}" for word, held in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if value else "0"
    return text(value) if isinstance(value, str) else str(value)


def items_text(items: list[Item], indent: str) -> Iterator[str]:
    """Yield the lines of a list of items."""
    for item in items:
        one = inline(item)
        if one is not None and len(indent) + 2 + len(one) <= WIDTH and (_flat(item) or _small(item)):
            yield f"{indent}- {one}"
        else:
            yield from _block(item, indent)


def layers_text(items: list[Item], indent: str) -> list[str]:
    """Return the layers of a block: on one line where they are few and plain."""
    one = f"{indent}layers: [{', '.join(map(inline, items))}]"
    if len(one) <= WIDTH and all(map(_flat, items)):
        return [one]
    return [f"{indent}layers:", *items_text(items, f"{indent}  ")]


def _flat(item: Item) -> bool:
    return not item.branches and not item.items


def _small(item: Item) -> bool:
    """Whether a merge, group or training branch is short enough for one line."""
    return sum(len(branch.items) for branch in item.branches or ()) + len(item.items or ()) <= 4


def inline(item: Item) -> str:
    """Write an item on one line."""
    words = _words(item)
    value = _value(item)
    if not words and value == "" and item.repeat is None:
        return item.word
    said = f"{item.word}: {value}" if value else item.word
    return "{" + ", ".join([*words, said, *_repeat(item)]) + "}"


def _words(item: Item) -> list[str]:
    """Write the words about an item, in front of its operation."""
    found = [f"name: {text(item.name)}"] if item.name else []
    if item.sources:
        found.append(f"from: {flow(item.sources[0] if len(item.sources) == 1 else item.sources)}")
    if item.weights:
        found.append(f"weights: {text(item.weights)}")
    if item.when:
        found.append(f"when: {text(item.when)}")
    return found


def _repeat(item: Item) -> list[str]:
    return [] if item.repeat is None else [f"repeat: {flow(item.repeat)}"]


def _value(item: Item) -> str:
    if item.branches is not None:
        return "[" + ", ".join(map(_branch, item.branches)) + "]"
    if item.items is not None:
        return "[" + ", ".join(map(inline, item.items)) + "]"
    if item.value in ({}, [], None):
        return ""
    if isinstance(item.value, dict) and len(item.value) == 1 and item.word in OPERATIONS:
        ((setting, value),) = item.value.items()
        if setting == next(iter(operation(item.word).settings)) and not isinstance(value, list | dict):
            return flow(value)
    return flow(item.value)


def _branch(branch: Branch) -> str:
    listed = "[" + ", ".join(map(inline, branch.items)) + "]"
    words = _branch_words(branch)
    if not words:
        return listed
    return "{" + ", ".join([*words, *([f"layers: {listed}"] if branch.items or branch.when else [])]) + "}"


def _branch_words(branch: Branch) -> list[str]:
    found = [f"from: {text(branch.source)}"] if branch.source else []
    return found + ([f"when: {text(branch.when)}"] if branch.when else [])


def _block(item: Item, indent: str) -> Iterator[str]:
    """Yield the lines of an item that is too long for one."""
    words = _words(item) + _repeat(item)
    first = f"{indent}- "
    rest = f"{indent}  "
    for word in words:
        yield f"{first}{word}"
        first = rest
    if item.branches is not None:
        yield f"{first}{item.word}:"
        for branch in item.branches:
            yield from _branch_lines(branch, f"{rest}  ")
    elif item.items is not None:
        yield f"{first}{item.word}:"
        yield from items_text(item.items, f"{rest}  ")
    elif isinstance(item.value, dict):
        yield f"{first}{item.word}:"
        for word, held in item.value.items():
            yield f"{rest}  {word}: {flow(held)}"
    else:
        yield f"{first}{item.word}: {flow(item.value)}".rstrip()


def _branch_lines(branch: Branch, indent: str) -> Iterator[str]:
    one = _branch(branch)
    if len(indent) + 2 + len(one) <= WIDTH and (len(branch.items) < 5 and all(map(_flat, branch.items))):
        yield f"{indent}- {one}"
        return
    words = _branch_words(branch)
    if words:
        first = f"{indent}- "
        for word in words:
            yield f"{first}{word}"
            first = f"{indent}  "
        yield f"{indent}  layers:"
        yield from items_text(branch.items, f"{indent}    ")
        return
    lines = list(items_text(branch.items, ""))
    for place, line in enumerate(lines):
        yield f"{indent}{'- ' if place == 0 else '  '}{line}"
