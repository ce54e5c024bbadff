"""The nodes of a tree: values as text, each with its place."""

from __future__ import annotations

from typing import Any

from archcalc.errors import Mistake


class Node:
    """A value of the tree and where it starts."""

    __slots__ = ("column", "line")
    line: int
    column: int
    kind = "value"
    value: Any = None


class Scalar(Node):
    """A single value: text as written, or the value of a formula."""

    __slots__ = ("plain", "value")
    kind = "single value"
    value: Any

    def __init__(self, value: Any, plain: bool, line: int, column: int) -> None:
        self.value = value
        self.plain = plain
        self.line = line
        self.column = column

    @property
    def empty(self) -> bool:
        """Whether nothing was written (or a plain ``null`` or ``~``)."""
        return self.plain and self.value in ("", "null", "~")


class Sequence(Node):
    """A list."""

    __slots__ = ("items",)
    kind = "list"

    def __init__(self, items: list[Node], line: int, column: int) -> None:
        self.items = items
        self.line = line
        self.column = column


class Mapping(Node):
    """Keys and values, in order; keys are scalars, and unique."""

    __slots__ = ("keys", "values")
    kind = "mapping"

    def __init__(self, keys: list[Scalar], values: list[Node], line: int, column: int) -> None:
        self.keys = keys
        self.values = values
        self.line = line
        self.column = column

    def get(self, word: str) -> Node | None:
        """Return the value of a key, or None."""
        for key, value in zip(self.keys, self.values, strict=True):
            if key.value == word:
                return value
        return None


class NodeError(Exception):
    """A mistake at a value of the tree, or ``offset`` characters into its text."""

    def __init__(self, node: Node, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.node = node
        self.offset = offset

    @property
    def mistake(self) -> Mistake:
        """The mistake to report."""
        within = (self.node.value, self.offset) if self.offset else None
        return Mistake(str(self), self.node.line, self.node.column, within)
