"""One counted layer: integers, for a batch and a type of values. Nothing here is rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.operations import macs_in
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.engine.network import Counts, Node
    from archcalc.operations.base import Operation, Shape

DTYPES = {"float64": 64, "float32": 32, "float16": 16, "bfloat16": 16, "int8": 8, "int4": 4}
"""Types of values, with their bits."""


DTYPE_SYNONYMS = {
    "double": "float64", "fp64": "float64", "f64": "float64", "float": "float32", "single": "float32",
    "fp32": "float32", "f32": "float32", "half": "float16", "fp16": "float16", "f16": "float16", "bf16": "bfloat16",
    "i8": "int8", "uint8": "int8", "q8": "int8", "i4": "int4", "uint4": "int4", "q4": "int4",
}  # fmt: skip
"""What people and frameworks call these types."""


def dtype_named(name: str) -> str:
    """Return the type that a name means, in upper or lower case; the name as it is where that is none."""
    plain = name.lower().removeprefix("torch.").replace("-", "")
    meant = DTYPE_SYNONYMS.get(plain, plain)
    return meant if meant in DTYPES else name


class Setup(Record):
    """What memory and work are counted for."""

    batch: int = 1
    dtype: str = "float32"
    bits: int = 32

    def bytes_of(self, values: int) -> int:
        """Return how many bytes a number of values takes; a half byte is rounded up."""
        return -(-values * self.bits // 8)


class Layer(NamedTuple):
    """One primitive layer with its counts.

    ``inputs`` and ``output`` are shapes of one image. ``receptive_field`` and ``effective_stride`` are (height, width)
    in pixels of the network's input, None where unknown; ``whole_image`` says that a gate sees all of it as well.
    ``depth`` counts the layers with weights of their own on the longest path up to here. Work and memory are for the
    report's batch; parameters are those of the layer.
    """

    position: int
    node: Node
    counts: Counts
    receptive_field: tuple[int, int] | None
    effective_stride: tuple[Any, Any] | None
    whole_image: bool
    receptive_field_in: tuple[int, int] | None
    """Receptive field of the input."""
    depth: int
    setup: Setup

    @property
    def name(self) -> str:
        """Its unique name: a path, joined with slashes."""
        return self.node.name

    @property
    def operation(self) -> Operation:
        """The operation with its settings."""
        return self.node.applied.operation

    @property
    def inputs(self) -> tuple[Shape, ...]:
        """The shapes that flow in."""
        return self.node.applied.inputs

    @property
    def output(self) -> Shape:
        """The shape that flows out."""
        return self.node.applied.output

    @property
    def times(self) -> int:
        """How often it runs for one image, with the same weights."""
        return self.node.multiplicity.times

    @property
    def survival(self) -> Any:
        """The probability that it runs while training (stochastic depth); otherwise 1."""
        return self.node.multiplicity.survival

    @property
    def training(self) -> bool:
        """Whether it belongs to a branch that exists in training only."""
        return self.node.multiplicity.training

    @property
    def shares_weights(self) -> bool:
        """Whether it uses the weights of an earlier layer, which counts them among its parameters."""
        return self.node.weights is not None

    @property
    def op(self) -> str:
        """The operation's word."""
        return self.operation.word

    @property
    def params(self) -> int:
        """Parameters, trained: weights, biases, and scale and shift of normalisation."""
        return 0 if self.shares_weights else self.counts.params

    @property
    def params_by_kind(self) -> dict[str, int]:
        """Parameters by kind: weight, bias, norm, custom."""
        return {} if self.shares_weights else dict(self.counts.params_by_kind)

    @property
    def buffers(self) -> int:
        """Running statistics, which are kept but not trained."""
        return 0 if self.shares_weights else self.counts.buffers

    @property
    def ops(self) -> dict[str, int]:
        """Work by kind."""
        scale = self.times * self.setup.batch
        return {kind: value * scale for kind, value in self.counts.ops.items()}

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations: one multiplication and one addition each."""
        return macs_in(self.counts.ops) * self.times * self.setup.batch

    @property
    def output_values(self) -> int:
        """Values of the output."""
        return self.output.values * self.times * self.setup.batch

    @property
    def memory_values(self) -> int:
        """Values that the layer adds to the activation memory."""
        return self.counts.stored * self.times * self.setup.batch

    @property
    def output_bytes(self) -> int:
        """Size of the output."""
        return self.setup.bytes_of(self.output_values)

    @property
    def memory_bytes(self) -> int:
        """What the layer adds to the activation memory."""
        return self.setup.bytes_of(self.memory_values)

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
            "receptive_field": plain(self.receptive_field),
            "effective_stride": plain(self.effective_stride),
            "depth": self.depth,
            "sources": list(self.node.sources),
            "settings": {name: plain(value) for name, value in vars(self.operation).items()},
        }
        if self.whole_image:
            data["whole_image"] = True
        if self.times != 1:
            data["times"] = self.times
        if self.survival != 1:
            data["survival"] = float(self.survival)
        if self.training:
            data["training"] = True
        return data


def plain(value: Any) -> Any:
    """Return a setting or argument as plain data: fractions as floats, tuples as lists."""
    if value is None or value.__class__ in (int, str, bool):
        return value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return float(value)
