"""A network: its layers in the order in which they run, with shapes, and nothing counted yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.language.networks import NetworkSpec
    from archcalc.operations.base import Operation, ReadsOfAxes, Shape
    from archcalc.text.tree import Node as TreeNode


class Counts(NamedTuple):
    """What one operation on one input comes to, for one image."""

    params: int
    params_by_kind: dict[str, int]
    buffers: int
    ops: dict[str, int]
    stored: int
    reads: ReadsOfAxes


class Applied:
    """An operation on inputs of certain shapes. Equal layers share one, so that they are worked out once."""

    __slots__ = ("counts", "inputs", "operation", "output")

    def __init__(self, operation: Operation, inputs: tuple[Shape, ...], output: Shape) -> None:
        self.operation = operation
        self.inputs = inputs
        self.output = output
        self.counts: Counts | None = None  # worked out when it is first asked for


class Multiplicity(NamedTuple):
    """What holds for all nodes of a part: how often it runs, how likely, and whether in training only."""

    times: int = 1
    survival: Any = 1
    training: bool = False


class Node(NamedTuple):
    """One primitive layer; ``sources`` are the positions of the nodes that it reads."""

    name: str
    applied: Applied
    sources: tuple[int, ...]
    place: TreeNode
    multiplicity: Multiplicity


class Network(Record):
    """A spec that has been written out for one input."""

    spec: NetworkSpec
    values: dict[str, Any]
    nodes: tuple[Node, ...]
    remarks: tuple[str, ...]

    @property
    def input(self) -> Shape:
        """The shape of the input image."""
        return self.nodes[0].applied.output
