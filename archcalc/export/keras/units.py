"""What an operation becomes in Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archcalc.export.sources.expressions import Expr


class Unit(NamedTuple):
    """A step: the layer that does it, or a function, of which ``{0}`` is the input."""

    layer: str = ""
    function: str = ""


def layer(name: str, *arguments: Expr | str, **settings: Expr | str | None) -> Unit:
    """Return a layer of Keras; settings that are None are at their defaults."""
    return Unit(call(f"layers.{name}", *arguments, **settings))


def call(name: str, *arguments: Expr | str, **settings: Expr | str | None) -> str:
    """Return the text of a call."""
    given = [_text(each) for each in arguments]
    given += [f"{word}={_text(each)}" for word, each in settings.items() if each is not None]
    return f"{name}({', '.join(given)})"


def function(name: str, *arguments: Expr | str, **settings: Expr | str | None) -> Unit:
    """Return a function of the source's own, of the input and more arguments."""
    return Unit("", call(name, "{0}", *arguments, **settings))


def unless(value: Expr, default: str) -> Expr | None:
    """Return a setting, or None where it is the default."""
    return None if value.text == default else value


def _text(value: Expr | str) -> str:
    return value if isinstance(value, str) else value.text


TO_MAP = Unit("layers.Reshape((1, 1, -1))")
"""A vector as a map of one place."""

TO_VECTOR = Unit("layers.Flatten()")
