"""The values of arguments, and the shape of the input that follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.errors import RequestError
from archcalc.language.family import read_shape
from archcalc.language.formula import Scope
from archcalc.limits import MAX_NUMBER
from archcalc.operations.base import Shape
from archcalc.text import readers
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from archcalc.language.model import Argument
    from archcalc.language.networks import NetworkSpec


def argument_values(spec: NetworkSpec) -> dict[str, Any]:
    """Return the file's arguments, as set or by default; raise NodeError where one has no value."""
    return bound(spec.family.arguments, spec.values, {}, Shape(0, 0, 0))


def input_shape(spec: NetworkSpec, values: dict[str, Any], given: tuple[int, ...] | None) -> Shape:
    """Return the input's shape: the spec's own, with another size, or another altogether."""
    if given is not None and not (1 <= len(given) <= 3 and all(1 <= size <= MAX_NUMBER for size in given)):
        raise RequestError(f"an input is one to three sizes, each at least 1, at most {MAX_NUMBER:,}")
    if given is not None and len(given) == 3:
        return Shape(*given)
    own = Shape(*read_shape(spec.input(Scope(values, Shape(0, 0, 0)))))
    return own if given is None else Shape(own.channels, given[0], given[-1])


def bound(arguments: dict[str, Argument], given: dict[str, Any], outer: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """Return outer values and arguments together; a default sees the arguments before it."""
    values = {**outer, **given}
    for name, argument in arguments.items():
        if name not in given:
            if argument.default is None:
                raise NodeError(argument.node, f"argument '{name}' has no value; give one with --set {name}=VALUE")
            values[name] = readers.literal(argument.default(Scope(values, shape)))
    return values
