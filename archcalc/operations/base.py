"""What an operation is: settings, a shape rule, formulas, and worked examples, all in its own file.

A file in this folder defines one class; its ``word`` is the file's name, the key in specs, the heading in the
reference and the id of its tests. Operations know nothing of YAML files, networks or tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar, cast

from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archcalc.text.readers import Reader

T = TypeVar("T")


class Shape(NamedTuple):
    """Channels, height and width of one image's values."""

    channels: int
    height: int
    width: int

    @property
    def values(self) -> int:
        """How many values it has."""
        return self.channels * self.height * self.width

    def __str__(self) -> str:
        return f"{self.channels} x {self.height} x {self.width}"


class ShapeError(Exception):
    """Settings that contradict one another, or inputs that an operation cannot take."""


class Setting:
    """One setting of an operation: how it is read, what it says, what it is when it is left out."""

    __slots__ = ("default", "required", "says", "type")

    def __init__(self, reader: Reader[Any], says: str, default: Any, required: bool) -> None:
        self.type = reader
        self.says = says
        self.default = default
        self.required = required


def required(reader: Reader[T], says: str) -> T:
    """Declare a setting that has to be given; typed as the value that instances hold."""
    return cast("T", Setting(reader, says, None, required=True))


def setting(reader: Reader[T], says: str, default: T) -> T:
    """Declare a setting with a default; typed as the value that instances hold."""
    return cast("T", Setting(reader, says, default, required=False))


class CountFormula(NamedTuple):
    """A formula and what it counts: ``of`` is params, buffers or ops, ``kind`` one of the contract's kinds."""

    of: str
    kind: str
    formula: Callable[..., Any]

    def value(self, quantities: dict[str, Any]) -> Any:
        """Compute the formula with the quantities that it is a function of."""
        return compute(self.formula, quantities)


class IntermediateFormula(Record):
    """An intermediate formula that an explanation shows before the counts: the output's height, one filter."""

    says: str
    formula: Callable[..., Any]
    quantities: dict[str, Any]


class Reads(NamedTuple):
    """Which places of the input the places of the output read, along one axis.

    The pattern repeats: output place ``r + period·k`` reads the input places from ``first[r] + shift·k`` to
    ``last[r] + shift·k``, every ``step``-th of them; a place that reads nothing has its first behind its last. A
    pooling of the whole axis has a shift of 0: all its places read the same. ``stride`` is how many places of the
    input one place of the output stands for: a fraction where the map grows.
    """

    period: int = 1
    shift: int = 1
    first: tuple[int, ...] = (0,)
    last: tuple[int, ...] = (0,)
    step: int = 1
    stride: Any = 1


class Unseen(Record):
    """Rows or columns at the end of an input that no window reaches, because the stride does not divide."""

    axis: str
    length: int
    padded: int
    effective_kernel: int
    stride: int
    output_length: int
    missed: int
    fits: tuple[int, ...]
    """The nearest lengths, below and above, that the stride divides."""


class Example(Record):
    """A worked example, computed by hand or printed somewhere: settings as in a spec, input shapes, what comes out."""

    settings: str
    inputs: tuple[tuple[int, int, int], ...]
    output: tuple[int, int, int]
    params: int = 0
    ops: dict[str, int] = {}  # noqa: RUF012 - never changed
    source: str = "by hand"


ReadsOfAxes = tuple[Reads | None, Reads | None]
"""What is read along the height and along the width; None where that is not known."""

MAX_PERIOD = 512
"""The longest pattern of reads that is written out; beyond it a receptive field is not known."""

POINT: ReadsOfAxes = (Reads(), Reads())
"""Each place of the output reads the same place of the input."""


def read_rearranged(shape: Shape) -> ReadsOfAxes:
    """Return the reads of places that are the input's in another arrangement, one behind the other."""
    return Reads(0, 0, (0,), (shape.height - 1,)), Reads(0, 0, (0,), (shape.width - 1,))


UNKNOWN: ReadsOfAxes = (None, None)
"""Nobody can say what is read."""


def read_window(first: int, size: int, stride: int, step: int = 1) -> Reads:
    """Return the reads of a window of ``size`` places, ``step`` apart, that begins at ``first`` and moves on."""
    return Reads(1, stride, (first,), (first + (size - 1) * step,), step, stride)


def read_all(length: int) -> Reads:
    """Return the reads of an axis that is read whole."""
    return Reads(1, 0, (0,), (length - 1,), 1, length)


def read_whole_map(shape: Shape) -> ReadsOfAxes:
    """Return the reads of what sees the whole map: global pooling, a fully connected layer."""
    return read_all(shape.height), read_all(shape.width)


def output_values(C_out: Any, H_out: Any, W_out: Any) -> Any:
    """Count the values of an output: one per channel, row and column."""
    return C_out * H_out * W_out


def receptive_field_after(R: Any, K: Any, J: Any) -> Any:
    """Return the receptive field after a window of K on values that see R and stand J pixels apart."""
    return R + (K - 1) * J


