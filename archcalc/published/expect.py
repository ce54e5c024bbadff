"""What a spec expects of its own network: bounds on quantities, which ``check`` enforces.

An expectation is a bound and a figure, ``expect: {params: <= 5M, depth: [">= 18", "<= 50"]}``. It is kept as a
:class:`Figure` with a bound, and becomes a finding of its own kind.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, one_of, printable
from archcalc.published.figures import Figure
from archcalc.published.quantities import QUANTITIES, of_networks
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Sequence
from archcalc.units import read_printed

if TYPE_CHECKING:
    from archcalc.errors import Mistake
    from archcalc.language.networks import NetworkSpec

BOUNDS = {"<=": operator.le, ">=": operator.ge, "==": operator.eq, "<": operator.lt, ">": operator.gt}
"""What may stand before a figure."""

PATTERN = r"(<=|>=|==|<|>)\s*[0-9][0-9,.]*\s*[A-Za-z]*"
"""A bound and a figure, as a regular expression."""


def expectations(spec: NetworkSpec) -> tuple[Figure, ...]:
    """Return what a network's spec expects of it; raise SpecError with every expectation that cannot be read.

    What a variant expects of a quantity stands in place of what its file expects of it.
    """
    found: dict[str, list[Figure]] = {}
    mistakes: list[Mistake] = []
    for node in spec.expect:
        try:
            found.update(_read(node, mistakes))
        except NodeError as wrong:
            mistakes.append(wrong.mistake)
    if mistakes:
        raise spec.family.source.error(mistakes)
    return tuple(figure for figures in found.values() for figure in figures)


def holds(figure: Figure, computed: Any) -> bool:
    """Whether an exact number is within a bound; ``==`` wants the digits that are written, as a rounded figure's."""
    assert figure.value is not None
    if figure.bound == "==":
        return figure.value.agrees(computed) == "rounded"
    return bool(BOUNDS[figure.bound](computed, figure.value.value))


def excess(figure: Figure, computed: Any) -> Any:
    """Return by how much a number is above the figure of a bound (negative: below it)."""
    assert figure.value is not None
    off = computed - figure.value.value
    return off.numerator if off.denominator == 1 else off


def _read(node: Node, mistakes: list[Mistake]) -> dict[str, list[Figure]]:
    if not isinstance(node, Mapping):
        raise NodeError(node, f"{readers.shown(node)}, where {{quantity: bound}} is wanted, as in {{params: <= 5M}}")
    found: dict[str, list[Figure]] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        try:
            word = _quantity(key)
            bounds = value.items if isinstance(value, Sequence) else [value]
            found[word] = [_bound(word, each) for each in bounds]
        except NodeError as wrong:
            mistakes.append(wrong.mistake)
    return found


def _quantity(key: Any) -> str:
    word: str = key.value
    known = of_networks()
    if word in known:
        return word
    if word in QUANTITIES:
        kind = "is measured, not computed" if QUANTITIES[word].compute is None else "is no single number of a network"
        raise NodeError(key, f"'{word}' {kind}; there are {', '.join(known)}")
    hint = did_you_mean(word, known) or f"; there are {', '.join(known)}"
    raise NodeError(key, f"no quantity '{printable(word[:60])}'{hint}")


def _bound(word: str, node: Node) -> Figure:
    text = readers.text(node).strip()
    if re.fullmatch(PATTERN, text) is None:
        raise NodeError(node, f"{readers.shown(node)} as a bound; write {one_of(BOUNDS)} and a figure, as in <= 5M")
    bound = text[:2] if text[:2] in BOUNDS else text[:1]
    of_bytes = QUANTITIES[word].kind == "bytes"
    try:
        value = read_printed(text.removeprefix(bound).strip(), is_bytes=of_bytes)
    except ValueError as error:
        raise NodeError(node, str(error)) from None
    if value.of_bytes and not of_bytes:
        raise NodeError(node, f"'{value.text}' is a size in bytes; {word} is a number")
    return Figure(node, word, f"{bound} {value.text}", "", value=value, bound=bound)
