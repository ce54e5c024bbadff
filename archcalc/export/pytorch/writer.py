"""How PyTorch says a layer, a call and a loop: modules made in ``__init__``, used in ``forward``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.exported import refuse
from archcalc.export.pytorch.joins import join
from archcalc.export.pytorch.operations import VECTORS, units
from archcalc.export.pytorch.units import TO_MAP, Unit, call
from archcalc.export.sources.common import called, channels_of, counted, item_name
from archcalc.export.sources.layers import Layer
from archcalc.export.sources.naming import camel, title_name
from archcalc.export.sources.parts import Statement, Value, Var

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.engine.network import Node
    from archcalc.errors import RequestError
    from archcalc.export.sources.backend import PartBuilder
    from archcalc.export.sources.expressions import Expr
    from archcalc.export.sources.parts import Part
    from archcalc.export.sources.trace import Step

TITLE = "PyTorch"
MERGES = frozenset(("add", "multiply", "subtract", "divide", "maximum", "minimum", "mean", "concat", "matmul"))


class TorchBackend:
    """Writes parts as modules."""

    reserved = frozenset(("torch", "nn", "F", "Module", "Attention", "WindowAttention", "LayerNorm", "Scale"))
    makes_anew = False
    taken_attributes = frozenset(
        ("training", "forward", "train", "eval", "type", "float", "double", "half", "to", "cpu", "cuda", "add_module",
         "apply", "buffers", "children", "modules", "parameters", "zero_grad", "compile", "register_buffer",
         "share_memory")
    )  # fmt: skip

    def __init__(self, network: str, title: str) -> None:
        self.network = title_name(network, title)

    def begin(self) -> None:
        """Nothing is kept from an earlier attempt."""

    def part_name(self, part: Part) -> str:
        """Return the block's name in capitals, or the network's."""
        if not part.word:
            return self.network
        return camel(part.calls[0].word if isinstance(part.calls[0].key, str) else item_name(part))

    def words_of(self, part: Part) -> Iterable[str]:
        """Return the texts of a part in which parameters are used: those of ``__init__``, and plain functions."""
        yield from part.flags.values()
        for statement in part.statements:
            yield statement.maker
            if not statement.attribute:
                yield statement.text

    def refuse_times(self, node: Node, times: int) -> RequestError:
        """Return the error for a layer that runs several times in a row."""
        return refuse(TITLE, node, f"it runs {times:,} times for one image, which a module does not say")

    def operation(
        self, builder: PartBuilder, view: list[Step], values: list[Value], condition: Expr | None, shared: str
    ) -> Value:
        """Add an operation."""
        layer = Layer(builder, view, values, TITLE)
        if layer.word in MERGES or len(values) > 1:
            return join(layer)
        made = units(layer)
        value, is_vector = values[0], values[0].is_vector
        if is_vector and layer.word not in VECTORS:
            made, is_vector = [TO_MAP, *made], False
        if layer.word in ("fc", "flatten"):
            is_vector = True
        name = view[0].name.rpartition("/")[2]
        if view[0].item.modifiers is None or view[0].item.modifiers.name is None:
            name = view[0].name.rpartition("/")[2] if not view[0].item.word else name
        var = self._add(builder, view, value.var, made, condition, shared, name)
        return Value(var, channels_of(layer, value), is_vector)

    def _add(
        self,
        builder: PartBuilder,
        view: list[Step],
        var: Var,
        made: list[Unit],
        condition: Expr | None,
        shared: str,
        name: str,
    ) -> Var:
        named = view[0].item.modifiers is not None and view[0].item.modifiers.name is not None
        if condition is not None:
            modules = [unit.module for unit in made]
            if not all(modules):
                return self._function_if(builder, var, made, condition, name)
            maker = modules[0] if len(modules) == 1 else f"nn.Sequential({', '.join(modules)})"
            return self._attribute(builder, view, var, _unless(maker, condition), name, named)
        for unit in made:
            if unit.function and not (unit.module and not unit.function):
                var = builder.add(Statement(Var(), (var,), unit.function, maker=unit.module, named=named))
            elif shared:
                var = builder.add(Statement(Var(), (var,), f"self.{shared}({{0}})", named=True))
            else:
                var = self._attribute(builder, view, var, unit.module, name, named)
        return var

    def _function_if(self, builder: PartBuilder, var: Var, made: list[Unit], condition: Expr, name: str) -> Var:
        """Add functions that run under a condition."""
        if not all(unit.function for unit in made):
            from archcalc.export.sources.scope import VariesError

            raise VariesError("condition")
        flag = self.flag(builder, f"has_{name}", condition)
        text = "{0}"
        for unit in made:
            text = unit.function.replace("{0}", text)
        return builder.add(Statement(Var(), (var,), f"({text} if {flag} else {{0}})"))

    def _attribute(
        self,
        builder: PartBuilder,
        view: list[Step],
        var: Var,
        maker: str,
        name: str,
        named: bool,
        more: tuple[Var, ...] = (),
    ) -> Var:
        attribute = builder.unique(name)
        for step in view:
            builder.made[id(step)] = attribute
        places = ", ".join(f"{{{place}}}" for place in range(1 + len(more)))
        return builder.add(Statement(Var(), (var, *more), f"self.{attribute}({places})", attribute, maker, named))

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
        first, *more = (self.as_map(builder, value) for value in values)
        named = view[0].item.modifiers is not None and view[0].item.modifiers.name is not None
        assert part.result is not None
        if shared:
            places = ", ".join(f"{{{place}}}" for place in range(1 + len(more)))
            var = builder.add(Statement(Var(), (first, *more), f"self.{shared}({places})", named=True))
            return Value(var, None, part.result.is_vector)
        maker = called(part, arguments)
        if condition is not None:
            if part.result.is_vector:
                from archcalc.export.sources.scope import VariesError

                raise VariesError("condition")
            maker = _unless(maker, condition)
        name = view[0].name.rpartition("/")[2]
        var = self._attribute(builder, view, first, maker, name, named, tuple(more))
        return Value(var, None, part.result.is_vector)

    def as_map(self, builder: PartBuilder, value: Value) -> Var:
        """Return a value as a map, which it may have to be made into."""
        if not value.is_vector:
            return value.var
        return builder.add(Statement(Var(), (value.var,), TO_MAP.function, maker=TO_MAP.module))

    def loop(
        self, builder: PartBuilder, part: Part, view: list[Step], arguments: dict[str, Expr], value: Value, count: Expr
    ) -> Value:
        """Add a part that is called again and again."""
        from archcalc.export.sources.scope import VariesError

        assert part.result is not None
        if part.result.is_vector:
            raise VariesError("vector")
        text, turns = counted(called(part, arguments), count)
        maker = f"nn.Sequential(*[{text} {turns}])"
        item_name = view[0].item.modifiers.name if view[0].item.modifiers is not None else None
        name = item_name or f"{part.word}s"
        var = self._attribute(builder, view, self.as_map(builder, value), maker, name, True)
        return Value(var, None, False)

    def flag(self, builder: PartBuilder, name: str, test: Expr) -> str:
        """Return the attribute that keeps a condition."""
        known = next((flag for flag, text in builder.part.flags.items() if text == test.text), None)
        attribute = known or builder.unique(name)
        builder.part.flags[attribute] = test.text
        return f"self.{attribute}"

    def survival(self, builder: PartBuilder, value: Value, chance: Expr) -> Value:
        """Add stochastic depth."""
        attribute = builder.unique("survival")
        text = f"self.{attribute}({{0}})"
        maker = call("StochasticDepth", chance)
        var = builder.add(Statement(Var(), (value.var,), text, attribute, maker))
        return value._replace(var=var)


def _unless(maker: str, condition: Expr) -> str:
    """Return a module, or one that does nothing where a condition does not hold."""
    return f"{maker} if {condition.within(1)} else nn.Identity()"
