"""The values that names lead to: layers of the same part, its input, or layers outside, which become more inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.sources.naming import identifier
from archcalc.export.sources.parts import Value, Var
from archcalc.export.sources.scope import TAKEN, VariesError
from archcalc.text.tree import Scalar, Sequence

if TYPE_CHECKING:
    from archcalc.export.sources.backend import Parts
    from archcalc.export.sources.parts import Part
    from archcalc.export.sources.trace import Step
    from archcalc.text.tree import Node


class Lookup:
    """The values of a part by the layers that they are of, in any of its calls."""

    def __init__(self, builder: Parts, part: Part) -> None:
        self.builder = builder
        self.part = part
        self.at: dict[int, Value] = {}

    def begin(self, entry: Value) -> None:
        """Let the input of the part have its places; the network itself has all its inputs."""
        self.at = {call.entry: entry for call in self.part.calls}
        if not self.part.word:
            from archcalc.export.sources.expressions import literal

            for place, (name, shape) in enumerate(self.builder.trace.network.inputs.items()):
                if place:
                    plain = self._name_outside(name)
                    while plain in self.part.outer:
                        plain += "_"
                    self.at[place] = self.part.outer[plain] = Value(Var(plain), literal(shape.channels))

    def define(self, view: list[Step], value: Value) -> None:
        """Let the output of a step be a value."""
        for step in view:
            self.at[step.out] = value

    def sources(self, view: list[Step], node: Node | None) -> list[Value]:
        """Return the values that a step reads by name."""
        words = node.items if isinstance(node, Sequence) else [node]
        found = []
        for place in range(len(view[0].sources)):
            word = words[place] if place < len(words) else None
            hint = word.value.lstrip("=") if isinstance(word, Scalar) else "skip"
            found.append(self.find(view, [step.sources[place] for step in view], hint))
        return found

    def find(self, view: list[Step], positions: list[int], hint: str) -> Value:
        """Return the one value that these layers are; raise VariesError if they are several."""
        found = [self._find(step, position, hint) for step, position in zip(view, positions, strict=True)]
        if any(value.var is not found[0].var for value in found):
            raise VariesError(hint)
        return found[0]

    def _find(self, step: Step, position: int, hint: str) -> Value:
        call = self.part.call_of(step)
        if position == call.entry or (not self.part.word and position in self.at):
            return self.at[position]
        if call.start <= position < call.end or not self.part.word:
            return self.value(position)
        name = next((name for name, outside in call.outer.items() if outside == position), None)
        if name is None:
            name = self._name_outside(hint)
            while call.outer.get(name, position) != position:
                name += "_"
        call.outer[name] = position
        if name not in self.part.outer:
            self.part.outer[name] = Value(Var(name), None)
        return self.part.outer[name]

    @staticmethod
    def _name_outside(hint: str) -> str:
        plain = identifier(hint)
        return f"{plain}_" if plain in TAKEN else plain

    def value(self, position: int) -> Value:
        """Return the value of a layer of the network itself."""
        if position not in self.at:
            self._open(position)
        return self.at[position]

    def _open(self, position: int) -> None:
        """Write out the part, or the loop, that a layer is inside of; begin again."""
        step = self.builder.trace.step_of[position]
        call, below = step.call, None
        while call.part is not self.part and call.parent is not None:
            call, below = call.parent, call
        if below is None:
            self.builder.unroll(step.item)
        elif below.exit == position and id(below.item) not in self.builder.unrolled:
            self.builder.unroll(below.item)
        else:
            self.builder.inline(below.key)

    def outer(self, part: Part, view: list[Step]) -> list[Value]:
        """Return the values for the inputs that a called part has beside the first."""
        found = []
        for name in part.outer:
            if any(step.called is None or name not in step.called.outer for step in view):
                raise VariesError(name)
            positions = [step.called.outer[name] for step in view if step.called is not None]
            found.append(self.find(view, positions, name))
        return found

    def _owners(self, view: list[Step]) -> list[Step]:
        """Return the steps whose weights others use: of layers their own, of blocks those that the spec names."""
        trace = self.builder.trace
        if view[0].node >= 0 and view[0].owner is None:
            positions = [trace.nodes[step.node].weights for step in view]
            return [trace.step_of[position] for position in positions if position is not None]
        if view[0].owner is None:
            return [owner for step in view if (owner := self._owner_of_call(step)) is not None]
        return [trace.named[step.owner] for step in view if step.owner is not None]

    def _owner_of_call(self, step: Step) -> Step | None:
        """Return the call whose weights another uses because what is around both does."""
        trace, called = self.builder.trace, step.called
        inside = range(called.start, called.end) if called is not None else ()
        position = next((each for each in inside if trace.nodes[each].weights is not None), None)
        if position is None:
            return None
        own, other = trace.step_of[position].call, trace.step_of[trace.nodes[position].weights or 0].call
        while own is not called:
            assert own.parent is not None
            assert other.parent is not None
            own, other = own.parent, other.parent
        return other.step

    def owner(self, view: list[Step], made: dict[int, str]) -> str:
        """Return the layer whose weights a step uses, or nothing where they are its own."""
        owners = self._owners(view)
        if not owners:
            return ""
        whole = view[0].owner is None and {id(owner) for owner in owners} & {id(step) for step in view}
        if whole:  # the part is used again, with all its weights
            if self.builder.backend.makes_anew:
                self.builder.inline(self.part.calls[0].key)
            return ""
        names = {made.get(id(owner)) for owner in owners}
        if len(names) > 1:
            raise VariesError("weights")
        name = names.pop()
        if name is None:
            step = owners[0]
            call, below = step.call, None
            while call.part is not self.part and call.parent is not None:
                call, below = call.parent, call
            if below is None or below.key in self.builder.inlined:
                self.builder.unroll(step.item)
            assert below is not None
            self.builder.inline(below.key)
        assert name is not None
        return name
