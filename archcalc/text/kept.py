"""Trees of archcalc's own files, kept beside them: the build writes them into the wheel (docs/build_hook.py).

A kept tree is used only for the very text that it was made of; a file that was edited is parsed.
"""

from __future__ import annotations

import marshal
import os
from typing import TYPE_CHECKING, Any
from zlib import crc32

from archcalc.text.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from archcalc.text.source import Source

ENDING = ".tree"
"""What takes the place of .yaml in the name of a file whose tree is kept."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MARSHAL = 2
"""The version of marshal's format that every Python 3 reads."""


def pack(text: str, tree: Node) -> bytes:
    """Return the tree of a text as bytes, with what tells that text from others."""
    packed = marshal.dumps(_plain(tree), _MARSHAL)
    return marshal.dumps((*_mark(text.encode()), *_mark(packed)), _MARSHAL) + packed


def unpack(text: str, data: bytes) -> Node | None:
    """Return the tree of a text from bytes; None where they are not what :func:`pack` made of it."""
    head = len(marshal.dumps((0, 0, 0, 0), _MARSHAL))
    packed = data[head:]
    if data[:head] != marshal.dumps((*_mark(text.encode()), *_mark(packed)), _MARSHAL):
        return None
    return _node(marshal.loads(packed))


def kept_tree(source: Source) -> Node | None:
    """Return the tree that is kept of one of archcalc's own files, if there is one, and of this text."""
    if not (source.file.startswith(_PACKAGE + os.sep) and source.file.endswith(".yaml")):
        return None
    try:
        with open(source.file.removesuffix(".yaml") + ENDING, "rb") as file:
            return unpack(source.text, file.read())
    except OSError:
        return None


def _mark(data: bytes) -> tuple[int, int]:
    return len(data), crc32(data) >> 1  # a whole number of 31 bits is always as long when written


def _plain(node: Node) -> tuple[Any, ...]:
    if isinstance(node, Scalar):
        return (node.line, node.column, node.value, node.plain)
    if isinstance(node, Sequence):
        return (node.line, node.column, [_plain(item) for item in node.items])
    assert isinstance(node, Mapping)
    return (node.line, node.column, [_plain(key) for key in node.keys], [_plain(value) for value in node.values])


def _node(data: tuple[Any, ...]) -> Node:
    line, column, first, *rest = data
    if first.__class__ is str:
        return Scalar(first, rest[0], line, column)
    if not rest:
        return Sequence([_node(item) for item in first], line, column)
    return Mapping([_node(key) for key in first], [_node(value) for value in rest[0]], line, column)  # type: ignore[misc]