class Operation:
    """A layer's rule. Subclasses declare settings as class attributes; instances hold their values, unchanging."""

    word: ClassVar[str]
    settings: ClassVar[dict[str, Setting]] = {}
    examples: ClassVar[tuple[Example, ...]] = ()
    takes_several: bool = False
    """Whether it takes several inputs; they may also be named, as in ``from: [a, b]``."""
    others_seen_whole: bool = False
    """Whether each place of the output sees all places of every input but the first."""
    others_are_filters: bool = False
    """Whether every input but the first is what the first is weighed with: seen whole, but it widens no field."""
    has_branches: bool = False
    """Whether it is written as a list of branches, whose outputs are its inputs; one that is left passes through."""
    broadcasts: bool = False
    """Whether an input that is 1 high or wide gates the rows or columns of the others, which do not see it."""
    sees_whole_map: bool = False
    """Whether each value depends on the whole map beside what it reads, by a mean or a variance of it."""
    shown_inline: bool = False
    """Whether tables name it in the row of the layer before it, as activations and dropout are."""
    stores: bool = True
    """Whether its output is stored; what works in place, or only views its input, adds no memory."""
    view: bool = False
    """Whether its output is its input, looked at in another way: nothing is written at all."""
    copied_view: bool = False
    """Whether frameworks copy its input all the same, though it is a view that stores nothing new."""
    training_only: bool = False
    """Whether it does nothing once training is over: its input passes through."""
    concatenates: bool = False
    """Whether its output is its inputs one behind the other, so that each could be written straight into its place."""
    foldable: bool = False
    """Whether it can be merged into the weights of the layer before it once training is over."""
    saved_for_backward: str = "input"
    """What its backward pass needs of the forward pass: ``input`` (all that flows in), ``output``, ``indices`` or
    ``mask`` (one for each output value), or nothing (empty)."""
    counts_in_depth: bool = False
    """Whether it counts as a layer of a network's depth: it has weights of its own."""
    user_defined: bool = False
    """Whether a user described it, so that tables have to say so."""

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if value.__class__ is Setting}
        required = {name: each for name, each in own.items() if each.required}
        cls.settings = {**required, **cls.settings, **own}

    @classmethod
    def make(cls, values: dict[str, Any]) -> Operation:
        """Build an instance from typed values; raise ShapeError where they contradict one another."""
        operation = object.__new__(cls)
        held = operation.__dict__
        for name, each in cls.settings.items():
            held[name] = values.get(name, each.default)
        operation.check()
        return operation

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self.word} does not change; make another one")

    def __repr__(self) -> str:
        return f"{self.word}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"

    def check(self) -> None:
        """Raise ShapeError where the settings contradict one another."""

    def output(self, *inputs: Shape) -> Shape:
        """Return the output's shape, by default the input's; raise ShapeError where there is none."""
        return inputs[0]

    def formulas(self) -> Iterator[CountFormula]:
        """Yield the formulas of parameters, buffers and work that apply under these settings."""
        return iter(())

    def intermediate_formulas(self, inputs: tuple[Shape, ...]) -> Iterator[IntermediateFormula]:
        """Yield the intermediate formulas that an explanation shows."""
        return iter(())

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """Return which places of its input the places of its output read; by default each its own only."""
        return POINT

    def reads_of(self, inputs: tuple[Shape, ...]) -> ReadsOfAxes:
        """Return the same of several inputs: which places of the first are read; the others may say how far."""
        return self.reads(inputs[0])

    def padding(self, shape: Shape) -> tuple[int, int, int, int] | None:
        """Return the padding above, below, left and right of an input; None for an operation without."""
        pad = getattr(self, "pad", None)
        return pad if isinstance(pad, tuple) and len(pad) == 4 else None

    def unseen(self, shape: Shape) -> Iterator[Unseen]:
        """Yield the axes on which the last rows or columns of the input are never seen."""
        return iter(())

    def remarks(self, shape: Shape) -> Iterator[str]:
        """Yield what to point out about it on this input, as the end of a sentence about the layer."""
        return iter(())

    def stored_values(self, output: Shape) -> int:
        """Return how many values it adds to the activation memory."""
        return output.values if self.stores else 0

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the named quantities that the formulas are functions of."""
        first = inputs[0]
        return {
            "C_in": first.channels,
            "H": first.height,
            "W": first.width,
            "C_out": output.channels,
            "H_out": output.height,
            "W_out": output.width,
            "N": len(inputs),
        }


_parameters: dict[Callable[..., Any], tuple[str, ...]] = {}


def compute(formula: Callable[..., Any], quantities: dict[str, Any]) -> Any:
    """Call a formula with the quantities that it is a function of."""
    names = _parameters.get(formula)
    if names is None:
        names = _parameters[formula] = parameters_of(formula)
    return formula(*[quantities[name] for name in names])


def parameters_of(formula: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the quantities that a formula is a function of."""
    code = formula.__code__
    return code.co_varnames[: code.co_argcount]
