"""The spec that was written, read back and held against the graph, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import ModelError, SpecError, printable
from archcalc.language.family import read_family
from archcalc.language.networks import only_network
from archcalc.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.engine.layer import Layer
    from archcalc.exchange.graph import Graph, GraphNode
    from archcalc.language.networks import NetworkSpec


def checked(graph: Graph, text: str, order: Sequence[int], file: str) -> tuple[NetworkSpec, dict[int, str]]:
    """Read a spec back; return it, and the name of each graph node's layer. Raise ModelError for any difference."""
    try:
        spec = only_network(read_family(Source(file, text)))
        layers = count(expand(spec), setup(1, "float32"), training=True).layers
    except SpecError as error:
        raise ModelError(
            f"{printable(graph.file)}: archcalc wrote a spec of it that it cannot read:\n{error}"
        ) from error
    inputs = len(graph.inputs)
    made = layers[inputs:]
    missing = {node.id for node in graph.nodes if node.word != "input"} ^ set(order)
    if missing or len(order) != len(made):
        raise ModelError(
            f"{printable(graph.file)}: the spec has {len(made)} layers, the file {len(graph.nodes) - inputs}"
        )
    names = {node: layer.name for node, layer in zip(order, made, strict=True)}
    seen: set[tuple[str, ...]] = set()
    for number, layer in zip(order, made, strict=True):
        weights = graph.nodes[number].weights
        difference = _difference(graph.nodes[number], layer, bool(weights) and weights in seen)
        seen.add(weights)
        if difference:
            raise _differs(graph, graph.nodes[number], layer, difference)
    return spec, names


def _difference(node: GraphNode, layer: Layer, shared: bool) -> str:
    """Return how a layer differs from the node that it was written for, or nothing."""
    for what, own, expected in (
        ("output", tuple(layer.output), node.shape),
        ("params", layer.params, 0 if shared else node.params),
        ("MACs", layer.macs, node.macs),
    ):
        if own != expected:
            return f"{what} {own} in the spec, {expected} in the file"
    return ""


def _differs(graph: Graph, node: GraphNode, layer: Layer, difference: str) -> ModelError:
    name = printable(node.origin.path or node.origin.name)
    return ModelError(
        f"{printable(graph.file)}: {name} ({printable(node.origin.op)}): archcalc's own {layer.name} differs from it: "
        f"{difference}"
    )
