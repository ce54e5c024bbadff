"""Tables in a terminal, written by rich: as wide as they need, and narrower if the terminal is."""

from __future__ import annotations

import io
from textwrap import fill
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from archcalc.render.bars import with_bars
from archcalc.render.formats.characters import holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.render.page import Grid, Page, Target


LEAST_LABEL = 12
"""Characters of a label that are kept in a terminal, however narrow."""


def write(page: Page, target: Target) -> str:
    """Write a page for a terminal of the target's width."""
    out = io.StringIO()
    console = console_for(out, target)
    print_page(console, page, target)
    text = out.getvalue().rstrip("\n")
    return text if holds(target.encoding, "…") else text.replace("…", "~")  # what is cut stays as wide as it is


def console_for(out: io.StringIO, target: Target) -> Console:
    """Return a console that writes to ``out`` as the target says."""
    return Console(
        file=out,
        width=target.width or 10_000,
        force_terminal=target.color,
        color_system="standard" if target.color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        no_color=False,
        _environ={},  # what COLUMNS, LINES and NO_COLOR ask for is in the target already
    )


def print_page(console: Console, page: Page, target: Target) -> None:
    """Print the grids of a page and the notes after them."""
    grids = page.grids()
    for number, grid in enumerate(grids):
        if number:
            console.print()
        _print_grid(console, with_bars(grid), target)
    for number, note in enumerate(page.notes()):
        if number == 0 and grids:
            console.print()
        _print_note(console, note, target)


def _print_grid(console: Console, grid: Grid, target: Target) -> None:
    if grid.title:
        console.print(Text(grid.title, style="bold"))
    shown, gap, dropped, widths = _fit(grid, target.width)
    if grid.chain and gap == 1:
        _print_chains(console, grid)
    else:
        for line in _lines(grid, shown, gap, widths):
            console.print(line, no_wrap=True, overflow="ellipsis", crop=False)
    notes = list(grid.notes)
    if dropped:
        left_out = ", ".join(grid.heads[index].text.replace("\n", " ") for index in dropped)
        notes.append(f"Left out in {target.width} columns: {left_out}.")
    for note in notes:
        _print_note(console, note, target)


def _lines(grid: Grid, shown: list[int], gap: int, widths: list[int]) -> Iterator[Text]:
    """Yield headings, a rule, rows, and after another rule the total; a line of rich text each."""

    def line(cells: Sequence[str], style: str) -> Text:
        kept = [_cut(cells[index], width) for index, width in zip(shown, widths, strict=True)]
        padded = [
            cell.ljust(width) if grid.heads[index].left else cell.rjust(width)
            for index, width, cell in zip(shown, widths, kept, strict=True)
        ]
        return _styled((" " * gap).join(padded).rstrip(), kept[0], style)

    heads = [head.text.split("\n") for head in grid.heads]
    height = max(len(heads[index]) for index in shown)
    for level in range(height):
        at = [head[level - height] if height - level <= len(head) else "" for head in heads]
        yield line(at, "bold")
    rule = Text("─" * (sum(widths) + gap * (len(shown) - 1)))
    yield rule
    for number, row in enumerate(grid.rows):
        yield line(row, "bold" if number in grid.headings else "yellow" if number in grid.warnings else "")
    if grid.total is not None:
        yield rule
        yield line(grid.total, "bold")


def _styled(line: str, label: str, style: str) -> Text:
    """Style a line, and make what is attached to its label faint."""
    text = Text(line, style=style)
    _, mark, attached = label.partition(" +")
    if mark:
        text.stylize("dim", len(label) - len(attached) - 1, len(label))
    return text


def _print_chains(console: Console, grid: Grid) -> None:
    """Print each row as its name and a chain of equal values, one below the other."""
    width = max(len(row[0]) for row in grid.rows) + 1
    for name, *values in grid.rows:
        parts = [part for value in values for part in value.split(" = ") if part]
        for number, part in enumerate(parts):
            console.print(Text(f"{name if number == 0 else '':{width}}{'= ' if number else '  '}{part}"))


def _print_note(console: Console, note: str, target: Target) -> None:
    if target.width is not None:
        hanging = " " * min(len(note) - len(note.lstrip()), target.width // 4)
        note = fill(
            note.lstrip(), target.width, initial_indent=hanging, subsequent_indent=hanging, break_on_hyphens=False
        )
    console.print(Text(note))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _fit(grid: Grid, width: int | None) -> tuple[list[int], int, list[int], list[int]]:
    """Choose the columns that fit, the space between them, those left out, and how wide the columns are.

    First less space, then long texts are cut, then fewer columns, those that a table does without. Where that is not
    enough, labels are cut;
    and where no more than their beginning would be left, the columns next to them go, so that the results stay.
    """
    widths = [_width(grid, index) for index in range(len(grid.heads))]
    shown = list(range(len(grid.heads)))
    dropped: list[int] = []
    if width is None or sum(widths) + 2 * (len(shown) - 1) <= width:
        return shown, 2, dropped, widths
    whole = widths
    widths = [min(each, head.least or each) for each, head in zip(whole, grid.heads, strict=True)]

    def excess() -> int:
        return sum(widths[index] for index in shown) + len(shown) - 1 - width

    while excess() > 0:
        spare = [index for index in shown if grid.heads[index].optional > 0]
        if not spare:
            break
        first = min(spare, key=lambda index: grid.heads[index].optional)
        level = grid.heads[first].optional
        gone = [index for index in spare if grid.heads[index].optional == level]
        shown = [index for index in shown if index not in gone]
        dropped += gone
    for index in shown:
        widths[index] += min(max(0, -excess()), whole[index] - widths[index])
    label = widths[shown[0]]
    while label - excess() < min(label, LEAST_LABEL) and len(shown) > 2:
        dropped.append(shown.pop(1))
    kept = [widths[index] for index in shown]
    kept[0] = max(1, label - max(0, excess()))
    return shown, 1, sorted(dropped), kept


def _width(grid: Grid, index: int) -> int:
    cells = [row[index] for row in grid.rows]
    if grid.total:
        cells.append(grid.total[index])
    lines = [*cells, *grid.heads[index].text.split("\n")]
    return max(map(len, lines))
