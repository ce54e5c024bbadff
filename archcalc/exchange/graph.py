"""A network from another program's file in archcalc's words: what readers make, and specs are written from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.exchange.tensors import Origin


class GraphNode(Record):
    """One operation of a network, for one image."""

    id: int
    """Its place in the graph: inputs stand before it."""
    word: str
    """The operation as a spec names it; ``input`` for an input."""
    settings: dict[str, Any]
    """Settings as a spec would write them: numbers, words, lists, mappings; defaults are left out."""
    inputs: tuple[int, ...]
    shape: tuple[int, int, int]
    """Channels, height and width of its output; a sequence of L places is C x L x 1."""
    origin: Origin
    """Where it comes from: the file's own name, operation, module path and class, node index, line."""
    file_shape: tuple[int, ...] = ()
    """The output's axes as the file has them, the batch of one included."""
    weights: tuple[str, ...] = ()
    """The stored weights it uses; two nodes with the same weights share them."""
    params: int = 0
    """Parameters by the file's own sizes of its weights, whether or not they are shared with another node."""
    macs: int = 0
    """MACs by the file's own sizes: weights times places, or products of two tensors."""
    buffers: int = 0
    """Running statistics."""
    notes: tuple[str, ...] = ()
    training: bool = False
    """Whether only an output that serves training needs it."""


class GraphOutput(Record):
    """A result of the network."""

    name: str
    node: int
    training: bool = False


class Row(Record):
    """What a file itself says of one layer with weights or products, to hold a written spec against."""

    node: int
    name: str
    op: str
    output: tuple[int, int, int]
    params: int
    macs: int
    shared: bool
    """Whether an earlier row has the same weights."""


class Graph(Record):
    """A network as a list of nodes in the order in which they run, each behind what it reads."""

    file: str
    format: str
    """The kind of file, in words: ONNX, Caffe, Darknet, Keras, PyTorch."""
    name: str
    """The network's own name, where the file has one."""
    nodes: tuple[GraphNode, ...]
    outputs: tuple[GraphOutput, ...]
    remarks: tuple[str, ...]
    """What a user should know about this import."""

    @property
    def inputs(self) -> tuple[GraphNode, ...]:
        """The inputs, in the file's order."""
        return tuple(node for node in self.nodes if node.word == "input")

    def users(self) -> dict[int, list[int]]:
        """Return which nodes read each node."""
        found: dict[int, list[int]] = {node.id: [] for node in self.nodes}
        for node in self.nodes:
            for source in node.inputs:
                found[source].append(node.id)
        return found

    def table(self) -> Iterator[Row]:
        """Yield the layers with weights or products, in order."""
        seen: set[tuple[str, ...]] = set()
        for node in self.nodes:
            if node.params or node.macs:
                shared = bool(node.weights) and node.weights in seen
                seen.add(node.weights)
                name = node.origin.path or node.origin.name
                yield Row(node.id, name, node.origin.op, node.shape, node.params, node.macs, shared)

    @property
    def params(self) -> int:
        """Parameters of the network, shared ones once, without those that only training needs."""
        training = {node.id for node in self.nodes if node.training}
        return sum(row.params for row in self.table() if not row.shared and row.node not in training)

    @property
    def macs(self) -> int:
        """MACs of the network, without those that only training needs."""
        return sum(node.macs for node in self.nodes if not node.training)
