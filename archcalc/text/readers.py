"""Readers: each turns a node of the tree into a typed value, or fails at the node with what was wanted.

A scalar is text as it stands in the file, or the value that a formula gave; both go through the same reader.
YAML 1.1's traps (010 is 8, 1:30 is 90, yes and no are flags) are errors wherever a number or a flag is wanted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from archcalc.errors import did_you_mean, one_of
from archcalc.limits import MAX_NUMBER
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_NUMERIC = tuple("+-.0123456789")
_DECIMAL = r"-?(0|[1-9][0-9]*)?\.[0-9]+"
_ODD_NUMBER = (
    r"[-+]?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+_[0-9_]+|[0-9.]+[eE][-+]?[0-9]+|[0-9]+\.|0[0-9]+)|\+[0-9.]+"
)
_FLAGS = {"yes", "no", "on", "off", "y", "n"}


Schema = dict[str, Any]

TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""What text is to JSON Schema: 3x3, 64 and true are text as they stand."""


class Reader(Generic[T]):
    """A function from node to value, and what it wants: in words, and as JSON Schema (of values without formulas)."""

    __slots__ = ("_read", "schema", "wanted")

    def __init__(self, wanted: str, read: Callable[[Node], T], schema: Schema = TEXT) -> None:
        self.wanted = wanted
        self._read = read
        self.schema = schema

    def __call__(self, node: Node) -> T:
        """Return the value; raise NodeError at the node that is not what is wanted."""
        return self._read(node)


def shown(node: Node) -> str:
    """Name a node's value for an error."""
    if not isinstance(node, Scalar):
        return f"a {node.kind}"
    value = node.value
    if value.__class__ is bool:
        return "true" if value else "false"
    if value.__class__ is str and value == "":
        return "nothing"
    return f"'{str(value)[:60]}'"


def whole(least: int = 0) -> Reader[int]:
    """Read a whole number that is at least ``least``."""
    wanted = f"a whole number, at least {least}"

    def read(node: Node) -> int:
        value = _whole(node, wanted)
        if value < least:
            raise NodeError(node, f"{value}, where {wanted}, is wanted")
        return value

    return Reader(wanted, read, {"type": "integer", "minimum": least})


def _whole(node: Node, wanted: str) -> int:
    if node.__class__ is not Scalar:
        raise NodeError(node, f"{shown(node)}, where {wanted}, is wanted")
    value = node.value
    if value.__class__ is str:
        if not _is_whole(value):
            raise NodeError(node, _numeric_trap(value) or f"{shown(node)}, where {wanted}, is wanted")
        if len(value) > 17 or abs(int(value)) > MAX_NUMBER:
            raise NodeError(node, f"a number larger than {MAX_NUMBER:,}")
        return int(value)
    if value.__class__ is not int:
        raise NodeError(node, f"the formula gives {shown(node)}, where {wanted}, is wanted")
    return int(value)


def _is_whole(text: str) -> bool:
    digits = text[1:] if text[:1] == "-" else text
    return digits.isascii() and digits.isdigit() and (digits[0] != "0" or len(digits) == 1)


def _numeric_trap(text: str) -> str:
    """Say what YAML 1.1 would make of a word that is written like a number, if it is one of its traps."""
    if re.fullmatch(r"[-+]?0[0-7]+", text):
        return f"'{text[:40]}' is {int(text[:40], 8)} in YAML 1.1; write {int(text[:40])} or {int(text[:40], 8)}"
    if re.fullmatch(r"[0-9]+(:[0-5]?[0-9])+", text) and len(text) < 20:
        total = 0
        for part in text.split(":"):
            total = total * 60 + int(part)
        return f"'{text}' is {total} in YAML 1.1 (base 60); write the number in decimal digits"
    if re.fullmatch(_ODD_NUMBER, text):
        return f"'{text[:60]}' is not written in decimal digits"
    return ""


def _is_flag(node: Scalar) -> bool:
    return node.value.__class__ is bool or (node.value.__class__ is str and node.value in ("true", "false"))


def _flag(node: Node) -> bool:
    if not isinstance(node, Scalar):
        raise NodeError(node, f"{shown(node)}, where true or false is wanted")
    if not _is_flag(node):
        trap = str(node.value).lower() in _FLAGS
        raise NodeError(
            node,
            f"'{node.value}' is a flag only in YAML 1.1; write true or false"
            if trap
            else f"{shown(node)}, where true or false is wanted",
        )
    return node.value is True or node.value == "true"


flag = Reader("true or false", _flag, {"type": "boolean"})
"""Read true or false."""


def _portion(node: Node) -> Any:
    value = number(node)
    if not 0 <= value <= 1:
        raise NodeError(node, f"{shown(node)}, where a number from 0 to 1 is wanted")
    return value


_PORTION: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def _number(node: Node) -> Any:
    if not isinstance(node, Scalar):
        raise NodeError(node, f"{shown(node)}, where a number is wanted")
    if node.value.__class__ is not str:
        if node.value.__class__ is bool:
            raise NodeError(node, f"{shown(node)}, where a number is wanted")
        return node.value
    value = literal(node)
    if value.__class__ is str or value.__class__ is bool:
        raise NodeError(node, f"{shown(node)}, where a number is wanted")
    return value


