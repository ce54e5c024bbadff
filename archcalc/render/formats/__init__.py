"""The formats of a page: their names and writers, which are imported when used."""

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
    escapes: str = ""
    """The function of :mod:`archcalc.render.formats.characters` that escapes characters which the output lacks.

    If a format has no such escapes, its texts are folded before it escapes what is special to it.
    """
    signs: str = ""
    """Characters that it writes itself, whatever the output's encoding."""


FORMATS = {
    "table": Format("terminal:write"),
    "plain": Format("joined:plain", (".txt",)),
    "markdown": Format("joined:markdown", (".md",)),
    "csv": Format("separated:csv", (".csv",)),
    "tsv": Format("separated:tsv", (".tsv",)),
    "json": Format("json:write", (".json",), "json_escapes"),
    "latex": Format("joined:latex", (".tex",), signs="·×−→⌊⌋⌈⌉≤≥█²³⁴⁵⁶⁷⁸⁹"),
    "html": Format("joined:html", (".html", ".htm"), "xml_references"),
}
"""Word on the command line to format, for every page."""

SPECIAL = {
    "junit": Format("junit:write", (".xml",), "xml_references"),
    "github": Format("github:write", (), "xml_references"),
}
"""The formats of some pages only."""


def endings(formats: Iterable[str]) -> dict[str, str]:
    """Return the endings of files by which some formats are known, each with its format."""
    return {ending: word for word in formats for ending in _named(word).endings}


def write(page: Page, format: str, target: Target) -> str:
    """Write a page in a format and in the characters of a target; the text has no line end at its end."""
    from archcalc.render.formats.characters import FoldedPage, fold, holds

    chosen = _named(format)
    if not chosen.escapes:
        page = FoldedPage(page, target.encoding, chosen.signs)
    text: str = _function(chosen.writer)(page, target)
    if holds(target.encoding, text):
        return text
    if not chosen.escapes:  # the signs of the format itself, such as its rules
        return fold(text, target.encoding)
    escaped: str = _function(f"characters:{chosen.escapes}")(text)
    return escaped


def _named(format: str) -> Format:
    return FORMATS[format] if format in FORMATS else SPECIAL[format]


def _function(place: str) -> Any:
    module, _, function = place.partition(":")
    return getattr(import_module(f"archcalc.render.formats.{module}"), function)
