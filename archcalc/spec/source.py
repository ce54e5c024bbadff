"""The text of a spec and where it came from."""

from __future__ import annotations

import gc
import os
import stat
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from archcalc.errors import Mistake, RequestError, SpecError, printable
from archcalc.limits import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Source(NamedTuple):
    """A spec as text, and the name that errors call it by."""

    file: str
    text: str

    def error(self, mistakes: Iterable[Mistake]) -> SpecError:
        """Return the error that reports these mistakes."""
        return SpecError(self.file, self.text, mistakes)


def read_file(path: str) -> Source:
    """Read a regular file of UTF-8 text; raise RequestError where it cannot be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more to import than the rest of reading a spec
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise RequestError(f"{printable(path)}: not a regular file")
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise RequestError(f"{printable(path)}: {error.strerror or error}") from None
    except ValueError:
        raise RequestError(f"{printable(path)}: not a file name") from None
    return decode(path, data)


def read_standard_input() -> Source:
    """Read the spec that was piped in."""
    return decode("<stdin>", sys.stdin.buffer.read(MAX_BYTES + 1))


def decode(file: str, data: bytes) -> Source:
    """Decode UTF-8, with or without a byte order mark; raise SpecError at the first byte that is not."""
    if len(data) > MAX_BYTES:
        raise RequestError(f"{printable(file)}: larger than {MAX_BYTES:,} bytes, the most that a spec may have")
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n"), error.start - (data.rfind(b"\n", 0, error.start) + 1)
        shown = data.decode("utf-8", "replace")
        raise Source(file, shown).error([Mistake("not UTF-8 text", line, column)]) from None
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
