"""The statements of one part, item by item, for all its calls at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.export.sources import nodes
from archcalc.export.sources.calls import arguments_for, channels_after, inner_arguments
from archcalc.export.sources.expressions import Expr, choice
from archcalc.export.sources.lookup import Lookup
from archcalc.export.sources.naming import identifier
from archcalc.export.sources.parts import Statement, Value, Var
from archcalc.export.sources.scope import VariesError
from archcalc.language.model import GroupItem, MergeItem, OperationItem, TrainingItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.export.sources.backend import Parts
    from archcalc.export.sources.parts import Part
    from archcalc.export.sources.scope import Scope
    from archcalc.export.sources.trace import Run, Step
    from archcalc.language.model import Item
    from archcalc.operations.base import Shape


class Flow:
    """What flows at a place of a part: its value, and the layer that it is of in each run."""

    __slots__ = ("positions", "value")

    def __init__(self, value: Value, positions: list[int]) -> None:
        self.value = value
        self.positions = positions


class PartBuilder:
    """Makes the statements of one part."""

    def __init__(self, builder: Parts, part: Part, scope: Scope) -> None:
        self.builder = builder
        self.backend = builder.backend
        self.part = part
        self.scope = scope
        self.nodes = builder.trace.nodes
        self.lookup = Lookup(builder, part)
        self.names: set[str] = set()
        self.made: dict[int, str] = {}
        """The attributes of layers by the steps that made them."""

    def build(self) -> None:
        """Fill the part."""
        part, calls = self.part, self.part.calls
        runs = [call.run for call in calls if call.run is not None]
        entry = Value(part.entry, self.scope.entry_channels(runs))
        self.lookup.begin(entry)
        flow = self.body(calls[0].items, runs, Flow(entry, [call.entry for call in calls]))
        part.result = flow.value
        if not part.word:
            part.results = self.results() or (flow.value,)

    def results(self) -> tuple[Value, ...]:
        """Return the values of the network that no layer reads."""
        network = self.builder.trace.network
        names = {node.name for node in network.outputs} - network.inputs.keys()
        return tuple(self.lookup.value(position) for position, node in enumerate(self.nodes) if node.name in names)

    def shape(self, position: int) -> Shape:
        """Return the shape of a layer's output."""
        return self.nodes[position].applied.output

    def add(self, statement: Statement) -> Var:
        """Append a statement; return the value that it gives."""
        self.part.statements.append(statement)
        return statement.out

    def unique(self, name: str) -> str:
        """Return a name for a layer that no other of the part has."""
        plain = identifier(name)
        plain = f"{plain}_" if plain in self.backend.taken_attributes else plain
        found, number = plain, 1
        while found in self.names:
            number += 1
            found = f"{plain}_{number}"
        self.names.add(found)
        return found

    def body(self, items: tuple[Item, ...], runs: list[Run], flow: Flow) -> Flow:
        """Add a list of items; ``runs`` are its runs, in all calls of the part."""
        for place, item in enumerate(items):
            steps = [run.steps[place] for run in runs]
            if isinstance(item, TrainingItem):
                self.builder.training += [step.name for each in steps for step in each]
                continue
            if not any(steps):
                continue
            if nodes.modifier(item, "repeat") is not None:
                value = self.repeated(item, runs, steps, flow)
            elif all(steps):
                value = self.item(item, [each[0] for each in steps], flow)
            else:
                value = self.conditional(item, runs, steps, flow)
            ends = [each[-1].out if each else at for each, at in zip(steps, flow.positions, strict=True)]
            flow = Flow(value, ends)
        return flow

    def item(self, item: Item, view: list[Step], flow: Flow) -> Value:
        """Add an item that runs once in every run."""
        if view[0].times != 1:
            raise self.backend.refuse_times(self.nodes[view[0].out], view[0].times)
        values = self.sources(item, view, flow)
        if isinstance(item, OperationItem):
            value = self.operation(item, view, values)
        elif isinstance(item, MergeItem):
            value = self.merge(item, view, values[0])
        elif isinstance(item, GroupItem):
            value = self.inline(item.items, view, values[0])
        else:
            value = self.block(item, view, values[0])
        node = nodes.modifier(item, "survival")
        if node is not None:
            chance = self.scope.expr("survival", node, lambda step: step.survival, view)
            value = self.backend.survival(self, value, chance)
        self.lookup.define(view, value)
        return value

    def sources(self, item: Item, view: list[Step], flow: Flow) -> list[Value]:
        """Return what an item reads."""
        if item.modifiers is None or item.modifiers.sources is None:
            return [flow.value]
        hint = nodes.modifier(item, "from")
        return self.lookup.sources(view, hint)

    def channels(self, value: Value, view: list[Any], position: Callable[[Any], int]) -> Expr:
        """Return the channels of a value as an expression, a parameter if need be."""

        def known(point: Any) -> int:
            return self.shape(position(point)).channels

        if value.channels is not None and value.channels.holds(view, known):
            return value.channels
        return self.scope.expr("channels", None, known, view)

    def operation(
        self, item: OperationItem, view: list[Step], values: list[Value], condition: Expr | None = None
    ) -> Value:
        """Add an operation."""
        if view[0].node < 0:
            return values[0]  # a merge of one input
        shared = self.lookup.owner(view, self.made)
        return self.backend.operation(self, view, values, condition, shared)

    def merge(self, item: MergeItem, view: list[Step], value: Value) -> Value:
        """Add branches and what joins them."""
        ends: list[Value] = []
        lacking: list[tuple[int, Expr]] = []
        for place, branch in enumerate(item.branches):
            parts: list[Any] = [step.branches[place] for step in view]
            flow = Flow(value, [step.sources[0] for step in view])
            if branch.modifiers is None:
                ends.append(self.body(branch.items, parts, flow).value)
            elif nodes.modifier(branch, "repeat") is not None:
                if any(parts):
                    ends.append(self.repeated(branch, view, parts, flow))
            elif all(parts):
                ends.append(self.item(branch, [each[0] for each in parts], flow))
            elif any(parts):
                lacking.append((len(ends), self.condition(branch, view, parts, value)))
                ends.append(self.bare_branch(branch, [each[0] for each in parts if each], value))
        joined = [step for step in view if step.node >= 0]
        if not joined:
            return ends[0]
        made = self.backend.operation(self, joined, ends, None, "")
        return made if not lacking else self.unless(view, made, ends, lacking)

    def condition(self, item: Item, points: list[Any], parts: list[Any], value: Value) -> Expr:
        """Return when an item exists."""
        present = {id(point): bool(each) for point, each in zip(points, parts, strict=True)}
        node = nodes.modifier(item, "when")
        return self.scope.expr("residual", node, lambda point: present[id(point)], points, value.channels)

    def bare_branch(self, branch: GroupItem, view: list[Step], value: Value) -> Value:
        """Add a branch that some calls leave out; it may hold no layer, which would be made for them as well."""
        before = len(self.part.statements)
        made = self.item(branch, view, Flow(value, [step.sources[0] for step in view]))
        if any(statement.attribute for statement in self.part.statements[before:]):
            raise VariesError("branch")
        return made

    def unless(self, view: list[Step], made: Value, ends: list[Value], lacking: list[tuple[int, Expr]]) -> Value:
        """Let a merge of two happen under a condition; without it the other branch passes."""
        if len(lacking) != 1 or len(ends) != 2:
            raise VariesError("branches")
        (place, test) = lacking[0]
        statement = self.part.statements.pop()
        if len(statement.inputs) != 2:
            raise VariesError("branches")
        text = statement.text.removeprefix("(").removesuffix(")") if statement.text[0] == "(" else statement.text
        flag = self.backend.flag(self, "residual", test)
        self.add(statement._replace(text=f"({text} if {flag} else {{{1 - place}}})"))
        offers = [ends[1 - place].channels, made.channels]
        return made._replace(channels=self.first(offers, view, lambda step: self.shape(step.out).channels))

    def inline(self, items: tuple[Item, ...], view: list[Step], value: Value) -> Value:
        """Add the items of a group, or of a block that is written out."""
        runs = [step.called.run if step.called is not None else step.run for step in view]
        flow = Flow(value, [step.sources[0] for step in view])
        return self.body(items, [run for run in runs if run is not None], flow).value

    def block(self, item: Any, view: list[Step], value: Value, condition: Expr | None = None) -> Value:
        """Add the call of a part, or write it out."""
        calls = [step.called for step in view if step.called is not None]
        if calls[0].key in self.builder.inlined:
            if condition is not None or len({call.key for call in calls}) > 1:
                raise VariesError("block")
            self.scope.inlined.append(inner_arguments(self, item, view, value))
            made = self.inline(calls[0].items, view, value)
            self.scope.inlined.pop()
            return made
        part = self.builder.part_of(calls)
        shared = self.lookup.owner(view, self.made)
        arguments = arguments_for(self, item, part, view, value)
        outer = self.lookup.outer(part, view)
        if outer and condition is not None:
            raise VariesError("input")
        out = self.backend.call(self, part, view, arguments, [value, *outer], condition, shared)
        return out._replace(channels=channels_after(self, part, view, arguments, value))

    def conditional(self, item: Item, runs: list[Run], steps: list[list[Step]], flow: Flow) -> Value:
        """Add an item that some runs leave out: what flows passes there."""
        if item.modifiers is not None and item.modifiers.sources is not None:
            raise VariesError("from")
        present = {id(run): bool(each) for run, each in zip(runs, steps, strict=True)}
        view = [each[0] for each in steps if each]
        if view[0].times != 1 or view[0].survival != 1:
            raise VariesError("times")
        node = nodes.modifier(item, "when")
        name = f"has_{view[0].name.rpartition('/')[2]}"
        test = self.scope.expr(name, node, lambda run: present[id(run)], runs, flow.value.channels)
        if isinstance(item, OperationItem):
            value = self.operation(item, view, [flow.value], test)
        else:
            value = self.block(item, view, flow.value, test)
        self.lookup.define(view, value)
        ends = {id(run): each[0].out if each else at for run, each, at in zip(runs, steps, flow.positions, strict=True)}
        offers = [value.channels, flow.value.channels]
        if value.channels is not None and flow.value.channels is not None:
            offers.append(choice(test, value.channels, flow.value.channels))
        return value._replace(channels=self.first(offers, runs, lambda run: self.shape(ends[id(run)]).channels))

    def first(self, offers: list[Expr | None], points: list[Any], known: Callable[[Any], Any]) -> Expr | None:
        """Return the first expression that holds, else a constant, else None."""
        from archcalc.export.sources.expressions import literal

        for offer in offers:
            if offer is not None and offer.holds(points, known):
                return offer
        values = {known(point) for point in points}
        return literal(values.pop()) if len(values) == 1 else None

    def repeated(self, item: Item, runs: list[Any], steps: list[list[Step]], flow: Flow) -> Value:
        """Add an item that is repeated: as a loop, or one by one where a loop cannot say it."""
        from archcalc.export.sources.loops import loop

        if id(item) not in self.builder.unrolled and max(map(len, steps)) > 1:
            before = len(self.part.statements), set(self.names), dict(self.made)
            try:
                return loop(self, item, runs, steps, flow)
            except VariesError:
                del self.part.statements[before[0] :]
                self.names, self.made = before[1], before[2]
            finally:
                self.scope.loop = False
        if len({len(each) for each in steps}) > 1:
            raise VariesError("repeat")
        for place in range(len(steps[0])):
            view = [each[place] for each in steps]
            flow = Flow(self.item(item, view, flow), [step.out for step in view])
        return flow.value