number: Reader[Any] = Reader("a number", _number, {"type": "number"})
"""Read an exact number: an int, or a Fraction where it has decimals."""

portion: Reader[Any] = Reader("a number from 0 to 1", _portion, _PORTION)
"""Read an exact number from 0 to 1."""


def _rate(node: Node) -> float:
    written = node.value
    if written.__class__ is str and re.fullmatch(r"0?\.[0-9]+|0|1", written):
        return float(written)
    return float(_portion(node))


rate = Reader("a number from 0 to 1", _rate, _PORTION)
"""Read a number from 0 to 1 that enters no count, as a float."""


def literal(node: Node) -> Any:
    """Read an argument by its looks: an int, a Fraction, a bool, otherwise text."""
    if not isinstance(node, Scalar):
        raise NodeError(node, f"{shown(node)}, where a single value is wanted")
    value = node.value
    if value.__class__ is not str:
        return value
    if _is_flag(node):
        return value == "true"
    if value[:1] not in _NUMERIC:
        return value
    if _is_whole(value):
        return _whole(node, "a whole number")
    if re.fullmatch(_DECIMAL, value):
        if len(value) > 30:
            raise NodeError(node, "a decimal number of more than 30 characters")
        from fractions import Fraction

        exact = Fraction(value)
        return exact.numerator if exact.denominator == 1 else exact
    trap = _numeric_trap(value)
    if trap:
        raise NodeError(node, trap)
    return value


def _text(node: Node) -> str:
    if not isinstance(node, Scalar) or (node.plain and node.value == ""):
        raise NodeError(node, f"{shown(node)}, where text is wanted")
    return str(node.value)


text = Reader("text", _text)
"""Read text as it stands."""


def choice(*words: str) -> Reader[str]:
    """Read one of some words."""

    def read(node: Node) -> str:
        value = node.value if isinstance(node, Scalar) else None
        if value not in words:
            hint = did_you_mean(str(value), words) if isinstance(node, Scalar) else ""
            raise NodeError(node, f"{shown(node)}, where {one_of(words)} is wanted{hint}")
        return str(value)

    return Reader(one_of(words), read, {"enum": [int(word) if _is_whole(word) else word for word in words]})


def pair(reader: Reader[T]) -> Reader[tuple[T, T]]:
    """Read one value for height and width, or a list of the two."""

    def read(node: Node) -> tuple[T, T]:
        if not isinstance(node, Sequence):
            value = reader(node)
            return (value, value)
        if len(node.items) != 2:
            raise NodeError(node, f"a list of {len(node.items)}, where [height, width] is wanted")
        return (reader(node.items[0]), reader(node.items[1]))

    return Reader(f"{reader.wanted}, or [height, width]", read, {"anyOf": [reader.schema, _list(reader, 2)]})


def list_of(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """Read a list of values of one type."""

    def read(node: Node) -> tuple[T, ...]:
        if not isinstance(node, Sequence):
            raise NodeError(node, f"{shown(node)}, where a list is wanted")
        return tuple(reader(item) for item in node.items)

    return Reader(f"a list, each {reader.wanted}", read, {"type": "array", "items": reader.schema})


def triple(reader: Reader[T]) -> Reader[tuple[T, T, T]]:
    """Read [channels, height, width]."""

    def read(node: Node) -> tuple[T, T, T]:
        if not isinstance(node, Sequence) or len(node.items) != 3:
            raise NodeError(node, f"{shown(node)}, where [channels, height, width] is wanted")
        channels, height, width = (reader(item) for item in node.items)
        return (channels, height, width)

    return Reader("[channels, height, width]", read, _list(reader, 3))


def _list(reader: Reader[Any], length: int) -> Schema:
    return {"type": "array", "items": reader.schema, "minItems": length, "maxItems": length}


def optional(reader: Reader[T]) -> Reader[T | None]:
    """Read a value whose default is None, that is: follows from the others."""
    return Reader(reader.wanted, reader, reader.schema)


_SIDES = ("top", "bottom", "left", "right")
Padding = tuple[int, int, int, int]


def _padding(node: Node) -> Padding | str:
    if isinstance(node, Scalar) and node.value == "same":
        return "same"
    if isinstance(node, Mapping):
        sides = dict.fromkeys(_SIDES, 0)
        for key, value in zip(node.keys, node.values, strict=True):
            if key.value not in sides:
                raise NodeError(key, f"pad has no side '{key.value}'{did_you_mean(key.value, _SIDES)}")
            sides[key.value] = _pad_side(value)
        return (sides["top"], sides["bottom"], sides["left"], sides["right"])
    if isinstance(node, Sequence):
        height, width = _pad_pair(node)
        return (height, height, width, width)
    side = _pad_side(node)
    return (side, side, side, side)


_pad_side = whole(0)
_pad_pair = pair(_pad_side)
_pad_sides = {"type": "object", "properties": dict.fromkeys(_SIDES, _pad_side.schema), "additionalProperties": False}

padding: Reader[Padding | str] = Reader(
    "a whole number, [height, width], {top: , bottom: , left: , right: } or same",
    _padding,
    {"anyOf": [*_pad_pair.schema["anyOf"], _pad_sides, {"const": "same"}]},
)
"""Read padding as (top, bottom, left, right), or the word same."""
