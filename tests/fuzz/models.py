"""Broken files of other programs: each ends soon, in a graph or in an error that says what is wrong.

    python tests/fuzz/models.py --cases 5000 --seed 1

Small whole files of every format are cut, have bits flipped, bytes put in, taken out, doubled and swapped, numbers
made larger, and some cases are random bytes. A case fails where anything but a graph or an error for the user comes
out, where it takes longer than two seconds, or where an error says that something unforeseen happened.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import sys
import traceback
import zipfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import model_files as files  # noqa: E402

from archcalc.errors import ArchcalcError  # noqa: E402
from archcalc.exchange.importing import import_graph  # noqa: E402
from archcalc.exchange.reading import read_data  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 2
"""What a case may take."""

FORESEEN = "cannot interpret it"
"""What an error says that no reader has foreseen."""

DARKNET = """[net]
height=32
width=32
channels=3
[convolutional]
batch_normalize=1
filters=8
size=3
stride=2
pad=1
activation=leaky
[maxpool]
size=2
stride=2
[route]
layers=-1,-1
[shortcut]
from=-1
activation=linear
[local]
size=3
filters=4
[upsample]
stride=2
[reorg]
stride=2
[connected]
output=10
[softmax]
"""

CAFFE = """name: "made" input: "data" input_shape { dim: 4 dim: 3 dim: 20 dim: 20 }
layer { name: "c" type: "Convolution" bottom: "data" top: "c" param { name: "w" }
  convolution_param { num_output: 8 kernel_size: 3 stride: 2 pad: 1 group: 1 } }
layer { name: "b" type: "BatchNorm" bottom: "c" top: "c" } layer { name: "s" type: "Scale" bottom: "c" top: "c"
  scale_param { bias_term: true } } # a comment
layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
layer { name: "x" type: "Slice" bottom: "p" top: "x" top: "y" slice_param { slice_point: 3 axis: 1 } }
layer { name: "z" type: "Concat" bottom: "y" bottom: "x" top: "z" }
layer { name: "d" type: "Deconvolution" bottom: "z" top: "d"
  convolution_param { num_output: 8 kernel_size: 4 stride: 2 } }
