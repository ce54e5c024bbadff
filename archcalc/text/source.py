"""The text of a spec and where it came from."""

from __future__ import annotations

import gc
import os
import stat
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from archcalc.errors import RequestError, SpecError, mistake_after, printable
from archcalc.limits import MAX_BYTES, MAX_PIPED
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archcalc.errors import Mistake


class Source(Record):
    """A spec as text, and the name that errors call it by."""

    file: str
    text: str

    def error(self, mistakes: Iterable[Mistake]) -> SpecError:
        """Return the error that reports these mistakes, each at its own character."""
        mistakes = list(mistakes)
        if any(mistake.within for mistake in mistakes):
            from archcalc.text.places import placed

            mistakes = placed(self.text, mistakes)
        return SpecError(self.file, self.text, mistakes)


_read: dict[str, os.stat_result] = {}
"""The files that this run has read, by name and state; the command line never writes over them."""


def forget_what_was_read() -> None:
    """Begin a run: files that an earlier one has read may be written."""
    _read.clear()


def remember(name: str, state: os.stat_result) -> None:
    """Note that a file is read."""
    _read[name] = state


def was_read(path: str) -> bool:
    """Whether a path leads to a file that this run has read, by whatever name, link or stream."""
    try:
        state = os.stat(path)
    except (OSError, ValueError):  # there is no such file
        return False
    return any(os.path.samestat(state, known) or _is_now(name, state) for name, known in _read.items())


def _is_now(name: str, state: os.stat_result) -> bool:
    """Whether a name leads to a file now, although it led to another one when that was read."""
    try:
        return os.path.samestat(os.stat(name), state)
    except (OSError, ValueError):
        return False


def read_file(path: str) -> Source:
    """Read a regular file of UTF-8 text; raise RequestError where it cannot be read."""
    return decode(path, read_bytes(path))


def read_bytes(path: str, most: int = MAX_BYTES) -> bytes:
    """Read a regular file of at most so many bytes; raise RequestError where it cannot be read."""
    try:
        with open(path, "rb", opener=_at_once) as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise RequestError(f"{printable(path)}: not a regular file")
            remember(path, state)
            data = file.read(most + 1) if state.st_size <= most else b""
            if max(state.st_size, len(data)) > most:
                raise _too_large(path, most)
    except OSError as error:
        packed = _packed(path)
        if packed is None:
            raise RequestError(f"{printable(path)}: {error.strerror or error}") from None
        return packed
    except ValueError:
        raise RequestError(f"{printable(path)}: not a file name") from None
    return data


def _packed(path: str) -> bytes | None:
    """Read a file of archcalc's own where all of it is in a zip, into which no open() reaches."""
    loader: Any = __spec__.loader
    archive = archive_of_archcalc()
    if not archive or not path.startswith(archive + os.sep):
        return None
    try:
        data: bytes = loader.get_data(path)
    except OSError:
        return None
    return data


def archive_of_archcalc() -> str:
    """Return the zip that archcalc runs from, or nothing where it runs from a folder."""
    return str(getattr(__spec__.loader, "archive", ""))


def packed_files(folder: str) -> list[str]:
    """Return the names of the files in a folder of archcalc's own where all of it is in a zip, otherwise nothing."""
    archive = archive_of_archcalc()
    if not archive or not folder.startswith(archive + os.sep):
        return []
    from zipfile import ZipFile

    within = folder[len(archive) + 1 :].replace(os.sep, "/") + "/"
    with ZipFile(archive) as packed:
        names = [name[len(within) :] for name in packed.namelist() if name.startswith(within)]
    return [name for name in names if name and "/" not in name]


def _at_once(path: str, flags: int) -> int:
    """Open without waiting: a pipe without a writer would block its reader for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


def _too_large(file: str, most: int = MAX_BYTES) -> RequestError:
    return RequestError(f"{printable(file)}: larger than {most:,} bytes, the most that is read")


STANDARD_INPUT = "<stdin>"
"""What errors call it."""


MODEL_FILES = (b"PK", b"\x08")
"""How the larger files of other programs begin: archives of PyTorch and Keras, ONNX."""


def read_standard_input() -> bytes:
    """Read what was piped in, a spec or another program's file; raise RequestError where nothing can be read there."""
    if sys.stdin is None:
        raise RequestError("standard input is closed")
    try:
        with suppress(OSError, ValueError):  # what stands in for standard input may be no stream of the system
            remember(STANDARD_INPUT, os.fstat(sys.stdin.fileno()))
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        most = MAX_PIPED if data.startswith(MODEL_FILES) else MAX_BYTES
        if len(data) > MAX_BYTES:
            data += sys.stdin.buffer.read(most - MAX_BYTES)
    except OSError as error:
        raise RequestError(f"standard input: {error.strerror or error}") from None
    if len(data) > most:
        raise _too_large(STANDARD_INPUT, most)
    return data


def decode(file: str, data: bytes) -> Source:
    """Decode UTF-8, with or without a byte order mark; raise SpecError at the first byte that is not."""
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        shown = data[: error.start + 1000].decode("utf-8", "replace")
        hint = "; it begins as UTF-16 does: save it as UTF-8" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
        mistake = mistake_after(data[: error.start].decode(), f"not UTF-8 text{hint}")
        raise Source(file, shown).error([mistake]) from None
    return Source(file, text)


@contextmanager
def no_cyclic_collection() -> Iterator[None]:
    """Pause the cyclic garbage collector: a tree has no cycles, and scanning it again and again is not linear."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
