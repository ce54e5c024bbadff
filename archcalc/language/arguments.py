"""Reading arguments, their defaults and their requirements."""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING

from archcalc.errors import printable
from archcalc.language.deferred import cost_of, defer, has_formulas
from archcalc.language.formula import RESERVED, ArgumentNames, Formula, is_formula
from archcalc.language.model import Argument, Requirement
from archcalc.limits import MAX_ARGUMENTS
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.text.errors import ErrorCollector


def read_pairs(
    collector: ErrorCollector, node: Node | None, what: str, most: int | None = None
) -> list[tuple[Scalar, Node]]:
    """Return the keys and values of a mapping of things; report anything else, or too many."""
    if node is None:
        return []
    if most is not None and isinstance(node, Mapping) and len(node.keys) > most:
        collector.report(NodeError(node, f"{len(node.keys):,} {what}; at most {most:,} are allowed"))
        return []
    if not isinstance(node, Mapping):
        collector.report(NodeError(node, f"expected a mapping of {what}, got {readers.shown(node)}"))
        return []
    return list(zip(node.keys, node.values, strict=True))


def read_arguments(
    collector: ErrorCollector, node: Node | None, outer: Iterable[str], used: set[str]
) -> dict[str, Argument]:
    """Read arguments; the default of one can use those before it and the file's, which are added to ``used``."""
    arguments: dict[str, Argument] = {}
    for key, value in read_pairs(collector, node, "arguments", MAX_ARGUMENTS):
        name = key.value
        if not name.isidentifier() or not name.isascii() or name in RESERVED or iskeyword(name):
            reason = "letters, digits and _ only" if not name.isidentifier() else "formulas use this word"
            collector.report(NodeError(key, f"'{printable(name[:60])}' cannot be an argument: {reason}"))
            continue
        if isinstance(value, Scalar) and value.empty:
            arguments[name] = Argument(key, None)
            continue
        if not has_formulas(value):
            collector.try_read(readers.argument, value)
        visible = ArgumentNames((*outer, *arguments))
        arguments[name] = Argument(key, collector.try_read(defer, value, visible), cost_of(value), value)
        used |= visible.used
    return arguments


def read_requirements(collector: ErrorCollector, node: Node | None, names: ArgumentNames) -> tuple[Requirement, ...]:
    """Read conditions, which are formulas over arguments, each with the message for when it does not hold."""
    requirements = []
    for key, value in read_pairs(collector, node, "conditions", MAX_ARGUMENTS):
        if not is_formula(key):
            collector.report(NodeError(key, f"expected a condition, as in '=n <= 6', got {readers.shown(key)}"))
            continue
        condition = collector.try_read(Formula, key, names)
        message = collector.try_read(readers.text, value)
        if condition is not None and message is not None:
            requirements.append(Requirement(key, condition, message))
    return tuple(requirements)
