"""LaTeX: tables for the package booktabs, formulas as mathematics, and only characters that pdfLaTeX has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.render.formats.latex_math import formula
from archcalc.render.formats.latex_text import DEFINED, escaped, needs_definition
from archcalc.render.page import Math, kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.render.page import Grid, Head, Page, Target


def write(page: Page, target: Target) -> str:
    """Write LaTeX tables, and below each what is said of it; the document has to use booktabs."""
    parts = [part for grid in page.grids() for part in _grid(grid)]
    parts += [_guarded(escaped(text)) for _, text in kinds_of(page.notes())]
    text = "\n\n".join(parts)
    defined = f"{DEFINED}\n" if needs_definition(text) else ""
    return f"% \\usepackage{{booktabs}}\n{defined}{text}"


def _grid(grid: Grid) -> Iterator[str]:
    if grid.title:
        yield f"\\textbf{{{escaped(grid.title)}}}"
    yield from (_guarded(escaped(text)) for text in grid.lead)
    if grid.heads:
        yield "\n".join(_table(grid))
    yield from (_guarded(escaped(text)) for _, text in grid.said())


def _table(grid: Grid) -> Iterator[str]:
    yield f"\\begin{{tabular}}{{{''.join('l' if head.left else 'r' for head in grid.heads)}}}"
    yield "\\toprule"
    yield _row([escaped(head.text.replace("\n", " ")) for head in grid.heads])
    yield "\\midrule"
    for number, row in enumerate(grid.rows):
        if number in grid.headings and not any(row[1:]):
            yield _row([f"\\multicolumn{{{len(row)}}}{{l}}{{{_bold(_cell(row[0]))}}}"])
        else:
            yield _row([_formula(cell) if head.math else _cell(cell) for head, cell in _by_head(grid, row)])
    if grid.total is not None:
        yield "\\midrule"
        yield _row([f"${cell.latex}$" if isinstance(cell, Math) else _bold(escaped(cell)) for cell in grid.total])
    yield "\\bottomrule"
    yield "\\end{tabular}"


def _by_head(grid: Grid, row: Sequence[str]) -> Iterator[tuple[Head, str]]:
    return zip(grid.heads, row, strict=True)


def _row(cells: Sequence[str]) -> str:
    return f"{_guarded(' & '.join(cells))} \\\\"


def _guarded(line: str) -> str:
    """Keep the end of the row before from taking what a line begins with as its own."""
    return f"{{}}{line}" if line.startswith(("[", "*")) else line


def _bold(text: str) -> str:
    return f"\\textbf{{{text}}}" if text else ""


def _cell(cell: str) -> str:
    """Write a cell; blanks before it are its level in a tree."""
    if isinstance(cell, Math):
        return f"${cell.latex}$"
    level = (len(cell) - len(cell.lstrip(" "))) // 2
    return "\\quad " * level + escaped(cell.strip())


def _formula(cell: str) -> str:
    """Write equal formulas of a cell as mathematics, and what is none as text."""
    parts = cell.split(" = ")
    written = [formula(part) for part in parts]
    if None in written or not cell.strip():
        return _cell(cell)
    return f"${' = '.join(part for part in written if part is not None)}$"
