"""ErrorCollector mistakes and going on, so that a spec is told all that is wrong with it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, printable
from archcalc.language.formula import is_formula, unclosed
from archcalc.limits import MAX_NOTED
from archcalc.text.tree import Mapping, Node, NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from archcalc.errors import Mistake


class TooManyErrors(Exception):  # noqa: N818 - a reason to stop reading, not an error of its own
    """Enough mistakes have been noted."""


class ErrorCollector:
    """A reader that keeps the mistakes it meets."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes

    def report(self, wrong: NodeError) -> None:
        """Keep a mistake and go on; many of them are enough to stop."""
        self.mistakes.append(wrong.mistake)
        if len(self.mistakes) >= MAX_NOTED:
            raise TooManyErrors

    def try_read(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a reader gives, or None after noting what is wrong."""
        try:
            return function(*arguments)
        except NodeError as wrong:
            self.report(wrong)
            return None

    def by_name(self, word: str, known: Collection[str], what: str, value: Mapping) -> dict[str, Node]:
        """Return values by word, after noting the words that are not known."""
        given: dict[str, Node] = {}
        rest: set[Scalar] | None = None  # seldom needed
        for key, each in zip(value.keys, value.values, strict=True):
            if key.value in known:
                given[key.value] = each
                continue
            rest = rest_of_formulas(value) if rest is None else rest
            if key not in rest:
                hint = did_you_mean(key.value, known)
                self.report(NodeError(key, f"{word} has no {what} '{printable(key.value[:60])}'{hint}"))
        return given


def rest_of_formulas(mapping: Mapping) -> set[Scalar]:
    """Return the keys that are the rest of a formula cut at a comma by YAML; the formula itself is the mistake."""
    found: set[Scalar] = set()
    cut = False
    for key, value in zip(mapping.keys, mapping.values, strict=True):
        if cut and key.plain and ")" in key.value:
            found.add(key)
        cut = cut or (is_formula(value) and unclosed(value.value))
    return found
