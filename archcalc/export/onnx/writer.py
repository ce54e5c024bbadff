"""A network as an ONNX file without weights: they are inputs of the graph, after those that the user feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import __version__
from archcalc.export.exported import Exported
from archcalc.export.onnx import attention, moves, norms, values, windows
from archcalc.export.onnx.context import Context
from archcalc.export.onnx.graph import INT64, Graph
from archcalc.export.words import left_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archcalc.engine.network import Network
    from archcalc.engine.report import Report
    from archcalc.export.onnx.graph import Value

LAYERS: dict[str, Callable[[Context], Value]] = {
    **windows.LAYERS,
    **values.LAYERS,
    **norms.LAYERS,
    **moves.LAYERS,
    **attention.LAYERS,
}
"""An operation's word to what writes it."""


def write(report: Report) -> Exported:
    """Return the file; raise RequestError for a layer that ONNX has no operation for."""
    network = report.network
    graph = Graph(report.name, report.title)
    _add_layers(graph, network)
    return Exported(graph.model(__version__), {}, tuple(_remarks(report)))


def _add_layers(graph: Graph, network: Network) -> None:
    nodes, made = network.nodes, {}
    graph.reserve(node.name for node in nodes)
    places = _places(graph, network)
    inputs = len(network.inputs)
    for position, node in enumerate(nodes):
        if node.multiplicity.training:
            continue
        if position < inputs:
            made[position] = _input(graph, network, position)
            continue
        owner = nodes[node.weights if node.weights is not None else position].name
        context = Context(graph, node, owner, [made[source] for source in node.sources], places.get(position))
        write_layer = LAYERS.get(node.applied.operation.word)
        if node.multiplicity.times > 1:
            raise context.refuse(f"it runs {node.multiplicity.times:,} times, on what only the running network knows")
        if write_layer is None:
            raise context.refuse(f"'{context.operation.what}' is an operation that the spec describes itself")
        made[position] = write_layer(context)
    ends = {node.name for node in network.outputs}
    for position, node in enumerate(nodes):
        if position in made and position >= inputs and node.name in ends:
            graph.output(made[position])


def _input(graph: Graph, network: Network, position: int) -> Value:
    """Add an input: numbers of words as a list of whole numbers, all others as a map."""
    node = network.nodes[position]
    readers = [each for each in network.nodes if position in each.sources]
    words = bool(readers) and all(each.applied.operation.word == "embedding" for each in readers)
    _, height, width = shape = node.applied.output
    if not words:
        return graph.fed(node.name, (1, *shape))
    return graph.fed(node.name, (1, height) if width == 1 else (1, height, width), INT64)


def _places(graph: Graph, network: Network) -> dict[int, str]:
    """Name the places of maxima, for each unpooling and the last pooling before it that it undoes."""
    found: dict[int, str] = {}
    pooled: dict[object, list[int]] = {}
    for position, node in enumerate(network.nodes):
        applied, word = node.applied, node.applied.operation.word
        if word not in ("max_pool", "max_unpool") or node.multiplicity.training:
            continue
        held = vars(applied.operation)
        windows = (held["kernel"], held["stride"] or held["kernel"], held["pad"])
        if word == "max_pool":
            pooled.setdefault((windows, applied.inputs[0], applied.output), []).append(position)
        elif pools := pooled.get((windows, applied.output, applied.inputs[0])):
            last = pools.pop()
            found[position] = found[last] = graph.fresh(f"{network.nodes[last].name}:places")
    return found


def _remarks(report: Report) -> Iterator[str]:
    """Yield what the file does not hold."""
    yield from left_out(report)
