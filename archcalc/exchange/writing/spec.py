"""The whole text of a spec: what stands above the layers, and the layers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from archcalc.exchange.writing.flat import input_names
from archcalc.exchange.writing.names import clean
from archcalc.exchange.writing.text import flow, items_text, layers_text, text
from archcalc.exchange.writing.words import is_sequence

if TYPE_CHECKING:
    from archcalc.exchange.graph import Graph
    from archcalc.exchange.writing.tree import Item

UNNAMED = ("", "main_graph", "torch_jit", "graph", "torch-jit-export", "Main", "model", "sequential", "functional")
"""Names that programs give networks that nobody named."""


def name_of(graph: Graph) -> str:
    """Return the network's name: the file's own, or the file's."""
    stem = os.path.splitext(os.path.basename(graph.file))[0]
    name = graph.name if graph.name not in UNNAMED and len(graph.name) < 60 else stem
    return clean(name) or "network"


def spec_text(graph: Graph, items: list[Item], blocks: dict[str, tuple[dict[str, Any], list[Item]]]) -> str:
    """Return the text of a spec."""
    name = name_of(graph)
    lines = [f"name: {text(name)}"]
    source = os.path.basename(graph.file) if os.path.splitext(graph.file)[1] else graph.format
    lines.append(f"title: {text(f'{name}, from {source}')}")
    lines.append(f"input: {flow(_inputs(graph))}")
    if blocks:
        lines += ["", "blocks:"]
    for word, (arguments, body) in blocks.items():
        lines.append(f"  {word}:")
        if arguments:
            lines.append(f"    args: {flow(arguments)}")
        lines += layers_text(body, "    ")
    lines += ["", "layers:", *items_text(items, "  ")]
    return "\n".join(lines) + "\n"


def _inputs(graph: Graph) -> Any:
    shapes = {node.id: list(node.shape[: 2 if is_sequence(graph) else 3]) for node in graph.inputs}
    names = input_names(graph)
    return next(iter(shapes.values())) if len(shapes) == 1 else {names[at]: shape for at, shape in shapes.items()}
