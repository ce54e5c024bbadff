"""What the makers of parts ask of one another: the builder of all parts, that of one, and the writer of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from archcalc.engine.network import Node
    from archcalc.errors import RequestError
    from archcalc.export.sources.expressions import Expr
    from archcalc.export.sources.parts import Part, Statement, Value, Var
    from archcalc.export.sources.scope import Scope
    from archcalc.export.sources.trace import Call, Step, Trace
    from archcalc.language.model import Block, Item
    from archcalc.operations.base import Shape


class Backend(Protocol):
    """A program whose sources are written."""

    reserved: frozenset[str]
    """Names that no part can have."""
    makes_anew: bool
    """Whether each call of a part makes its layers anew, so that a part cannot be used twice with the same weights."""
    taken_attributes: frozenset[str]
    """Names that no layer can have."""

    def begin(self) -> None:
        """Forget what an earlier attempt needed."""

    def part_name(self, part: Part) -> str:
        """Return the name that a part should have."""

    def words_of(self, part: Part) -> Iterable[str]:
        """Return the texts in which parameters of a part may be used."""

    def refuse_times(self, node: Node, times: int) -> RequestError:
        """Return the error for a layer that runs several times in a row."""

    def operation(
        self, builder: PartBuilder, view: list[Step], values: list[Value], condition: Expr | None, shared: str
    ) -> Value:
        """Add an operation, under a condition or with the weights of an earlier layer."""

    def call(
        self,
        builder: PartBuilder,
        part: Part,
        view: list[Step],
        arguments: dict[str, Expr],
        values: list[Value],
        condition: Expr | None,
        shared: str,
    ) -> Value:
        """Add the call of a part."""

    def loop(
        self, builder: PartBuilder, part: Part, view: list[Step], arguments: dict[str, Expr], value: Value, count: Expr
    ) -> Value:
        """Add a part that is called again and again."""

    def flag(self, builder: PartBuilder, name: str, test: Expr) -> str:
        """Return how a statement asks for a condition."""

    def survival(self, builder: PartBuilder, value: Value, chance: Expr) -> Value:
        """Add stochastic depth: a value that is left out at random while training."""


class Parts(Protocol):
    """The builder of all parts."""

    trace: Trace
    backend: Backend
    inlined: set[Hashable]
    unrolled: set[int]
    training: list[str]

    def part_of(self, calls: list[Call]) -> Part:
        """Return the part that calls are of."""

    def block(self, call: Call) -> Block | None:
        """Return the block that a call is of."""

    def inline(self, key: Hashable) -> None:
        """Note that a block is written out where it is called, and begin again."""

    def unroll(self, item: Any) -> None:
        """Note that a repetition is written out, and begin again."""


class Names(Protocol):
    """What names lead to in a part."""

    def define(self, view: list[Step], value: Value) -> None:
        """Let the output of a step be a value."""


class PartBuilder(Protocol):
    """The builder of one part."""

    part: Part
    scope: Scope
    nodes: tuple[Node, ...]
    made: dict[int, str]

    @property
    def builder(self) -> Parts:
        """The builder of all parts."""

    @property
    def backend(self) -> Backend:
        """The program that is written for."""

    @property
    def lookup(self) -> Names:
        """What names lead to."""

    def shape(self, position: int) -> Shape:
        """Return the shape of a layer's output."""

    def add(self, statement: Statement) -> Var:
        """Append a statement; return the value that it gives."""

    def unique(self, name: str) -> str:
        """Return a name for a layer that no other of the part has."""

    def channels(self, value: Value, view: list[Any], position: Callable[[Any], int]) -> Expr:
        """Return the channels of a value as an expression."""

    def sources(self, item: Item, view: list[Step], flow: Any) -> list[Value]:
        """Return what an item reads."""

    def first(self, offers: list[Expr | None], points: list[Any], known: Callable[[Any], Any]) -> Expr | None:
        """Return the first expression that holds, else a constant, else None."""
