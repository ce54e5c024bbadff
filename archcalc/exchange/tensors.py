"""A network as a file's tensors: what every reader builds, before it is put into archcalc's words.

A node has one output and the size of every axis of it, the batch of one included. What a file calls a layer may become
several nodes; what only moves or names values stays a node too, until the layout of channels and places is worked out.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class ModelFault(Exception):  # noqa: N818 - becomes an error at the node's place
    """What is wrong with, or not understood about, the part of a file that is being read."""


class Origin(Record):
    """Where in its file a node comes from: the file's own name for it, its operation, and its place."""

    name: str
    op: str
    index: int
    path: str = ""
    """The path of the module that it belongs to, such as ``layer1.0.conv1``, where the file has it."""
    cls: str = ""
    """The class of that module, where the file has it."""
    line: int = -1
    """Line in a text file, counted from 0; -1 in a binary one."""
    column: int = 0


class Const(Record):
    """A tensor that does not depend on the network's input: a weight, or a constant that sizes are computed from."""

    dims: tuple[int, ...]
    values: tuple[Any, ...] | None = None
    """All values in order, where the tensor is small and was read; None where only its size is known."""
    key: str = ""
    """The name of the stored weight that it is; equal keys are one weight, used in several places."""
    learned: bool = False
    """Whether it is a parameter; buffers, and constants of formulas, are not."""
    roots: tuple[tuple[str, int], ...] = ()
    """Name and size of the stored weights that it was computed from, where it is not one as it is stored."""
    macs: int = 0
    """Products that computing it from weights takes, each time that the network runs."""

    @property
    def stored(self) -> tuple[tuple[str, int], ...]:
        """Name and size of the stored weights that it comes from."""
        return self.roots or (((self.key, self.size),) if self.learned else ())

    @property
    def params(self) -> int:
        """How many parameters the weights hold that it comes from."""
        return sum(size for _, size in self.stored)

    @property
    def size(self) -> int:
        """How many values it has."""
        return prod(self.dims)


class Node(Record):
    """One operation on tensors."""

    id: int
    kind: str
    inputs: tuple[int, ...]
    shape: tuple[int, ...]
    attrs: dict[str, Any]
    weights: tuple[Const, ...]
    origin: Origin
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many values its output has."""
        return prod(self.shape)


class Net:
    """The nodes of a file in the order in which they run, while they are being collected and rewritten."""

    def __init__(self) -> None:
        self.nodes: dict[int, Node] = {}
        self.outputs: dict[str, int] = {}
        self.training: dict[str, int] = {}
        """Outputs that only training uses, such as the head of an auxiliary classifier."""
        self.remarks: list[str] = []
        self.origin = Origin("", "", -1)
        self._next = 0

    def add(
        self,
        kind: str,
        inputs: Sequence[int],
        shape: Sequence[int],
        weights: Sequence[Const] = (),
        notes: Sequence[str] = (),
        **attrs: Any,
    ) -> int:
        """Add a node that comes from the part of the file being read; return its number."""
        shape = tuple(shape)
        check_shape(shape)
        node = Node(self._next, kind, tuple(inputs), shape, attrs, tuple(weights), self.origin, tuple(notes))
        self.nodes[node.id] = node
        self._next += 1
        return node.id

    def remark(self, text: str) -> None:
        """Note what a user should know about this import, once."""
        if text not in self.remarks:
            self.remarks.append(text)

    def shape(self, node: int) -> tuple[int, ...]:
        """Return the size of a node's output."""
        return self.nodes[node].shape

    def users(self) -> dict[int, list[int]]:
        """Return which nodes read each node; outputs of the network are read by -1."""
        found: dict[int, list[int]] = {node: [] for node in self.nodes}
        for node in self.nodes.values():
            for source in node.inputs:
                found[source].append(node.id)
        for source in (*self.outputs.values(), *self.training.values()):
            found[source].append(-1)
        return found

    def replace_all(self, rule: Callable[[Node], int | None]) -> None:
        """Rebuild the net: each node, its inputs up to date, is kept or becomes the node that the rule returns."""
        old, self.nodes = self.nodes, {}
        became: dict[int, int] = {}
        for node in old.values():
            now = node
            if became and not became.keys().isdisjoint(node.inputs):
                now = node.replace(inputs=tuple(became.get(source, source) for source in node.inputs))
            self.origin = now.origin
            self.nodes[now.id] = now
            found = rule(now)
            if found is not None and found != now.id:
                became[now.id] = found
        for outputs in (self.outputs, self.training):
            for name, source in outputs.items():
                outputs[name] = became.get(source, source)
        self.prune()

    def prune(self) -> None:
        """Remove the nodes that no output depends on; inputs of the network stay."""
        alive = set(self.outputs.values()) | set(self.training.values())
        for node in reversed(self.nodes.values()):
            if node.id in alive:
                alive.update(node.inputs)
        self.nodes = {node.id: node for node in self.nodes.values() if node.id in alive or node.kind == "input"}

    def in_order(self) -> Iterator[Node]:
        """Yield the nodes as they run, while they may be replaced."""
        for number in list(self.nodes):
            yield self.nodes[number]


MAX_SIZE = 10**12
"""Values of one tensor."""


def check_shape(shape: Sequence[int]) -> None:
    """Raise ModelFault for a shape that no tensor has."""
    if len(shape) > 16:
        raise ModelFault(f"a tensor of {len(shape)} axes")
    size = 1
    for length in shape:
        if length < 1:
            raise ModelFault(f"its output would be {by(shape)}: nothing is left")
        size *= length
    if size > MAX_SIZE:
        raise ModelFault(f"its output would be {by(shape)}, more than {MAX_SIZE:,} values")


def by(shape: Sequence[object]) -> str:
    """Write a shape: ``64 x 56 x 56``."""
    return " x ".join(map(str, shape)) or "a single value"


class TextFault(ModelFault):
    """What is wrong at one place of a text: line and column count from 0."""

    def __init__(self, message: str, line: int, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
