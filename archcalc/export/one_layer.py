"""What every writer of one layer for a graph format sees: the layer, and the tensors that flow in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from archcalc.export.exported import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.engine.network import Node
    from archcalc.errors import RequestError
    from archcalc.operations.base import Shape


class Sized(Protocol):
    """A tensor of a format, which knows its size."""

    @property
    def dims(self) -> tuple[int, ...]:
        """Its size: 1 x C x H x W for a map, 1 x C for a vector."""


Tensor = TypeVar("Tensor", bound=Sized)


class OneLayer(Generic[Tensor]):
    """One layer of a network that is written for a format."""

    title: ClassVar[str]
    """What the format is called where a layer is refused."""

    def __init__(self, node: Node, inputs: Sequence[Tensor]) -> None:
        self.node = node
        self.inputs = inputs
        self.operation: Any = node.applied.operation
        self.shapes = node.applied.inputs
        self.output = node.applied.output

    @property
    def shape(self) -> Shape:
        """The shape of its first input."""
        return self.shapes[0]

    @property
    def dims(self) -> tuple[int, ...]:
        """The size of its output as a map."""
        return (1, *self.output)

    def refuse(self, why: str) -> RequestError:
        """Return the error for a layer that the format cannot express."""
        return refuse(self.title, self.node, why)

    def map(self, place: int = 0) -> Tensor:
        """Return an input as a map."""
        tensor, dims = self.inputs[place], (1, *self.shapes[place])
        return tensor if tensor.dims == dims else self.reshaped(tensor, dims)

    def reshaped(self, tensor: Tensor, dims: tuple[int, ...]) -> Tensor:
        """Return a tensor in another size of as many values."""
        raise NotImplementedError
