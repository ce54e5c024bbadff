"""The values of arguments, their requirements, and the shapes of the inputs that depend on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.errors import RequestError, did_you_mean, one_of, printable
from archcalc.language.formula import Scope
from archcalc.language.inputs import read_shape
from archcalc.language.model import bind
from archcalc.limits import MAX_NUMBER
from archcalc.operations.base import Shape, ShapeError
from archcalc.text import readers
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archcalc.language.deferred import Deferred, Pool
    from archcalc.language.model import Argument, Block, BlockItem, OperationItem, Requirement
    from archcalc.language.networks import NetworkSpec
    from archcalc.operations.base import Operation

Size = tuple[int, ...]
"""(size,), (height, width) or (channels, height, width); of a sequence (length,) or (channels, length)."""

_NOWHERE = Shape(0, 0, 0)


def argument_values(spec: NetworkSpec) -> dict[str, Any]:
    """Return the file's arguments, set or by default; raise NodeError if one has no value or breaks a requirement."""
    values = bound(spec.family.arguments, spec.values, {}, _NOWHERE)
    check_requirements(spec.family.require, Scope(values, _NOWHERE))
    return values


def check_requirements(requirements: Iterable[Requirement], scope: Scope) -> None:
    """Raise NodeError at the first requirement that does not hold."""
    for requirement in requirements:
        if not readers.flag(requirement.condition.node_of_value(scope)):
            names = requirement.condition.names
            given = ", ".join(f"{name} {_shown(scope.values[name])}" for name in names if name in scope.values)
            reason = f" ({requirement.condition.text}{f'; here {given}' if given else ''})"
            raise NodeError(requirement.node, f"{requirement.message}{reason}")


def _shown(value: Any) -> str:
    if value.__class__ is bool:
        return "true" if value else "false"
    return str(value) if value.__class__ in (int, str) else f"{float(value):g}"


def input_shapes(
    spec: NetworkSpec, values: dict[str, Any], given: Size | Mapping[str, Size] | None
) -> dict[str, Shape]:
    """Return the shapes of the inputs by name: the spec's own, with another size, or entirely different."""
    names = list(spec.input)
    sizes: Mapping[str, Size] = {}
    if isinstance(given, dict):
        unknown = [name for name in given if name not in names]
        if unknown:
            raise RequestError(f"{spec.name} has no input '{unknown[0]}' (there are {', '.join(names)})")
        sizes = given
    elif given is not None:
        if len(names) > 1:
            raise RequestError(f"{spec.name} has the inputs {one_of(names)}: say which, as in {names[0]}=SIZE")
        sizes = {names[0]: given}  # type: ignore[dict-item]
    scope = Scope(values, _NOWHERE)
    return {
        name: _sized(Shape(*read_shape(deferred(scope))), sizes.get(name), spec.family.sequence)
        for name, deferred in spec.input.items()
    }


def _sized(own: Shape, given: Size | None, sequence: bool) -> Shape:
    if given is None:
        return own
    if not (1 <= len(given) <= 3 and all(1 <= size <= MAX_NUMBER for size in given)):
        raise RequestError(f"an input is one to three sizes, each from 1 to {MAX_NUMBER:,}")
    if not sequence:
        return Shape(*given) if len(given) == 3 else Shape(own.channels, given[0], given[-1])
    if len(given) == 3 and given[2] != 1:
        raise RequestError("the input of this network is a sequence: give its length, or channels x length")
    return Shape(own.channels, given[0], 1) if len(given) == 1 else Shape(given[0], given[1], 1)


def bound(arguments: dict[str, Argument], given: dict[str, Any], outer: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """Return outer values with the arguments added; a default sees the arguments before it."""
    values = {**outer, **given}
    for name, argument in arguments.items():
        if name not in given:
            if argument.default is None:
                raise NodeError(argument.node, f"argument '{name}' has no value; give one with --set {name}=VALUE")
            values[name] = readers.argument(argument.default(Scope(values, shape)))
    return values


def built_operation(item: OperationItem, pool: Pool, scope: Scope, likes: Mapping[str, Any]) -> Operation:
    """Build the operation of an item whose settings have formulas; ``likes`` are those that other layers give."""
    values = dict(item.constants)
    settings = item.type.settings
    for name, deferred in item.deferred.items():
        values[name] = settings[name].type(deferred(scope))
    values.update(likes)
    try:
        return pool.make(item.type, values)
    except ShapeError as error:
        raise NodeError(item.node, f"{item.type.word}: {error}") from None


def called_block(item: BlockItem, blocks: Mapping[str, Block], scope: Scope) -> tuple[Block, dict[str, Deferred]]:
    """Return the block that an item calls, and its arguments by name."""
    if isinstance(item.block, str):
        assert isinstance(item.arguments, dict)
        return blocks[item.block], item.arguments
    word = readers.text(item.block(scope))
    block = blocks.get(word)
    if block is None:
        raise NodeError(item.node, f"no block '{printable(word[:60])}'{did_you_mean(word, blocks)}")
    return block, bind(word, block.arguments, item.arguments, item.node)
