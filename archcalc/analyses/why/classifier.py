"""A network with another number of classes, or without its classifier: the end of it made anew, the rest as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.network import Applied, Network, Node
from archcalc.operations.base import ShapeError

if TYPE_CHECKING:
    from archcalc.operations.base import Operation

_OUTPUTS = {"conv": "filters", "fc": "out_features"}
"""Operations that can be a classifier, and the setting that is the number of classes."""


def classes_of(network: Network) -> int | None:
    """Return the number of classes: the filters of the one weighted layer that no other weighted layer reads.

    None where there are several such layers, or one that meets another branch afterwards.
    """
    ends = [position for position in _classifiers(network) if not network.nodes[position].multiplicity.training]
    if len(ends) != 1 or not _alone(network, ends[0]):
        return None
    return network.nodes[ends[0]].applied.output.channels


def with_classes(network: Network, classes: int) -> Network | None:
    """Return a network whose classifiers, auxiliary ones too, have so many outputs; None where that cannot be."""
    before = classes_of(network)
    if before is None:
        return None
    changed = {
        position
        for position in _classifiers(network)
        if network.nodes[position].applied.output.channels == before and _alone(network, position)
    }
    nodes = list(network.nodes)
    made: set[int] = set()
    for position, node in enumerate(nodes):
        if position not in changed and made.isdisjoint(node.sources):
            continue
        applied = _applied(nodes, node, classes if position in changed else None)
        if applied is None:
            return None
        nodes[position] = node._replace(applied=applied)
        made.add(position)
    return network.replace(nodes=tuple(nodes))


def without_classifier(network: Network) -> Network | None:
    """Return a network without the fully connected layers at its end and all after them.

    Where there are none, a 1 x 1 convolution that is the classifier goes; None if there is none either.
    """
    start = _first_of_fully_connected(network)
    if start is None and classes_of(network) is not None:
        (last,) = (end for end in _classifiers(network) if not network.nodes[end].multiplicity.training)
        if vars(network.nodes[last].applied.operation).get("kernel") == (1, 1):
            start = last
    return None if not start else network.replace(nodes=network.nodes[:start])


def _first_of_fully_connected(network: Network) -> int | None:
    """Return the position of the first fully connected layer of those at the end, with nothing weighted between."""
    nodes = network.nodes
    readers: dict[int, int] = {}
    for node in nodes:
        for source in node.sources:
            readers[source] = readers.get(source, 0) + 1
    start = None
    position = len(nodes) - 1
    while position > 0 and nodes[position].sources == (position - 1,) and not nodes[position].multiplicity.training:
        operation = nodes[position].applied.operation
        if operation.counts_in_depth and operation.word != "fc":
            break
        if operation.word == "fc":
            start = position
        if readers.get(position - 1, 0) > 1:
            break
        position -= 1
    return start


def _classifiers(network: Network) -> list[int]:
    """Return the positions of weighted layers whose output reaches no other weighted layer."""
    nodes = network.nodes
    weighted = [node.applied.operation.counts_in_depth for node in nodes]
    leads_on = [False] * len(nodes)  # whether a weighted layer comes after it
    for position in range(len(nodes) - 1, -1, -1):
        for source in nodes[position].sources:
            leads_on[source] = leads_on[source] or weighted[position] or leads_on[position]
    return [
        position
        for position, node in enumerate(nodes)
        if weighted[position] and not leads_on[position] and node.applied.operation.word in _OUTPUTS
    ]


def _alone(network: Network, classifier: int) -> bool:
    """Whether what a classifier gives meets no other branch: then its channels can be others."""
    after = {classifier}
    for position in range(classifier + 1, len(network.nodes)):
        sources = network.nodes[position].sources
        if not after.isdisjoint(sources):
            if len(sources) > 1:
                return False
            after.add(position)
    return True


def _applied(nodes: list[Node], node: Node, outputs: int | None) -> Applied | None:
    """Apply the operation of a node to what its sources give now, maybe with other outputs; None if it cannot be."""
    operation = node.applied.operation
    if outputs is not None:
        operation = _with_outputs(operation, outputs)
    inputs = tuple(nodes[source].applied.output for source in node.sources)
    try:
        return Applied(operation, inputs, operation.output(*inputs))
    except ShapeError:
        return None


def _with_outputs(operation: Operation, outputs: int) -> Operation:
    return type(operation).make({**vars(operation), _OUTPUTS[operation.word]: outputs})
