"""Files of other programs, made on the spot: a small protobuf writer, ONNX graphs, and zip archives."""

from __future__ import annotations

import io
import json
import struct
import zipfile


def varint(number: int) -> bytes:
    number &= 0xFFFF_FFFF_FFFF_FFFF
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


def field(number: int, value: int | str | bytes) -> bytes:
    """Write a field: numbers as varints, text and messages with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def real(number: int, value: float) -> bytes:
    return varint(number << 3 | 5) + struct.pack("<f", value)


def tensor(name: str, dims: list[int], values: list | None = None) -> bytes:
    """Write a tensor: whole numbers or fractions with values, or only its size (its data elsewhere)."""
    head = b"".join(field(1, length) for length in dims) + field(8, name)
    if values is None:
        return head + field(2, 1) + field(14, 1)
    whole = all(isinstance(value, int) for value in values)
    packed = struct.pack(f"<{len(values)}{'q' if whole else 'f'}", *values)
    return head + field(2, 7 if whole else 1) + field(9, packed)


def attribute(name: str, value) -> bytes:
    head = field(1, name)
    if isinstance(value, float):
        return head + real(2, value) + field(20, 1)
    if isinstance(value, int):
        return head + field(3, value) + field(20, 2)
    if isinstance(value, str):
        return head + field(4, value) + field(20, 3)
    if isinstance(value, bytes):
        return head + field(5, value) + field(20, 4)
    if isinstance(value, tuple):  # a graph
        return head + field(6, value[0]) + field(20, 5)
    return head + field(8, b"".join(varint(each) for each in value)) + field(20, 7)


def node(op: str, inputs: str, outputs: str, name: str = "", domain: str = "", **attributes) -> bytes:
    """Write a node; names of tensors are words in a text, ``_`` is one that is left out."""
    found = b"".join(field(1, "" if word == "_" else word) for word in inputs.split())
    found += b"".join(field(2, word) for word in outputs.split())
    found += field(3, name or outputs.split()[0]) + field(4, op)
    found += b"".join(field(5, attribute(*each)) for each in attributes.items())
    return found + (field(7, domain) if domain else b"")


def value(name: str, axes: list[int | str] | None) -> bytes:
    if axes is None:
        return field(1, name)
    dims = b"".join(field(1, field(1, axis) if isinstance(axis, int) else field(2, axis)) for axis in axes)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, dims)))


def graph(nodes: list[bytes], inputs: dict, outputs: dict, weights: list[bytes] = (), described: dict | None = None):
    """Write a graph; inputs and outputs are names with their axes."""
    found = b"".join(field(1, each) for each in nodes) + field(2, "g")
    found += b"".join(field(5, each) for each in weights)
    found += b"".join(field(11, value(*each)) for each in inputs.items())
    found += b"".join(field(12, value(*each)) for each in outputs.items())
    return found + b"".join(field(13, value(*each)) for each in (described or {}).items())


def onnx(
    nodes, inputs=None, outputs=None, weights=(), opset: int = 17, producer: str = "by hand", described=None
) -> bytes:
    """Write an ONNX file."""
    inputs = {"x": [1, 3, 8, 8]} if inputs is None else inputs
    outputs = {"y": None} if outputs is None else outputs
    whole = graph(nodes, inputs, outputs, weights, described)
    return field(1, 8) + field(2, producer) + field(7, whole) + field(8, field(2, opset))


def archive(files: dict[str, bytes], compress: int = zipfile.ZIP_STORED) -> bytes:
    """Write a zip archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compress) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return held.getvalue()


def keras(layers: list[dict], name: str = "made", cls: str = "Sequential") -> str:
    """Write a Keras 3 model that is a sequence of layers: class, and settings."""
    listed = [
        {
            "module": "keras.layers",
            "class_name": each.pop("cls"),
            "config": {"name": each.pop("name", f"l{at}"), **each},
        }
        for at, each in enumerate(dict(layer) for layer in layers)
    ]
    return json.dumps({"class_name": cls, "config": {"name": name, "layers": listed}})


class Symbol(str):
    """The name of a number that a PyTorch program works out, as against that of a tensor."""


def program(
    calls: list[dict], inputs: dict, outputs: list[str], weights: dict, sizes: dict, ranges: dict | None = None
) -> bytes:
    """Write a PyTorch program: calls of op or target, args and outputs; weights by name are (stored name, size)."""
    nodes = [
        {
            "target": each.get("target") or f"torch.ops.aten.{each['op']}",
            "inputs": [{"name": key, "arg": argument(held), "kind": 1} for key, held in each["args"].items()],
            "outputs": [
                {"as_sym_int": {"as_name": name}} if isinstance(name, Symbol) else {"as_tensor": {"name": name}}
                for name in each["outputs"]
            ],
            "metadata": {
                "nn_module_stack": f"L__self__,,Net;L__self__{each.get('path', '')},{each.get('path', '')},nn.X"
            },
        }
        for each in calls
    ]
    specs = [
        {"parameter": {"arg": {"name": name}, "parameter_name": stored}} for name, (stored, _) in weights.items()
    ] + [{"user_input": {"arg": {"as_tensor": {"name": name}}}} for name in inputs]
    values = {name: size for name, (_, size) in weights.items()} | inputs | sizes
    meta = {
        name: {"sizes": [{"as_int": n} if isinstance(n, int) else {"as_expr": {"expr_str": n}} for n in size]}
        for name, size in values.items()
    }
    outs = [{"user_output": {"arg": {"as_tensor": {"name": name}}}} for name in outputs]
    held = {
        "graph_module": {
            "graph": {"nodes": nodes, "tensor_values": meta},
            "signature": {"input_specs": specs, "output_specs": outs},
        },
        "schema_version": {"major": 8, "minor": 1},
        "range_constraints": {
            name: {"min_val": least, "max_val": most} for name, (least, most) in (ranges or {}).items()
        },
    }
    return json.dumps(held).encode()


def argument(held) -> dict:
    if held is None:
        return {"as_none": True}
    if isinstance(held, Symbol):
        return {"as_sym_int": {"as_name": held}}
    if isinstance(held, str):
        return {"as_tensor": {"name": held}}
    if isinstance(held, bool):
        return {"as_bool": held}
    if isinstance(held, int):
        return {"as_int": held}
    if isinstance(held, float):
        return {"as_float": held}
    if any(isinstance(each, Symbol) for each in held):
        return {"as_sym_ints": [{"as_name": n} if isinstance(n, Symbol) else {"as_int": n} for n in held]}
    if held and isinstance(held[0], str):
        return {"as_tensors": [{"name": name} for name in held]}
    return {"as_ints": list(held)}
