"""The formats that tabulate writes: plain text and Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tabulate import tabulate

from archcalc.render.bars import with_bars
from archcalc.render.page import kinds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.render.page import Page, Target

_MARKDOWN = re.compile(
    r"[\\`*\[|~$]"  # code, emphasis, links, cells, struck out text, mathematics
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis: not within a word, as in conv1_1
    r"|<(?=[A-Za-z/!?])|&(?=#?\w+;)"  # HTML: tags, comments, references
)
_MARKDOWN_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[#>+-]))")
"""What makes a heading, a quotation or a list of a paragraph that begins with it."""


def plain(page: Page, target: Target) -> str:
    """Write plain text without colours, as wide as it needs."""
    return _tabulated(page, "simple", str, str, bars=True)


def markdown(page: Page, target: Target) -> str:
    """Write Markdown tables; texts are escaped, so that none becomes markup, HTML or a link."""

    def paragraph(note: str) -> str:
        return _MARKDOWN_START.sub(r"\1\\", _in_markdown(note.strip()))

    return _tabulated(page, "pipe", lambda title: f"**{_in_markdown(title)}**", paragraph, _markdown_cell)


def _markdown_cell(text: str) -> str:
    """Escape a cell; blanks before it, its level in a tree, are kept."""
    bare = text.lstrip(" ")
    return "&emsp;" * ((len(text) - len(bare)) // 2) + _in_markdown(bare)


def _in_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text)


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
        parts[-1:-1] = map(note, grid.lead)
        parts += [note(text) for _, text in grid.said()]
    return "\n\n".join([*parts, *(note(text) for _, text in kinds_of(page.notes()))])
