"""Expectations: bounds that a spec sets for its own network, which ``check`` enforces.

An expectation is a bound and a figure, ``expect: {params: <= 5M, depth: [">= 18", "<= 50"]}``. It is kept as a
:class:`Figure` with a bound, and becomes a finding of its own kind.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, one_of, printable
from archcalc.published.figure import Figure
from archcalc.published.quantities import QUANTITIES, of_networks
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence
from archcalc.units import read_printed

if TYPE_CHECKING:
    from archcalc.errors import Mistake
    from archcalc.language.networks import NetworkSpec

BOUNDS = {"<=": operator.le, ">=": operator.ge, "==": operator.eq, "<": operator.lt, ">": operator.gt}
"""What may precede a figure."""

PATTERN = r"(<=|>=|==|<|>)\s*[0-9][0-9,.]*\s*[A-Za-z]*"
"""A bound and a figure, as a regular expression."""


def expectations(spec: NetworkSpec) -> tuple[Figure, ...]:
    """Return the expectations of a network; raise SpecError with every one that cannot be read.

    A variant's bounds on a quantity replace those of its file.
    """
    found: dict[str, list[Figure]] = {}
    mistakes: list[Mistake] = []
    for node in spec.expect:
        try:
            found.update(_read(node, mistakes))
        except NodeError as error:
            mistakes.append(error.mistake)
    if mistakes:
        raise spec.family.source.error(mistakes)
    return tuple(figure for figures in found.values() for figure in figures)


def holds(figure: Figure, computed: Any) -> bool:
    """Whether an exact number is within a bound; ``==`` asks for a number that rounds to the digits written."""
    assert figure.value is not None
    if figure.bound == "==":
        return figure.value.agrees(computed) == "rounded"
    return bool(BOUNDS[figure.bound](computed, figure.value.value))


def excess(figure: Figure, computed: Any) -> Any:
    """Return by how much a number is above the figure of a bound (negative: below it)."""
    assert figure.value is not None
    difference = computed - figure.value.value
    return difference.numerator if difference.denominator == 1 else difference


def _read(node: Node, mistakes: list[Mistake]) -> dict[str, list[Figure]]:
    if not isinstance(node, Mapping):
        raise NodeError(node, f"expected {{quantity: bound}}, as in {{params: <= 5M}}, got {readers.shown(node)}")
    found: dict[str, list[Figure]] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        try:
            word = read_quantity(key)
            bounds = value.items if isinstance(value, Sequence) else [value]
            found[word] = [read_bound(word, bound) for bound in bounds]
        except NodeError as error:
            mistakes.append(error.mistake)
    return found


def read_quantity(key: Scalar) -> str:
    """Read the quantity that a bound is on; raise NodeError where it is not a computed number of a network."""
    word: str = key.value
    known = of_networks()
    if word in known:
        return word
    if word in QUANTITIES:
        kind = "measured, not computed" if QUANTITIES[word].compute is None else "not a single number of a network"
        raise NodeError(key, f"'{word}' is {kind}; there are {', '.join(known)}")
    hint = did_you_mean(word, known) or f"; there are {', '.join(known)}"
    raise NodeError(key, f"no quantity '{printable(word[:60])}'{hint}")


def read_bound(word: str, node: Node) -> Figure:
    """Read a bound on a quantity, as in <= 5M; raise NodeError where it is none."""
    text = readers.text(node).strip()
    if re.fullmatch(PATTERN, text) is None:
        raise NodeError(node, f"expected {one_of(BOUNDS)} and a figure, as in <= 5M, got {readers.shown(node)}")
    bound = text[:2] if text[:2] in BOUNDS else text[:1]
    of_bytes = QUANTITIES[word].kind == "bytes"
    try:
        value = read_printed(text.removeprefix(bound).strip(), is_bytes=of_bytes)
    except ValueError as error:
        raise NodeError(node, str(error)) from None
    if value.of_bytes and not of_bytes:
        raise NodeError(node, f"'{value.text}' is a size in bytes; {word} is a number")
    return Figure(node, word, f"{bound} {value.text}", "", value=value, bound=bound)
