"""ONNX's messages: a graph whose weights are inputs.

Source of the field numbers: onnx.proto3 of the ONNX project.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from archcalc.export.onnx.wire import data, number, packed, real, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
        self._named: dict[str, str] = {}

    def reserve(self, names: Iterable[str]) -> None:
        """Keep names for the tensors that are called so: the layers."""
        self._names.update(names)

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

    def named(self, key: str) -> str:
        """Return the name of a weight or a constant, the same one each time."""
        if key not in self._named:
            self._named[key] = self.fresh(key)
        return self._named[key]

    def fed(self, name: str, dims: Sequence[int], kind: int = FLOAT) -> Value:
        """Add an input that the user feeds."""
        value = Value(name, tuple(dims))
        self._inputs.append(_value(value, kind))
        return value

    def output(self, value: Value) -> None:
        """Make a tensor an output."""
        self._outputs.append(_value(value, FLOAT))

    def weight(self, key: str, dims: Sequence[int], what: str) -> Value:
        """Return a weight, which is an input; ``what`` is WEIGHT or FIXED, and whose it is."""
        value = Value(self.named(key), tuple(dims))
        self._weights.setdefault(value.name, _value(value, FLOAT, what))
        return value

    def whole_numbers(self, key: str, values: Sequence[int]) -> str:
        """Return the name of a constant: whole numbers in a row."""
        return self._constant(key, INT64, (len(values),), f"<{len(values)}q", values)

    def reals(self, key: str, values: Sequence[float], dims: Sequence[int]) -> str:
        """Return the name of a constant: numbers with fractions."""
        return self._constant(key, FLOAT, dims, f"<{len(values)}f", values)

    def _constant(self, key: str, kind: int, dims: Sequence[int], packing: str, values: Sequence[float]) -> str:
        name = self.named(key)
        if name not in self._constants:
            self._constants[name] = _tensor(name, kind, dims, struct.pack(packing, *values))
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