layer { name: "r" type: "Reshape" bottom: "d" top: "r" reshape_param { shape { dim: 0 dim: -1 dim: 2 } } }
layer { name: "f" type: "InnerProduct" bottom: "r" top: "f" inner_product_param { num_output: 5 } }
layer { name: "l" type: "SoftmaxWithLoss" bottom: "f" bottom: "label" top: "l" include { phase: TRAIN } }
"""


def onnx() -> bytes:
    node, tensor = files.node, files.tensor
    nodes = [
        node("Conv", "x w b", "c", strides=[2, 2], pads=[1, 1, 1, 1]),
        node("BatchNormalization", "c g g g g", "n"),
        node("Sigmoid", "n", "s"),
        node("Mul", "n s", "m"),
        node("MaxPool", "m", "p", kernel_shape=[3, 3], ceil_mode=1),
        node("Shape", "p", "sh"),
        node("Gather", "sh zero", "batch"),
        node("Unsqueeze", "batch axes", "batch1"),
        node("Concat", "batch1 rest", "target", axis=0),
        node("Reshape", "p target", "t"),
        node("Transpose", "t", "u", perm=[0, 2, 1]),
        node("MatMul", "u wq", "q"),
        node("MatMul", "u wk", "k"),
        node("Transpose", "k", "kt", perm=[0, 2, 1]),
        node("MatMul", "q kt", "a"),
        node("Softmax", "a", "a2", axis=-1),
        node("MatMul", "a2 u", "o"),
        node("LayerNormalization", "o g g", "l", axis=-1),
        node("Slice", "l zero1 one1 one1 one1", "cls"),
        node("Gemm", "cls2 wg", "y", transB=1),
    ]
    nodes.insert(-1, node("Squeeze", "cls axis1", "cls2"))
    weights = [
        tensor("w", [16, 3, 3, 3]),
        tensor("b", [16]),
        tensor("g", [16]),
        tensor("zero", [], [0]),
        tensor("axes", [1], [0]),
        tensor("rest", [2], [16, -1]),
        tensor("wq", [16, 16]),
        tensor("wk", [16, 16]),
        tensor("zero1", [1], [0]),
        tensor("one1", [1], [1]),
        tensor("axis1", [1], [1]),
        tensor("wg", [10, 16]),
    ]
    return files.onnx(
        nodes, {"x": ["batch", 3, 24, 24]}, {"y": ["batch", 10]}, weights, described={"c": [1, 16, 12, 12]}
    )


def keras() -> str:
    image = {"cls": "InputLayer", "batch_shape": [None, 20, 20, 3]}
    return files.keras(
        [
            image,
            {
                "cls": "Conv2D",
                "filters": 8,
                "kernel_size": [3, 3],
                "strides": [2, 2],
                "padding": "same",
                "activation": "relu",
            },
            {"cls": "BatchNormalization", "axis": -1},
            {"cls": "SeparableConv2D", "filters": 8, "kernel_size": [3, 3]},
            {"cls": "ZeroPadding2D", "padding": [[1, 0], [0, 1]]},
            {"cls": "Conv2DTranspose", "filters": 4, "kernel_size": [3, 3], "strides": [2, 2]},
            {"cls": "LayerNormalization", "axis": [3]},
            {"cls": "Reshape", "target_shape": [-1, 4]},
            {"cls": "LSTM", "units": 8, "return_sequences": True},
            {"cls": "Flatten"},
            {"cls": "Dense", "units": 10, "activation": "softmax"},
        ]
    )


def program() -> bytes:
    calls = [
        {
            "op": "conv2d.default",
            "args": {"input": "x", "weight": "w", "bias": None, "stride": [2, 2], "padding": [1, 1]},
            "outputs": ["c"],
        },
        {"op": "relu.default", "args": {"self": "c"}, "outputs": ["r"]},
        {"op": "flatten.using_ints", "args": {"self": "r", "start_dim": 2}, "outputs": ["f"]},
        {"op": "transpose.int", "args": {"self": "f", "dim0": 1, "dim1": 2}, "outputs": ["t"]},
        {"op": "linear.default", "args": {"input": "t", "weight": "v"}, "outputs": ["l"]},
        {"op": "chunk.default", "args": {"self": "l", "chunks": 3, "dim": -1}, "outputs": ["k0", "k1", "k2"]},
        {
            "op": "scaled_dot_product_attention.default",
            "args": {"query": "k0", "key": "k1", "value": "k2"},
            "outputs": ["a"],
        },
        {"op": "add.Tensor", "args": {"self": "a", "other": 1}, "outputs": ["s"]},
        {"op": "mean.dim", "args": {"self": "s", "dim": [1]}, "outputs": ["m"]},
    ]
    weights = {"w": ("c.weight", [8, 3, 3, 3]), "v": ("q.weight", [24, 8])}
    return files.program(calls, {"x": [1, 3, 16, 16]}, ["m"], weights, {"c": [1, 8, 8, 8], "m": [1, 8]})


def whole(data: bytes) -> bytes:
    return data


def in_keras(data: bytes) -> bytes:
    return files.archive({"metadata.json": b"{}", "config.json": data})


def packed(data: bytes) -> bytes:
    return files.archive({"metadata.json": b"{}", "config.json": data}, zipfile.ZIP_DEFLATED)


def in_pt2(data: bytes) -> bytes:
    return files.archive({"made/models/model.json": data, "made/version": b"0"})


SEEDS = {
    "made.onnx": (onnx, whole),
    "made.cfg": (DARKNET.encode, whole),
    "made.prototxt": (CAFFE.encode, whole),
    "made.json": (lambda: keras().encode(), whole),
    "made.keras": (lambda: keras().encode(), in_keras),
    "packed.keras": (lambda: keras().encode(), packed),
    "made.pt2": (program, in_pt2),
}
"""A small whole network in every format, and the archive that it stands in."""


def seeds() -> dict[str, bytes]:
    """Return a small whole file of every format."""
    return {name: wrap(make()) for name, (make, wrap) in SEEDS.items()}


def made(name: str, chance: random.Random) -> bytes:
    """Return a broken file: its bytes, or (mostly) what is said in it."""
    make, wrap = SEEDS[name]
    if chance.randrange(4) == 0:
        return broken(wrap(make()), chance)
    data = make()
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = small_bytes(data, chance) if name.endswith(".onnx") else reworded(data, chance)
    return wrap(data)


def small_bytes(data: bytes, chance: random.Random) -> bytes:
    """Set a byte to a small number: a size, an axis, a letter of a name."""
    held = bytearray(data)
    held[chance.randrange(len(held))] = chance.choice((*range(9), 48, 64, 65, 120, 255))
    return bytes(held)


def reworded(data: bytes, chance: random.Random) -> bytes:
    """Replace a number or a word of a text, or take out, double or move a piece of it."""
    kind = chance.randrange(5)
    if kind < 3:
        return _renumbered(data, chance)
    found = list(re.finditer(rb"[A-Za-z_]\w*", data))
    one, two = chance.choice(found), chance.choice(found)
    if kind == 3:
        return data[: one.start()] + two.group() + data[one.end() :]
    pieces = re.split(rb"(?<=[,{}\n])", data)
    at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[at] = chance.choice((b"", pieces[at] * 2, pieces[other]))
    return b"".join(pieces)


def broken(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one to eight things wrong with it."""
    held = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at, kind = chance.randrange(max(len(held), 1)), chance.randrange(9)
        length = chance.choice((1, 2, 4, 16, 64))
        if kind == 0:
            del held[at:]
        elif kind in (1, 2) and held:
            held[at] ^= 1 << chance.randrange(8)
        elif kind == 3:
            held[at:at] = chance.randbytes(length)
        elif kind == 4:
            del held[at : at + length]
        elif kind == 5:
            held[at:at] = held[at : at + length * 4]
        elif kind == 6:
            other = chance.randrange(max(len(held), 1))
            held[at : at + length] = held[other : other + length]
        elif kind == 7 and held:
            held[at] = chance.choice((0, 1, 127, 128, 255))
        else:
            held = bytearray(_renumbered(bytes(held), chance))
    return bytes(held)


