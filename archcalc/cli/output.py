"""Printing: to the terminal, into a pipe or a file, in the format that was asked for."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from archcalc.errors import RequestError, printable
from archcalc.render.formats import in_ascii
from archcalc.render.formats import write as formatted
from archcalc.render.page import Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.render.page import Page

CLOSED_PIPE = 141
"""Exit status of programs whose reader has gone away: 128 + SIGPIPE."""


def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep an option for when something is printed."""
    context.meta[f"archcalc.{parameter.name}"] = value


def _kept(name: str) -> Any:
    context = click.get_current_context(silent=True)
    return context.meta.get(f"archcalc.{name}") if context else None


def reading(file: str | None, what: str) -> None:
    """Remember that a file is read, and what it is: nothing is written over it. None is no file."""
    context = click.get_current_context(silent=True)
    if context is not None and file is not None:
        context.meta.setdefault("archcalc.read", {})[file] = what


def emit(page: Page, format: Callable[[], str], output: str | None) -> None:
    """Write a page where it belongs; its format is asked for once it is known that the file may be written."""
    if output is not None:
        _spare(output)
    chosen = format()
    deliver(formatted(page, chosen, target() if output is None else Target()) + "\n", output, chosen)


def deliver(text: str, output: str | None, format: str = "plain") -> None:
    """Write text of a format to standard output or to a file; never over one that is read."""
    if _kept("ascii"):
        text = in_ascii(text, format)
    if output is None:
        write(text)
    else:
        _spare(output)
        save(text, output)


def _spare(output: str) -> None:
    """Raise RequestError where the file to write is one that is read."""
    for file, what in (_kept("read") or {}).items():
        if _is_same(file, output):
            raise RequestError(f"{printable(output)} is the {what} that is read; choose another file to write")


def _is_same(read: str, output: str) -> bool:
    """Whether a file that is read, maybe as standard input, is the file to write."""
    try:
        state = os.fstat(0) if read == "<stdin>" else os.stat(read)
        return os.path.samestat(state, os.stat(output))
    except (OSError, ValueError):  # one of them does not exist
        return False


def save(text: str, output: str) -> None:
    """Write a file beside its place and move it there, so that there is never half of one."""
    import tempfile

    try:
        place = os.path.realpath(output)  # what a link points at is written, not the link
        if os.path.exists(place) and not os.path.isfile(place):  # /dev/stdout and the like
            with open(place, "w", encoding="utf-8") as file:
                file.write(text)
            return
        mode = _mode(place)
        handle, beside = tempfile.mkstemp(prefix=".archcalc-", dir=os.path.dirname(place))
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(beside, mode)
            os.replace(beside, place)
        except BaseException:
            os.unlink(beside)
            raise
    except (OSError, ValueError) as error:
        raise RequestError(f"{printable(output)}: {_reason(error)}") from None


def _mode(place: str) -> int:
    """Return the permissions of a file that is replaced, or those of a new one; raise OSError if it is read-only."""
    if not os.path.exists(place):
        return 0o666 & ~_umask()
    if not os.access(place, os.W_OK):
        raise PermissionError(13, "it may not be written")
    return os.stat(place).st_mode & 0o777


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def target() -> Target:
    """Return what standard output is printed on."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    width = None
    if terminal or os.environ.get("COLUMNS", "").isdigit():
        import shutil

        width = shutil.get_terminal_size().columns or 80  # Python 3.10 says 0 where the terminal does not know
    color = _kept("color")
    if color is None:
        color = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Target(width, color)


def write(text: str) -> None:
    """Write to standard output, in characters that it can hold."""
    if sys.stdout is None:
        raise RequestError("standard output is closed")
    try:
        try:
            sys.stdout.write(text)
        except UnicodeEncodeError:
            from archcalc.render.formats.ascii import replaced

            encoding = sys.stdout.encoding or "ascii"
            sys.stdout.write(replaced(text).encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        raise SystemExit(give_up(error)) from None


def give_up(error: OSError) -> int:
    """Return the exit status where nothing more can be written; only a reader that has gone away is no news."""
    import errno

    if sys.stdout is not None:  # what is still to be written would fail once more when Python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        return CLOSED_PIPE
    say(f"standard output: {_reason(error)}")
    return RequestError.exit_status


def say(message: str) -> None:
    """Write a message to standard error."""
    if _kept("ascii"):
        message = in_ascii(message)
    message = "\n".join(map(printable, message.split("\n")))
    with suppress(OSError):  # nobody is there to be told
        try:
            click.echo(message, err=True)
        except UnicodeEncodeError:
            click.echo(in_ascii(message), err=True)
