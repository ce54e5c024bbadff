"""What a file is, told by what is in it; an ending only decides where the content leaves it open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.errors import RequestError, printable
from archcalc.exchange.files import archive
from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from archcalc.exchange.files import Data

HEAD = 65_536
"""Bytes at the beginning of a text that are looked at."""

TORCH = "export the model in PyTorch: torch.export.save(torch.export.export(model.eval(), (example,)), 'model.pt2')"

KERAS = "save the model's configuration: open('model.json', 'w').write(model.to_json()), or model.save('model.keras')"

CHECKPOINTS = {
    "torch": f"a PyTorch checkpoint: weights without a graph; {TORCH}",
    "torchscript": f"a TorchScript program, whose graph is code; {TORCH}, or torch.onnx.export",
    "hdf5": f"an HDF5 file, with the weights of a Keras model; {KERAS}",
    "safetensors": f"a safetensors file: weights without a graph; {TORCH}, or torch.onnx.export",
    "caffemodel": "a .caffemodel: weights without a readable graph; give the .prototxt that belongs to it",
    "solver": "a Caffe solver; give the network's own file, which it names under net or train_net",
    "darknet-weights": "a .weights file of Darknet: weights without a graph; give the .cfg that belongs to it",
    "tflite": f"a TensorFlow Lite file, which archcalc does not read; {KERAS}, or export it to ONNX (tf2onnx)",
    "tensorflow": f"a TensorFlow graph, which archcalc does not read; {KERAS}, or export it to ONNX (tf2onnx)",
    "numpy": "arrays of NumPy: weights without a graph",
    "zip": "a zip archive that holds no network (a .keras file has config.json in it, a .pt2 file models/model.json)",
}
"""Files that people have at hand and that hold no graph: what they are, and what to give instead."""

CAFFE = re.compile(
    r"^[ \t]*layers?[ \t]*\{|^[ \t]*input_shape[ \t]*:?[ \t]*\{|^[ \t]*input_dim[ \t]*:[ \t]*\d", re.MULTILINE
)
DARKNET = re.compile(r"(?:[ \t]*(?:[#;].*)?\r?\n)*[ \t]*\[[A-Za-z_]\w*\][ \t]*\r?(?:\n|$)")
SOLVER = re.compile(r"^[ \t]*(?:base_lr|solver_mode|train_net|max_iter)[ \t]*:", re.MULTILINE)
KERAS_JSON = re.compile(r'\\?"class_name\\?"\s*:')


def kind_of(path: str, data: Data) -> str | None:
    """Return the kind of a file (onnx, pt2, keras, keras-json, caffe, darknet), or None where it may be a spec.

    Raise RequestError for a file that holds no graph.
    """
    found = _binary(path, data) or _text(path, data)
    if found in CHECKPOINTS:
        raise RequestError(f"{printable(path)}: {CHECKPOINTS[found]}")
    return found


def _binary(path: str, data: Data) -> str | None:
    head = bytes(data[:64])
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archived(data)
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "hdf5"
    if head[4:8] == b"TFL3":
        return "tflite"
    if head.startswith(b"\x93NUMPY"):
        return "numpy"
    if head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05":
        return "torch"
    if len(head) > 9 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") < len(data):
        return "safetensors"
    if len(head) >= 16 and int.from_bytes(head[:4], "little") in (0, 1) and head[4:12] in WEIGHTS:
        return "darknet-weights"
    return _protobuf(path, data)


WEIGHTS = tuple(
    minor.to_bytes(4, "little") + revision.to_bytes(4, "little") for minor in (1, 2, 5) for revision in range(6)
)
"""How Darknet's weights go on after the major version: minor version and revision."""


def _archived(data: Data) -> str:
    with archive(data) as held:
        names = held.namelist()
    if "config.json" in names and any(name in names for name in ("metadata.json", "model.weights.h5")):
        return "keras"
    if any(name.endswith(("models/model.json", "serialized_exported_program.json")) for name in names):
        return "pt2"
    folders = {name.partition("/")[2] for name in names}
    if "data.pkl" in folders or any(name.endswith("data.pkl") for name in names):
        code = any("/code/" in name or name.endswith("constants.pkl") for name in names)
        return "torchscript" if code else "torch"
    if names and all(name.endswith(".npy") for name in names):
        return "numpy"
    return "keras" if "config.json" in names else "zip"


def _protobuf(path: str, data: Data) -> str | None:
    """Tell protobuf messages apart by their first fields: number and wire type."""
    from archcalc.exchange.readers.onnx.wire import Budget, fields

    seen: dict[int, int] = {}
    first = b""
    try:
        for place, (field, wire, value) in enumerate(fields(data, Budget(10_000))):
            if place == 0 and not isinstance(value, int):
                first = bytes(value[:16])
            if field == 1 and isinstance(value, int) and value > 1000:
                break
            seen[field] = wire
            if place > 64:
                break
    except ModelFault:
        pass
    ending = path.lower().endswith(".onnx")
    if seen.get(1) == 0 and {7, 8, 20, 25} & seen.keys() and seen.get(7, 2) == 2:
        return "onnx"
    if 7 in seen and 8 in seen and seen[7] == seen[8] == 2:
        return "onnx"
    if ending:
        return "onnx"
    if 100 in seen or (path.lower().endswith(".caffemodel") and seen):
        return "caffemodel"
    if seen.get(1) == 0 and seen.get(2) == 2 and set(seen) <= {1, 2} and b"\x00" in bytes(data[:HEAD]):
        return "tensorflow"
    graph = path.lower().endswith(".pb") and seen.get(1) == 2 and first[:1] == b"\n"
    return "tensorflow" if graph else None


def _text(path: str, data: Data) -> str | None:
    head = bytes(data[:HEAD]).decode("utf-8", "replace").removeprefix("\ufeff")
    if "\x00" in head:
        return None
    bare = head.lstrip()
    if bare[:1] in ("{", '"') and KERAS_JSON.search(head):
        return "keras-json"
    if DARKNET.match(head):
        return "darknet-cfg"
    if CAFFE.search(head):
        return "caffe"
    endings = {".cfg": "darknet-cfg", ".prototxt": "caffe"}
    named = next((kind for ending, kind in endings.items() if path.lower().endswith(ending)), None)
    if SOLVER.search(head) and not re.search(r"^layers:", head, re.MULTILINE):
        return "solver"
    return named
