"""Writing files: whole or not at all, and never waiting for a reader."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archcalc.errors import RequestError, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def save(data: str | bytes, output: str) -> None:
    """Write a file, of text or of what is none; raise RequestError where that cannot be."""
    with _said_of(output):
        stream = _open_stream(output)
        if stream is not None:
            _fill(os.dup(stream), data)
        elif output.endswith(tuple(filter(None, (os.sep, os.altsep)))):
            raise IsADirectoryError(errno.EISDIR, "a file name is needed, not a folder")
        elif os.path.exists(output) and not os.path.isfile(output):
            _send(data, output)
        else:
            _replace(data, os.path.realpath(output))  # what a link points at is written, not the link


def create(text: str, output: str) -> None:
    """Write a file that is not there yet; where it cannot be written whole, none is left."""
    with _said_of(output):
        try:
            handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError:
            message = "already exists; choose another file with -o FILE"
            raise RequestError(f"{printable(output)} {message}") from None
        try:
            _fill(handle, text)
        except BaseException:
            os.unlink(output)
            raise


def save_all(files: Mapping[str, str], folder: str) -> None:
    """Write files into a folder, which is made where it is not there; raise RequestError where that cannot be."""
    with _said_of(folder):
        os.makedirs(folder, exist_ok=True)
    for name, text in files.items():
        save(text, os.path.join(folder, name))


def append(text: str, output: str) -> None:
    """Add to the end of a file, which may be new; where not all of it can be written, the file stays as it was."""
    with _said_of(output):
        data = text.encode()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        handle = os.open(output, flags, 0o666)
        try:
            before = os.fstat(handle).st_size
            try:
                if os.write(handle, data) < len(data):
                    raise OSError(errno.ENOSPC, "no room for all of it")
            except BaseException:
                os.ftruncate(handle, before)
                raise
        finally:
            os.close(handle)


@contextmanager
def _said_of(output: str) -> Iterator[None]:
    """Turn what the system says into an error that names the file."""
    if not output:
        raise RequestError("the name of the file to write is empty")
    try:
        yield
    except (OSError, ValueError) as error:
        raise RequestError(f"{printable(output)}: {reason(error)}") from None


def reason(error: Exception) -> str:
    """Return what the system says, without Python's number."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _open_stream(output: str) -> int | None:
    """Return the number of a stream that is open already (/dev/stdout, /dev/fd/3), which is neither moved nor cut."""
    import re

    named = {"/dev/stdout": 1, "/dev/stderr": 2}.get(output)
    numbered = re.fullmatch(r"/(?:dev|proc/self)/fd/([0-9]{1,4})", output)
    return int(numbered[1]) if numbered else named


def _send(data: str | bytes, output: str) -> None:
    """Write into a device or a pipe, which has to have a reader: one that comes later might never come."""
    try:
        handle = os.open(output, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "a pipe without a reader") from None
        raise
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(handle, True)
    _fill(handle, data)


def _replace(data: str | bytes, place: str) -> None:
    """Write a file beside its place and move it there, so that there is never half of one."""
    import tempfile

    mode = _mode(place)
    handle, beside = tempfile.mkstemp(prefix=".archcalc-", dir=os.path.dirname(place))
    try:
        _fill(handle, data)
        os.chmod(beside, mode)
        os.replace(beside, place)
    except BaseException:
        os.unlink(beside)
        raise


def _fill(handle: int, data: str | bytes) -> None:
    """Write and close; lines end alike on all platforms, so that equal reports are equal files."""
    with os.fdopen(handle, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)


def _mode(place: str) -> int:
    """Return the permissions of a file that is replaced, or those of a new one; raise OSError if it is read-only."""
    if not os.path.exists(place):
        return 0o666 & ~_umask()
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only")
    return os.stat(place).st_mode & 0o777


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
