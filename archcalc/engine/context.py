"""The context in which an item is expanded: what its formulas see, and how often its layers run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.language.formula import Scope
from archcalc.limits import MAX_CHANCES, MAX_LAYERS, MAX_NUMBER
from archcalc.text import readers
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from archcalc.engine.builder import NetworkBuilder
    from archcalc.engine.names import Names
    from archcalc.engine.network import Multiplicity
    from archcalc.language.deferred import Deferred
    from archcalc.language.model import Item, Modifiers
    from archcalc.operations.base import Shape

_read_times = readers.whole(1)
_read_repeat = readers.whole(0)


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


def repetitions(item: Item, repeat: Deferred, scope: Scope) -> int:
    """Return how often an item with ``repeat`` is repeated."""
    count = _read_repeat(repeat(scope))
    if count > MAX_LAYERS:
        raise NodeError(item.node, f"repeat: {count:,}; a network has at most {MAX_LAYERS:,} layers")
    return count


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
