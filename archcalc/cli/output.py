"""Printing: to the terminal, into a pipe or a file, in the format that was asked for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from archcalc.cli.files import save
from archcalc.cli.streams import kept, write, write_bytes
from archcalc.errors import RequestError, printable
from archcalc.render.formats import write as formatted
from archcalc.render.page import Target
from archcalc.text.source import was_read

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

    from archcalc.render.page import Page


def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep an option for when something is printed."""
    context.meta[f"archcalc.{parameter.name}"] = value


def emit(page: Page, format: Callable[[], str], output: str | None) -> None:
    """Write a page; its format is determined after checking that the file may be written."""
    _spare(output)
    deliver(formatted(page, format(), target(output)) + "\n", output)


def deliver(data: str | bytes, output: str | None) -> None:
    """Write text, or what is none, to standard output (also named -) or to a file; never over what was read."""
    if output is not None and output != "-":
        _spare(output)
        save(data, output)
    elif isinstance(data, str):
        write(data)
    else:
        write_bytes(data)


def deliver_picture(data: str | bytes, output: str | None, *, is_xml: bool) -> None:
    """Write a picture where it belongs, in characters that the output has."""
    from archcalc.render.formats.characters import fold, holds, xml_references

    encoding = target(output).encoding
    if isinstance(data, str) and not holds(encoding, data):
        data = xml_references(data) if is_xml else fold(data, encoding)
    deliver(data, output)


def _spare(output: str | None) -> None:
    """Raise RequestError if the file to write is one that was read."""
    if output and was_read(output):
        raise RequestError(f"{printable(output)} is an input of this command; choose another output file")


def target(output: str | None = None) -> Target:
    """Return what is printed on: a file, which is plain text in UTF-8, or what standard output is."""
    if output is not None:
        return Target(encoding="ascii" if kept("ascii") else "utf-8")
    terminal = sys.stdout.isatty()
    width = None
    columns = os.environ.get("COLUMNS", "")
    if terminal or (columns.isascii() and columns.isdecimal()):
        import shutil

        width = shutil.get_terminal_size().columns or 80  # Python 3.10 says 0 where the terminal does not know
    color = kept("color")
    if color is None:
        color = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return Target(width, color, "ascii" if kept("ascii") else encoding)
