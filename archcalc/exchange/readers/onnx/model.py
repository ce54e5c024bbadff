"""ONNX's messages, as far as a graph needs them.

Source of the field numbers: onnx.proto3 of the ONNX project. Tensors keep their size; their values are read only where
they are few, as those of shapes are.
"""

from __future__ import annotations

import struct
from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.exchange.readers.onnx.wire import Budget, fields, message, number, packed, real, reals, text
from archcalc.exchange.tensors import Const, ModelFault
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.onnx.wire import Value

MAX_READ = 1_024
"""Values of a tensor that is read whole."""

MAX_NODES = 30_000
"""Nodes of one graph."""

FORMATS = {1: "f", 2: "B", 3: "b", 4: "H", 5: "h", 6: "i", 7: "q", 9: "?", 10: "e", 11: "d", 12: "I", 13: "Q"}
"""How the values of a tensor are packed, by ONNX's number of their type."""


class OnnxNode(Record):
    """One node: an operation, the names of what it reads and makes, and its attributes."""

    op: str
    domain: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]
    scopes: tuple[str, str] = ("", "")
    """Names and classes of the modules around it, where PyTorch's exporter wrote them."""


class OnnxValue(Record):
    """An input or output of the graph: each axis is a number, a name, or nothing (""). None where it has no shape."""

    name: str
    axes: tuple[int | str, ...] | None
    doc: str = ""


class OnnxGraph(Record):
    """What a file holds of a network."""

    nodes: tuple[OnnxNode, ...]
    inputs: tuple[OnnxValue, ...]
    outputs: tuple[OnnxValue, ...]
    described: tuple[memoryview, ...]
    """What the file says of tensors in between; read only where an operation is not known."""
    weights: dict[str, Const]
    name: str
    producer: str
    opset: int
    functions: tuple[str, ...]


def read_model(data: memoryview) -> OnnxGraph:
    """Read the messages of a file; raise ModelFault where they are broken."""
    budget = Budget()
    producer, functions = ["", ""], []
    opsets: dict[str, int] = {}
    graph: memoryview | None = None
    for field, _, value in fields(data, budget):
        if field == 7:
            graph = message(value)
        elif field in (2, 3):
            producer[field - 2] = text(value)
        elif field == 8:
            domain, version = "", 1
            for inner, _, part in fields(message(value), budget):
                if inner == 1:
                    domain = text(part)
                elif inner == 2:
                    version = number(part)
            opsets[domain] = version
        elif field == 25:
            functions.append(_first_text(message(value), 1, budget))
    if graph is None:
        raise ModelFault("an ONNX file without a graph")
    found = _graph(graph, budget)
    opset = opsets.get("", opsets.get("ai.onnx", 1))
    return found.replace(producer=" ".join(filter(None, producer)), opset=opset, functions=tuple(functions))


def _first_text(data: memoryview, wanted: int, budget: Budget) -> str:
    return next((text(value) for field, _, value in fields(data, budget) if field == wanted), "")


def read_branch(data: memoryview) -> OnnxGraph:
    """Read a graph that stands in an attribute."""
    return _graph(data, Budget(100_000))


def _graph(data: memoryview, budget: Budget) -> OnnxGraph:
    nodes: list[OnnxNode] = []
    weights: dict[str, Const] = {}
    values: dict[int, list[OnnxValue]] = {11: [], 12: []}
    described: list[memoryview] = []
    name = ""
    for field, _, value in fields(data, budget):
        if field == 1:
            if len(nodes) >= MAX_NODES:
                raise ModelFault(f"more than {MAX_NODES:,} nodes")
            nodes.append(_node(message(value), budget, len(nodes)))
        elif field == 5:
            weight = read_tensor(message(value), budget)
            weights[weight.key] = weight
        elif field in values:
            values[field].append(_value(message(value), budget))
        elif field == 13:
            described.append(message(value))
        elif field == 2:
            name = text(value)
        elif field == 15:
            raise ModelFault("sparse weights, which archcalc does not read")
    inputs, outputs = tuple(values[11]), tuple(values[12])
    return OnnxGraph(tuple(nodes), inputs, outputs, tuple(described), weights, name, "", 1, ())


def described_values(graph: OnnxGraph) -> dict[str, OnnxValue]:
    """Return the sizes that a file gives for tensors, outputs included, by their names."""
    budget = Budget()
    found = [_value(data, budget) for data in graph.described]
    return {value.name: value for value in (*found, *graph.outputs)}


def _node(data: memoryview, budget: Budget, index: int) -> OnnxNode:
    inputs: list[str] = []
    outputs: list[str] = []
    texts = {3: "", 4: "", 7: ""}
    attributes: dict[str, Any] = {}
    scopes = ["", ""]
    for field, _, value in fields(data, budget):
        if field == 1:
            inputs.append(text(value))
        elif field == 2:
            outputs.append(text(value))
        elif field in texts:
            texts[field] = text(value)
        elif field == 5:
            key, held = _attribute(message(value), budget)
            attributes[key] = held
        elif field == 9:
            _note_scope(message(value), budget, scopes)
    if not texts[4]:
        raise ModelFault(f"node {index} has no operation: the file is broken")
    return OnnxNode(texts[4], texts[7], texts[3], tuple(inputs), tuple(outputs), attributes, (scopes[0], scopes[1]))


