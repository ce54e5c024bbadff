"""ONNX files taken apart by protobuf's rules, without archcalc's own reader: for tests of what is written.

Source of the rules: protobuf.dev/programming-guides/encoding; of the field numbers: onnx.proto3.
"""

from __future__ import annotations

import struct
from math import prod
from types import SimpleNamespace


def number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def fields(data: bytes) -> dict[int, list]:
    """Return the values of each field in order: whole numbers, four bytes, or so many bytes."""
    found: dict[int, list] = {}
    at = 0
    while at < len(data):
        key, at = number(data, at)
        if key & 7 == 0:
            value, at = number(data, at)
        elif key & 7 == 5:
            value, at = data[at : at + 4], at + 4
        else:
            assert key & 7 == 2, f"wire type {key & 7}"
            length, at = number(data, at)
            value, at = data[at : at + length], at + length
            assert len(value) == length
        found.setdefault(key >> 3, []).append(value)
    return found


def text(message: dict[int, list], field: int) -> str:
    return message.get(field, [b""])[0].decode()


def numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = number(data, at)
        found.append(value - (1 << 64) if value >> 63 else value)
    return found


def attribute(data: bytes):
    held = fields(data)
    kind = held[20][0]
    value = {
        1: lambda: struct.unpack("<f", held[2][0])[0],
        2: lambda: held[3][0],
        3: lambda: held[4][0].decode(),
        7: lambda: numbers(held.get(8, [b""])[0]),
    }[kind]()
    return text(held, 1), value


def described(data: bytes) -> SimpleNamespace:
    """Return name, sizes, type of elements and documentation of a ValueInfoProto."""
    held = fields(data)
    tensor = fields(fields(held[2][0])[1][0])
    axes = [fields(axis)[1][0] for axis in fields(tensor[2][0]).get(1, [])]
    return SimpleNamespace(name=text(held, 1), dims=tuple(axes), kind=tensor[1][0], doc=text(held, 3))


def taken_apart(data: bytes) -> SimpleNamespace:
    """Return what a file holds: its nodes, inputs, outputs, constants and all tensors between."""
    model = fields(data)
    graph = fields(model[7][0])
    nodes = [
        SimpleNamespace(
            op=text(held, 4),
            name=text(held, 3),
            inputs=[name.decode() for name in held.get(1, [])],
            outputs=[name.decode() for name in held[2]],
            attributes=dict(map(attribute, held.get(5, []))),
        )
        for held in map(fields, graph.get(1, []))
    ]
    inputs = [described(each) for each in graph.get(11, [])]
    constants = {}
    for held in map(fields, graph.get(5, [])):
        packing = {1: "f", 7: "q"}[held[2][0]]
        dims = tuple(numbers(held[1][0])) if 1 in held else ()
        constants[text(held, 8)] = (dims, struct.unpack(f"<{prod(dims)}{packing}", held[9][0]))
    return SimpleNamespace(
        ir=model[1][0],
        producer=text(model, 2),
        opsets=[(text(fields(each), 1), fields(each)[2][0]) for each in model[8]],
        name=text(graph, 2),
        doc=text(graph, 10),
        nodes=nodes,
        fed=[each for each in inputs if not each.doc],
        weights=[each for each in inputs if each.doc.startswith("weight of ")],
        fixed=[each for each in inputs if each.doc.startswith("fixed value of ")],
        outputs=[described(each) for each in graph.get(12, [])],
        between={each.name: each.dims for each in map(described, graph.get(13, []))},
        constants=constants,
    )


def sizes(model: SimpleNamespace) -> dict[str, tuple[int, ...]]:
    """Return the sizes of all tensors by name."""
    named = {each.name: each.dims for each in (*model.fed, *model.weights, *model.fixed)}
    return {**named, **{name: dims for name, (dims, _) in model.constants.items()}, **model.between}


def products(model: SimpleNamespace) -> int:
    """Count the multiplications of ONNX' own operations that multiply matrices or slide filters."""
    known, found = sizes(model), 0
    for node in model.nodes:
        dims = [known.get(name, ()) for name in node.inputs]
        made = known.get(node.outputs[0], ())
        if node.op == "Conv":
            found += prod(made) * prod(dims[1][1:])
        elif node.op == "ConvTranspose":
            found += prod(dims[0]) * prod(dims[1][1:])
        elif node.op == "Gemm":
            found += prod(dims[1])
        elif node.op == "MatMul":
            found += prod(made) * dims[0][-1]
        elif node.op in ("LSTM", "GRU"):
            found += dims[0][0] * (prod(dims[1]) + prod(dims[2]))
    return found
