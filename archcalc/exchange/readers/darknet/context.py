"""What a Darknet section sees: the layers before it, its settings, and the net that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.tensors import Const, ModelFault, TextFault, by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.readers.darknet.sections import Section

ACTIVATIONS = {
    "leaky": ("leaky_relu", {"slope": 0.1}), "relu": ("relu", {}), "logistic": ("sigmoid", {}), "mish": ("mish", {}),
    "swish": ("swish", {}), "tanh": ("tanh", {}), "elu": ("elu", {}), "selu": ("selu", {}), "gelu": ("gelu", {}),
    "relu6": ("relu6", {}), "hardtan": ("hard_tanh", {}), "hard_mish": ("hard_mish", {}), "silu": ("swish", {}),
    "softplus": ("softplus", {}), "hardswish": ("hard_swish", {}),
}  # fmt: skip


class Layers:
    """The layers so far, and the section at hand."""

    def __init__(self, net: Operands) -> None:
        self.net = net
        self.last = 0
        self.outputs: list[int] = []
        self.heads: set[int] = set()
        self.section: Section
        self.index = 0

    def at(self, place: int) -> int:
        """Return the output of a layer: a negative number counts from here, another one from the first layer."""
        index = self.index + place if place < 0 else place
        if not 0 <= index < self.index:
            raise TextFault(f"layer {place} is not before this one ({self.index})", self.section.line)
        return self.outputs[index]

    def shape(self) -> tuple[int, int, int]:
        """Return channels, height and width of what flows in."""
        shape = self.net.shape(self.last)
        if len(shape) != 4:
            raise ModelFault(f"its input is a map, not {by(shape[1:])}" if len(shape) > 1 else "it has no input")
        return shape[1], shape[2], shape[3]

    def weight(self, what: str, *dims: int) -> Const:
        """Return a learned weight; layers that name an earlier one share it."""
        share = self.section.whole("share_index", -1)
        owner = self.index if share == -1 and "share_index" not in self.section.settings else (
            self.index + share if share < 0 else share
        )  # fmt: skip
        return Const(dims, None, f"{owner}/{what}", learned=True)

    def activated(self, x: int, default: str) -> int:
        """Add the section's activation."""
        word = self.section.text("activation", default)
        if word == "linear":
            return x
        fn, settings = ACTIVATIONS.get(word, (word, {}))
        return self.net.act(x, fn, **settings)

    def normalised(self, x: int, filters: int) -> int:
        """Add batch norm: scales of its own, and the layer's biases as shifts."""
        scale, shift = self.weight("scales", filters), self.weight("biases", filters)
        return self.net.norm(x, "batch", [scale, shift], scale=True, shift=True, buffers=2 * filters)

    def results(self) -> Iterator[tuple[int, int]]:
        """Yield the layers at which the network ends: the heads, and the last one."""
        for index, number in enumerate(self.outputs):
            if index in self.heads or index == len(self.outputs) - 1:
                yield index, number
