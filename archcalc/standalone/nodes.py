"""Values of a spec, written anew: on one line, or a list with a line for each entry."""

from __future__ import annotations

import re
from decimal import Context
from fractions import Fraction
from json import dumps
from typing import TYPE_CHECKING, Any

from archcalc.text.tree import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from archcalc.language.model import Cite
    from archcalc.text.tree import Node

WIDTH = 120
"""Columns that a line takes at most, where it can be broken."""

_BARE = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`](?:[^\s,\[\]{}#:]|[ ](?=[^\s#])|:(?=[^\s,\[\]{}]))*")
"""What needs no quotes, inside brackets and braces too."""

_OTHER = frozenset(("null", "~", "true", "false", "yes", "no", "on", "off"))


def quoted(text: str) -> str:
    """Write text for YAML: bare where it can only be text, otherwise in quotes."""
    is_number = re.fullmatch(r"[-+.]?[0-9][0-9_,.eE+-]*", text)
    return text if _BARE.fullmatch(text) and text.lower() not in _OTHER and not is_number else _in_quotes(text)


def _in_quotes(text: str) -> str:
    return dumps(text, ensure_ascii=False)


def flow(node: Node) -> str:
    """Write a node of a spec on one line; anchors and aliases are written out."""
    if isinstance(node, Mapping):
        return "{" + ", ".join(_pair(key, value) for key, value in zip(node.keys, node.values, strict=True)) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(map(flow, node.items)) + "]"
    assert isinstance(node, Scalar)
    bare = node.plain and (not node.value or _BARE.fullmatch(node.value) or re.fullmatch(r"[-+]?[0-9.]+", node.value))
    return str(node.value) if bare else _in_quotes(node.value)


def _pair(key: Scalar, value: Node) -> str:
    return f"{flow(key)}: {flow(value)}"


def value_text(value: Any) -> str:
    """Write the value of an argument."""
    if value.__class__ is bool:
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, Fraction):
        return format(Context(prec=40).divide(value.numerator, value.denominator).normalize(), "f")
    return quoted(value) if isinstance(value, str) else str(value)


def section(word: str, node: Node) -> list[str]:
    """Write a word of a spec and its value: a list or mapping that is too long for a line has a line for each part."""
    one = f"{word}: {flow(node)}"
    if isinstance(node, Scalar) or (len(one) <= WIDTH and not _deep(node)):
        return [one.rstrip()]
    return [f"{word}:", *_parts(node, "  ")]


def _deep(node: Node) -> bool:
    parts = node.values if isinstance(node, Mapping) else node.items if isinstance(node, Sequence) else []
    return any(isinstance(part, Mapping | Sequence) for part in parts)


def _parts(node: Node, indent: str) -> list[str]:
    if isinstance(node, Sequence):
        return [line for item in node.items for line in _entry(item, indent)]
    assert isinstance(node, Mapping)
    return [
        f"{indent}{line}"
        for key, value in zip(node.keys, node.values, strict=True)
        for line in section(flow(key), value)
    ]


def _entry(node: Node, indent: str) -> list[str]:
    one = f"{indent}- {flow(node)}"
    if len(one) <= WIDTH or not isinstance(node, Mapping) or not node.keys:
        return [one]
    lines = _parts(node, f"{indent}  ")
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]


def cite_node(cite: Cite, *, with_key: bool = True) -> Mapping:
    """Return a source as a spec describes it, its key within or outside."""
    words = {"key": cite.key if with_key else None, "title": cite.title, "year": cite.year, "url": cite.url}
    given = {word: value for word, value in words.items() if value is not None}
    values: list[Node] = [Scalar(str(value), word != "title", 0, 0) for word, value in given.items()]
    return Mapping([Scalar(word, True, 0, 0) for word in given], values, 0, 0)
