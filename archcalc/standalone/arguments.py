"""The arguments of a network's own spec: those of its family, with the values that the network sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archcalc.standalone.layout import replaced
from archcalc.standalone.nodes import flow, value_text
from archcalc.text.tree import Mapping, Scalar

if TYPE_CHECKING:
    from archcalc.text.tree import Node

_RAW = {'"': r'"(?:[^"\\]|\\.)*"', "'": r"'(?:[^']|'')*'", "[": r"\[[^\[\]]*\]"}
"""Quoted text and flat lists, by the character that they begin with."""


def argument_lines(values: dict[str, Any], tree: Mapping, known: dict[str, list[str]]) -> list[str]:
    """Return the family's lines of arguments with values in place of the defaults; written anew where that fails."""
    node = tree.get("args")
    assert isinstance(node, Mapping)
    if "args" in known:
        lines = _in_place(values, node, [*known["args"]], _first_line(tree, known["args"]))
        if lines is not None:
            return lines
    lines = [f"{flow(key)}: {_value(values, key, value)}" for key, value in zip(node.keys, node.values, strict=True)]
    return ["args:", *(f"  {line}" for line in lines)]


def _value(values: dict[str, Any], key: Scalar, default: Node) -> str:
    return value_text(values[key.value]) if key.value in values else flow(default)


def _first_line(tree: Mapping, lines: list[str]) -> int:
    """Return the number of the first line of the section, which begins with the comments above its word."""
    line = next(key.line for key in tree.keys if key.value == "args")
    return line - next(number for number, text in enumerate(lines) if text.startswith(("args", '"args', "'args")))


def _in_place(values: dict[str, Any], node: Mapping, lines: list[str], first: int) -> list[str] | None:
    """Put values where the defaults are, the last first, so that places stay right; None where one has no place."""
    for key, default in reversed([*zip(node.keys, node.values, strict=True)]):
        if key.value in values:
            text = value_text(values[key.value])
            line = lines[key.line - first]
            if isinstance(default, Scalar) and default.empty and not default.value:
                end = key.column + len(key.value)
                if line[end : end + 1] != ":":
                    return None
                lines[key.line - first] = f"{line[: end + 1]} {text}{_after(line[end + 1 :])}"
                continue
            length = _length(default, lines[default.line - first])
            if length is None:
                return None
            replaced(lines, first, default, length, text)
    return lines


def _after(rest: str) -> str:
    """Return what follows an empty value, without the blanks that stood in its place."""
    return rest if rest.lstrip().startswith("#") else rest.lstrip()


def _length(node: Node, line: str) -> int | None:
    """Return how many characters of its line a value takes, or None where it takes more than that line."""
    start = line[node.column :]
    if isinstance(node, Scalar) and node.plain and start.startswith(str(node.value)):
        return len(node.value)
    raw = re.match(_RAW.get(start[:1], r"(?!)"), start)
    return None if raw is None else raw.end()
