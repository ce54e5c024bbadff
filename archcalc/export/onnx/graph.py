"""ONNX's messages: a graph whose weights are inputs.

Source of the field numbers: onnx.proto3 of the ONNX project.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from archcalc.export.onnx.wire import data, number, packed, real, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Attribute = int | float | str | Sequence[int]

IR_VERSION, OPSET = 8, 17

FLOAT, INT64 = 1, 7
"""Types of elements."""

WEIGHT, FIXED = "weight", "fixed value"
"""What a graph input is that no user feeds: trained, or kept (running statistics) or computed once and for all."""


class Value(NamedTuple):
    """A tensor: its name, and the length of every axis, the batch in front."""

    name: str
    dims: tuple[int, ...]


class Graph:
    """A graph under construction: messages of its nodes, inputs, outputs, constants, and of all tensors between."""

    def __init__(self, name: str, doc: str) -> None:
        self.name = name
        self.doc = doc
        self._nodes: list[bytes] = []
        self._inputs: list[bytes] = []
        self._weights: dict[str, bytes] = {}
        self._constants: dict[str, bytes] = {}
        self._outputs: list[bytes] = []
        self._between: list[bytes] = []
        self._names: set[str] = set()

    def fresh(self, name: str) -> str:
        """Return a name that no tensor has: this one, or with a number."""
        found, count = name, 1
        while found in self._names:
            count += 1
            found = f"{name}_{count}"
        self._names.add(found)
        return found

    def node(self, op: str, inputs: Sequence[str], outputs: Sequence[str], attributes: Mapping[str, Attribute]) -> None:
        """Add a node, which is called as its first output is; those left out have no name."""
        self._nodes.append(
            texts(1, inputs)
            + texts(2, outputs)
            + text(3, next(filter(None, outputs)))
            + text(4, op)
            + b"".join(data(5, _attribute(key, value)) for key, value in attributes.items())
        )

    def describe(self, value: Value, kind: int = FLOAT) -> None:
        """Say the size of a tensor between layers."""
        self._between.append(_value(value, kind))

    def fed(self, name: str, dims: Sequence[int], kind: int = FLOAT) -> Value:
        """Add an input that the user feeds."""
        self._names.add(name)
        value = Value(name, tuple(dims))
        self._inputs.append(_value(value, kind))
        return value

    def output(self, value: Value) -> None:
        """Make a tensor an output."""
        self._outputs.append(_value(value, FLOAT))

    def weight(self, value: Value, what: str) -> None:
        """Add a weight as an input, unless it is there already; ``what`` is WEIGHT or FIXED, and whose it is."""
        self._names.add(value.name)
        self._weights.setdefault(value.name, _value(value, FLOAT, what))

    def whole_numbers(self, name: str, values: Sequence[int], dims: Sequence[int] | None = None) -> str:
        """Add whole numbers as a constant, unless they are there already; return its name."""
        if name not in self._constants:
            raw = struct.pack(f"<{len(values)}q", *values)
            self._constants[name] = _tensor(name, INT64, (len(values),) if dims is None else dims, raw)
            self._names.add(name)
        return name

    def reals(self, name: str, values: Sequence[float], dims: Sequence[int]) -> str:
        """Add numbers with fractions as a constant, unless they are there already; return its name."""
        if name not in self._constants:
            self._constants[name] = _tensor(name, FLOAT, dims, struct.pack(f"<{len(values)}f", *values))
            self._names.add(name)
        return name

    def model(self, version: str) -> bytes:
        """Return the file."""
        graph = (
            b"".join(data(1, node) for node in self._nodes)
            + text(2, self.name)
            + b"".join(data(5, constant) for constant in self._constants.values())
            + text(10, self.doc)
            + b"".join(data(11, each) for each in (*self._inputs, *self._weights.values()))
            + b"".join(data(12, each) for each in self._outputs)
            + b"".join(data(13, each) for each in self._between)
        )
        opset = number(2, OPSET)
        return number(1, IR_VERSION) + text(2, "archcalc") + text(3, version) + data(7, graph) + data(8, opset)


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return text(1, name) + number(3, value) + number(20, 2)
    if isinstance(value, float):
        return text(1, name) + real(2, value) + number(20, 1)
    if isinstance(value, str):
        return text(1, name) + data(4, value.encode()) + number(20, 3)
    return text(1, name) + packed(8, value) + number(20, 7)


def _value(value: Value, kind: int, doc: str = "") -> bytes:
    axes = b"".join(data(1, number(1, length)) for length in value.dims)
    return text(1, value.name) + data(2, data(1, number(1, kind) + data(2, axes))) + text(3, doc)


def _tensor(name: str, kind: int, dims: Sequence[int], raw: bytes) -> bytes:
    return packed(1, dims) + number(2, kind) + text(8, name) + data(9, raw)
