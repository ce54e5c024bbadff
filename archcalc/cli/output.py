"""Printing: to the terminal, into a pipe or a file, in the format that was asked for."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from archcalc.errors import RequestError, printable
from archcalc.render.formats import FORMATS, in_ascii
from archcalc.render.formats import write as formatted
from archcalc.render.page import Page, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CLOSED_PIPE = 141
"""Exit status of programs whose reader has gone away: 128 + SIGPIPE."""


def completed(what: str) -> Callable[[click.Context, click.Parameter, str], Any]:
    """Return what completes a word in the shell; candidates are imported only then."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> Any:
        from archcalc.cli.candidates import offer

        return offer(what, context, incomplete)

    return complete


def printing(extra: Iterable[str] = ()) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options of every command that prints a table."""
    formats = (*FORMATS, *extra)

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed((output_file, colours, characters)):
            function = option(function)
        return click.option(
            "-f", "--format", "format", type=click.Choice(formats), default="table", help="How to write it.",
            show_default=True,
        )(function)  # fmt: skip

    return add


def networks(required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the networks that a command is about."""
    metavar = "NET..." if required else "[NET]..."
    complete = completed("networks")
    return click.argument("networks", metavar=metavar, nargs=-1, required=required, shell_complete=complete)


def analysis(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say for what a network is analysed."""
    options = (
        click.option("-i", "--input", metavar="SIZE", help="Input size: 224, 224x320 (height x width) or 3x224x224."),
        click.option(
            "-s", "--set", "settings", metavar="ARG=VALUE", multiple=True, help="Set an argument of the spec.",
            shell_complete=completed("settings"),
        ),
        click.option(
            "--batch", type=click.IntRange(1), metavar="N", default=1, show_default=True, help="Images at once."
        ),
        click.option(
            "--dtype", metavar="TYPE", default="float32", show_default=True,
            help="Type of values: float64, float32, float16, bfloat16, int8, int4.",
            shell_complete=completed("dtypes"),
        ),
        click.option("--training", is_flag=True, help="Count branches that exist in training only."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep an option for when something is printed."""
    context.meta[f"archcalc.{parameter.name}"] = value


def _kept(name: str) -> Any:
    context = click.get_current_context(silent=True)
    return context.meta.get(f"archcalc.{name}") if context else None


output_file = click.option(
    "-o", "--output", metavar="FILE", help="Write to a file instead of the terminal.", shell_complete=completed("files")
)
colours = click.option(
    "--color/--no-color", default=None, expose_value=False, callback=_keep, help="Colours, or none; else as it fits."
)
characters = click.option(
    "--ascii", is_flag=True, expose_value=False, callback=_keep, help="Nothing but ASCII characters."
)


def emit(page: Page, format: str, output: str | None, reads: Iterable[str] = ()) -> None:
    """Write a page where it belongs."""
    deliver(formatted(page, format, target() if output is None else Target()) + "\n", output, reads, format)


def deliver(text: str, output: str | None, reads: Iterable[str] = (), format: str = "plain") -> None:
    """Write to standard output or to a file; never over a spec that was read."""
    if _kept("ascii"):
        text = in_ascii(text, format)
    if output is None:
        write(text)
        return
    if any(_is_same(read, output) for read in reads):
        raise RequestError(f"{printable(output)} is the spec that is read; choose another file to write")
    save(text, output)


def _is_same(read: str, output: str) -> bool:
    """Whether a spec that was read, maybe from standard input, is the file to write."""
    try:
        state = os.fstat(0) if read == "<stdin>" else os.stat(read)  # noqa: PTH116
        return os.path.samestat(state, os.stat(output))  # noqa: PTH116
    except (OSError, ValueError):  # one of them does not exist
        return False


def save(text: str, output: str) -> None:
    """Write a file beside its place and move it there, so that there is never half of one."""
    import tempfile

    try:
        place = os.path.realpath(output)  # what a link points at is written, not the link
        if os.path.exists(place) and not os.path.isfile(place):  # noqa: PTH110, PTH113 - /dev/stdout and the like
            with open(place, "w", encoding="utf-8") as file:  # noqa: PTH123
                file.write(text)
            return
        mode = _mode(place)
        handle, beside = tempfile.mkstemp(prefix=".archcalc-", dir=os.path.dirname(place))  # noqa: PTH120
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(beside, mode)  # noqa: PTH101
            os.replace(beside, place)  # noqa: PTH105
        except BaseException:
            os.unlink(beside)  # noqa: PTH108
            raise
    except (OSError, ValueError) as error:
        raise RequestError(f"{printable(output)}: {_reason(error)}") from None


def _mode(place: str) -> int:
    """Return the permissions of a file that is replaced, or those of a new one; raise OSError if it is read-only."""
    if not os.path.exists(place):  # noqa: PTH110
        return 0o666 & ~_umask()
    if not os.access(place, os.W_OK):
        raise PermissionError(13, "it may not be written")
    return os.stat(place).st_mode & 0o777  # noqa: PTH116


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
