"""The last look at a graph: what nobody reads goes, neighbours that are one operation become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.exchange.graph import Graph, GraphNode


def cleaned(graph: Graph) -> Graph:
    """Return the graph without dead nodes, crops of crops and steps of steps, numbered anew."""
    return _numbered(_merged(_numbered(graph)))


def _merged(graph: Graph) -> Graph:
    """Make crops and takings of every n-th place, one axis at a time, one node each."""
    nodes = {node.id: node for node in graph.nodes}
    users = graph.users()
    read = {output.node for output in graph.outputs}
    found = []
    for node in graph.nodes:
        before = nodes[node.inputs[0]] if len(node.inputs) == 1 else None
        if before is not None and len(users[before.id]) == 1 and before.id not in read:
            settings = _joint(before, node)
            if settings is not None:
                node = node.replace(inputs=before.inputs, settings=settings)
                nodes[node.id] = node
        found.append(node)
    return graph.replace(nodes=tuple(found))


def _joint(first: GraphNode, second: GraphNode) -> dict[str, Any] | None:
    """Return the settings of both in one, or None where they are not one operation."""
    if first.word == second.word == "crop":
        both = dict(second.settings)
        for side in ("top", "left"):
            start = first.settings.get(side, 0) + second.settings.get(side, 0)
            if start:
                both[side] = start
        return both
    steps = [node.settings.get("stride") for node in (first, second)]
    taken = all(node.word == "max_pool" and node.settings.get("kernel") == 1 for node in (first, second))
    if taken and all(isinstance(step, list) for step in steps):
        height, width = (a * b for a, b in zip(*steps, strict=True))
        return {**second.settings, "stride": height if height == width else [height, width]}
    return None


def _numbered(graph: Graph) -> Graph:
    """Leave out what no output depends on, and number the rest in order."""
    alive: set[int] = set()
    serving: set[int] = set()
    for outputs, found in ((graph.outputs, alive), ([o for o in graph.outputs if not o.training], serving)):
        found.update(output.node for output in outputs)
        for node in reversed(graph.nodes):
            if node.id in found:
                found.update(node.inputs)
    kept = [node for node in graph.nodes if node.id in alive or node.word == "input"]
    number = {node.id: place for place, node in enumerate(kept)}
    nodes = [
        node.replace(
            id=number[node.id],
            inputs=tuple(number[source] for source in node.inputs),
            training=node.id not in serving and node.word != "input",
        )
        for node in kept
    ]
    outputs = [output.replace(node=number[output.node]) for output in graph.outputs]
    return graph.replace(nodes=tuple(nodes), outputs=tuple(outputs))


VECTORS = frozenset(
    ("bn", "scale", "layer_norm", "group_norm", "instance_norm", "rms_norm", "l2_norm", "prelu", "position")
)
"""Layers whose weights are vectors alone, which are equal before anything is learned."""


def apart(graph: Graph) -> Graph:
    """Give normalisations weights of their own where a file has merged equal ones, as exporters do before training.

    Those that follow a layer which does share its weights keep sharing theirs.
    """
    first: dict[tuple[str, ...], int] = {}
    shares: set[int] = set()
    nodes = []
    for node in graph.nodes:
        owner = first.setdefault(node.weights, node.id) if node.weights else node.id
        if owner != node.id:
            vectors = node.word in VECTORS or (node.word == "custom" and not node.macs)
            if vectors and not any(source in shares for source in node.inputs):
                node = node.replace(weights=tuple(f"{key} of {node.id}" for key in node.weights))
            else:
                shares.add(node.id)
        elif not node.weights and len(node.inputs) == 1 and node.inputs[0] in shares:
            shares.add(node.id)
        nodes.append(node)
    return graph.replace(nodes=tuple(nodes))
