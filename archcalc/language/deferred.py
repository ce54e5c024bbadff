"""Deferred values: settings and arguments with formulas, computed once there is a scope."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from archcalc.language.formula import Formula, is_formula
from archcalc.text.tree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from archcalc.language.formula import Scope

    Deferred = Callable[[Scope], Node]
    """Gives a node whose formulas have been computed."""
    from archcalc.operations.base import Operation


class Pool:
    """Operations by settings, and by the shapes they are applied to: equal layers of a file share one object."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Operation] = {}
        self.applied: dict[tuple[Operation, Any], Any] = {}
        self.sums: Any = None
        """What the blocks of the file come to, as far as it was worked out."""

    def make(self, type: type[Operation], values: dict[str, Any]) -> Operation:
        """Return the one instance with these settings; raise ShapeError if they contradict one another."""
        key = (type, *values.items())
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = type.make(values)
        return known


def has_formulas(node: Node) -> bool:
    """Whether a value is a formula or contains some."""
    if node.__class__ is Scalar:
        return is_formula(node)
    if isinstance(node, Sequence):
        return any(has_formulas(item) for item in node.items)
    return isinstance(node, Mapping) and any(has_formulas(value) for value in node.values)


def cost_of(node: Node) -> int:
    """Return the work of a value's formulas, in steps of about one item each."""
    if isinstance(node, Scalar):
        return 1 + len(node.value) // CHARACTERS_A_STEP if is_formula(node) else 0
    if isinstance(node, Sequence):
        return sum(map(cost_of, node.items))
    return sum(map(cost_of, node.values)) if isinstance(node, Mapping) else 0


CHARACTERS_A_STEP = 10
"""Characters of formulas that take about as much work as an item."""


def defer(node: Node, names: Collection[str]) -> Deferred:
    """Return a function that computes the formulas of a value in a scope; raise NodeError at an invalid formula."""
    return _defer(node, names) or (lambda scope: node)


def _defer(node: Node, names: Collection[str]) -> Deferred | None:
    """Return a function that computes the formulas of a value, or None if it has none."""
    if node.__class__ is Scalar:
        if not is_formula(node):
            return None
        evaluate = Formula(node, names).evaluate
        line, column = node.line, node.column
        return lambda scope: _node_of(evaluate(scope), line, column)
    if isinstance(node, Sequence):
        items, within = node.items, [_defer(item, names) for item in node.items]
        if not any(within):
            return None
        return lambda scope: Sequence(_filled(items, within, scope), node.line, node.column)
    assert isinstance(node, Mapping)
    keys, values, within = node.keys, node.values, [_defer(value, names) for value in node.values]
    if not any(within):
        return None
    return lambda scope: Mapping(keys, _filled(values, within, scope), node.line, node.column)


def _node_of(value: Any, line: int, column: int) -> Node:
    """Return a computed value as a node, as if it had been written there."""
    if value.__class__ is tuple:
        return Sequence([Scalar(item, False, line, column) for item in value], line, column)
    return Scalar(value, False, line, column)


def _filled(nodes: list[Node], deferred: list[Deferred | None], scope: Scope) -> list[Node]:
    """Return nodes, with those that have formulas computed."""
    return [node if each is None else each(scope) for node, each in zip(nodes, deferred, strict=True)]


_value = attrgetter("value")


def text_of(type: type[Operation], value: Node) -> tuple[Any, ...]:
    """Return the settings as written; None among them if one is not a single value."""
    if isinstance(value, Mapping):
        return (type, *map(_value, value.keys), *map(_value, value.values))
    return (type, value.value)
