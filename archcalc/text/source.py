"""The text of a spec and where it came from."""

from __future__ import annotations

import gc
import os
import stat
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archcalc.errors import RequestError, SpecError, mistake_after, printable
from archcalc.limits import MAX_BYTES
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


def read_file(path: str) -> Source:
    """Read a regular file of UTF-8 text; raise RequestError where it cannot be read."""
    try:
        with open(path, "rb", opener=_at_once) as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise RequestError(f"{printable(path)}: not a regular file")
            data = file.read(MAX_BYTES + 1) if state.st_size <= MAX_BYTES else b""
            if max(state.st_size, len(data)) > MAX_BYTES:
                raise _too_large(path)
    except OSError as error:
        raise RequestError(f"{printable(path)}: {error.strerror or error}") from None
    except ValueError:
        raise RequestError(f"{printable(path)}: not a file name") from None
    return decode(path, data)


def _at_once(path: str, flags: int) -> int:
    """Open without waiting: a pipe to which nobody writes would keep a reader for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _too_large(file: str) -> RequestError:
    return RequestError(f"{printable(file)}: larger than {MAX_BYTES:,} bytes, the most that a spec may have")


def read_standard_input() -> Source:
    """Read the spec that was piped in; raise RequestError where nothing can be read there."""
    if sys.stdin is None:
        raise RequestError("standard input is closed")
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise RequestError(f"standard input: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise _too_large("<stdin>")
    return decode("<stdin>", data)


def decode(file: str, data: bytes) -> Source:
    """Decode UTF-8, with or without a byte order mark; raise SpecError at the first byte that is not."""
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        shown = data[: error.start + 1000].decode("utf-8", "replace")
        raise Source(file, shown).error([mistake_after(data[: error.start].decode(), "not UTF-8 text")]) from None
    return Source(file, text)


@contextmanager
def no_cyclic_collection() -> Iterator[None]:
    """Keep the cyclic collector still: a tree holds no cycles, and scanning it again and again is not linear."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
