"""The types of options: what people write is taken as meant, and refused in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Words(click.Choice):  # type: ignore[type-arg]  # subscripted only since click 8.2
    """One of some words, in upper or lower case, or what else people call one of them."""

    def __init__(self, words: Iterable[str], synonyms: Mapping[str, str] | None = None) -> None:
        super().__init__([*words])
        self.synonyms = synonyms or {}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word that is meant."""
        plain = str(value).lower()
        meant = self.synonyms.get(plain, plain)
        words = [str(word) for word in self.choices]
        if meant in words:
            return meant
        from archcalc.errors import nearest, printable

        near = nearest(plain, [*words, *self.synonyms])
        hint = f" (did you mean '{self.synonyms.get(near, near)}'?)" if near else ""
        message = f"'{printable(str(value)[:60])}' is none of {', '.join(words)}{hint}"
        raise click.BadParameter(message, ctx, param)


class WholeNumber(click.IntRange):
    """A whole number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            from archcalc.errors import printable

            bounds = f"of at least {self.min}" if self.max is None else f"from {self.min} to {self.max}"
            message = f"expected a whole number {bounds}, got '{printable(str(value)[:60])}'"
            raise click.BadParameter(message, ctx, param) from None


FORMAT_SYNONYMS = {
    "md": "markdown", "tex": "latex", "htm": "html", "txt": "plain", "text": "plain", "xml": "junit", "yml": "yaml",
    "terminal": "table", "gfm": "markdown", "github-markdown": "markdown", "gh": "github",
}  # fmt: skip
"""What people call formats."""
