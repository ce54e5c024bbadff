"""What ``list`` shows of each of archcalc's own networks, cached between runs.

The cache is one file in the user's cache folder. It holds the names, sizes and times of all files that the summaries
depend on, so it is out of date as soon as one of them changes; if it cannot be read or written, everything is computed
again.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, NamedTuple

from archcalc.errors import RequestError
from archcalc.text.source import archive_of_archcalc, read_bytes
from archcalc.zoo import all_names, every_spec, folder

FILE = "summaries.json"

MAX_CACHE = 4 * 1024 * 1024
"""Bytes of the file that are read at most; it has about a fiftieth of them."""

STALE = 3600
"""Seconds after which a temporary file is taken for abandoned."""


class Summary(NamedTuple):
    """One network as ``list`` shows it."""

    name: str
    title: str
    aliases: tuple[str, ...]
    year: int | None
    input: tuple[int, int, int]
    params: int
    macs: int


def summaries() -> list[Summary]:
    """Return the summaries of all of archcalc's own networks, in the order of years."""
    signature = _signature()
    known = _read(signature)
    if known is not None:
        return known
    from archcalc.engine.count import count, setup
    from archcalc.engine.expand import expand

    networks = []
    for spec in every_spec():
        report = count(expand(spec), setup())
        networks.append(
            Summary(spec.name, spec.title, spec.aliases, spec.year, report.input, report.params, report.macs)
        )
    _write(signature, networks)
    return networks


def names() -> list[str]:
    """Return the names and aliases of all of archcalc's own networks, from the cache if that is possible."""
    known = _read(_signature())
    return all_names() if known is None else [name for summary in known for name in (summary.name, *summary.aliases)]


def _signature() -> list[Any]:
    """Return what the summaries depend on: every spec and source file, with its time and size."""
    package = os.path.dirname(os.path.abspath(__file__))
    archive = archive_of_archcalc()
    files = [_state(archive)] if archive else []
    for place in {package, folder()}:
        for path, _, names in os.walk(place):
            for name in names:
                if name.endswith((".py", ".yaml")):
                    files.append(_state(os.path.join(path, name)))
    return sorted(files)


def _state(file: str) -> list[Any]:
    """Return a file's name, time and size; a link that leads nowhere, such as an editor's lock, has none."""
    try:
        status = os.stat(file)
    except OSError:
        return [file, 0, 0]
    return [file, status.st_mtime_ns, status.st_size]


def cache_folder() -> str:
    """Return the user's cache folder for archcalc by the platform's convention; empty if there is none."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or ""
        if not os.path.isabs(base):
            base = os.path.expanduser("~/.cache")
    return os.path.join(base, "archcalc") if os.path.isabs(base) else ""


def _read(signature: list[Any]) -> list[Summary] | None:
    """Return the cached summaries, or None if they are out of date, unreadable or not what was written."""
    import json

    try:
        data = json.loads(read_bytes(os.path.join(cache_folder(), FILE), MAX_CACHE))
        known = [_checked(row) for row in data["networks"]] if data["signature"] == signature else []
        return known or None
    except (RequestError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _checked(row: Any) -> Summary:
    """Return a row as a summary; raise ValueError for a value of another type, or text that could drive a terminal."""
    name, title, aliases, year, size, params, macs = row
    texts = (name, title, *aliases)
    numbers = (*size, params, macs, *([] if year is None else [year]))
    valid = (
        all(text.__class__ is str and text.isprintable() for text in texts)
        and all(number.__class__ is int and number >= 0 for number in numbers)
        and aliases.__class__ is size.__class__ is list
        and len(size) == 3
    )
    if not valid:
        raise ValueError
    return Summary(name, title, tuple(aliases), year, (size[0], size[1], size[2]), params, macs)


def _write(signature: list[Any], networks: list[Summary]) -> None:
    """Cache summaries in a file that is moved to its place; failing to do so breaks nothing."""
    import json
    import tempfile

    place = cache_folder()
    if not place:
        return
    with suppress(OSError):
        os.makedirs(place, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=place)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"signature": signature, "networks": networks}, file)
            os.replace(beside, os.path.join(place, FILE))
        except BaseException:
            os.unlink(beside)
            raise
        _clear(place)


def _clear(place: str) -> None:
    """Remove what killed runs have left behind."""
    import time

    for entry in os.scandir(place):
        if entry.name.startswith("tmp") and entry.stat(follow_symlinks=False).st_mtime < time.time() - STALE:
            os.unlink(entry.path)
