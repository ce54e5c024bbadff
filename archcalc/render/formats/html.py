"""HTML: a page of its own with a style for light and dark grounds and for print, or a part of a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from archcalc.render.page import kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.render.page import Grid, Page, Target

_STYLE = """\
.archcalc { font: 14px/1.45 system-ui, sans-serif; color: #1f2328; max-width: 80em; }
.archcalc h3 { font-size: 1.1em; margin: 1.6em 0 .5em; }
.archcalc p { margin: .25em 0; max-width: 60em; }
.archcalc .lead { font-weight: 600; }
.archcalc .legend, .archcalc .faint { color: #656d76; }
.archcalc .remark, .archcalc .mark td { color: #9a6700; }
.archcalc table { border-collapse: collapse; margin: .5em 0 .8em; font-variant-numeric: tabular-nums; }
.archcalc th, .archcalc td { padding: .15em .7em; text-align: left; vertical-align: top; background: none; }
.archcalc thead th { border-bottom: 1.5px solid currentColor; vertical-align: bottom; }
.archcalc tbody tr:nth-child(even) { background: #8080801a; }
.archcalc tfoot td { border-top: 1.5px solid currentColor; font-weight: 600; }
.archcalc tbody th { font-weight: 600; padding-top: .5em; }
.archcalc .n { text-align: right; white-space: nowrap; }
.archcalc .i1 { padding-left: 2em; } .archcalc .i2 { padding-left: 3.3em; } .archcalc .i3 { padding-left: 4.6em; }
.archcalc .i4 { padding-left: 5.9em; } .archcalc .i5 { padding-left: 7.2em; } .archcalc .i6 { padding-left: 8.5em; }
.archcalc .good { color: #1a7f37; } .archcalc .near { color: #0969da; } .archcalc .open { color: #9a6700; }
.archcalc .slip { color: #8250df; } .archcalc .bad { color: #cf222e; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  .archcalc { color: #e6edf3; } .archcalc .legend, .archcalc .faint { color: #8d96a0; }
  .archcalc .remark, .archcalc .mark td, .archcalc .open { color: #d29922; }
  .archcalc .good { color: #3fb950; } .archcalc .near { color: #58a6ff; }
  .archcalc .slip { color: #bc8cff; } .archcalc .bad { color: #ff7b72; }
}
"""

_PAGE_STYLE = """\
body { margin: 2em; background: #fff; }
@media (prefers-color-scheme: dark) { body { background: #0d1117; } }
@media print {
  body, .archcalc, .archcalc * { color: #000 !important; background: #fff !important; }
  body { margin: 0; } thead { display: table-header-group; } tr { break-inside: avoid; }
}
"""

DEEPEST = 6
"""Levels of indentation that have a class of their own."""


def write(page: Page, target: Target) -> str:
    """Write a whole page."""
    grids = page.grids()
    title = next((grid.title for grid in grids if grid.title), "archcalc")
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{_STYLE}{_PAGE_STYLE}</style>",
        "</head>",
        '<body class="archcalc">',
        *_body(page, grids),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines)


def fragment(page: Page) -> str:
    """Write the tables of a page with their style, as a notebook shows them in a page of its own."""
    return "\n".join([f'<div class="archcalc"><style>\n{_STYLE}</style>', *_body(page, page.grids()), "</div>"])


def _body(page: Page, grids: Sequence[Grid]) -> Iterator[str]:
    for grid in grids:
        if grid.title:
            yield f"<h3>{escape(grid.title)}</h3>"
        yield from (f'<p class="lead">{escape(text)}</p>' for text in grid.lead)
        if grid.heads:
            yield from _table(grid)
        yield from _notes(grid.said())
    yield from _notes(kinds_of(page.notes()))


def _notes(notes: Sequence[tuple[str, str]]) -> Iterator[str]:
    for kind, text in notes:
        yield f"<p{_class('' if kind == 'note' else kind)}>{escape(text.strip())}</p>"


def _table(grid: Grid) -> Iterator[str]:
    yield "<table>"
    heads = "".join(
        f"<th{_class('' if head.left else 'n')}>{escape(head.text).replace(chr(10), ' ')}</th>" for head in grid.heads
    )
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for number, row in enumerate(grid.rows):
        if number in grid.headings and not any(row[1:]):
            yield f'<tr><th colspan="{len(row)}"{_class(_level(row[0]))}>{escape(row[0].strip())}</th></tr>'
        else:
            yield f"<tr{_class('mark' if number in grid.warnings else '')}>{''.join(_cells(grid, row, number))}</tr>"
    yield "</tbody>"
    if grid.total is not None:
        yield f"<tfoot><tr>{''.join(_cells(grid, grid.total, -1))}</tr></tfoot>"
    yield "</table>"


def _cells(grid: Grid, row: Sequence[str], number: int) -> Iterator[str]:
    for index, (head, cell) in enumerate(zip(grid.heads, row, strict=True)):
        words = (_level(cell) if head.left else "n", grid.tones.get((number, index), ""))
        yield f"<td{_class(' '.join(filter(None, words)))}>{escape(cell.strip())}</td>"


def _level(cell: str) -> str:
    """Return the class of a cell that is indented."""
    level = (len(cell) - len(cell.lstrip(" "))) // 2
    return f"i{min(level, DEEPEST)}" if level else ""


def _class(words: str) -> str:
    return f' class="{words}"' if words else ""
