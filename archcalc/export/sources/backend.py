"""What a program's writer adds to the parts: how it says an operation, a call and a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.engine.network import Node
    from archcalc.errors import RequestError
    from archcalc.export.sources.expressions import Expr
    from archcalc.export.sources.items import PartBuilder
    from archcalc.export.sources.parts import Part, Value
    from archcalc.export.sources.trace import Step


class Backend(Protocol):
    """A program whose sources are written."""

    reserved: frozenset[str]
    """Names that no part can have."""
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
