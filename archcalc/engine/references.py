"""The layers that names mean where an item stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.block_cache import INSIDE
from archcalc.text import readers
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from archcalc.engine.builder import NetworkBuilder
    from archcalc.engine.context import Context
    from archcalc.language.formula import Scope
    from archcalc.language.model import Reference


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


def source_of(built: NetworkBuilder, name: str, reference: Reference, context: Context) -> int:
    """Return the position that an item reads by a name; the trunk cannot read a branch for training."""
    position = position_of(built, name, reference, context)
    if built.nodes[position].multiplicity.training and not context.multiplicity.training:
        message = f"from: '{name}' belongs to a branch for training, which the trunk cannot read"
        raise NodeError(reference.node, message)
    return position


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
