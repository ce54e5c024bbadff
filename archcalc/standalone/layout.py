"""The sections of a spec's text: each word of the file with its value and the comments above it, line by line."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from archcalc.errors import lines_of
from archcalc.text.tree import Mapping, Sequence

if TYPE_CHECKING:
    from archcalc.text.tree import Node, Scalar

HEADER = ""
"""What the lines before the first word are called."""


def sections(text: str, tree: Mapping) -> dict[str, list[str]]:
    """Return the lines of each word of a file; nothing where words do not each begin a line of their own."""
    lines = lines_of(text)
    if any(key.column for key in tree.keys) or len({key.line for key in tree.keys}) < len(tree.keys):
        return {}
    starts = {key.value: _with_comments(lines, key.line) for key in tree.keys}
    starts[tree.keys[0].value] = tree.keys[0].line
    ends = [*list(starts.values())[1:], len(lines)]
    found = {word: _trimmed(lines[start:end]) for (word, start), end in zip(starts.items(), ends, strict=True)}
    return {HEADER: _trimmed(lines[: tree.keys[0].line]), **found}


def list_below(text: str, parents: list[tuple[Mapping, Scalar]]) -> list[str] | None:
    """Return the lines of a list, its dashes two columns in; None where it is not one item below the other.

    ``parents`` leads to it: a mapping and one of its keys, then the mapping that is that key's value, and so on.
    """
    lines = lines_of(text)
    mapping, key = parents[-1]
    node = mapping.get(key.value)
    if not isinstance(node, Sequence) or node.line <= key.line or not node.items:
        return None
    following = [other.line for above, at in parents for other in above.keys if other.line > at.line]
    listed = lines[key.line + 1 : min(following, default=len(lines))]
    while listed and (not listed[-1].strip() or _indent(listed[-1]) < node.column):
        listed.pop()
    return [_moved(line, node.column) for line in listed]


def _moved(line: str, column: int) -> str:
    return f"  {line[min(column, _indent(line)) :]}".rstrip()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _with_comments(lines: list[str], line: int) -> int:
    """Return where the comments that stand directly above a line begin."""
    return line - len(list(takewhile(lambda above: above.startswith("#"), reversed(lines[:line]))))


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def replaced(lines: list[str], first: int, node: Node, length: int, text: str) -> None:
    """Replace some characters at a node by a text; ``first`` is the number of the first line."""
    line = lines[node.line - first]
    lines[node.line - first] = f"{line[: node.column]}{text}{line[node.column + length :]}"
