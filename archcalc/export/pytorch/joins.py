"""Operations of several inputs in PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.pytorch.operations import REFUSED
from archcalc.export.pytorch.units import TO_MAP, call
from archcalc.export.sources.common import channels_of_merge
from archcalc.export.sources.parts import Statement, Value, Var

if TYPE_CHECKING:
    from archcalc.export.sources.layers import Layer

SYMBOLS = {"add": " + ", "multiply": " * ", "subtract": " - ", "divide": " / "}
AXES = {"channels": 1, "height": 2, "width": 3}


def join(layer: Layer) -> Value:
    """Add what joins several values."""
    if layer.word == "attention":
        raise layer.refuse("queries of one layer and keys of another")
    if layer.word == "matmul":
        return _matmul(layer)
    if layer.word == "cross_correlation":
        return _correlation(layer)
    if layer.word in REFUSED:
        raise layer.refuse(REFUSED[layer.word])
    values = _alike(layer)
    places = [f"{{{place}}}" for place in range(len(values))]
    if layer.word in SYMBOLS:
        text = SYMBOLS[layer.word].join(places)
        text = f"({text})" if layer.word in ("add", "subtract") else text
    elif layer.word == "mean":
        text = f"(({' + '.join(places)}) / {len(places)})"
    elif layer.word in ("maximum", "minimum"):
        text = places[0]
        for place in places[1:]:
            text = f"torch.{layer.word}({text}, {place})"
    elif layer.word == "concat":
        text = f"torch.cat(({', '.join(places)}), {AXES[layer.same('axis')]})"
    else:
        raise layer.refuse("several inputs")
    var = layer.builder.add(Statement(Var(), tuple(value.var for value in values), text))
    return Value(var, channels_of_merge(layer, values), values[0].is_vector)


def _alike(layer: Layer) -> list[Value]:
    """Return the values as maps if one of them is a map, or what joins them knows rows."""
    rows = layer.word == "concat" and layer.same("axis") != "channels"
    if all(value.is_vector for value in layer.values) and not rows:
        return layer.values
    found = []
    for value in layer.values:
        if value.is_vector:
            var = layer.builder.add(Statement(Var(), (value.var,), TO_MAP.function, maker=TO_MAP.module))
            value = value._replace(var=var, is_vector=False)
        found.append(value)
    return found


def _correlation(layer: Layer) -> Value:
    values = _alike(layer)
    depthwise = "True" if layer.same("depthwise") else None
    text = call("cross_correlation", "{0}", "{1}", depthwise=depthwise)
    var = layer.builder.add(Statement(Var(), tuple(value.var for value in values), text))
    return Value(var, layer.builder.first([], layer.view, lambda step: layer.output(step).channels))


def _matmul(layer: Layer) -> Value:
    values = _alike(layer)
    if values[0].is_vector or len(values) != 2:
        raise layer.refuse("a product of vectors")
    heads, turned = layer.setting("heads"), layer.same("transpose")
    text = call("product", "{0}", "{1}", heads, "True") if turned else call("product", "{0}", "{1}", heads)
    var = layer.builder.add(Statement(Var(), tuple(value.var for value in values), text))
    return Value(var, layer.builder.first([], layer.view, lambda step: layer.output(step).channels))