def _note_scope(data: memoryview, budget: Budget, scopes: list[str]) -> None:
    """Keep the modules around a node, which PyTorch's exporter writes as lists of names and classes."""
    entry = {field: value for field, _, value in fields(data, budget) if field in (1, 2)}
    key = text(entry[1]) if 1 in entry else ""
    for place, word in enumerate(("pkg.torch.onnx.name_scopes", "pkg.torch.onnx.class_hierarchy")):
        if key == word and 2 in entry:
            scopes[place] = text(entry[2])


def _attribute(data: memoryview, budget: Budget) -> tuple[str, Any]:
    """Return the name and value of an attribute; a graph inside one is named, not read."""
    name, kind = "", 0
    found: dict[str, Any] = {}
    lists: dict[str, list[Any]] = {"floats": [], "ints": [], "strings": []}
    for field, _, value in fields(data, budget):
        if field == 1:
            name = text(value)
        elif field == 20:
            kind = number(value)
        elif field == 2:
            found["f"] = real(value)
        elif field == 3:
            found["i"] = number(value)
        elif field == 4:
            found["s"] = text(value)
        elif field == 5:
            found["t"] = read_tensor(message(value), budget).replace(key="")
        elif field == 7:
            lists["floats"].extend(reals(value))
        elif field == 8:
            lists["ints"].extend(packed(value, budget))
        elif field == 9:
            lists["strings"].append(text(value))
        elif field == 6:
            found["g"] = message(value)
    return name, _chosen(kind, found, lists)


def _chosen(kind: int, found: dict[str, Any], lists: dict[str, list[Any]]) -> Any:
    """Return the value that an attribute's type names; old files leave the type, and zeros, out."""
    singles: dict[int, tuple[str, Any]] = {1: ("f", 0.0), 2: ("i", 0), 3: ("s", ""), 4: ("t", None), 5: ("g", None)}
    if kind in singles:
        word, default = singles[kind]
        return found.get(word, default)
    if kind in (6, 7, 8):
        return tuple(lists[{6: "floats", 7: "ints", 8: "strings"}[kind]])
    for held in lists.values():
        if held:
            return tuple(held)
    return next(iter(found.values()), ())


def _value(data: memoryview, budget: Budget) -> OnnxValue:
    name = doc = ""
    axes: tuple[int | str, ...] | None = None
    for field, _, value in fields(data, budget):
        if field == 1:
            name = text(value)
        elif field == 3:
            doc = text(value)
        elif field == 2:
            for kind, _, described in fields(message(value), budget):
                if kind == 1:
                    axes = _axes(message(described), budget)
    return OnnxValue(name, axes, doc)


def _axes(data: memoryview, budget: Budget) -> tuple[int | str, ...] | None:
    found: tuple[int | str, ...] | None = None
    for field, _, value in fields(data, budget):
        if field != 2:
            continue
        axes: list[int | str] = []
        for inner, _, axis in fields(message(value), budget):
            if inner == 1:
                length: int | str = ""
                for kind, _, held in fields(message(axis), budget):
                    length = number(held) if kind == 1 else text(held) if kind == 2 else length
                axes.append(length)
        found = tuple(axes)
    return found


def read_tensor(data: memoryview, budget: Budget) -> Const:
    """Read a tensor: its name and size, and its values where they are few and in the file."""
    dims: list[int] = []
    held: dict[int, list[Value]] = {}
    name, kind, outside = "", 0, False
    for field, _, value in fields(data, budget):
        if field == 1:
            dims.extend(packed(value, budget))
        elif field == 2:
            kind = number(value)
        elif field == 8:
            name = text(value)
        elif field in (4, 5, 7, 9, 10, 11):
            held.setdefault(field, []).append(value)
        elif field == 14:
            outside = number(value) == 1
    if any(not 0 <= length < 2**40 for length in dims) or len(dims) > 16:
        raise ModelFault(f"the weight {name!r} has a size that no tensor has")
    values = None if outside or prod(dims) > MAX_READ else _values(kind, prod(dims), held, budget)
    return Const(tuple(dims), values, name, learned=True)


def _values(kind: int, size: int, held: dict[int, list[Value]], budget: Budget) -> tuple[Any, ...] | None:
    """Return a small tensor's values, or None where they are not what its size says."""
    raw = held.get(9)
    if raw is not None and not isinstance(raw[-1], int):
        packing = FORMATS.get(kind)
        if packing is None or len(raw[-1]) != size * struct.calcsize(packing):
            return None
        return struct.unpack(f"<{size}{packing}", raw[-1])
    readers: dict[int, Callable[[Value], list[Any]]] = {4: reals, 10: _doubles}
    found: list[Any] = []
    for field in (4, 5, 7, 10, 11):
        for value in held.get(field, ()):
            if isinstance(value, memoryview) and len(value) > MAX_READ * 10:
                return None
            reader = readers.get(field)
            found.extend(reader(value) if reader else packed(value, budget))
    return tuple(found) if len(found) == size else None


def _doubles(value: Value) -> list[float]:
    data = value.to_bytes(8, "little") if isinstance(value, int) else bytes(value)
    return list(struct.unpack(f"<{len(data) // 8}d", data[: len(data) // 8 * 8]))
