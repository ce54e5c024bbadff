"""The formats of a page: what each is called and how it writes, imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.render.page import Page, Target


class Format(NamedTuple):
    """A format of pages."""

    writer: str
    """The file of this folder, and the function in it that makes text of a page."""
    endings: tuple[str, ...] = ()
    """The endings of files that are written in it."""
    in_ascii: str = "folded"
    """The function of :mod:`archcalc.render.formats.ascii` that rids its text of other characters."""


FORMATS = {
    "table": Format("terminal:write"),
    "plain": Format("joined:plain", (".txt",)),
    "markdown": Format("joined:markdown", (".md",)),
    "csv": Format("separated:csv", (".csv",)),
    "tsv": Format("separated:tsv", (".tsv",)),
    "json": Format("json:write", (".json",), "json_escapes"),
    "latex": Format("joined:latex", (".tex",)),
    "html": Format("joined:html", (".html", ".htm"), "xml_references"),
}
"""Word on the command line to format, for every page."""

SPECIAL = {"junit": Format("junit:write", (".xml",), "xml_references")}
"""The formats of some pages only."""


def endings(formats: Iterable[str]) -> dict[str, str]:
    """Return the endings of files by which some formats are known, each with its format."""
    return {ending: word for word in formats for ending in _named(word).endings}


def write(page: Page, format: str, target: Target) -> str:
    """Write a page in a format; the text has no line end at its end."""
    text: str = _function(_named(format).writer)(page, target)
    return text


def in_ascii(text: str, format: str = "plain") -> str:
    """Return the text of a format in ASCII: by the escapes that it has, or by what stands for other characters."""
    if text.isascii():
        return text
    written: str = _function(f"ascii:{_named(format).in_ascii}")(text)
    return written


def _named(format: str) -> Format:
    return FORMATS[format] if format in FORMATS else SPECIAL[format]


def _function(place: str) -> Any:
    module, _, function = place.partition(":")
    return getattr(import_module(f"archcalc.render.formats.{module}"), function)
