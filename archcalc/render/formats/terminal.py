"""Tables in a terminal. Styles come from rich, which is imported only where there are colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.render.formats.characters import holds
from archcalc.render.formats.lines import lines, text_of

if TYPE_CHECKING:
    import io

    from rich.console import Console

    from archcalc.render.formats.lines import Line
    from archcalc.render.page import Page, Target

COLORS = {
    "title": "bold", "lead": "bold", "head": "bold", "rule": "dim", "heading": "bold", "total": "bold",
    "mark": "yellow", "remark": "yellow", "legend": "dim", "attached": "dim", "bar": "cyan",
    "good": "green", "near": "cyan", "open": "yellow", "slip": "magenta", "bad": "bold red", "faint": "dim",
}  # fmt: skip
"""Styles in the terminal's own sixteen colours, which its user chose to be read on the ground, dark or light."""


def write(page: Page, target: Target) -> str:
    """Write a page for a terminal of the target's width."""
    written = map(_colored if target.color else text_of, lines(page, target.width))
    text = "\n".join(written)
    return text if holds(target.encoding, "…") else text.replace("…", "~")  # what is cut stays as wide as it is


def _colored(line: Line) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    return "".join(
        Style.parse(COLORS[style]).render(text, color_system=ColorSystem.STANDARD) if style else text
        for text, style in line
    )


def console_for(out: io.StringIO, target: Target) -> Console:
    """Return rich's console, for what it lays out itself, that writes to ``out`` as the target says."""
    from rich.console import Console

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
