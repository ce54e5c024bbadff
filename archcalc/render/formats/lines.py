"""A page as lines of styled text, as wide as they need, and narrower where the terminal is.

:mod:`archcalc.render.formats.terminal` and :mod:`archcalc.render.formats.svg` write the same lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.render.bars import with_bars
from archcalc.render.formats.fitting import Layout, fit
from archcalc.render.page import kinds_of
from archcalc.width import cut, left, right, width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.render.page import Grid, Page

Line = list[tuple[str, str]]
"""Texts with the words of their styles; the styles are those of :data:`STYLES`."""

STYLES = (
    "", "title", "lead", "head", "rule", "heading", "mark", "total", "remark", "legend", "attached", "bar",
    "good", "near", "open", "slip", "bad", "faint",
)  # fmt: skip
"""What a text can be; the last ones are the tones of cells."""

LEAST_NOTE = 78
"""Columns of the notes below a table that is narrower."""

_BAR = re.compile("[█▏▎▍▌▋▊▉]+ *$")

_LABELLED = re.compile(r"! | +|\w+(?: \w+)? {2,}")
"""What hangs before the lines of a note: a remark's sign, a word with a gap behind it, blanks."""


def lines(page: Page, columns: int | None, *, wrapped: bool = False) -> Iterator[Line]:
    """Yield the lines of a page for so many columns (None: as many as it needs); none is wider.

    Notes are broken into lines no wider than their table; if ``columns`` is None, only where they are ``wrapped``.
    """
    for line in _lines(page, columns, wrapped=wrapped):
        if columns is None or width(text_of(line)) <= columns:
            yield line
        else:
            yield from _broken(line, columns)


def _broken(line: Line, columns: int) -> Iterator[Line]:
    """Break a line that is too wide even when it is cut, as in a terminal of a few columns."""
    pieces: list[Line] = [[]]
    taken = 0
    for text, style in line:
        for char in text:
            taken += width(char)
            if taken > columns:
                pieces.append([])
                taken = width(char)
            pieces[-1].append((char, style))
    yield from map(_joined, pieces)


def _lines(page: Page, columns: int | None, *, wrapped: bool) -> Iterator[Line]:
    grids = page.grids()
    for number, grid in enumerate(grids):
        if number:
            yield []
        yield from _grid(grid, columns, wrapped=wrapped)
    for number, (kind, note) in enumerate(kinds_of(page.notes())):
        if number == 0 and grids:
            yield []
        yield from _note(note, kind, columns if columns or not wrapped else LEAST_NOTE)


