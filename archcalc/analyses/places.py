"""Linear layers that take a sequence as one vector where one for each place was meant.

A framework's linear layer works on the last axis alone; ``fc`` takes all places together. In a residual branch of a
transformer that gives one vector, which the addition repeats over the places, and far too many parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.network import Network, Node


def lost_places(network: Network) -> Iterator[tuple[str, str]]:
    """Yield each addition that repeats the vector of an ``fc`` over the places that it read, with what to say of it."""
    vectors: list[Node | None] = []
    """For each layer, the ``fc`` of several places that a chain of vectors up to it begins with."""
    for node in network.nodes:
        vectors.append(_start(node, vectors))
        output = node.applied.output
        if node.applied.operation.word != "add":
            continue
        for start in filter(None, (vectors[source] for source in node.sources)):
            if start.applied.inputs[0][1:] == output[1:]:
                yield (
                    node.name,
                    f"{start.name} takes all {output.height * output.width} places as one vector, which is repeated "
                    "here over the places; a linear layer of each place is a conv",
                )


def _start(node: Node, vectors: list[Node | None]) -> Node | None:
    if len(node.sources) != 1 or node.applied.output[1:] != (1, 1):
        return None
    if node.applied.operation.word == "fc" and node.applied.inputs[0][1:] != (1, 1):
        return node
    return vectors[node.sources[0]]
