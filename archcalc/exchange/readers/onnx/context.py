"""What an ONNX operation sees while its node is read: its inputs, its attributes, and the net that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.arrays import whole_numbers
from archcalc.exchange.tensors import Const, ModelFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.exchange.operands import Operand, Operands
    from archcalc.exchange.readers.onnx.model import OnnxGraph, OnnxNode, OnnxValue


MARKS_WEIGHTS = "archcalc"
"""The producer of files that say of each input whether it is a weight."""


class Context:
    """One node, and where the tensors of the graph are."""

    def __init__(self, net: Operands, graph: OnnxGraph) -> None:
        self.net = net
        self.graph = graph
        self.known: dict[str, Operand] = {}
        self.depth = 0
        self.described: dict[str, OnnxValue] | None = None
        self.lists: dict[str, list[Operand]] = {}
        self.node: OnnxNode
        self.opset = graph.opset
        self.has_marks = graph.producer.startswith(MARKS_WEIGHTS)
        """Whether weights are inputs that say so, and whatever else the file holds is a constant."""

    def has(self, place: int) -> bool:
        """Whether the node has an input at that place; inputs may be left out."""
        return place < len(self.node.inputs) and self.node.inputs[place] != ""

    def arg(self, place: int) -> Operand:
        """Return an input, a node or a constant."""
        if not self.has(place):
            raise ModelFault(f"it has no input {place + 1}")
        name = self.node.inputs[place]
        found = self.known.get(name)
        if found is None:
            raise ModelFault(f"it reads {name!r}, which nothing before it makes")
        return found

    def args(self) -> list[Operand]:
        """Return all inputs."""
        return [self.arg(place) for place in range(len(self.node.inputs)) if self.has(place)]

    def tensor(self, place: int) -> int:
        """Return an input as a node."""
        return self.net.node(self.arg(place))

    def const(self, place: int, what: str) -> Const:
        """Return an input that has to be a constant."""
        found = self.arg(place)
        if not isinstance(found, Const):
            raise ModelFault(f"its {what} depends on the input of the network, and so cannot be worked out")
        return found

    def weights(self, *places: int) -> list[Const]:
        """Return the weights among some inputs; those that are left out, or known to be constants, are skipped."""
        found = [self.const(place, "weight") for place in places if self.has(place)]
        return [weight for weight in found if weight.learned] if self.has_marks else found

    def ints(self, attribute: str, place: int, default: Sequence[int] | None = None) -> Sequence[int] | None:
        """Return whole numbers that stand in an attribute, or (since a later opset) in an input."""
        if attribute in self.node.attributes:
            held = self.node.attributes[attribute]
            if isinstance(held, int):
                return (held,)
            if isinstance(held, tuple) and all(isinstance(each, int) for each in held):
                return held
            raise ModelFault(f"its {attribute} is no list of whole numbers")
        if place >= 0 and self.has(place):
            return whole_numbers(self.const(place, attribute), attribute)
        return default

    def scalar(self, attribute: str, place: int, default: float | None) -> float | None:
        """Return a number that stands in an attribute or in an input; None where it is not known."""
        held = self.node.attributes.get(attribute)
        if isinstance(held, (int, float)):
            return held
        if place >= 0 and self.has(place):
            values = self.const(place, attribute).values
            return None if not values else float(values[0])
        return default

    def whole(self, attribute: str, default: int) -> int:
        """Return an attribute that is a whole number."""
        held = self.attribute(attribute, default)
        if not isinstance(held, int):
            raise ModelFault(f"its {attribute} is no whole number")
        return held

    def word(self, attribute: str, default: str) -> str:
        """Return an attribute that is a word."""
        return str(self.attribute(attribute, default))

    def attribute(self, name: str, default: Any) -> Any:
        """Return an attribute."""
        return self.node.attributes.get(name, default)

    def outputs(self) -> int:
        """Return how many outputs somebody may read."""
        return len(self.node.outputs)
