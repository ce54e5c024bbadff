"""A network as values and their readers, without views and folded layers, and which layers gradients flow through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.engine.layer import Layer


class Graph:
    """The layers that write a value, and the values that each of them reads.

    A value is identified by the position of the layer that writes it. A view has no value of its own: ``value`` maps it
    to the one it shows. With ``fold``, a normalisation that is merged into the weights of the layer before it has none
    either. Without ``in_place`` every layer writes to memory of its own.
    """

    def __init__(self, layers: Sequence[Layer], *, fold: bool = False, in_place: bool = True) -> None:
        self.in_place = in_place
        self.layers = {layer.position: layer for layer in layers}
        self.value: dict[int, int] = {}
        self.folded = _folded(layers) if fold else frozenset()
        self.steps: list[int] = []
        """Positions of the layers that write a value, in order."""
        self.inputs: dict[int, tuple[int, ...]] = {}
        """Layer to the values that it reads."""
        self.readers: dict[int, list[int]] = {}
        """Value to the layers that read it."""
        self.values: dict[int, int] = {}
        """Number of values that a layer writes for one image."""
        self.trains: dict[int, bool] = {}
        """Whether a layer or one before it has parameters, so that a gradient flows through it."""
        read: set[int] = set()
        for layer in layers:
            self._add(layer)
            read.update(layer.node.sources)
        self.outputs = frozenset(self.value[layer.position] for layer in layers if layer.position not in read)
        """Values that no layer reads: the outputs of the network."""

    def _add(self, layer: Layer) -> None:
        position, sources = layer.position, layer.node.sources
        self.trains[position] = bool(layer.params) or any(self.trains[source] for source in sources)
        if layer.operation.view or position in self.folded:
            self.value[position] = self.value[sources[0]]
            return
        self.value[position] = position
        self.steps.append(position)
        self.readers[position] = []
        self.values[position] = _values(layer)
        self.inputs[position] = tuple(dict.fromkeys([self.value[source] for source in sources]))
        for source in self.inputs[position]:
            self.readers[source].append(position)

    def overwrites(self, position: int) -> int | None:
        """Return the value that a layer may overwrite once nothing else needs it; None if there is none.

        Layers that add nothing to the activation memory work in place.
        """
        sources = self.inputs[position]
        if len(sources) != 1 or not self.in_place or self.layers[position].operation.stores:
            return None
        return sources[0] if self.values[sources[0]] == self.values[position] else None

    def saved(self, position: int) -> tuple[int, ...]:
        """Return the values that a layer's backward pass needs."""
        if not self.trains[position]:
            return ()
        what = self.layers[position].operation.saved_for_backward
        if what == "input":
            return self.inputs[position]
        return (position,) if what == "output" else ()

    def views(self, *, training: bool, apart: frozenset[int] = frozenset()) -> dict[int, int]:
        """Return which values can be written straight into their place in a concatenation: value to concatenation.

        A value is part of the first concatenation that takes all of it, and with that part of the next. So is what a
        layer overwrites in place, unless something else needs it. The image comes from outside and stays where it is,
        as do values in ``apart``.
        """
        kept = {value for position in self.steps for value in self.saved(position)} if training else set()
        views: dict[int, int] = {}
        for position in self.steps:
            if not self.layers[position].operation.concatenates:
                continue
            for source in self.layers[position].node.sources:
                value: int | None = self.value[source]
                if value is None or self.values[value] != _values(self.layers[source]):
                    continue
                while value is not None and self.layers[value].inputs and value not in views and value not in apart:
                    views[value] = position
                    before = self.overwrites(value)
                    alone = before is not None and self.readers[before] == [value] and before not in kept
                    value = before if alone else None
        for value in sorted(views, reverse=True):
            views[value] = views.get(views[value], views[value])
        return views


def _values(layer: Layer) -> int:
    return layer.output.values * layer.times


def _folded(layers: Sequence[Layer]) -> frozenset[int]:
    """Return the normalisations that follow a layer with weights as its only reader."""
    readers: dict[int, int] = {}
    weighted: dict[int, bool] = {}
    for layer in layers:
        weighted[layer.position] = layer.operation.counts_in_depth
        for source in layer.node.sources:
            readers[source] = readers.get(source, 0) + 1
    return frozenset(
        layer.position
        for layer in layers
        if layer.operation.foldable and weighted[layer.node.sources[0]] and readers[layer.node.sources[0]] == 1
    )
