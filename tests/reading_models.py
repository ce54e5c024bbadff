"""Reading networks of other programs in tests."""

from __future__ import annotations

import os

from archcalc.exchange.reading import read_data

INTEROP = os.path.join(os.path.dirname(__file__), "..", "..", "shared", "interop")  # noqa: PTH118, PTH120


def read(data: bytes | str, name: str = "made.onnx", **sizes):
    """Return the graph of a file's bytes; sizes are keywords, ``any`` for every input."""
    held = data.encode() if isinstance(data, str) else data
    asked = {"" if key == "any" else key: size for key, size in sizes.items()}
    return read_data(name, memoryview(held), asked)


def lines(graph) -> list[tuple]:
    """Return what each node but the inputs is: word, settings, the places of its inputs, its shape."""
    return [(node.word, node.settings, node.inputs, node.shape) for node in graph.nodes if node.word != "input"]


def words(graph) -> list[str]:
    """Return the operations in order."""
    return [node.word for node in graph.nodes if node.word != "input"]


def only(graph):
    """Return the one node that is no input."""
    (found,) = [node for node in graph.nodes if node.word != "input"]
    return found
