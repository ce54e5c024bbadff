"""The report of a network: integers, for a batch and a type of values. Nothing here is rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.operations import KINDS_OF_PARAMS, KINDS_OF_WORK

if TYPE_CHECKING:
    from archcalc.engine.count import Counted
    from archcalc.engine.network import Network, Node
    from archcalc.operations.base import Operation, Shape

SCHEMA = 1
"""Version of the JSON; it changes when a key changes its meaning or goes."""

DTYPES = {"float64": 64, "float32": 32, "float16": 16, "bfloat16": 16, "int8": 8, "int4": 4}
"""Types of values, with their bits."""


class Basis(NamedTuple):
    """What memory and work are counted for."""

    batch: int = 1
    dtype: str = "float32"
    bits: int = 32

    def bytes_of(self, values: int) -> int:
        """Return how many bytes a number of values takes; a half byte is rounded up."""
        return -(-values * self.bits // 8)


class Layer(NamedTuple):
    """One primitive layer and what it comes to.

    ``inputs`` and ``output`` are shapes of one image; ``receptive_field`` and ``effective_stride`` are
    (height, width) in pixels of the network's input; ``depth`` counts the layers with weights of their own on the
    longest path up to here. Work and memory are for the report's batch; parameters are those of the layer.
    """

    position: int
    node: Node
    counted: Counted
    receptive_field: tuple[int, int]
    effective_stride: tuple[int, int]
    depth: int
    basis: Basis

    @property
    def name(self) -> str:
        """Its name: a path, joined with slashes, that no other layer has."""
        return self.node.name

    @property
    def operation(self) -> Operation:
        """The operation with its settings."""
        return self.node.fit.operation

    @property
    def inputs(self) -> tuple[Shape, ...]:
        """The shapes that flow in."""
        return self.node.fit.inputs

    @property
    def output(self) -> Shape:
        """The shape that flows out."""
        return self.node.fit.output

    @property
    def times(self) -> int:
        """How often it runs for one image, its weights shared."""
        return self.node.state.times

    @property
    def survival(self) -> Any:
        """How likely it runs at all while training (stochastic depth); 1 without it."""
        return self.node.state.survival

    @property
    def training(self) -> bool:
        """Whether it belongs to a branch that exists in training only."""
        return self.node.state.training

    @property
    def op(self) -> str:
        """The operation's word."""
        return self.operation.word

    @property
    def params(self) -> int:
        """Parameters, trained: weights, biases, and scale and shift of normalisation."""
        return self.counted.params

    @property
    def params_by_kind(self) -> dict[str, int]:
        """Parameters by kind: weight, bias, norm, custom."""
        return dict(self.counted.params_by_kind)

    @property
    def buffers(self) -> int:
        """Running statistics, which are kept but not trained."""
        return self.counted.buffers

    @property
    def ops(self) -> dict[str, int]:
        """Work by kind."""
        scale = self.times * self.basis.batch
        return {kind: value * scale for kind, value in self.counted.ops.items()}

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations: one multiplication and one addition each."""
        return self.counted.ops.get("mac", 0) * self.times * self.basis.batch

    @property
    def output_values(self) -> int:
        """Values of the output."""
        return self.output.values * self.times * self.basis.batch

    @property
    def memory_values(self) -> int:
        """Values that the layer adds to the activation memory."""
        return self.counted.stored * self.times * self.basis.batch

    @property
    def output_bytes(self) -> int:
        """Size of the output."""
        return self.basis.bytes_of(self.output_values)

    @property
    def memory_bytes(self) -> int:
        """What the layer adds to the activation memory."""
        return self.basis.bytes_of(self.memory_values)

    def to_json(self) -> dict[str, Any]:
        """Return the layer as plain data."""
        data: dict[str, Any] = {
            "name": self.name,
            "op": self.op,
            "inputs": [list(shape) for shape in self.inputs],
            "output": list(self.output),
            "params": self.params,
            "macs": self.macs,
            "output_bytes": self.output_bytes,
            "memory_bytes": self.memory_bytes,
            "ops": self.ops,
            "params_by_kind": self.params_by_kind,
            "buffers": self.buffers,
            "receptive_field": list(self.receptive_field),
            "effective_stride": list(self.effective_stride),
            "depth": self.depth,
            "sources": list(self.node.sources),
            "settings": {name: _plain(value) for name, value in vars(self.operation).items()},
        }
        if self.times != 1:
            data["times"] = self.times
        if self.survival != 1:
            data["survival"] = float(self.survival)
        if self.training:
            data["training"] = True
        return data


class Totals(NamedTuple):
    """Sums over the layers of one image; :class:`Report` scales them to its batch and type."""

    params: int
    params_by_kind: dict[str, int]
    buffers: int
    ops: dict[str, int]
    stored: int
    skipped_macs: Any
    """MACs that stochastic depth is expected to skip; 0 where every layer always runs."""

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


class Report(NamedTuple):
    """A counted network. ``layers`` has the input image first, then every primitive layer in order."""

    network: Network
    basis: Basis
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
        return {kind: self.totals.ops.get(kind, 0) * self.basis.batch for kind in KINDS_OF_WORK}

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations, for the whole batch."""
        return self.totals.ops.get("mac", 0) * self.basis.batch

    @property
    def memory_values(self) -> int:
        """Values stored, the input image included, for the whole batch."""
        return self.totals.stored * self.basis.batch

    @property
    def memory_bytes(self) -> int:
        """Activation memory: the sum of the layers' ``memory_bytes``."""
        if self.basis.bits % 8 == 0:
            return self.basis.bytes_of(self.memory_values)
        return sum(layer.memory_bytes for layer in self.layers)

    @property
    def model_bytes(self) -> int:
        """Size of the parameters."""
        return self.basis.bytes_of(self.totals.params)

    @property
    def receptive_field(self) -> tuple[int, int]:
        """Receptive field of the last map that has more than one place."""
        maps = [layer for layer in self.layers if layer.output.height > 1 or layer.output.width > 1]
        return maps[-1].receptive_field if maps else self.layers[-1].receptive_field

    @property
    def expected_macs(self) -> int | None:
        """MACs expected under stochastic depth, or None where every layer always runs."""
        skipped = self.totals.skipped_macs
        return None if skipped == 0 else int((2 * (self.totals.ops.get("mac", 0) - skipped) + 1) // 2) * self.basis.batch

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
            "receptive_field": list(self.receptive_field),
            "ops": self.ops,
            "params_by_kind": {kind: by_kind.get(kind, 0) for kind in KINDS_OF_PARAMS},
        }
        if self.expected_macs is not None:
            data["expected_macs"] = self.expected_macs
        if self.training_totals is not None:
            data["training_only"] = {
                "params": self.training_totals.params,
                "macs": self.training_totals.ops.get("mac", 0) * self.basis.batch,
                "included": self.training,
            }
        return data

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain data: exact integers, sizes in bytes, shapes as [channels, height, width]."""
        spec = self.network.spec
        return {
            "schema": SCHEMA,
            "network": spec.name,
            "title": spec.title,
            "year": spec.year,
            "input": list(self.input),
            "args": {name: _plain(value) for name, value in self.network.values.items()},
            "batch": self.basis.batch,
            "dtype": self.basis.dtype,
            "units": {"macs": "multiply-accumulates", "memory": "bytes", "receptive_field": "pixels [height, width]"},
            "totals": self.totals_to_json(),
            "layers": [layer.to_json() for layer in self.layers],
        }


def _together(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    return {kind: first.get(kind, 0) + second.get(kind, 0) for kind in {**first, **second}}


def _plain(value: Any) -> Any:
    if value is None or value.__class__ in (int, str, bool):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return float(value)
