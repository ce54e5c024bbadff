"""The formats that tabulate writes: plain text, Markdown, LaTeX (booktabs), HTML."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from tabulate import tabulate

from archcalc.render.bars import with_bars
from archcalc.render.page import Math

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.render.page import Page, Target

_SYMBOLS = str.maketrans(
    {
        "·": r"$\cdot$", "×": r"$\times$", "−": "$-$", "→": r"$\to$", "⌊": r"$\lfloor$", "⌋": r"$\rfloor$",
        "⌈": r"$\lceil$", "⌉": r"$\rceil$", "≤": r"$\leq$", "≥": r"$\geq$", "█": r"\rule{0.5em}{0.7em}",
        **{power: rf"\textsuperscript{{{digit}}}" for digit, power in enumerate("²³⁴⁵⁶⁷⁸⁹", 2)},
    }
)  # fmt: skip
_LATEX = str.maketrans(
    {
        "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "<": r"\textless{}", ">": r"\textgreater{}",
        "|": r"\textbar{}",
    }
)  # fmt: skip

_MARKDOWN = re.compile(
    r"[\\`*\[|~$]"  # code, emphasis, links, cells, struck out text, mathematics
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis: not within a word, as in conv1_1
    r"|<(?=[A-Za-z/!?])|&(?=#?\w+;)"  # HTML: tags, comments, references
)
_MARKDOWN_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[#>+-]))")
"""What makes a heading, a quotation or a list of a paragraph that begins with it."""


_PLACE = "\ue000{}\ue001"
"""The place of a formula in a table that is being written, in characters that no text has."""


def plain(page: Page, target: Target) -> str:
    """Write plain text without colours, as wide as it needs."""
    return _tabulated(page, "simple", str, str, bars=True)


def markdown(page: Page, target: Target) -> str:
    """Write Markdown tables; texts are escaped, so that none becomes markup, HTML or a link."""

    def paragraph(note: str) -> str:
        return _MARKDOWN_START.sub(r"\1\\", _in_markdown(note.strip()))

    return _tabulated(page, "pipe", lambda title: f"**{_in_markdown(title)}**", paragraph, _in_markdown)


def _in_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text)


def latex(page: Page, target: Target) -> str:
    """Write LaTeX tables, for the package booktabs."""

    def free(text: str) -> str:
        return text.translate(_LATEX)

    formulas: list[str] = []

    def cell(text: str) -> str:
        if not isinstance(text, Math):
            return str(text)
        formulas.append(text.latex)
        return _PLACE.format(len(formulas) - 1)  # tabulate would escape the formula itself

    text = _tabulated(page, "latex_booktabs", lambda title: f"\\textbf{{{free(title)}}}", free, cell)
    text = re.sub(r"(?m)^( *)(?=[\[*])", r"\1{}", text).translate(_SYMBOLS)  # \\ would take [x] and * as its own
    for number, formula in enumerate(formulas):
        text = text.replace(_PLACE.format(number), f"${formula}$", 1)
    return text


def html(page: Page, target: Target) -> str:
    """Write HTML tables."""
    return _tabulated(page, "html", lambda title: f"<h3>{escape(title)}</h3>", lambda note: f"<p>{escape(note)}</p>")


def _tabulated(
    page: Page,
    style: str,
    title: Callable[[str], str],
    note: Callable[[str], str],
    cell: Callable[[str], str] = str,
    bars: bool = False,
) -> str:
    parts: list[str] = []
    for grid in map(with_bars, page.grids()) if bars else page.grids():
        rows = [[cell(text) for text in row] for row in (*grid.rows, *([grid.total] if grid.total else []))]
        aligned = ["left" if head.left else "right" for head in grid.heads]
        heads = [cell(head.text.replace("\n", " ")) for head in grid.heads]
        table = tabulate(rows, heads, tablefmt=style, colalign=aligned if rows else None, disable_numparse=True)
        parts += [title(grid.title), table] if grid.title else [table]
        parts += map(note, grid.notes)
    return "\n\n".join([*parts, *map(note, page.notes())])
