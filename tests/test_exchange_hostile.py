"""Hostile files of other programs, in a process of their own: an error within two seconds and 200 MB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from model_files import archive, attribute, field, keras, node, onnx, program, tensor, varint
from reading_models import only, read
from running import environment

from archcalc.errors import ArchcalcError, RequestError
from archcalc.exchange.reading import read as read_file

if not os.path.exists("/proc/self/status"):  # noqa: PTH110
    pytest.skip("the memory of a process is read from /proc", allow_module_level=True)

SECONDS = 2
MEMORY = 200 * 2**20

MEASURED = """
import json, re, sys, time
from archcalc.errors import ArchcalcError
from archcalc.exchange.reading import read
for path in sys.argv[1:]:
    start = time.process_time()
    try:
        found = "graph" if read(path, {"": (3, 32, 32)}) else "nothing"
    except ArchcalcError as error:
        found = str(error)
    used = 1024 * int(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1])
    print(json.dumps([path, found, time.process_time() - start, used]))
"""


def folded(*nodes: bytes, weights=()) -> bytes:
    return onnx([*nodes, node("Relu", "x", "y")], weights=weights)


def doubled(times: int) -> bytes:
    """Write a constant that is put beside itself, again and again."""
    nodes = [node("Concat", f"c{at} c{at}", f"c{at + 1}", axis=0) for at in range(times)]
    return folded(*nodes, node("Reshape", f"x c{times}", "z"), weights=[tensor("c0", [1], [1])])


def sections(count: int) -> bytes:
    return b"[net]\nheight=8\nwidth=8\nchannels=3\n" + b"[maxpool]\nsize=1\n" * count


def deep_prototxt(levels: int) -> bytes:
    return b'layer { type: "ReLU" bottom: "x" top: "y" ' + b"a { " * levels + b"} " * levels + b"}"


BIG = 2**62

HOSTILE = {
    "nested.json": lambda: b'{"class_name": ' + b"[" * 5_000_000,
    "lists.json": lambda: b'{"class_name": ' + b"[[]," * 7_000_000,
    "numbers.json": lambda: b'{"class_name": ' + b"9" * 3_000_000 + b"}",
    "strings.json": lambda: b'{"class_name": "' + "é\U0001f600".encode() * 5_000_000 + b'"}',
    "bomb.keras": lambda: archive({"metadata.json": b"{}", "config.json": b" " * 300_000_000}, zipfile.ZIP_DEFLATED),
    "nested.keras": lambda: archive({"metadata.json": b"{}", "config.json": b"[" * 30_000_000}, zipfile.ZIP_DEFLATED),
    "many.pt2": lambda: archive({f"m/{at}": b"" for at in range(30_000)} | {"m/models/model.json": b"{}"}),
    "deep.prototxt": lambda: deep_prototxt(300_000),
    "wide.prototxt": lambda: b"layer { type: 'ReLU' bottom: 'x' top: 'y' } " * 90_000,
    "long.cfg": lambda: sections(150_000),
    "values.prototxt": lambda: b"layer { type: 'ReLU' " + b"a: 1 " * 700_000 + b"}",
    "lies.onnx": lambda: field(1, 8) + varint(7 << 3 | 2) + varint(BIG) + b"abc",
    "endless.onnx": lambda: field(1, 8) + b"\x3a" + b"\xff" * 100_000,
    "size.onnx": lambda: folded(weights=[tensor("w", [BIG, BIG])]),
    "shape.onnx": lambda: folded(
        node("ConstantOfShape", "s", "c"), node("Add", "c x", "z"), weights=[tensor("s", [2], [2**30, 2**30])]
    ),
    "range.onnx": lambda: folded(
        node("Range", "a b c", "r"), weights=[tensor("a", [], [0]), tensor("b", [], [BIG]), tensor("c", [], [1])]
    ),
    "power.onnx": lambda: folded(
        node("Pow", "a b", "p"), node("Reshape", "x p", "z"), weights=[tensor("a", [1], [9]), tensor("b", [1], [BIG])]
    ),
    "doubled.onnx": lambda: doubled(60),
    "fields.onnx": lambda: onnx([node("Relu", "x", "y") + field(99, 1) * 3_000_000]),
    "ints.onnx": lambda: onnx([node("Relu", "x", "y") + field(5, attribute("a", [1] * 4_000_000))]),
    "nodes.onnx": lambda: onnx([node("Relu", "x", "y")] * 40_000),
    "backwards.onnx": lambda: onnx(
        [node("Relu", f"t{at}", f"t{at + 1}") for at in range(20_000)][::-1], {"t0": [1, 3, 8, 8]}, {"t20000": None}
    ),
    "circle.onnx": lambda: onnx([node("Relu", "a", "b"), node("Relu", "b", "a")]),
    "loop.json": lambda: json.dumps(
        json.loads(keras([{"cls": "InputLayer", "batch_shape": [None, 8, 8, 3]}, {"cls": "ReLU"}]))
    ).encode()[:-3],
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Read all hostile files in one process; return what came out of each, its CPU time, and the memory at its end."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make())
    weights = folder / "weights.onnx"
    weights.write_bytes(big_weights(0)[: -len(TAIL)])
    with weights.open("r+b") as file:
        file.seek(2**31, os.SEEK_CUR)
        file.truncate(weights.stat().st_size + 2**31)
    with weights.open("ab") as file:
        file.write(TAIL)
    paths = [str(folder / name) for name in [*HOSTILE, "weights.onnx"]]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *paths], capture_output=True, encoding="utf-8", env=environment(), check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {
        Path(path).name: (found, seconds, used)
        for path, found, seconds, used in map(json.loads, done.stdout.splitlines())
    }


TAIL = field(8, field(2, 17))


def big_weights(_: int) -> bytes:
    """Write a model whose weights take 2 GB, up to them: the zeros come behind."""
    weight = field(1, 16) + field(1, 3) + field(1, 3) + field(1, 3) + field(8, "w") + field(2, 1)
    raw = varint(9 << 3 | 2) + varint(2**31)
    held = weight + raw
    inside = field(1, node("Conv", "x w", "y")) + field(2, "g")
    x, y = (
        b"\n\x01x" + b"\x12\x16\n\x14\x08\x01\x12\x10\n\x02\x08\x01\n\x02\x08\x03\n\x02\x08\x08\n\x02\x08\x08",
        b"\n\x01y",
    )
    inside += field(11, x) + field(12, y)
    tensor_head = varint(5 << 3 | 2) + varint(len(held) + 2**31)
    graph = varint(7 << 3 | 2) + varint(len(inside) + len(tensor_head) + len(held) + 2**31)
    return field(1, 8) + graph + inside + tensor_head + held + TAIL


@pytest.mark.parametrize("name", [*HOSTILE, "weights.onnx"])
def test_hostile_files_end_soon(measured, name):
    found, seconds, used = measured[name]
    assert seconds < SECONDS, f"{seconds:.1f} s"
    assert used < MEMORY, f"{used / 2**20:.0f} MB"
    assert "cannot interpret" not in found
    if name in ("weights.onnx", "backwards.onnx", "size.onnx", "range.onnx", "fields.onnx"):
        return
    assert found != "nothing"


def test_weights_of_two_gigabytes_cost_nothing(measured):
    assert measured["weights.onnx"][0] == "graph"
    assert measured["weights.onnx"][1] < 0.2


CHECKPOINTS = {
    "net.pth": (
        archive({"archive/data.pkl": b"\x80\x02", "archive/data/0": b"x"}),
        "a PyTorch checkpoint.*torch.export.save",
    ),
    "old.pt": (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "a PyTorch checkpoint"),
    "script.pt": (
        archive({"s/data.pkl": b"", "s/code/__torch__.py": b"", "s/constants.pkl": b""}),
        "a TorchScript program",
    ),
    "net.h5": (b"\x89HDF\r\n\x1a\n" + b"\0" * 90, "HDF5.*to_json"),
    "net.safetensors": (len(b'{"a":1}').to_bytes(8, "little") + b'{"a":1}', "safetensors"),
    "net.weights": (b"\0\0\0\0\x02\0\0\0\x05\0\0\0" + b"\0" * 40, r"\.weights file of Darknet.*\.cfg"),
    "net.tflite": (b"\x1c\0\0\0TFL3" + b"\0" * 40, "TensorFlow Lite"),
    "net.caffemodel": (field(1, "LeNet") + field(100, field(1, "conv1")), r"\.caffemodel.*\.prototxt"),
    "solver.prototxt": (b'net: "train_val.prototxt"\nbase_lr: 0.01\nmax_iter: 10\n', "a Caffe solver"),
    "saved_model.pb": (field(1, 1) + field(2, field(1, b"\0\x01\0")), "a TensorFlow graph"),
    "w.npz": (archive({"a.npy": b"\x93NUMPY"}), "arrays of NumPy"),
    "some.zip": (archive({"readme.txt": b"hello"}), "a zip archive that holds no network"),
}


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_a_checkpoint_gets_the_sentence_that_helps(name):
    data, message = CHECKPOINTS[name]
    with pytest.raises(RequestError, match=message) as caught:
        read(data, name)
    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("net.yaml", "name: a\ninput: [3, 8, 8]\nlayers: [{conv: {filters: 3}}]\n"),
        ("net.yaml", '{"name": "a", "input": [3, 8, 8], "layers": []}'),
        ("net.yaml", ""),
        ("net.yaml", "# [net]\nname: x\n"),
        ("blob", b"\x00\x01\x02\x03"),
    ],
)
def test_what_may_be_a_spec_is_left_alone(name, data):
    assert read(data, name) is None


@pytest.mark.parametrize("name", ["model", "model.bin", "model.txt"])
def test_files_are_told_by_their_content(name):
    assert only(read(onnx([node("Relu", "x", "y")]), name)).word == "relu"
    assert only(read("[net]\nheight=8\nwidth=8\nchannels=3\n[maxpool]\nsize=2\nstride=2\n", name)).word == "max_pool"
    assert (
        only(read(keras([{"cls": "InputLayer", "batch_shape": [None, 8, 8, 3]}, {"cls": "ReLU"}]), name)).word == "relu"
    )
    assert (
        only(
            read(
                'input: "d" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }\nlayer { type: "ReLU" bottom: "d" top: "r" }',
                name,
            )
        ).word
        == "relu"
    )
    call = {"op": "relu.default", "args": {"self": "x"}, "outputs": ["r"]}
    assert (
        only(read(archive({"m/models/model.json": program([call], {"x": [1, 3, 8, 8]}, ["r"], {}, {})}), name)).word
        == "relu"
    )


@pytest.mark.parametrize("path", ["missing.onnx", ".", "nul\0.onnx"])
def test_what_cannot_be_opened(path):
    with pytest.raises(ArchcalcError) as caught:
        read_file(path)
    assert caught.value.exit_status == 2
