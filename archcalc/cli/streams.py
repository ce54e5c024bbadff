"""Standard output and standard error: in characters that they hold, and quiet where nobody reads them."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from archcalc.cli.files import reason
from archcalc.errors import RequestError, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSED_PIPE = 141
"""Exit status of programs whose reader has gone away: 128 + SIGPIPE."""


class Closed(io.TextIOBase):
    """Stands in for a closed standard output, so that whatever prints, click's help too, gets an error."""

    def write(self, text: str) -> int:
        """Refuse to write."""
        raise OSError(errno.EBADF, "closed")


@contextmanager
def writing() -> Iterator[None]:
    """End the program, with its exit status, where standard output cannot be written."""
    if sys.stdout is None:
        sys.stdout = Closed()
    try:
        yield
    except OSError as error:
        raise SystemExit(give_up(error)) from None


def write(text: str) -> None:
    """Write to standard output, in characters that it can hold."""
    with writing():
        try:
            sys.stdout.write(text)
        except UnicodeEncodeError:
            encoding = sys.stdout.encoding or "ascii"
            sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()


def write_bytes(data: bytes) -> None:
    """Write what is no text to standard output, where that is no terminal."""
    with writing():
        if sys.stdout.isatty():
            raise RequestError("this format is binary: write it to a file with -o, or into a pipe")
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def give_up(error: OSError) -> int:
    """Return the exit status when output fails, and say why, unless its reader has just gone away."""
    with suppress(OSError, ValueError):  # what is still to be written would fail once more when Python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        return CLOSED_PIPE
    say("standard output is closed" if isinstance(sys.stdout, Closed) else f"standard output: {reason(error)}")
    return RequestError.exit_status


def say(message: str) -> None:
    """Write a message to standard error, without what could drive a terminal."""
    if sys.stderr is None:
        return
    from archcalc.render.formats.characters import fold

    message = fold(message, "ascii" if kept("ascii") else sys.stderr.encoding or "ascii")
    with suppress(OSError):  # there is nobody to tell
        sys.stderr.write("\n".join(map(printable, message.split("\n"))) + "\n")
        sys.stderr.flush()


def announce_standard_input() -> None:
    """Say that a spec is read from standard input, where that is a terminal on which nothing would tell."""
    if sys.stdin is not None and sys.stdin.isatty():
        end = "Ctrl-Z and Enter" if os.name == "nt" else "Ctrl-D"
        say(f"reading a spec from standard input; end it with {end}")


def kept(name: str) -> Any:
    """Return an option that was kept for when something is printed."""
    context = click.get_current_context(silent=True)
    return context.meta.get(f"archcalc.{name}") if context else None
