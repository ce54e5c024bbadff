"""``archcalc completion``."""

from __future__ import annotations

import os

import click

from archcalc.cli.streams import write
from archcalc.cli.types import Words

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_ARCHCALC_COMPLETE"
MARK = "# archcalc completion"
"""Ends the line that is added to a start-up file, to recognise it by."""


@click.command("completion", short_help="Complete names and options in bash, zsh and fish.")
@click.argument("shell", metavar="[bash|zsh|fish]", type=Words(SHELLS), required=False)
@click.option("--install", is_flag=True, help="Install the script for the shell, and say where.")
def command(shell: str | None, install: bool) -> None:
    """Print the script that completes archcalc in a shell, or install it: commands, options, networks, layers,
    columns, conventions, formats.

    \b
    Examples:
      archcalc completion --install            for the shell that you use
      archcalc completion zsh --install
      archcalc completion bash                 print the script

    The default shell is that of $SHELL. --install writes the script to a file of its own; for bash and zsh it adds one
    line to ~/.bashrc or ~/.zshrc, unless it is already there. Running it again is harmless.
    """
    from archcalc.errors import RequestError

    chosen = shell or os.path.basename(os.environ.get("SHELL", ""))
    if chosen not in SHELLS:
        raise RequestError(f"which shell? archcalc completion {'|'.join(SHELLS)}{' --install' if install else ''}")
    text = script(chosen)
    write(_installed(chosen, text) if install else text)


def script(shell: str) -> str:
    """Return the completion script of a shell, as click writes it."""
    from click.shell_completion import get_completion_class

    from archcalc.cli import cli

    kind = get_completion_class(shell)
    assert kind is not None
    complete = kind(cli, {}, "archcalc", VARIABLE)
    return complete.source_template % complete.source_vars() + "\n"


def _installed(shell: str, text: str) -> str:
    """Install a script; return a description of what was done."""
    place, start_up, line = _places(shell)
    done = [_written(place, text)]
    if start_up:
        done.append(_added(start_up, line))
    return "\n".join([*done, f"New {shell} shells complete archcalc.", ""])


def _places(shell: str) -> tuple[str, str, str]:
    """Return where the script belongs, and the start-up file and its line where the shell needs one."""
    from shlex import quote

    home = os.path.expanduser("~")
    data = _base("XDG_DATA_HOME", home, ".local", "share")
    config = _base("XDG_CONFIG_HOME", home, ".config")
    if shell == "fish":
        return os.path.join(config, "fish", "completions", "archcalc.fish"), "", ""
    place = os.path.join(data, "archcalc", f"completion.{shell}")
    read = f"[ -r {quote(place)} ] && . {quote(place)}"
    if shell == "bash":
        return place, os.path.join(home, ".bashrc"), f"{read}  {MARK}"
    ready = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }"
    start_up = os.path.join(os.environ.get("ZDOTDIR") or home, ".zshrc")
    return place, start_up, f"{ready}; {read}  {MARK}"


def _base(variable: str, *otherwise: str) -> str:
    """Return a folder of the user's that a variable names; a relative one is to be ignored."""
    named = os.environ.get(variable, "")
    return named if os.path.isabs(named) else os.path.join(*otherwise)


def _written(place: str, text: str) -> str:
    from archcalc.cli.files import save
    from archcalc.errors import RequestError, printable

    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
    except OSError as error:
        raise RequestError(f"{printable(place)}: {error.strerror or error}") from None
    if _text(place) == text:
        return f"{printable(place)} is up to date."
    save(text, place)
    return f"{printable(place)} written."


def _added(start_up: str, line: str) -> str:
    from archcalc.cli.files import append
    from archcalc.errors import printable

    before = _text(start_up)
    if any(existing.rstrip() == line for existing in before.splitlines()):
        return f"{printable(start_up)} reads it already."
    gap = "" if not before or before.endswith("\n") else "\n"
    append(f"{gap}{line}\n", start_up)
    return f"{printable(start_up)} reads it now: a line was added at its end."


def _text(path: str) -> str:
    """Return the text of a file, or nothing where there is none; raise RequestError where it cannot be read."""
    from archcalc.text.source import read_bytes

    if not os.path.exists(path):
        return ""
    return read_bytes(path).decode(errors="surrogateescape")
