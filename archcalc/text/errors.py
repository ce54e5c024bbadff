"""Mistakes in a text, collected so that all of them are reported at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, printable
from archcalc.limits import MAX_NOTED
from archcalc.text.tree import NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from archcalc.errors import Mistake
    from archcalc.text.tree import Mapping, Node


class TooManyErrors(Exception):  # noqa: N818 - a reason to stop reading, not an error of its own
    """Enough mistakes have been reported."""


class ErrorCollector:
    """Collects the mistakes in one text."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes

    def report(self, error: NodeError) -> None:
        """Add a mistake; raise TooManyErrors when there are enough of them."""
        self.mistakes.append(error.mistake)
        if len(self.mistakes) >= MAX_NOTED:
            raise TooManyErrors

    def try_read(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a reader returns, or None after reporting its mistake."""
        try:
            return function(*arguments)
        except NodeError as error:
            self.report(error)
            return None

    def words(
        self,
        what: str,
        mapping: Mapping,
        known: Collection[str],
        kind: str = "",
        skip: Iterable[Scalar] = (),
        hint: Callable[[str, Collection[str]], str] = did_you_mean,
    ) -> dict[str, Node]:
        """Return the values of a mapping by word, after reporting words that ``what`` does not have.

        ``skip`` are keys to ignore, because another mistake explains them; ``hint`` says what a word may mean.
        """
        given: dict[str, Node] = {}
        skipped = frozenset(skip)
        for key, value in zip(mapping.keys, mapping.values, strict=True):
            if key.value in known:
                given[key.value] = value
            elif key not in skipped:
                meant = hint(key.value, known)
                self.report(NodeError(key, f"{what} has no {kind}'{printable(key.value[:60])}'{meant}"))
        return given

    def read_mapping(
        self, what: str, mapping: Mapping, table: dict[str, Callable[[Node], Any]], required: Iterable[str] = ()
    ) -> dict[str, Any]:
        """Read a mapping by a table of words and their readers; return what could be read, by word.

        All mistakes are reported: unknown words, unreadable values, missing required words. Empty values count as
        missing.
        """
        given = self.words(what, mapping, table)
        written = {word: node for word, node in given.items() if not (isinstance(node, Scalar) and node.empty)}
        for word in required:
            if word not in written:
                self.report(NodeError(mapping, f"{what} needs '{word}'"))
        values = {word: self.try_read(table[word], node) for word, node in written.items()}
        return {word: value for word, value in values.items() if value is not None}
