"""The formats of a page: each a function from page and paper to text, imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archcalc.render.page import Page, Target

FORMATS = {
    "table": "terminal:write",
    "plain": "joined:plain",
    "markdown": "joined:markdown",
    "csv": "separated:csv",
    "tsv": "separated:tsv",
    "json": "json:write",
    "latex": "joined:latex",
    "html": "joined:html",
}
"""Word on the command line to the file of this folder, and the function in it."""


def write(page: Page, format: str, target: Target) -> str:
    """Write a page in a format; the text has no line end at its end."""
    module, _, function = FORMATS[format].partition(":")
    text: str = getattr(import_module(f"archcalc.render.formats.{module}"), function)(page, target)
    return text
