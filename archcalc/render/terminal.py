"""Tables in a terminal, by rich: as wide as they need, and narrower where the terminal is."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.box import Box

    from archcalc.render.grid import Grid, Page, Paper

_LINES = [
    "    ",
    "    ",
    " ── ",
    "    ",
    "    ",
    " ── ",
    "    ",
    "    ",
]


def write(page: Page, paper: Paper) -> str:
    """Write a page for a terminal of the paper's width."""
    out = io.StringIO()
    console = console_for(out, paper)
    print_page(console, page, paper)
    return out.getvalue().rstrip("\n")


def console_for(out: io.StringIO, paper: Paper) -> Console:
    """Return a console that writes to ``out`` as the paper says."""
    return Console(
        file=out,
        width=paper.width or 10_000,
        force_terminal=paper.colour,
        color_system="standard" if paper.colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def print_page(console: Console, page: Page, paper: Paper) -> None:
    """Print the grids of a page and the notes after them."""
    for number, grid in enumerate(page.grids):
        if number:
            console.print()
        _print_grid(console, grid, paper)
    for number, note in enumerate(page.notes):
        if number == 0 and page.grids:
            console.print()
        _print_note(console, note, paper)


def _print_grid(console: Console, grid: Grid, paper: Paper) -> None:
    if grid.title:
        console.print(Text(grid.title, style="bold"))
    shown, gap, dropped = _fit(grid, paper.width)
    table = Table(
        box=_box(),
        show_edge=False,
        pad_edge=False,
        padding=(0, gap - 1),  # the box itself puts one space between columns
        collapse_padding=True,
        show_footer=grid.total is not None,
    )
    for index in shown:
        head = grid.heads[index]
        table.add_column(
            Text(head.text, style="bold"),
            footer=Text(grid.total[index], style="bold") if grid.total else "",
            justify="left" if head.left else "right",
            no_wrap=head.optional != -1,
            overflow="ellipsis",
            vertical="bottom",
        )
    for number, row in enumerate(grid.rows):
        style = "bold" if number in grid.headings else "yellow" if number in grid.warnings else None
        table.add_row(*[_cell(row[index]) for index in shown], style=style)
    console.print(table)
    notes = list(grid.notes)
    if dropped:
        left_out = ", ".join(grid.heads[index].text.replace("\n", " ") for index in dropped)
        notes.append(f"Left out in {paper.width} columns: {left_out}.")
    for note in notes:
        _print_note(console, note, paper)


def _cell(text: str) -> Text:
    name, mark, attached = text.partition(" +")
    return Text.assemble(name, (f" +{attached}", "dim")) if mark else Text(text)


def _print_note(console: Console, note: str, paper: Paper) -> None:
    if paper.width is None:
        console.print(Text(note))
    else:
        hanging = len(note) - len(note.lstrip())
        console.print(Padding(Text(note.lstrip()), (0, 0, 0, hanging)))


def _box() -> Box:
    from rich.box import Box

    return Box("\n".join(_LINES) + "\n")


def _fit(grid: Grid, width: int | None) -> tuple[list[int], int, list[int]]:
    """Choose the columns that fit, and the space between them: first less space, then fewer columns."""
    widths = [_width(grid, index) for index in range(len(grid.heads))]
    shown = list(range(len(grid.heads)))
    dropped: list[int] = []
    if width is None or sum(widths) + 2 * (len(shown) - 1) <= width:
        return shown, 2, dropped
    while sum(widths[index] for index in shown) + len(shown) - 1 > width:
        spare = [index for index in shown if grid.heads[index].optional > 0]
        if not spare:
            break
        first = min(spare, key=lambda index: grid.heads[index].optional)
        level = grid.heads[first].optional
        gone = [index for index in spare if grid.heads[index].optional == level]
        shown = [index for index in shown if index not in gone]
        dropped += gone
    return shown, 1, sorted(dropped)


def _width(grid: Grid, index: int) -> int:
    cells = [row[index] for row in grid.rows]
    if grid.total:
        cells.append(grid.total[index])
    lines = [*cells, *grid.heads[index].text.split("\n")]
    return max(map(len, lines))
