"""The manual page archcalc(1), written from the commands and their options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from archcalc.cli import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """.\\" Written from the commands by docs/generate.py; do not edit it by hand.
.TH ARCHCALC 1 "" "archcalc" "User Commands"
.SH NAME
archcalc \\- calculate sizes, parameters, activation memory and MACs of neural networks
.SH SYNOPSIS
.B archcalc
.I COMMAND
.RI [ ARGUMENTS ]...
"""

TAIL = """.SH EXIT STATUS
.TP
.B 0
what was asked for was done
.TP
.B 1
a check failed (check), networks differ (diff), or nothing explains a figure (why)
.TP
.B 2
wrong usage, or what was asked for does not exist or cannot be read
.TP
.B 3
a spec, or another program's file, is invalid
.SH ENVIRONMENT
.TP
.B COLUMNS
the width that tables are fitted to
.TP
.B NO_COLOR
no colours, whatever its value
.TP
.B XDG_CACHE_HOME
the folder that holds archcalc's cache of what list shows
.SH SEE ALSO
.B archcalc help
lists the pages of the documentation, which
.BI "archcalc help " TOPIC
shows.
"""


def page() -> str:
    """Return the whole page in the language of man."""
    context = click.Context(cli, info_name="archcalc")
    lines = [".SH DESCRIPTION", *_text(cli.help or ""), *_text(cli.epilog or ""), ".SH COMMANDS"]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        lines += _command(name, command)
    return HEAD + "\n".join(lines) + "\n" + TAIL


def _command(name: str, command: click.Command) -> Iterator[str]:
    arguments = [
        each.metavar or (each.name or "").upper() for each in command.params if isinstance(each, click.Argument)
    ]
    yield f".SS {_escaped(' '.join(['archcalc', name, '[OPTIONS]', *arguments]))}"
    yield from _text(command.help or "")
    for each in command.params:
        if isinstance(each, click.Option) and not each.hidden:
            yield ".TP"
            yield f".B {_escaped(_spelled(each))}"
            yield _escaped(each.help or "")
    if isinstance(command, click.Group):
        for own, each in command.commands.items():
            yield from _command(f"{name} {own}", each)


def _spelled(option: click.Option) -> str:
    """Return how an option is written, with its value."""
    choices = "|".join(option.type.choices) if isinstance(option.type, click.Choice) else ""
    value = "" if option.is_flag else f" {option.metavar or choices or option.type.name.upper()}"
    return ", ".join([*option.opts, *option.secondary_opts]) + value


def _text(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; those after a backspace keep their lines."""
    for paragraph in re.split(r"\n\s*\n", _dedented(text).strip()):
        if paragraph.startswith("\b"):
            yield from (".PP", ".nf", *map(_escaped, paragraph.splitlines()[1:]), ".fi")
        else:
            yield from (".PP", _escaped(" ".join(paragraph.split())))


def _dedented(text: str) -> str:
    from inspect import cleandoc

    return cleandoc(text)


def _escaped(line: str) -> str:
    line = line.replace("\\", "\\e").replace("-", "\\-")
    line = "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in line)
    return f"\\&{line}" if line[:1] in (".", "'") else line
