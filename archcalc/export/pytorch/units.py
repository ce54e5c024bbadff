"""What an operation becomes in PyTorch: modules, and functions where a person would write one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archcalc.export.sources.expressions import Expr


class Unit(NamedTuple):
    """A step: the module that does it, the function, or both, of which ``{0}`` is the input."""

    module: str = ""
    function: str = ""


def module(name: str, *arguments: Expr | str, **settings: Expr | str | None) -> Unit:
    """Return a module; settings that are None are at their defaults."""
    return Unit(call(f"nn.{name}", *arguments, **settings))


def call(name: str, *arguments: Expr | str, **settings: Expr | str | None) -> str:
    """Return the text of a call."""
    given = [_text(each) for each in arguments]
    given += [f"{word}={_text(each)}" for word, each in settings.items() if each is not None]
    return f"{name}({', '.join(given)})"


def unless(value: Expr, default: str) -> Expr | None:
    """Return a setting, or None where it is the default."""
    return None if value.text == default else value


def _text(value: Expr | str) -> str:
    return value if isinstance(value, str) else value.text


TO_MAP = Unit("nn.Unflatten(1, (-1, 1, 1))", "{0}[:, :, None, None]")
"""A vector as a map of one place."""

TO_VECTOR = Unit("nn.Flatten()", "torch.flatten({0}, 1)")
