"""A page of the documentation for reading in a terminal, or as plain text."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from archcalc.render.formats.characters import fold, holds
from archcalc.render.formats.terminal import console_for

if TYPE_CHECKING:
    from archcalc.render.page import Target

WIDTH = 100
"""Columns of a page, at most: longer lines are hard to read."""

_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")


def manual(text: str, target: Target) -> str:
    """Write Markdown for a target: with colours where it has them, links to other pages as their text."""
    from rich.markdown import Markdown

    for pattern, said in ((_COMMENT, ""), (_IMAGE, ""), (_LINK, r"\1")):
        text = pattern.sub(said, text)
    width = min(target.width or WIDTH, WIDTH)
    out = io.StringIO()
    console_for(out, target.replace(width=width)).print(Markdown(text, hyperlinks=False, code_theme="ansi_dark"))
    written = "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
    return written if holds(target.encoding, written) else fold(written, target.encoding)
