"""A page as a value in Python: printed it is a table, a notebook shows it, and other programs take its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.errors import RequestError, did_you_mean, one_of, printable
from archcalc.record import Record
from archcalc.render.formats import FORMATS, endings, write
from archcalc.render.page import Target

if TYPE_CHECKING:
    from archcalc.render.page import Page


class Printed(Record):
    """Tables, as a command prints them."""

    page: Page

    def __str__(self) -> str:
        """The tables as text, with their notes no wider than they are."""
        from archcalc.render.formats.lines import lines, text_of

        return "\n".join(map(text_of, lines(self.page, None, wrapped=True)))

    def __repr__(self) -> str:
        """The first title, or what kind of page it is."""
        title = next((grid.title for grid in self.page.grids() if grid.title), type(self.page).__name__)
        return f"<{title}>"

    def _repr_html_(self) -> str:
        """The tables in a notebook."""
        from archcalc.render.formats.html import fragment

        return fragment(self.page)

    def to(self, format: str) -> str:
        """Return it in a format of the command line: markdown, csv, tsv, json, latex, html, svg, plain.

        Raises RequestError for another.
        """
        if format not in FORMATS:
            hint = did_you_mean(format, FORMATS) or f": {one_of(FORMATS)}"
            raise RequestError(f"no format '{printable(format)}'{hint}")
        return write(self.page, format, Target())

    def to_markdown(self) -> str:
        """Return it as Markdown."""
        return self.to("markdown")

    def to_latex(self) -> str:
        """Return it as LaTeX, for the package booktabs."""
        return self.to("latex")

    def to_csv(self) -> str:
        """Return the exact values with commas between."""
        return self.to("csv")

    def rows(self) -> list[dict[str, Any]]:
        """Return the exact rows, each by the names of its columns; pandas.DataFrame takes them as they are."""
        from archcalc.render.formats.separated import as_one

        heads, rows = as_one(self.page.tables())
        return [dict(zip(heads, row, strict=True)) for row in rows]

    def save(self, path: str) -> None:
        """Write it to a file, whose ending says the format: .md .csv .tsv .json .tex .html .svg .txt.

        Raises RequestError for another ending.
        """
        import os

        known = endings(FORMATS)
        _, ending = os.path.splitext(path)
        if ending.lower() not in known:
            raise RequestError(f"{printable(path)}: no format has this ending (there are {', '.join(known)})")
        text = self.to(known[ending.lower()])
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(f"{text}\n")
