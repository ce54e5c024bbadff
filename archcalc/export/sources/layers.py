"""One operation at all places of a part where it stands: its settings as expressions, its padding worked out."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from archcalc.errors import RequestError
from archcalc.export.sources import nodes
from archcalc.export.sources.expressions import ATOM, Expr, binary, literal
from archcalc.operations.window import effective_kernel
from archcalc.text.tree import Sequence

if TYPE_CHECKING:
    from archcalc.export.sources.backend import PartBuilder
    from archcalc.export.sources.parts import Value
    from archcalc.export.sources.trace import Step
    from archcalc.operations.base import Shape


class Layer:
    """An operation with what flows into it; all that differs between calls is an expression."""

    def __init__(self, builder: PartBuilder, view: list[Step], values: list[Value], title: str) -> None:
        self.builder = builder
        self.scope = builder.scope
        self.view = view
        self.values = values
        self.title = title
        self.node = builder.nodes[view[0].node]
        self.word = self.node.applied.operation.word

    def operation(self, step: Step) -> Any:
        """Return the operation at one place."""
        return self.builder.nodes[step.node].applied.operation

    @property
    def first(self) -> Any:
        """The operation at the first place."""
        return self.operation(self.view[0])

    def inputs(self, step: Step) -> tuple[Shape, ...]:
        """Return the shapes that flow in at one place."""
        return self.builder.nodes[step.node].applied.inputs

    def shape(self, step: Step) -> Shape:
        """Return the shape of the first input at one place."""
        return self.inputs(step)[0]

    def output(self, step: Step) -> Shape:
        """Return the shape that flows out at one place."""
        return self.builder.nodes[step.node].applied.output

    def refuse(self, why: str) -> RequestError:
        """Return the error for what the program cannot say."""
        return RequestError(f"{self.title} has nothing for {self.word} ({self.node.name}): {why}")

    def setting(self, name: str) -> Expr:
        """Return a setting."""
        node = nodes.setting(self.view[0].item, name)
        return self.scope.expr(name, node, lambda step: getattr(self.operation(step), name), self.view, self.flow)

    def same(self, name: str) -> Any:
        """Return a setting that has to be one value at all places."""
        values = {getattr(self.operation(step), name) for step in self.view}
        if len(values) > 1:
            from archcalc.export.sources.scope import VariesError

            raise VariesError(name)
        return values.pop()

    @property
    def flow(self) -> Expr | None:
        """The channels of the first input, as formulas see them."""
        return self.values[0].channels

    def channels(self, place: int = 0) -> Expr:
        """Return the channels of an input."""
        return self.builder.channels(self.values[place], self.view, lambda step: self._source(step, place))

    def _source(self, step: Step, place: int) -> int:
        return self.builder.nodes[step.node].sources[place]

    def computed(self, name: str, known: Any) -> Expr:
        """Return a value that is computed of the shapes."""
        return self.scope.expr(name, None, known, self.view)

    def pair(self, name: str) -> Expr:
        """Return a setting of height and width: one value where both are alike, as they are mostly written."""
        node = nodes.setting(self.view[0].item, name)
        return self.pair_of(name, lambda step: getattr(self.operation(step), name), node)

    def pair_of(self, name: str, known: Any, node: Any = None) -> Expr:
        """Return two values as one where they are alike at all places, else as a pair."""
        if all(known(step)[0] == known(step)[1] for step in self.view):
            return self.scope.expr(name, node, lambda step: known(step)[0], self.view, self.flow)
        parts = node.items if isinstance(node, Sequence) else [None, None]
        height = self.scope.expr(f"{name}_height", parts[0], lambda step: known(step)[0], self.view, self.flow)
        width = self.scope.expr(f"{name}_width", parts[1], lambda step: known(step)[1], self.view, self.flow)
        if height.constant and width.constant:
            return literal((height.value(None), width.value(None)))
        return Expr(f"({height.text}, {width.text})", ATOM, known)

    def sides(self, step: Step) -> tuple[int, int, int, int]:
        """Return the padding that gives the output exactly: above, below, left, right."""
        sides: list[int] = []
        for axis, at in enumerate(self.operation(step).axes(self.shape(step))):
            length, reach = self.output(step)[1 + axis], effective_kernel(at["K"], at["D"])
            rest = at["L"] + at["P"] + at["Q"] - reach
            more = 0 if rest // at["S"] + 1 == length else (length - 1) * at["S"] - rest
            sides += [at["P"], at["Q"] + more]
        return sides[0], sides[1], sides[2], sides[3]

    def given_sides(self, step: Step) -> tuple[int, int, int, int]:
        """Return the padding as the settings have it: above, below, left, right."""
        height, width = self.operation(step).axes(self.shape(step))
        return height["P"], height["Q"], width["P"], width["Q"]

    def even_padding(self, sides: Any, kernel: Expr | None) -> Expr | None:
        """Return padding that is alike on both sides, or None where it is not everywhere so."""
        if any(sides(step)[0] != sides(step)[1] or sides(step)[2] != sides(step)[3] for step in self.view):
            return None

        def known(step: Step) -> tuple[int, int]:
            top, _, left, _ = sides(step)
            return top, left

        square = all(known(step)[0] == known(step)[1] for step in self.view)
        constant = len({known(step) for step in self.view}) == 1
        node = nodes.setting(self.view[0].item, "pad")
        if square and not constant and nodes.formula(node) is None and kernel is not None:
            half = binary(ast.FloorDiv, kernel, literal(2))
            if half.holds(self.view, lambda step: known(step)[0]):
                return half
        return self.pair_of("padding", known, node)

    def uneven_padding(self, sides: Any) -> Expr:
        """Return padding of four sides in the order of PyTorch: left, right, above, below."""

        def known(step: Step) -> tuple[int, int, int, int]:
            top, bottom, left, right = sides(step)
            return left, right, top, bottom

        return self.computed("padding", known)

    def all_are(self, test: Any) -> bool:
        """Whether something holds at all places."""
        return all(test(step) for step in self.view)

    def features(self) -> Expr:
        """Return the number of values that flow in."""
        places = {self.shape(step).height * self.shape(step).width for step in self.view}
        channels = self.values[0].channels
        if len(places) == 1 and channels is not None:
            made = binary(ast.Mult, channels, literal(places.pop()))
            if made.holds(self.view, lambda step: self.shape(step).values):
                return made
        return self.computed("features", lambda step: self.shape(step).values)

    def kept_channels(self) -> str:
        """Return the bounds of the channels that a slice keeps, as Python writes them: 16:, :8, 4:12."""
        start = self.setting("start")
        end = binary(ast.Add, start, self.setting("channels"))
        last = "" if end.holds(self.view, lambda step: self.shape(step).channels) else end.text
        return f"{'' if start.text == '0' else start.text}:{last}"

    def added_channels(self) -> Expr:
        """Return how many channels of zeros are added."""

        def added(step: Step) -> int:
            return int(self.output(step).channels - self.shape(step).channels)

        more = binary(ast.Sub, self.setting("filters"), self.channels())
        return more if more.holds(self.view, added) else self.computed("added", added)
