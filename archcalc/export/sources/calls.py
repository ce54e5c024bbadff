"""Calling a part: the expressions of its arguments, and the channels that come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.export.sources import nodes
from archcalc.export.sources.expressions import Expr, Translator, UnsayableError, literal
from archcalc.export.sources.scope import safe
from archcalc.language.model import BlockItem

if TYPE_CHECKING:
    from archcalc.export.sources.backend import PartBuilder
    from archcalc.export.sources.parts import Part, Value
    from archcalc.export.sources.trace import Step
    from archcalc.language.model import Block


def arguments_for(
    builder: PartBuilder,
    item: Any,
    part: Part,
    view: list[Step],
    value: Value,
    channels: Expr | None = None,
    but: str = "",
) -> dict[str, Expr]:
    """Return the expression of each parameter of a part at one place where it is called, ``but`` one of them."""
    found: dict[str, Expr] = {}
    flow = channels or value.channels
    for name in part.parameters:
        if name == but:
            continue
        found[name] = _argument(builder, item, part, view, flow, name, found)
    return found


def _argument(
    builder: PartBuilder, item: Any, part: Part, view: list[Step], flow: Expr | None, name: str, known: dict[str, Expr]
) -> Expr:
    def given(step: Step) -> Any:
        call = step.called
        assert call is not None
        if name == "in_channels":
            return call.shape.channels
        return call.values[name] if name in part.arguments else call.extras.get(name)

    scope = builder.scope
    if name == "in_channels":
        if flow is not None and flow.holds(view, given):
            return flow
        return scope.expr("channels", None, given, view)
    if name not in part.arguments:
        return scope.expr(name, None, given, view)
    block = builder.builder.block(part.calls[0])
    if block is None:  # a group of this very part: its arguments have the same names here
        made = scope.name(name, view, flow)
        return made if made is not None and made.holds(view, given) else scope.expr(name, None, given, view)
    node = nodes.argument(item, block, name) if isinstance(item, BlockItem) else None
    if node is not None:
        return scope.expr(safe(name), node, given, view, flow)
    return _default(builder, block, name, view, flow, known) or scope.expr(safe(name), None, given, view)


def _default(
    builder: PartBuilder, block: Block, name: str, view: list[Step], flow: Expr | None, known: dict[str, Expr]
) -> Expr | None:
    """Return the default of an argument, whose formula may use the arguments before it."""
    text = nodes.formula(block.arguments[name].written)
    if text is None:
        return None
    names = {**known, **({} if flow is None else {"in_channels": flow})}
    values = builder.builder.trace.top.values
    names = {**{each: literal(value) for each, value in values.items()}, **names}
    try:
        made = Translator(names, view).formula(text)
    except (UnsayableError, ArithmeticError, TypeError):
        return None
    return made if made.holds(view, lambda step: step.called.values[name] if step.called else None) else None


def inner_arguments(builder: PartBuilder, item: Any, view: list[Step], value: Value) -> dict[str, Expr]:
    """Return what the arguments of a block mean where it is written out in another part."""
    called = view[0].called
    assert called is not None
    block = builder.builder.block(called)
    outer = builder.scope.inlined[-1] if builder.scope.inlined else {}
    if block is None:
        return outer
    found: dict[str, Expr] = {}
    for name in block.arguments:

        def given(step: Step, name: str = name) -> Any:
            return step.called.values[name] if step.called is not None else None

        node = nodes.argument(item, block, name) if isinstance(item, BlockItem) else None
        made = _default(builder, block, name, view, value.channels, found) if node is None else None
        found[name] = made or builder.scope.expr(safe(name), node, given, view, value.channels)
    return found


def channels_after(
    builder: PartBuilder, part: Part, view: list[Step], arguments: dict[str, Expr], value: Value
) -> Expr | None:
    """Return the channels that a call gives, as an expression in the caller's words."""
    offers: list[Expr | None] = []
    made = substituted(part, arguments, view)
    if made is not None:
        offers.append(made)
    offers.append(value.channels)
    return builder.first(offers, view, lambda step: builder.shape(step.out).channels)


def substituted(part: Part, arguments: dict[str, Expr], view: list[Any]) -> Expr | None:
    """Return the channels of a part's result with its parameters replaced."""
    assert part.result is not None
    if part.result.channels is None:
        return None
    try:
        names = {safe(name): each for name, each in arguments.items()}
        return Translator(names, view).formula(part.result.channels.text)
    except (UnsayableError, ArithmeticError, TypeError):
        return None