def _renumbered(data: bytes, chance: random.Random) -> bytes:
    """Replace a number in a text by another one."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    one = chance.choice(found)
    number = chance.choice((b"0", b"-1", b"99999999", b"1e9", b"7", b"2147483648", b"9" * 30, b"null", b'"x"', b"[]"))
    return data[: one.start()] + number + data[one.end() :]


class TooSlow(BaseException):
    """A case that takes longer than it may."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooSlow after some seconds."""

    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def judge(name: str, data: bytes) -> str:
    """Read one file; return how it ended, or raise what is a fault of archcalc's."""
    with at_most(SECONDS * 5):  # the machine may be busy: what is meant is two seconds of its own
        try:
            graph = read_data(name, memoryview(data), {"": (3, 24, 24)})
            if graph is not None:
                import_graph(graph)
        except ArchcalcError as error:
            text = str(error)
            assert FORESEEN not in text, text
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text), repr(text)
            return "error"
    return "no file of another program" if graph is None else "graph"


def run(cases: int, seed: int = 0, report: bool = False) -> Counter[str]:
    """Judge as many cases; return how they ended. Raise the first fault, or print all where ``report`` is set."""
    chance, ended, names = random.Random(seed), Counter(), list(SEEDS)
    for case in range(cases):
        name = names[case % len(names)]
        data = chance.randbytes(chance.randrange(400)) if case % 23 == 0 else made(name, chance)
        try:
            ended[judge(name, data)] += 1
        except (Exception, TooSlow) as error:
            if not report:
                raise AssertionError(f"case {case} of seed {seed}, {name}: {data!r}") from error
            ended["fault"] += 1
            print(f"case {case}, {name}: {type(error).__name__} {str(error)[:300]}")
            if not isinstance(error, (AssertionError, TooSlow)):
                traceback.print_exc(limit=-3)
    return ended


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    ended = run(asked.cases, asked.seed, report=True)
    print(dict(ended))
    sys.exit(bool(ended["fault"]))


if __name__ == "__main__":
    main()
