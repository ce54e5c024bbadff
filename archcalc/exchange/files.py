"""The files of other programs: opened without reading what is not asked for, and nothing read without a limit."""

from __future__ import annotations

import json
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from archcalc.errors import RequestError, printable
from archcalc.exchange.tensors import ModelFault, TextFault
from archcalc.text.source import remember

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

MAX_TEXT = 4 * 1024 * 1024
"""Bytes of a network written as text."""

MAX_JSON = 32 * 1024 * 1024
"""Bytes of a configuration."""

MAX_JSON_MEMORY = 120_000_000
"""Bytes that a configuration may take once it is read: lists, mappings and values."""

MAX_DIRECTORY = 8 * 1024 * 1024
"""Bytes of the list of files in a zip archive."""

Data = memoryview


@contextmanager
def opened(path: str) -> Iterator[Data]:
    """Yield a regular file's bytes, mapped into memory: what is not looked at is not read."""
    import mmap

    try:
        with open(path, "rb", opener=_at_once) as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise RequestError(f"{printable(path)}: not a regular file")
            remember(path, state)
            if state.st_size == 0:
                yield memoryview(b"")
                return
            yield memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))  # unmapped once nobody looks at it
    except OSError as error:
        raise RequestError(f"{printable(path)}: {error.strerror or error}") from None
    except ValueError as error:
        raise RequestError(f"{printable(path)}: {error}") from None


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def as_text(data: Data) -> str:
    """Return a text; raise ModelFault where it is too long or no text."""
    if len(data) > MAX_TEXT:
        raise ModelFault(f"a text of {len(data):,} bytes, more than {MAX_TEXT:,}")
    try:
        return bytes(data).decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = bytes(data[: error.start]).decode("utf-8", "replace")
        raise TextFault("not UTF-8 text", before.count("\n"), len(before) - before.rfind("\n") - 1) from None


def as_json(data: bytes) -> Any:
    """Return what JSON says; raise ModelFault where it is broken, too deep or too large."""
    if len(data) > MAX_JSON:
        raise ModelFault(f"a configuration of {len(data):,} bytes, more than {MAX_JSON:,}")
    memory = 240 * data.count(b"{") + 72 * data.count(b"[") + 64 * data.count(b",")
    wide = 1 if data.isascii() else 4
    if memory + wide * len(data) > MAX_JSON_MEMORY:
        raise ModelFault("a configuration of more values than any network has")
    try:
        return json.loads(data, parse_int=_whole)
    except RecursionError:
        raise ModelFault("a configuration nested without end") from None
    except (ValueError, UnicodeError) as error:
        raise ModelFault(f"no JSON: {str(error)[:200]}") from None


def _whole(text: str) -> int:
    if len(text) > 40:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


@contextmanager
def archive(data: Data) -> Iterator[zipfile.ZipFile]:
    """Yield a zip archive; raise ModelFault where it is broken or lists more files than a model has."""
    import zipfile

    _check_directory(data)
    try:
        with zipfile.ZipFile(_Window(data)) as held:
            yield held
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        RuntimeError,
        ValueError,
        OSError,
        OverflowError,
    ) as error:
        if isinstance(error, RecursionError):
            raise
        raise ModelFault(f"the zip archive is broken: {str(error)[:200]}") from None


def _check_directory(data: Data) -> None:
    """Hold the size of the list of files against a limit before it is read."""
    tail = bytes(data[max(0, len(data) - 66_000) :])
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise ModelFault("the zip archive is truncated: its list of files is missing")
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    zip64 = tail.rfind(b"PK\x06\x06")
    if size == 0xFFFF_FFFF and zip64 >= 0:
        size = int.from_bytes(tail[zip64 + 40 : zip64 + 48], "little")
    if size > MAX_DIRECTORY:
        raise ModelFault(f"a zip archive whose list of files takes {size:,} bytes")


class _Window:
    """A file to read from, on bytes that are already there."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.at = 0

    def read(self, count: int = -1) -> bytes:
        stop = len(self.data) if count is None or count < 0 else min(self.at + count, len(self.data))
        found = bytes(self.data[self.at : stop])
        self.at = max(stop, self.at)
        return found

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self.at, len(self.data))[whence]
        if base + offset < 0:
            raise ValueError("a place in front of the file")
        self.at = base + offset
        return self.at

    def tell(self) -> int:
        return self.at

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Leave the bytes to whoever opened them."""


def member(held: zipfile.ZipFile, name: str) -> bytes:
    """Return one file of an archive, unpacked; raise ModelFault where it is larger than a configuration."""
    import zipfile
    import zlib

    info = held.getinfo(name)
    if info.file_size > MAX_JSON:
        raise ModelFault(f"{name} in the archive has {info.file_size:,} bytes, more than {MAX_JSON:,}")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ModelFault(f"{name} in the archive is packed in a way that its program does not use")
    try:
        with held.open(info) as file:
            found = file.read(MAX_JSON + 1)
    except zlib.error as error:
        raise ModelFault(f"{name} in the archive is broken: {error}") from None
    if len(found) > MAX_JSON:
        raise ModelFault(f"{name} in the archive has more than {MAX_JSON:,} bytes")
    return found
