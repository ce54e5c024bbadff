"""Readers of single values: each turns a node of the tree into a typed value, or fails at it with what was expected.

A scalar is text as written in the file, or the value of a formula; both go through the same reader.
YAML 1.1's traps (010 is 8, 1:30 is 90, yes and no are flags) are errors wherever a number or a flag is expected.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from archcalc.errors import did_you_mean, one_of
from archcalc.limits import MAX_NUMBER
from archcalc.text.tree import Node, NodeError, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_NUMERIC = tuple("+-.0123456789")
_DECIMAL = r"-?(0|[1-9][0-9]*)?\.[0-9]+"
_ODD_NUMBER = (
    r"[-+]?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+_[0-9_]+|[0-9.]+[eE][-+]?[0-9]+|[0-9]+\.|0[0-9]+)|\+[0-9.]+"
)
_SPELLINGS = ("true", "false", "True", "False")
_FLAGS = {"yes", "no", "on", "off", "y", "n"}


Schema = dict[str, Any]

TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""What text is to JSON Schema: 3x3, 64 and true are text as written."""


class Reader(Generic[T]):
    """A function from node to value, and what it expects: in words, and as JSON Schema (of values without formulas)."""

    __slots__ = ("_read", "across", "expected", "names_layer", "schema")

    def __init__(
        self, expected: str, read: Callable[[Node], T], schema: Schema = TEXT, *, across: int | None = None,
        names_layer: bool = False,
    ) -> None:  # fmt: skip
        self.expected = expected
        self._read = read
        self.schema = schema
        self.across = across
        """The width that goes with a single number in networks of sequences; None if the value has no width."""
        self.names_layer = names_layer
        """Whether it reads the name of a layer, whose height and width are the value."""

    def __call__(self, node: Node) -> T:
        """Return the value; raise NodeError at a node that is something else."""
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
    expected = f"a whole number of at least {least}"

    def read(node: Node) -> int:
        value = _whole(node, expected)
        if value < least:
            raise NodeError(node, f"expected {expected}, got {value}")
        return value

    return Reader(expected, read, {"type": "integer", "minimum": least})


def _whole(node: Node, expected: str) -> int:
    if node.__class__ is not Scalar:
        raise NodeError(node, f"expected {expected}, got {shown(node)}")
    value = node.value
    if value.__class__ is str:
        if not _is_whole(value):
            raise NodeError(node, _numeric_trap(value) or f"expected {expected}, got {shown(node)}")
        if len(value) > 17 or abs(int(value)) > MAX_NUMBER:
            raise NodeError(node, f"a number larger than {MAX_NUMBER:,}")
        return int(value)
    if value.__class__ is not int:
        raise NodeError(node, f"expected {expected}, but the formula gives {shown(node)}")
    return int(value)


def _side_or_rest(node: Node) -> int:
    value = _whole(node, side_or_rest.expected)
    if value < 1 and value != -1:
        raise NodeError(node, f"expected {side_or_rest.expected}, got {value}")
    return value


side_or_rest: Reader[int] = Reader(
    "a whole number of at least 1, or -1 for what is left",
    _side_or_rest,
    {"anyOf": [{"const": -1}, {"type": "integer", "minimum": 1}]},
)
"""Read the length of a side, or -1 where it follows from the others."""


def _is_whole(text: str) -> bool:
    digits = text[1:] if text[:1] == "-" else text
    return digits.isascii() and digits.isdigit() and (digits[0] != "0" or len(digits) == 1)


def _numeric_trap(text: str) -> str:
    """Say what YAML 1.1 would make of a word that looks like a number, if it is one of its traps."""
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


def is_number(node: Node) -> bool:
    """Whether a single value is a whole number."""
    return node.value.__class__ is int or (node.value.__class__ is str and _is_whole(node.value))


def _is_flag(node: Scalar) -> bool:
    return node.value.__class__ is bool or (node.value.__class__ is str and node.value in _SPELLINGS)


def _flag(node: Node) -> bool:
    if not isinstance(node, Scalar):
        raise NodeError(node, f"expected true or false, got {shown(node)}")
    if not _is_flag(node):
        trap = str(node.value).lower() in _FLAGS
        raise NodeError(
            node,
            f"'{node.value}' is a flag only in YAML 1.1; write true or false"
            if trap
            else f"expected true or false, got {shown(node)}",
        )
    return node.value is True or node.value in ("true", "True")


flag = Reader("true or false", _flag, {"type": "boolean"})
"""Read true or false."""


def _portion(node: Node) -> Any:
    value = number(node)
    if not 0 <= value <= 1:
        raise NodeError(node, f"expected a number from 0 to 1, got {shown(node)}")
    return value


_PORTION: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def _number(node: Node) -> Any:
    if not isinstance(node, Scalar):
        raise NodeError(node, f"expected a number, got {shown(node)}")
    if node.value.__class__ is not str:
        if node.value.__class__ is bool:
            raise NodeError(node, f"expected a number, got {shown(node)}")
        return node.value
    value = literal(node)
    if value.__class__ is str or value.__class__ is bool:
        raise NodeError(node, f"expected a number, got {shown(node)}")
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
"""Read a number from 0 to 1, which no count depends on, as a float."""


def literal(node: Node) -> Any:
    """Read an argument by how it is written: an int, a Fraction, a bool, otherwise text."""
    if not isinstance(node, Scalar):
        raise NodeError(node, f"expected a single value, got {shown(node)}")
    value = node.value
    if value.__class__ is not str:
        return value
    if _is_flag(node):
        return value in ("true", "True")
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


def argument(node: Node) -> Any:
    """Read the value of an argument: a single value by how it is written, or a list of those as a tuple."""
    if isinstance(node, Sequence):
        return tuple(literal(item) for item in node.items)
    return literal(node)


def _text(node: Node) -> str:
    if not isinstance(node, Scalar) or (node.plain and node.value == ""):
        raise NodeError(node, f"expected text, got {shown(node)}")
    return str(node.value)


text = Reader("text", _text)
"""Read text as written."""


def choice(*words: str) -> Reader[str]:
    """Read one of some words."""

    def read(node: Node) -> str:
        value = node.value if isinstance(node, Scalar) else None
        if value not in words:
            hint = did_you_mean(str(value), words) if isinstance(node, Scalar) else ""
            raise NodeError(node, f"expected {one_of(words)}, got {shown(node)}{hint}")
        return str(value)

    return Reader(one_of(words), read, {"enum": [int(word) if _is_whole(word) else word for word in words]})
