"""SVG: a page as a terminal shows it, with colours for a dark and a light ground; the same bytes on every machine."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from archcalc.render.formats.lines import lines
from archcalc.width import width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.render.formats.lines import Line
    from archcalc.render.page import Page, Target

CELL, LINE, MARGIN = 8.4, 20, 18
"""Width of a character, height of a line, and the space around, in pixels."""

_STYLE = """\
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre;
  fill: #1f2328; }
.ground { fill: #ffffff; stroke: #d0d7de; }
.title, .lead, .head, .heading, .total, .bad { font-weight: bold; }
.rule, .legend, .attached, .faint { fill: #6e7781; }
.mark, .remark, .open { fill: #9a6700; } .good { fill: #1a7f37; } .near, .bar { fill: #0969da; }
.slip { fill: #8250df; } .bad { fill: #cf222e; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .ground { fill: #0d1117; stroke: #30363d; }
  .rule, .legend, .attached, .faint { fill: #8d96a0; }
  .mark, .remark, .open { fill: #d29922; } .good { fill: #3fb950; } .near, .bar { fill: #58a6ff; }
  .slip { fill: #bc8cff; } .bad { fill: #ff7b72; }
}
"""

_RUN = re.compile(r"\S+(?: \S+)*")
"""A piece of a line without gaps; each has a place of its own, so that columns stand right in any font."""


def write(page: Page, target: Target) -> str:
    """Write a page for a terminal of the target's width, or as wide as its tables."""
    written = [*lines(page, target.width, wrapped=True)]
    columns = max((sum(width(text) for text, _ in line) for line in written), default=0)
    size = f"{columns * CELL + 2 * MARGIN:.0f}", f"{len(written) * LINE + 2 * MARGIN:.0f}"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}"'
        f' viewBox="0 0 {size[0]} {size[1]}">',
        f"<style>\n{_STYLE}</style>",
        f'<rect class="ground" x=".5" y=".5" width="{int(size[0]) - 1}" height="{int(size[1]) - 1}" rx="8"/>',
        *(piece for number, line in enumerate(written) for piece in _pieces(line, MARGIN + (number + 0.75) * LINE)),
        "</svg>",
    ])  # fmt: skip


def _pieces(line: Line, y: float) -> Iterator[str]:
    column = 0
    for text, style in line:
        for run in _RUN.finditer(text):
            x = MARGIN + (column + width(text[: run.start()])) * CELL
            long = f'{width(run[0]) * CELL:.1f}" lengthAdjust="spacingAndGlyphs'
            named = f' class="{style}"' if style else ""
            yield f'<text{named} x="{x:.1f}" y="{y:.0f}" textLength="{long}">{escape(run[0], quote=False)}</text>'
        column += width(text)
