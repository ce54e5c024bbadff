"""A network: its layers in the order in which they run, with shapes, before counting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.language.networks import NetworkSpec
    from archcalc.operations.base import Operation, ReadsOfAxes, Shape
    from archcalc.text.tree import Node as TreeNode


class Counts(NamedTuple):
    """Parameters, work and stored values of one operation, per image."""

    params: int
    params_by_kind: dict[str, int]
    buffers: int
    ops: dict[str, int]
    stored: int
    reads: ReadsOfAxes


class Applied:
    """An operation applied to inputs of certain shapes. Equal layers share one, so that it is counted once."""

    __slots__ = ("counts", "inputs", "operation", "output")

    def __init__(self, operation: Operation, inputs: tuple[Shape, ...], output: Shape) -> None:
        self.operation = operation
        self.inputs = inputs
        self.output = output
        self.counts: Counts | None = None  # computed when first needed

    @property
    def has_weights(self) -> bool:
        """Whether it has parameters or buffers."""
        return any(formula.of != "ops" for formula in self.operation.formulas())

    def same_weights(self, other: Applied) -> bool:
        """Whether both could use the same weights: equal operations with weights of equal sizes."""
        return self.operation == other.operation and self._weights() == other._weights()

    def _weights(self) -> list[tuple[str, int]]:
        quantities = self.operation.quantities(self.inputs, self.output)
        return [
            (formula.kind, formula.value(quantities)) for formula in self.operation.formulas() if formula.of != "ops"
        ]


class Multiplicity(NamedTuple):
    """How often the nodes of a part run, with what probability, and whether in training only."""

    times: int = 1
    survival: Any = 1
    training: bool = False


class Node(NamedTuple):
    """One primitive layer.

    ``sources`` are the positions of the nodes that it reads; ``weights`` is the position of the layer whose weights it
    uses, None where they are its own.
    """

    name: str
    applied: Applied
    sources: tuple[int, ...]
    place: TreeNode
    multiplicity: Multiplicity
    weights: int | None = None


class Call(NamedTuple):
    """A block where it was called: what its layers' names begin with, and its arguments, defaults included."""

    path: str
    block: str
    arguments: dict[str, Any]
    numbered: bool
    """Whether the spec gives it no name, so that it is called by the block's name and a number."""


class Network(Record):
    """A spec that has been expanded for its inputs, which are the first of its nodes."""

    spec: NetworkSpec
    values: dict[str, Any]
    nodes: tuple[Node, ...]
    remarks: tuple[str, ...]
    calls: tuple[Call, ...] = ()
    """The blocks that it consists of, in the order in which they begin."""

    @property
    def input(self) -> Shape:
        """The shape of the input; of the first if there are several."""
        return self.nodes[0].applied.output

    @property
    def inputs(self) -> dict[str, Shape]:
        """The shapes of all inputs by name."""
        return {node.name: node.applied.output for node in self.nodes[: len(self.spec.input)]}

    @property
    def outputs(self) -> tuple[Node, ...]:
        """The layers whose output no other layer reads, without training branches."""
        read = {source for node in self.nodes if not node.multiplicity.training for source in node.sources}
        return tuple(
            node for position, node in enumerate(self.nodes) if position not in read and not node.multiplicity.training
        )
