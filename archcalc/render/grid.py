"""A table as text in cells, and the formats that write it.

A command makes a :class:`Page`: some grids, notes beneath them, and the same as plain data. A format is a function
from a page to text; what is printed, and where, is the command line's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Head(NamedTuple):
    """The heading of a column; ``optional`` says how soon a narrow terminal does without it (0: never)."""

    text: str
    left: bool = False
    optional: int = 0


class Grid(NamedTuple):
    """A table. ``exact`` are headings and rows for csv and tsv; without them the cells themselves are written."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    headings: frozenset[int] = frozenset()
    """Rows that only name what follows."""
    warnings: frozenset[int] = frozenset()
    """Rows to point at."""
    exact: tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]] | None = None


class Page(NamedTuple):
    """What a command prints: grids, lines of text after them, and the same as plain data."""

    grids: tuple[Grid, ...]
    data: Any
    notes: tuple[str, ...] = ()


class Paper(NamedTuple):
    """What a page is printed on: how wide (None: as wide as it likes), in colour or not."""

    width: int | None = None
    colour: bool = False


def _json(page: Page, paper: Paper) -> str:
    import json

    return json.dumps(page.data, indent=2, ensure_ascii=False)


def _separated(delimiter: str) -> Callable[[Page, Paper], str]:
    def write(page: Page, paper: Paper) -> str:
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        before: tuple[str, ...] | None = None
        for grid in page.grids:
            heads, rows = grid.exact or (tuple(_one_line(head.text) for head in grid.heads), grid.rows)
            if heads != before:
                writer.writerow(heads)
            before = heads
            writer.writerows(rows)
        return out.getvalue().rstrip("\n")

    return write


def _tabulated(style: str, title: Callable[[str], str]) -> Callable[[Page, Paper], str]:
    def write(page: Page, paper: Paper) -> str:
        from tabulate import tabulate

        parts = []
        for grid in page.grids:
            rows = [list(row) for row in grid.rows] + ([list(grid.total)] if grid.total else [])
            aligned = ["left" if head.left else "right" for head in grid.heads]
            heads = [_one_line(head.text) for head in grid.heads]
            table = tabulate(rows, heads, tablefmt=style, colalign=aligned if rows else None, disable_numparse=True)
            parts.extend([title(grid.title), table] if grid.title else [table])
            parts.extend(_note(note, style) for note in grid.notes)
        parts.extend(_note(note, style) for note in page.notes)
        return "\n\n".join(parts)

    return write


def _note(note: str, style: str) -> str:
    if style == "html":
        return f"<p>{_escaped(note)}</p>"
    return _latex(note) if style.startswith("latex") else note


def _latex(text: str) -> str:
    special = {
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
    }
    return "".join(special.get(char, char) for char in text)


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _terminal(page: Page, paper: Paper) -> str:
    from archcalc.render.terminal import write

    return write(page, paper)


FORMATS: dict[str, Callable[[Page, Paper], str]] = {
    "table": _terminal,
    "plain": _tabulated("simple", lambda title: title),
    "markdown": _tabulated("pipe", lambda title: f"**{title}**"),
    "csv": _separated(","),
    "tsv": _separated("\t"),
    "json": _json,
    "latex": _tabulated("latex_booktabs", lambda title: f"\\textbf{{{_latex(title)}}}"),
    "html": _tabulated("html", lambda title: f"<h3>{_escaped(title)}</h3>"),
}
"""Word on the command line to writer."""