def text_of(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(text for text, _ in line)


def _grid(grid: Grid, columns: int | None, *, wrapped: bool) -> Iterator[Line]:
    if grid.warnings:
        grid = _signed(grid)
    barred = with_bars(grid)
    layout = fit(barred, columns)
    if layout.narrowed:  # bars go first
        layout = fit(grid, columns)
    else:
        grid = barred
    if grid.title:
        yield from ([(text, "title")] for text in (wrap(grid.title, columns) if columns else [grid.title]))
    beside = columns if columns or not wrapped else max(layout.columns, LEAST_NOTE)
    for text in grid.lead:
        yield from _note(text, "lead", beside)
    if grid.lead:
        yield []
    chained = grid.chain and layout.narrowed
    if chained:
        yield from _chains(grid, columns or 0)
    elif grid.heads:
        yield from _table(grid, layout)
    noted = beside and min(beside, max(layout.columns, LEAST_NOTE))
    for kind, note in grid.said():
        yield from _note(note, kind, noted)
    if layout.dropped and not chained:
        left_out = ", ".join(grid.heads[index].text.replace("\n", " ") for index in layout.dropped)
        yield from _note(f"Left out in {columns} columns: {left_out}.", "legend", noted)


def _signed(grid: Grid) -> Grid:
    """Put the sign of highlighted rows behind their first cell."""
    rows = (
        (f"{row[0]} {grid.sign}", *row[1:]) if number in grid.warnings else row for number, row in enumerate(grid.rows)
    )
    return grid.replace(rows=tuple(rows))


def _table(grid: Grid, layout: Layout) -> Iterator[Line]:
    """Yield headings, a rule, rows, and after another rule the total."""
    heads = [head.text.split("\n") for head in grid.heads]
    height = max(len(heads[index]) for index in layout.shown)
    for level in range(height):
        at = [head[level - height] if height - level <= len(head) else "" for head in heads]
        yield _row(grid, layout, at, "head")
    rule: Line = [("─" * layout.columns, "rule")]
    yield rule
    for number, row in enumerate(grid.rows):
        heading = number in grid.headings
        if heading and not any(row[1:]):
            yield from ([(text, "heading")] for text in _spanning(row[0], layout.columns))
            continue
        style = "heading" if heading else "mark" if number in grid.warnings else ""
        tones = {index: grid.tones.get((number, index), "") for index in layout.shown} if grid.tones else {}
        for part in _continued(grid, layout, row):
            yield _row(grid, layout, part, style, tones)
    if grid.total is not None:
        yield rule
        for part in _continued(grid, layout, grid.total):
            yield _row(grid, layout, part, "total")


def _spanning(text: str, columns: int) -> list[str]:
    indent = text[: len(text) - len(text.lstrip())]
    return wrap(text, columns, first=indent, hanging=f"{indent}  ")


def _continued(grid: Grid, layout: Layout, row: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield a row, or the lines of one with cells that are too wide and wrap."""
    broken = {}
    for index, columns in zip(layout.shown, layout.widths, strict=True):
        if grid.heads[index].wraps and width(row[index]) > columns:
            broken[index] = wrap(row[index], columns, hanging="  ")
    for number in range(max(map(len, broken.values()), default=1)):
        yield [
            (broken[index][number] if number < len(broken[index]) else "")
            if index in broken
            else ""
            if number
            else cell
            for index, cell in enumerate(row)
        ]


def _row(grid: Grid, layout: Layout, cells: Sequence[str], style: str, tones: dict[int, str] | None = None) -> Line:
    """Lay the cells of one line out; what is attached to a label is faint."""
    line: Line = []
    for place, (index, columns) in enumerate(zip(layout.shown, layout.widths, strict=True)):
        text = cut(cells[index], columns)
        text = left(text, columns) if grid.heads[index].left else right(text, columns)
        own = (tones or {}).get(index) or style
        gap = " " * layout.gap if place else ""
        line += _spans(gap + text, own, first=place == 0)
    return _joined(line)


def _spans(text: str, style: str, *, first: bool) -> Line:
    """Tell what is attached to a label, and a bar, from the rest of a cell."""
    before, mark, attached = text.partition(" +") if first and not style else (text, "", "")
    if mark:
        return [(before, style), (mark + attached, "attached")]
    bar = _BAR.search(text)
    return [(text[: bar.start()], style), (text[bar.start() :], "bar")] if bar else [(text, style)]


def _joined(line: Line) -> Line:
    """Join what has the same style, and leave out blanks at the end."""
    joined: Line = []
    for text, style in line:
        if joined and (joined[-1][1] == style or not text.strip()):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, style))
    while joined:
        text, style = joined.pop()
        if text.rstrip():
            return [*joined, (text.rstrip(), style)]
    return joined


def _chains(grid: Grid, columns: int) -> Iterator[Line]:
    """Yield each row as its name and a chain of equal values, on as few lines as hold it; nothing of it is cut."""
    label = max(width(row[0]) for row in grid.rows) + 1
    if 2 * label > columns:  # its name stands above
        label = min(4, columns // 4)
    blank = " " * label
    for name, *values in grid.rows:
        beside = width(name) < label
        if not beside:
            yield from ([(text, "")] for text in _spanning(name, columns))
        parts = [part for value in values for part in value.split(" = ") if part]
        for number, part in enumerate(_in_rows(parts, columns - label - 2)):
            first = left(name, label) if beside and number == 0 else blank
            sign = "= " if number else "  "
            for text in wrap(part, columns, first=first + sign, hanging=f"{blank}    "):
                yield [(text, "")]


def _in_rows(parts: Sequence[str], columns: int) -> list[str]:
    """Join equal values to rows that fit."""
    joined: list[str] = []
    for part in parts:
        if joined and width(joined[-1]) + 3 + width(part) <= columns:
            joined[-1] += f" = {part}"
        else:
            joined.append(part)
    return joined


def _note(note: str, kind: str, columns: int | None) -> Iterator[Line]:
    style = "" if kind == "note" else kind
    if columns is None or width(note) <= columns:
        yield [(note, style)]
        return
    labelled = _LABELLED.match(note)
    label = labelled[0] if labelled else ""
    if 4 * width(label) > columns:
        label = ""
    for text in wrap(note[len(label) :], columns, first=label, hanging=" " * width(label)):
        yield [(text, style)]
