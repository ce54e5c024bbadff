"""The report of a network: its counted layers and their sums. Nothing here is rounded."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from archcalc.engine.layer import Layer, Setup, plain
from archcalc.engine.names import nearest_names, paths_to
from archcalc.errors import RequestError, printable
from archcalc.operations import KINDS_OF_PARAMS, KINDS_OF_WORK, macs_in
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.engine.network import Network
    from archcalc.operations.base import Shape

MAX_SHOWN = 80
"""Characters of an unknown name that an error repeats."""

SCHEMA = 1
"""Version of the JSON; it changes when a key changes its meaning or goes."""


class Totals(Record):
    """Sums over the layers of one image; :class:`Report` scales them to its batch and type."""

    params: int
    params_by_kind: dict[str, int]
    buffers: int
    ops: dict[str, int]
    stored: int
    skipped_macs: Any
    """MACs that stochastic depth skips on average; 0 if every layer always runs."""

    def plus(self, other: Totals) -> Totals:
        """Return both together."""
        return Totals(
            self.params + other.params,
            _together(self.params_by_kind, other.params_by_kind),
            self.buffers + other.buffers,
            _together(self.ops, other.ops),
            self.stored + other.stored,
            self.skipped_macs + other.skipped_macs,
        )


class Report(Record):
    """A counted network. ``layers`` has the input image first, then every primitive layer in order."""

    network: Network
    setup: Setup
    training: bool
    layers: tuple[Layer, ...]
    totals: Totals
    depth: int
    """Layers with weights of their own on the longest path."""
    training_layers: tuple[Layer, ...]
    training_totals: Totals | None

    @property
    def name(self) -> str:
        """The network's name."""
        return self.network.spec.name

    @property
    def title(self) -> str:
        """The network's title."""
        return self.network.spec.title

    @property
    def input(self) -> Shape:
        """The shape of the input image."""
        return self.network.input

    @property
    def params(self) -> int:
        """Parameters of all layers."""
        return self.totals.params

    @property
    def ops(self) -> dict[str, int]:
        """Work by kind, for the whole batch."""
        return {kind: self.totals.ops.get(kind, 0) * self.setup.batch for kind in KINDS_OF_WORK}

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations, for the whole batch."""
        return macs_in(self.totals.ops) * self.setup.batch

    @property
    def memory_values(self) -> int:
        """Values stored, the input image included, for the whole batch."""
        return self.totals.stored * self.setup.batch

    @property
    def memory_bytes(self) -> int:
        """Activation memory: the sum of the layers' ``memory_bytes``."""
        if self.setup.bits % 8 == 0:
            return self.setup.bytes_of(self.memory_values)
        return sum(layer.memory_bytes for layer in self.layers)

    @property
    def model_bytes(self) -> int:
        """Size of the parameters."""
        return self.setup.bytes_of(self.totals.params)

    @property
    def last_map(self) -> Layer:
        """The last layer whose output has more than one place; if none has, the last layer."""
        return next((layer for layer in reversed(self.layers) if layer.output[1:] != (1, 1)), self.layers[-1])

    @property
    def receptive_field(self) -> tuple[int, int] | None:
        """Receptive field of the last map with more than one place, in pixels; None if unknown."""
        return self.last_map.receptive_field

    @property
    def whole_image(self) -> bool:
        """Whether gates make that map depend on the whole image, beyond its receptive field."""
        return self.last_map.whole_image

    @property
    def expected_macs(self) -> int | None:
        """MACs expected under stochastic depth, or None if every layer always runs."""
        skipped = self.totals.skipped_macs
        return None if skipped == 0 else int((2 * (macs_in(self.totals.ops) - skipped) + 1) // 2) * self.setup.batch

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of all layers and of the composites that hold them, branches for training included."""
        return tuple(self._by_path)

    def find(self, path: str) -> tuple[Layer, ...]:
        """Return the layer with a path, or the counted layers of a composite.

        A training branch that is not counted is found by its own paths. Raises RequestError with the nearest names if
        there is no such path.
        """
        layers = self._by_path.get(path)
        if layers is None:
            known = nearest_names(path[:MAX_SHOWN], self._by_path)
            known = known or f"; archcalc show {printable(self.name)} --all names its layers"
            raise RequestError(f"{self.name} has no layer '{printable(path[:MAX_SHOWN])}'{known}")
        return tuple(layers)

    @cached_property
    def _by_path(self) -> dict[str, list[Layer]]:
        """Layers by their own path and by those of the composites that hold them."""
        by_path: dict[str, list[Layer]] = {}
        for layer in self.layers:
            for path in paths_to(layer.name):
                by_path.setdefault(path, []).append(layer)
        apart: dict[str, list[Layer]] = {}
        for layer in self.training_layers:
            for path in paths_to(layer.name):
                if path not in by_path:
                    apart.setdefault(path, []).append(layer)
        return by_path | apart

    def totals_to_json(self) -> dict[str, Any]:
        """Return the totals as plain data, every kind named."""
        by_kind = self.totals.params_by_kind
        data: dict[str, Any] = {
            "params": self.params,
            "macs": self.macs,
            "memory_bytes": self.memory_bytes,
            "memory_values": self.memory_values,
            "model_bytes": self.model_bytes,
            "depth": self.depth,
            "buffers": self.totals.buffers,
            "receptive_field": plain(self.receptive_field),
            **({"whole_image": True} if self.whole_image else {}),
            "ops": self.ops,
            "params_by_kind": {kind: by_kind.get(kind, 0) for kind in KINDS_OF_PARAMS},
        }
        if self.expected_macs is not None:
            data["expected_macs"] = self.expected_macs
        if self.training_totals is not None:
            data["training_only"] = {
                "params": self.training_totals.params,
                "macs": macs_in(self.training_totals.ops) * self.setup.batch,
                "included": self.training,
            }
        return data

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain data: exact integers, sizes in bytes, shapes as [channels, height, width]."""
        spec = self.network.spec
        places = {layer.position: place for place, layer in enumerate(self.layers)}
        return {
            "schema": SCHEMA,
            "network": spec.name,
            "title": spec.title,
            "year": spec.year,
            "input": list(self.input),
            "args": {name: plain(value) for name, value in self.network.values.items()},
            "batch": self.setup.batch,
            "dtype": self.setup.dtype,
            "units": {"macs": "multiply-accumulates", "memory": "bytes", "receptive_field": "pixels [height, width]"},
            "totals": self.totals_to_json(),
            "layers": [
                {**layer.to_json(), "sources": [places[source] for source in layer.node.sources]}
                for layer in self.layers
            ],
        }


def _together(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    return {kind: first.get(kind, 0) + second.get(kind, 0) for kind in {**first, **second}}
