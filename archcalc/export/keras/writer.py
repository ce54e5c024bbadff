"""How Keras says a layer, a call and a loop: functions of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.exported import refuse
from archcalc.export.keras.operations import REFUSED, VECTORS, units
from archcalc.export.keras.units import TO_MAP, Unit, call
from archcalc.export.sources.common import called, channels_of, channels_of_merge, counted, item_name
from archcalc.export.sources.layers import Layer
from archcalc.export.sources.naming import snake
from archcalc.export.sources.parts import Statement, Value, Var
from archcalc.export.sources.scope import VariesError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.engine.network import Node
    from archcalc.errors import RequestError
    from archcalc.export.sources.backend import PartBuilder
    from archcalc.export.sources.expressions import Expr
    from archcalc.export.sources.parts import Part
    from archcalc.export.sources.trace import Step

TITLE = "Keras"
JOINS = {
    "add": "Add", "multiply": "Multiply", "subtract": "Subtract", "maximum": "Maximum", "minimum": "Minimum",
    "mean": "Average",
}  # fmt: skip
AXES = {"channels": "", "height": "axis=1", "width": "axis=2"}


class KerasBackend:
    """Writes parts as functions."""

    reserved = frozenset(
        ("keras", "layers", "ops", "math", "attention", "maxout", "reshape", "pixel_shuffle", "pixel_unshuffle",
         "channel_shuffle", "local_response_norm", "pad_lowest", "pad_reflected", "average_inside", "make_divisible",
         "product")
    )  # fmt: skip
    makes_anew = True
    taken_attributes = frozenset(("x", "keras", "layers", "ops"))

    def __init__(self, network: str) -> None:
        self.network = snake(network)

    def begin(self) -> None:
        """Nothing is kept from an earlier attempt."""

    def part_name(self, part: Part) -> str:
        """Return the block's name, or the network's."""
        if not part.word:
            return self.network
        return snake(part.word if isinstance(part.calls[0].key, str) else item_name(part))

    def words_of(self, part: Part) -> Iterable[str]:
        """Return the texts of a part in which parameters are used."""
        for statement in part.statements:
            yield statement.text
            yield from statement.lines

    def refuse_times(self, node: Node, times: int) -> RequestError:
        """Return the error for a layer that runs several times in a row."""
        return refuse(TITLE, node, f"it runs {times:,} times for one image, which a layer does not say")

    def flag(self, builder: PartBuilder, name: str, test: Expr) -> str:
        """Return a condition as it stands in a statement."""
        return test.within(1)

    def operation(
        self, builder: PartBuilder, view: list[Step], values: list[Value], condition: Expr | None, shared: str
    ) -> Value:
        """Add an operation."""
        at = Layer(builder, view, values, TITLE)
        if len(values) > 1:
            return self._join(at)
        value = values[0]
        made, is_vector = units(at), value.is_vector
        if is_vector and at.word not in VECTORS:
            made, is_vector = [TO_MAP, *made], False
        if at.word in ("fc", "flatten"):
            is_vector = True
            made = self._without_places(builder, value, made)
        if at.word == "reshape":
            is_vector = False
        var = self._add(builder, view, value.var, made, condition, shared)
        return Value(var, channels_of(at, value), is_vector)

    def _without_places(self, builder: PartBuilder, value: Value, made: list[Unit]) -> list[Unit]:
        """Let a global pooling just before give a vector itself, so that nothing has to be flattened."""
        statements = builder.part.statements
        kept = "(keepdims=True)"
        if statements and statements[-1].out is value.var and statements[-1].text.endswith(f"{kept}({{0}})"):
            statements[-1] = statements[-1]._replace(text=statements[-1].text.replace(kept, "()"))
            return [unit for unit in made if unit.layer != "layers.Flatten()"]
        return made

    def _add(
        self,
        builder: PartBuilder,
        view: list[Step],
        var: Var,
        made: list[Unit],
        condition: Expr | None,
        shared: str,
    ) -> Var:
        if condition is not None:
            text = "{0}"
            for unit in made:
                text = _text(unit).replace("{0}", text)
            return builder.add(Statement(Var(), (var,), f"({text} if {condition.within(1)} else {{0}})"))
        for unit in made:
            weighted = unit is made[-1] and bool(unit.layer)
            if shared and weighted:
                builder.part.shared.add(shared)
                var = builder.add(Statement(Var(), (var,), f"{shared}({{0}})"))
                continue
            attribute = builder.unique(view[0].name.rpartition("/")[2]) if weighted else ""
            for step in view if weighted else ():
                builder.made[id(step)] = attribute
            maker = unit.layer
            if weighted and not builder.part.word and _named(view) and unit.layer.startswith("layers."):
                maker = f'{maker[:-1]}{"" if maker.endswith("()") else ", "}name="{attribute}")'
            text = f"{maker}({{0}})" if maker else unit.function
            var = builder.add(Statement(Var(), (var,), text, attribute, maker))
        return var

    def _join(self, at: Layer) -> Value:
        """Add what joins several values."""
        rows = at.word == "concat" and at.same("axis") != "channels"
        values = at.values
        if rows or not all(value.is_vector for value in values):
            values = [Value(self.as_map(at.builder, each), each.channels) for each in values]
        places = ", ".join(f"{{{place}}}" for place in range(len(values)))
        if at.word == "concat":
            text = f"layers.Concatenate({AXES[at.same('axis')]})([{places}])"
        elif at.word in JOINS:
            text = f"layers.{JOINS[at.word]}()([{places}])"
        elif at.word == "divide":
            text = "({0} / {1})"
        elif at.word == "matmul" and len(values) == 2 and not any(value.is_vector for value in values):
            turned = "True" if at.same("transpose") else None
            text = call("product", "{0}", "{1}", at.setting("heads"), *([turned] if turned else []))
        else:
            raise at.refuse(REFUSED.get(at.word, "several inputs"))
        var = at.builder.add(Statement(Var(), tuple(value.var for value in values), text))
        return Value(var, channels_of_merge(at, values), values[0].is_vector)

    def as_map(self, builder: PartBuilder, value: Value) -> Var:
        """Return a value as a map, which it may have to be made into."""
        if not value.is_vector:
            return value.var
        return builder.add(Statement(Var(), (value.var,), f"{TO_MAP.layer}({{0}})"))

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
        for step in view:
            builder.made[id(step)] = part.name
        if shared:
            builder.builder.inline(part.calls[0].key)
        given = [self.as_map(builder, value) for value in values]
        places = tuple(f"{{{place}}}" for place in range(len(given)))
        text = called(part, _without_channels(arguments), places)
        assert part.result is not None
        if condition is not None:
            if part.result.is_vector:
                raise VariesError("condition")
            text = f"({text} if {condition.within(1)} else {{0}})"
        remark = view[0].name.rpartition("/")[2] if _named(view) else ""
        var = builder.add(Statement(Var(), tuple(given), text, remark=remark))
        return Value(var, None, part.result.is_vector)

    def loop(
        self, builder: PartBuilder, part: Part, view: list[Step], arguments: dict[str, Expr], value: Value, count: Expr
    ) -> Value:
        """Add a part that is called again and again."""
        assert part.result is not None
        if part.result.is_vector:
            raise VariesError("vector")
        text, turns = counted(called(part, _without_channels(arguments), ("{0}",)), count)
        lines = (f"{turns}:", f"    {{0}} = {text}")
        name = view[0].item.modifiers.name if view[0].item.modifiers is not None else None
        statement = Statement(Var(), (self.as_map(builder, value),), "", lines=lines, remark=name or "")
        return Value(builder.add(statement), None)

    def survival(self, builder: PartBuilder, value: Value, chance: Expr) -> Value:
        """Add stochastic depth: dropout of whole images."""
        shape = "(None, 1)" if value.is_vector else "(None, 1, 1, 1)"
        text = f"layers.Dropout(1 - {chance.within(6)}, noise_shape={shape})({{0}})"
        if chance.constant:
            text = f"layers.Dropout({float(1 - chance.value(None))!r}, noise_shape={shape})({{0}})"
        return value._replace(var=builder.add(Statement(Var(), (value.var,), text)))


def _text(unit: Unit) -> str:
    return f"{unit.layer}({{0}})" if unit.layer else unit.function


def _named(view: list[Step]) -> bool:
    modifiers = view[0].item.modifiers
    return modifiers is not None and modifiers.name is not None


def _without_channels(arguments: dict[str, Expr]) -> dict[str, Expr]:
    return {name: each for name, each in arguments.items() if name != "in_channels"}
