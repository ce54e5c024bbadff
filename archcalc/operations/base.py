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


class IntermediateFormula(Record):
    """An intermediate formula that an explanation shows before the counts: the output's height, one filter."""

    says: str
    formula: Callable[..., Any]
    quantities: dict[str, Any]


class Window(NamedTuple):
    """How far an operation sees on each axis, and how far it steps: a fraction where it makes the map larger."""

    height: int = 1
    width: int = 1
    stride_height: Any = 1
    stride_width: Any = 1


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


POINT = Window()


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
    merges: bool = False
    """Whether it takes several inputs, the outputs of its branches."""
    shown_inline: bool = False
    """Whether tables name it in the row of the layer before it, as activations and dropout are."""
    stores: bool = True
    """Whether its output is stored; what works in place, or only views its input, adds no memory."""
    view: bool = False
    """Whether its output is its input, looked at in another way: nothing is written at all."""
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

    def window(self, shape: Shape) -> Window:
        """Return how far one output value sees on this input; by default its own place only."""
        return POINT

    def unseen(self, shape: Shape) -> Iterator[Unseen]:
        """Yield the axes on which the last rows or columns of the input are never seen."""
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


def parameters_of(formula: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the quantities that a formula is a function of."""
    code = formula.__code__
    return code.co_varnames[: code.co_argcount]
