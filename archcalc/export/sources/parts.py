"""What a source consists of: parts (a class or a function each), their statements, and the values between those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from archcalc.export.sources.expressions import Expr
    from archcalc.export.sources.trace import Call


class Var:
    """A value of a source: what a statement gives, or an input."""

    __slots__ = ("name",)

    def __init__(self, name: str = "") -> None:
        self.name = name
        """The name that it should have; empty where it does not matter."""


class Value(NamedTuple):
    """What flows: a value, its channels where an expression says them, and whether it is a vector instead of a map."""

    var: Var
    channels: Expr | None
    is_vector: bool = False


class Statement(NamedTuple):
    """One step: the value that it gives is its text with the values that it reads in place of ``{0}``, ``{1}``.

    A layer that is made once and used here has ``maker``, the text that makes it, and ``attribute``, its name.
    """

    out: Var
    inputs: tuple[Var, ...]
    text: str
    attribute: str = ""
    maker: str = ""
    named: bool = False
    """Whether the spec gives it its name."""
    lines: tuple[str, ...] = ()
    """Lines that do it, where an expression does not (a loop); they change the variable ``{0}``."""
    remark: str = ""
    """What stands behind its line: the name that the spec gives it. Such a statement has a line of its own."""


class Part:
    """A class or a function of the source: its parameters, statements and result."""

    def __init__(self, word: str, calls: list[Call], special: bool) -> None:
        self.word = word
        self.name = ""
        self.calls = calls
        self.special = special
        """Whether it is for one set of arguments alone, so that it needs no parameters."""
        self.parameters: dict[str, Expr | None] = {}
        """The parameters in order, each with its default."""
        self.arguments: tuple[str, ...] = ()
        self.entry = Var("x")
        self.outer: dict[str, Value] = {}
        """Inputs beside the first, by name."""
        self.statements: list[Statement] = []
        self.flags: dict[str, str] = {}
        """Conditions that statements ask for, by name."""
        self.shared: set[str] = set()
        """Layers that are used more than once."""
        self.result: Value | None = None
        self.results: tuple[Value, ...] = ()
        """All results of the network itself, where it has several."""
        self.whole_input = False
        """Whether it takes a vector or a map alike, since all that reads its input makes it a vector first."""

    def call_of(self, point: Any) -> Call:
        """Return the call of this part that a point of the trace lies in."""
        call: Call = point.call
        while call.part is not self:
            assert call.parent is not None
            call = call.parent
        return call
