"""The formats of a page: each a function from page and paper to text, imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.render.grid import Page, Paper

FORMATS = {
    "table": "terminal:write",
    "plain": "tabulated:plain",
    "markdown": "tabulated:markdown",
    "csv": "separated:csv",
    "tsv": "separated:tsv",
    "json": "formats:json",
    "latex": "tabulated:latex",
    "html": "tabulated:html",
}
"""Word on the command line to the file of this folder, and the function in it."""


def write(page: Page, format: str, paper: Paper) -> str:
    """Write a page in a format; the text has no line end at its end."""
    module, _, function = FORMATS[format].partition(":")
    text: str = getattr(import_module(f"archcalc.render.{module}"), function)(page, paper)
    return text


def json(page: Page, paper: Paper) -> str:
    """Write the data of a page as JSON: a line for each key, and for each object of a list."""
    from json import JSONEncoder

    dumps = JSONEncoder(ensure_ascii=False).encode

    def lines(value: Any, indent: str) -> str:
        inner = indent + "  "
        if isinstance(value, dict) and value and not indent[4:]:
            parts = [f"{inner}{dumps(key)}: {lines(each, inner)}" for key, each in value.items()]
            return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            deeper = [inner + (lines(each, inner) if not indent else dumps(each)) for each in value]
            return "[\n" + ",\n".join(deeper) + f"\n{indent}]"
        return dumps(value)

    return lines(page.data, "")
