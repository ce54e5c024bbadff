"""The expressions of one part: what names mean in it, and how a value that varies between its calls is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.export.sources.expressions import ATOM, Expr, Translator, UnsayableError, as_python, literal
from archcalc.export.sources.nodes import formula

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from archcalc.export.sources.parts import Part
    from archcalc.text.tree import Node

TAKEN = frozenset(("x", "self", "torch", "nn", "F", "i", "keras", "layers", "ops", "name"))
"""Names that sources use for something else than arguments."""


class VariesError(Exception):
    """A value that differs between the runs of one part, where no argument can tell them apart."""


def safe(name: str) -> str:
    """Return the name of an argument as a source may use it."""
    return f"{name}_" if name in TAKEN else name


class Scope:
    """The names of a part, and its parameters as far as they have been needed."""

    def __init__(self, part: Part, arguments: Sequence[str], words: Collection[str]) -> None:
        self.part = part
        self.words = words
        """Names of functions, which no new parameter may hide."""
        self.arguments = tuple(arguments)
        self.inlined: list[dict[str, Expr]] = []
        """The arguments of blocks that are written out inside this part, the innermost last."""
        self.loop = False
        """Whether the points are those of a loop, which counts in ``i``."""

    def expr(
        self,
        hint: str,
        node: Node | None,
        known: Callable[[Any], Any],
        points: list[Any],
        channels: Expr | None = None,
    ) -> Expr:
        """Return the expression of a value: its formula where that holds, else a constant, else a new parameter."""
        made = self.translated(node, points, channels)
        if made is not None and made.holds(points, known):
            return made
        values = [known(point) for point in points]
        if all(value == values[0] and value.__class__ is values[0].__class__ for value in values):
            return literal(values[0])
        return self.extra(hint, points, known)

    def translated(self, node: Node | None, points: list[Any], channels: Expr | None) -> Expr | None:
        """Return a formula as an expression, or None where there is none or Python does not say it."""
        text = formula(node)
        if text is None:
            return None
        try:
            return Translator(_Names(self, points, channels), points).formula(text)
        except (UnsayableError, ArithmeticError, TypeError):
            return None

    def name(self, name: str, points: list[Any], channels: Expr | None) -> Expr | None:
        """Return what a name means in formulas, or None."""
        if name == "in_channels":
            return channels
        if name in ("in_height", "in_width"):
            sides = {point.shape[1 if name == "in_height" else 2] for point in points if hasattr(point, "sources")}
            return literal(sides.pop()) if len(sides) == 1 else None
        if name == "index" and (self.loop or len({point.index for point in points}) == 1):
            return self._index(points)
        if self.inlined and name in self.inlined[-1]:
            return self.inlined[-1][name]
        if name in self.arguments and not self.part.special:
            part = self.part
            return Expr(safe(name), ATOM, lambda point: as_python(part.call_of(point).values[name]))
        values = [self.part.call_of(point).values.get(name) for point in points]
        if values and values[0] is not None and all(value == values[0] for value in values):
            return literal(values[0])
        return None

    def _index(self, points: list[Any]) -> Expr:
        if not self.loop or len({point.index for point in points}) == 1:
            return literal(points[0].index)
        return Expr("index", ATOM, lambda point: point.index)

    def entry_channels(self, points: list[Any]) -> Expr:
        """Return the channels of what flows into the part."""
        part = self.part
        known = {part.call_of(point).shape.channels for point in points}
        if part.special or (len(part.calls) == 1 and not part.word):
            return literal(known.pop())
        return Expr("in_channels", ATOM, lambda point: part.call_of(point).shape.channels)

    def extra(self, hint: str, points: list[Any], known: Callable[[Any], Any]) -> Expr:
        """Return a parameter of its own for a value that no formula gives; raise VariesError within one call."""
        part = self.part
        found: dict[int, Any] = {}
        for point in points:
            call, value = part.call_of(point), known(point)
            if found.setdefault(id(call), value) != value:
                raise VariesError(hint)
        if not part.word or part.special:
            raise VariesError(hint)
        name, number = hint, 1
        while not all(part.call_of(each).extras.get(name, known(each)) == known(each) for each in points) or (
            name in self.arguments or name in TAKEN or name in self.words
        ):
            number += 1
            name = f"{hint}_{number}"
        for point in points:
            part.call_of(point).extras[name] = known(point)
        return Expr(name, ATOM, lambda point: part.call_of(point).extras[name])


class _Names(dict[str, Expr]):
    """The names that a formula sees, looked up when it uses them."""

    def __init__(self, scope: Scope, points: list[Any], channels: Expr | None) -> None:
        super().__init__()
        self.scope = scope
        self.points = points
        self.channels = channels

    def __contains__(self, name: object) -> bool:
        return self.scope.name(str(name), self.points, self.channels) is not None

    def __getitem__(self, name: str) -> Expr:
        made = self.scope.name(name, self.points, self.channels)
        assert made is not None
        return made
