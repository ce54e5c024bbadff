"""What all writers of sources say alike: channels behind an operation, calls of parts, the turns of loops."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archcalc.export.sources.expressions import SUM, binary
from archcalc.export.sources.scope import safe

if TYPE_CHECKING:
    from archcalc.export.sources.expressions import Expr
    from archcalc.export.sources.layers import Layer
    from archcalc.export.sources.parts import Part, Value

REARRANGING = frozenset(("attention", "reshape", "pad_channels", "maxout", "channel_slice", "position"))
"""Operations whose channels follow from no setting; often they are those of an argument."""


def channels_of(layer: Layer, value: Value) -> Expr | None:
    """Return the channels behind an operation of one input as an expression."""
    offers: list[Expr | None] = [value.channels]
    for name in ("filters", "out_features"):
        if name in type(layer.first).settings:
            offers.insert(0, layer.setting(name))
    if layer.word == "depthwise_conv":
        offers.insert(0, binary(ast.Mult, layer.channels(), layer.setting("multiplier")))
    if layer.word in REARRANGING:
        names = ("in_channels", *layer.scope.arguments)
        offers += [layer.scope.name(name, layer.view, value.channels) for name in names]
    return layer.builder.first(offers, layer.view, lambda step: layer.output(step).channels)


def channels_of_merge(layer: Layer, values: list[Value]) -> Expr | None:
    """Return the channels behind a merge as an expression."""
    offers = [value.channels for value in values]
    if layer.word == "concat" and layer.same("axis") == "channels" and all(offers):
        total: Expr | None = None
        for offer in offers:
            assert offer is not None
            total = offer if total is None else binary(ast.Add, total, offer)
        offers = [total]
    return layer.builder.first(offers, layer.view, lambda step: layer.output(step).channels)


def item_name(part: Part) -> str:
    """Return the name of a part that is no block: that of its item, or what kind of item it is."""
    item = part.calls[0].item
    name = item.modifiers.name if item is not None and item.modifiers is not None else None
    return name or ("group" if part.word == "layers" else part.word)


def called(part: Part, arguments: dict[str, Expr], first: tuple[str, ...] = ()) -> str:
    """Return the text of a call: channels and arguments without a default in order, the others by name."""
    given: list[str] = [*first]
    for name, expr in arguments.items():
        default = part.parameters[name]
        if default is None:
            given.append(expr.text)
        elif expr.text != default.text:
            given.append(f"{safe(name)}={expr.text}")
    return f"{part.name}({', '.join(given)})"


def counted(text: str, count: Expr) -> tuple[str, str]:
    """Return what runs in each turn of a loop, and the words that count the turns as the text needs them."""
    if re.search(r"\bi\b", text):
        return re.sub(r"\bindex\b(?!=[^=])", "i + 1", text), f"for i in range({count.text})"
    if re.search(r"\bindex\b", text):
        last = str(count.value(None) + 1) if count.constant else f"{count.within(SUM)} + 1"
        return text, f"for index in range(1, {last})"
    return text, f"for _ in range({count.text})"
