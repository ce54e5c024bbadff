"""Readers: each turns a node of the tree into a typed value, or fails at the node with what was expected.

Readers of single values are in ``scalars`` and handed on; those of lists, pairs and padding are here.
"""

from __future__ import annotations

from typing import Any

from archcalc.errors import did_you_mean
from archcalc.text.scalars import (
    TEXT,
    Reader,
    Schema,
    T,
    argument,
    choice,
    flag,
    is_number,
    literal,
    number,
    portion,
    rate,
    shown,
    side_or_rest,
    text,
    whole,
)
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence

__all__ = [
    "TEXT",
    "Padding",
    "Reader",
    "Schema",
    "along_length",
    "argument",
    "choice",
    "flag",
    "is_number",
    "like",
    "list_of",
    "literal",
    "number",
    "optional",
    "or_word",
    "padding",
    "pair",
    "portion",
    "rate",
    "shape",
    "shown",
    "side_or_rest",
    "sides",
    "text",
    "triple",
    "whole",
]


def along_length(reader: Reader[Any], node: Node) -> Node:
    """Return a node as meant in a network of sequences, where a single number is the length alone."""
    if reader.across is None or node.__class__ is not Scalar or not is_number(node):
        return node
    return Sequence([node, Scalar(reader.across, False, node.line, node.column)], node.line, node.column)


def pair(reader: Reader[T], across: int = 1) -> Reader[tuple[T, T]]:
    """Read one value for height and width, or a list of the two; sequences have ``across`` for the width."""

    def read(node: Node) -> tuple[T, T]:
        if not isinstance(node, Sequence):
            value = reader(node)
            return (value, value)
        if len(node.items) != 2:
            raise NodeError(node, f"expected [height, width], got a list of {len(node.items)}")
        return (reader(node.items[0]), reader(node.items[1]))

    schema = {"anyOf": [reader.schema, _list(reader, 2)]}
    return Reader(f"{reader.expected}, or [height, width]", read, schema, across=across)


def list_of(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """Read a list of values of one type."""

    def read(node: Node) -> tuple[T, ...]:
        if not isinstance(node, Sequence):
            raise NodeError(node, f"expected a list, got {shown(node)}")
        return tuple(reader(item) for item in node.items)

    return Reader(f"a list, each {reader.expected}", read, {"type": "array", "items": reader.schema})


def triple(reader: Reader[T]) -> Reader[tuple[T, T, T]]:
    """Read [channels, height, width]."""

    def read(node: Node) -> tuple[T, T, T]:
        if not isinstance(node, Sequence) or len(node.items) != 3:
            raise NodeError(node, f"expected [channels, height, width], got {shown(node)}")
        channels, height, width = (reader(item) for item in node.items)
        return (channels, height, width)

    return Reader("[channels, height, width]", read, _list(reader, 3))


def shape(reader: Reader[T], one: T) -> Reader[tuple[T, T, T]]:
    """Read [channels, height, width], or [channels, length], which is ``one`` wide."""

    def read(node: Node) -> tuple[T, T, T]:
        if not isinstance(node, Sequence) or len(node.items) not in (2, 3):
            raise NodeError(node, f"expected [channels, height, width] or [channels, length], got {shown(node)}")
        channels, height, *width = (reader(item) for item in node.items)
        return (channels, height, width[0] if width else one)

    schema = {"type": "array", "items": reader.schema, "minItems": 2, "maxItems": 3}
    return Reader("[channels, height, width] or [channels, length]", read, schema)


def _list(reader: Reader[Any], length: int) -> Schema:
    return {"type": "array", "items": reader.schema, "minItems": length, "maxItems": length}


def optional(reader: Reader[T]) -> Reader[T | None]:
    """Read a value whose default is None, that is: follows from the others."""
    return Reader(reader.expected, reader, reader.schema, across=reader.across, names_layer=reader.names_layer)


def or_word(reader: Reader[T], word: str) -> Reader[T | str]:
    """Read a value, or a word in its place."""

    def read(node: Node) -> T | str:
        if isinstance(node, Scalar) and node.value == word:
            return word
        return reader(node)

    options = reader.schema.get("anyOf", [reader.schema])
    return Reader(f"{reader.expected}, or {word}", read, {"anyOf": [*options, {"const": word}]}, across=reader.across)


_SIDES = ("top", "bottom", "left", "right")
Padding = tuple[int, int, int, int]


_FILLING = ("same", "same_lower")
"""Words for padding that follows from the sizes; an odd place goes behind, or in front."""

_AS_FRAMEWORKS = {"same_upper": "same", "valid": "0"}
"""What ONNX and TensorFlow call padding, in capitals."""


def _padding(node: Node) -> Padding | str:
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value[:1].isalpha():
        return _sides(node)
    word = _AS_FRAMEWORKS.get(node.value.lower(), node.value.lower())
    if word == "0":
        return (0, 0, 0, 0)
    if word not in _FILLING:
        raise NodeError(node, f"expected {padding.expected}, got {shown(node)}")
    return word


def _sides(node: Node) -> Padding:
    if isinstance(node, Mapping):
        found = dict.fromkeys(_SIDES, 0)
        for key, value in zip(node.keys, node.values, strict=True):
            if key.value not in found:
                raise NodeError(key, f"pad has no side '{key.value}'{did_you_mean(key.value, _SIDES)}")
            found[key.value] = _pad_side(value)
        return (found["top"], found["bottom"], found["left"], found["right"])
    if isinstance(node, Sequence):
        height, width = _pad_pair(node)
        return (height, height, width, width)
    side = _pad_side(node)
    return (side, side, side, side)


_pad_side = whole(0)
_pad_pair = pair(_pad_side)
_pad_sides = {"type": "object", "properties": dict.fromkeys(_SIDES, _pad_side.schema), "additionalProperties": False}

_SIDES_SCHEMA: list[Schema] = [*_pad_pair.schema["anyOf"], _pad_sides]

sides: Reader[Padding] = Reader(
    "a whole number, [height, width] or {top: , bottom: , left: , right: }", _sides, {"anyOf": _SIDES_SCHEMA}, across=0
)
"""Read what stands on the four sides as (top, bottom, left, right)."""

padding: Reader[Padding | str] = Reader(
    "a whole number, [height, width], {top: , bottom: , left: , right: }, same or same_lower",
    _padding,
    {"anyOf": [*_SIDES_SCHEMA, {"enum": list(_FILLING)}]},
    across=0,
)
"""Read padding as (top, bottom, left, right), or a word: it follows from the sizes."""


def _map_size(node: Node) -> tuple[int, int]:
    if node.__class__ is Scalar and node.value.__class__ is tuple:
        height, width = node.value
        return (height, width)
    raise NodeError(node, f"expected the name of a layer, got {shown(node)}")


like: Reader[tuple[int, int]] = Reader(
    "the name of a layer, whose height and width it takes", _map_size, names_layer=True
)
"""Read the height and width of a layer, which the expansion has put in place of its name."""
