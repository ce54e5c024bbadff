"""What the writer of an operation sees: its layer, the tensors that flow in, and the graph that it adds to."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archcalc.export.one_layer import OneLayer
from archcalc.export.onnx.graph import FIXED, WEIGHT, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archcalc.engine.network import Node
    from archcalc.export.onnx.graph import Attribute, Graph

TITLE = "ONNX"


class Context(OneLayer[Value]):
    """One layer. A map is a tensor of 1 x C x H x W; what an fc or a flatten makes is a matrix of 1 x C."""

    title = TITLE

    def __init__(self, graph: Graph, node: Node, owner: str, inputs: Sequence[Value], places: str | None) -> None:
        super().__init__(node, inputs)
        self.graph = graph
        self.owner = owner
        """The name of the layer whose weights it uses: most often its own."""
        self.places = places
        """The tensor of the places of maxima, which a pooling makes and an unpooling reads; None for no such."""

    def vector(self) -> Value:
        """Return the first input as a matrix of one row."""
        value = self.inputs[0]
        if len(value.dims) == 2:
            return value
        return self.add("Flatten", [value], (1, prod(value.dims)), axis=1)

    def add(self, op: str, inputs: Sequence[Value | str], dims: Sequence[int], **attributes: Attribute) -> Value:
        """Add a node on the way to the layer's output."""
        value = Value(self.graph.fresh(f"{self.node.name}:{op.lower()}"), tuple(dims))
        return self._add(op, inputs, value, attributes)

    def end(self, op: str, inputs: Sequence[Value | str], dims: Sequence[int], **attributes: Attribute) -> Value:
        """Add the node that makes the layer's output, which has its name."""
        return self._add(op, inputs, Value(self.node.name, tuple(dims)), attributes)

    def _add(self, op: str, inputs: Sequence[Value | str], value: Value, attributes: Mapping[str, Attribute]) -> Value:
        self.graph.node(op, names_of(inputs), [value.name], attributes)
        self.graph.describe(value)
        return value

    def add_several(
        self, op: str, inputs: Sequence[Value | str], outputs: Sequence[Sequence[int] | None], **attributes: Attribute
    ) -> list[Value]:
        """Add a node with several outputs on the way; None is one that is left out."""
        values = [
            Value("" if dims is None else self.graph.fresh(f"{self.node.name}:{op.lower()}"), tuple(dims or ()))
            for dims in outputs
        ]
        self.graph.node(op, names_of(inputs), [value.name for value in values], attributes)
        for value in filter(lambda value: value.name, values):
            self.graph.describe(value)
        return values

    def weight(self, suffix: str, dims: Sequence[int], what: str = WEIGHT) -> Value:
        """Return a weight of the layer, or of the one that it shares weights with."""
        return self.graph.weight(f"{self.owner}.{suffix}", dims, f"{what} of {self.owner}")

    def kept(self, suffix: str, dims: Sequence[int]) -> Value:
        """Return what the layer keeps and does not train: running statistics, fixed positions."""
        return self.weight(suffix, dims, FIXED)

    def whole_numbers(self, values: Sequence[int]) -> str:
        """Return a list of whole numbers as a constant, one for all layers that need it."""
        return self.graph.whole_numbers("/".join(["whole", *map(str, values)]), values)

    def real(self, value: float) -> str:
        """Return a number as a constant without axes."""
        return self.graph.reals(f"real/{value!r}", [value], ())

    def filled(self, value: float, count: int) -> str:
        """Return one number so many times, as a constant."""
        return self.graph.reals(f"real/{value!r}/{count}", [value] * count, (count,))

    def reshaped(self, value: Value, dims: Sequence[int], *, last: bool = False) -> Value:
        """Give a tensor other axes; as the layer's output where that is the last node."""
        add = self.end if last else self.add
        return add("Reshape", [value, self.whole_numbers(dims)], dims)

    def turned(self, value: Value, order: Sequence[int], *, last: bool = False) -> Value:
        """Put the axes of a tensor into another order; as the layer's output where that is the last node."""
        add = self.end if last else self.add
        return add("Transpose", [value], [value.dims[axis] for axis in order], perm=order)

    def sliced(self, value: Value, axis: int, start: int, stop: int, step: int = 1, *, last: bool = False) -> Value:
        """Take part of an axis; as the layer's output where that is the last node."""
        dims = list(value.dims)
        dims[axis] = len(range(start, stop, step))
        bounds = [self.whole_numbers([number]) for number in (start, stop, axis, step)]
        return (self.end if last else self.add)("Slice", [value, *bounds], dims)


def names_of(inputs: Sequence[Value | str]) -> list[str]:
    """Return the names of tensors."""
    return [each if isinstance(each, str) else each.name for each in inputs]
