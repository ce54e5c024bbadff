"""The context in which an item is expanded, and the layers that names mean there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.engine.block_cache import INSIDE
from archcalc.language.formula import Scope
from archcalc.limits import MAX_CHANCES, MAX_NUMBER
from archcalc.text import readers
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from archcalc.engine.builder import NetworkBuilder
    from archcalc.engine.names import Names
    from archcalc.engine.network import Multiplicity
    from archcalc.language.deferred import Deferred
    from archcalc.language.model import Item, Modifiers, Reference
    from archcalc.operations.base import Shape

_read_times = readers.whole(1)


class Context(NamedTuple):
    """The context of an item: what its formulas and names can see, and how often its layers run."""

    values: dict[str, Any]
    """Arguments of the block around it, and of the file."""
    repetition: int | None
    """The number of the repetition, from 1."""
    names: Names
    multiplicity: Multiplicity
    entry: int
    """The position of the input of the block around it."""
    caller: str
    """The path where that block is called, in which names given as arguments are looked up."""

    def scope(self, shape: Shape) -> Scope:
        """Return what a formula can see: arguments, and the input shape."""
        return Scope(self.values, shape, self.repetition)

    def applies(self, modifiers: Modifiers, shape: Shape) -> bool:
        """Whether an item exists at all for an input shape."""
        return modifiers.when is None or readers.flag(modifiers.when(self.scope(shape)))


def with_times(item: Item, times: Deferred, scope: Scope, context: Context) -> Context:
    """Return the context of an item with ``times``: it runs several times with the same weights."""
    multiplicity = context.multiplicity
    runs = multiplicity.times * _read_times(times(scope))
    if runs > MAX_NUMBER:
        raise NodeError(item.node, f"runs {runs:,} times; at most {MAX_NUMBER:,} are allowed")
    return context._replace(multiplicity=multiplicity._replace(times=runs))


def with_survival(built: NetworkBuilder, item: Item, survival: Deferred, scope: Scope, context: Context) -> Context:
    """Return the context of an item with ``survival``: it runs with a probability while training."""
    chance = context.multiplicity.survival * readers.portion(survival(scope))
    built.chances.add(chance)
    if chance.denominator > MAX_NUMBER:
        raise NodeError(
            item.node, f"survival: the product of probabilities needs a denominator of more than {MAX_NUMBER:,}"
        )
    if len(built.chances) > MAX_CHANCES:
        raise NodeError(item.node, f"survival: more than {MAX_CHANCES:,} different probabilities in one network")
    return context._replace(multiplicity=context.multiplicity._replace(survival=chance))


def names_of(reference: Reference, scope: Scope) -> tuple[str, ...]:
    """Return the names that a reference gives: one, or those of a list that a formula gives."""
    if isinstance(reference.name, str):
        return (reference.name,)
    value = readers.argument(reference.name(scope))
    names = value if value.__class__ is tuple else (value,)
    if not names or not all(name.__class__ is str for name in names):
        raise NodeError(reference.node, f"{readers.shown(reference.node)} does not give the name of a layer")
    return tuple(names)


def find(built: NetworkBuilder, reference: Reference, context: Context) -> int:
    """Return the position of the one layer that a reference names."""
    (name, *more) = names_of(reference, context.scope(built.shape(context.entry)))
    if more:
        raise NodeError(reference.node, f"expected one layer, got {len(more) + 1}")
    return position_of(built, name, reference, context)


def position_of(built: NetworkBuilder, name: str, reference: Reference, context: Context) -> int:
    """Return the position that a name means; a layer called ``in`` takes precedence over the block's input."""
    full = _look_up(built, name, reference, context)
    if name == INSIDE and full is None:
        return context.entry
    if full is None:
        raise built.no_layer(name, reference.node)
    if name == INSIDE:
        built.remarks.append(
            "'from: in' reads the layer called 'in'; without that layer, 'in' is the input of the block"
        )
    return built.outputs[full]


def full_name_of(built: NetworkBuilder, reference: Reference, context: Context) -> str:
    """Return the full name of the layer or part that a reference names."""
    (name, *_) = names_of(reference, context.scope(built.shape(context.entry)))
    full = _look_up(built, name, reference, context)
    if full is None:
        raise built.no_layer(name, reference.node)
    return full


def _look_up(built: NetworkBuilder, name: str, reference: Reference, context: Context) -> str | None:
    """Find a name from the inside out; one given as an argument first where the block is called."""
    outside = None if isinstance(reference.name, str) else built.full_name(name, context.caller)
    return outside or built.full_name(name, context.names.prefix)
