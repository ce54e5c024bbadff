"""What a Caffe layer sees: its bottoms, its settings, and the net that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.tensors import Const, ModelFault, by
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.exchange.operands import Operand, Operands
    from archcalc.exchange.readers.caffe.inputs import Inputs
    from archcalc.exchange.readers.caffe.network import CaffeLayer
    from archcalc.exchange.readers.caffe.prototext import Message


class Unread(Record):
    """A blob of a layer that archcalc does not know: an error once somebody reads it."""

    type: str
    name: str


class Context:
    """The layer at hand, and the blobs so far."""

    def __init__(self, net: Operands, inputs: Inputs) -> None:
        self.net = net
        self.inputs = inputs
        self.blobs: dict[str, Operand | Unread] = {}
        self.made: dict[int, str] = {}
        """The blob that each node was last known as."""
        self.losses: list[CaffeLayer] = []
        self.skipped: list[CaffeLayer] = []
        self.layer: CaffeLayer

    def arg(self, place: int = 0) -> Operand:
        """Return a bottom."""
        if place >= len(self.layer.bottoms):
            raise ModelFault(f"it has no bottom {place + 1}")
        name = self.layer.bottoms[place]
        found = self.blobs.get(name)
        if found is None:
            made = self.inputs.make(name)
            if made is None:
                raise ModelFault(f"its bottom {name!r} is no top of a layer before it")
            found = self.blobs[name] = made
            self.made[made] = name
        if isinstance(found, Unread):
            raise ModelFault(
                f"its bottom {name!r} comes from {found.name!r} ({found.type}), which archcalc does not know"
            )
        return found

    def node(self, place: int = 0) -> int:
        """Return a bottom as a node."""
        return self.net.node(self.arg(place))

    def args(self) -> list[Operand]:
        """Return all bottoms."""
        return [self.arg(place) for place in range(len(self.layer.bottoms))]

    def param(self, *names: str) -> Message:
        """Return the layer's settings: those of its type, under the first name that is there."""
        for name in names:
            found = self.layer.settings.message(name)
            if found.fields:
                return found
        return self.layer.settings.message(names[0])

    def weight(self, place: int, *dims: int) -> Const:
        """Return a learned weight; layers whose ``param`` gives it the same name share it."""
        held = self.layer.settings.all("param")
        name = held[place] if place < len(held) else ""
        shared = name if isinstance(name, str) else name.text("name")
        return Const(dims, None, f"param {shared}" if shared else f"{self.layer.name}/{place}", learned=True)

    def map(self) -> tuple[int, int, int]:
        """Return channels, height and width of the first bottom."""
        shape = self.net.dims(self.arg())
        if len(shape) != 4:
            raise ModelFault(f"its input is a map, N x C x H x W, not {by(shape)}")
        return shape[1], shape[2], shape[3]
