"""What ``list`` says of each of archcalc's own networks, remembered between runs.

The memory is one file in the user's cache folder. It holds the names, sizes and times of all files that the
summaries follow from, so it is out of date as soon as one of them changes; where it cannot be read or written,
everything is worked out anew.
"""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from archcalc import __version__
from archcalc.zoo import all_names, every_spec, folder

FILE = "summaries.json"


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

    found = []
    for spec in every_spec():
        report = count(expand(spec), setup())
        found.append(Summary(spec.name, spec.title, spec.aliases, spec.year, report.input, report.params, report.macs))
    _write(signature, found)
    return found


def names() -> list[str]:
    """Return the names and aliases of all of archcalc's own networks: those remembered, or else those of the specs."""
    known = _read(_signature())
    return all_names() if known is None else [name for each in known for name in (each.name, *each.aliases)]


def _signature() -> list[Any]:
    """Return what the summaries follow from: this version, and every spec and source file with its size and time."""
    package = os.path.dirname(os.path.abspath(__file__))
    files = []
    for place in {package, folder()}:
        for path, _, names in os.walk(place):
            for name in names:
                if name.endswith((".py", ".yaml")):
                    status = os.stat(os.path.join(path, name))
                    files.append([os.path.join(path, name), status.st_mtime_ns, status.st_size])
    return [__version__, sorted(files)]


def cache_folder() -> str:
    """Return the user's cache folder for archcalc, as the platform has it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "archcalc")


def _read(signature: list[Any]) -> list[Summary] | None:
    import json

    try:
        with open(os.path.join(cache_folder(), FILE), encoding="utf-8") as file:
            data = json.load(file)
        if data["signature"] != signature:
            return None
        return [
            Summary(row[0], row[1], tuple(row[2]), row[3], (row[4][0], row[4][1], row[4][2]), row[5], row[6])
            for row in data["networks"]
        ]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _write(signature: list[Any], found: list[Summary]) -> None:
    import json
    import tempfile

    place = cache_folder()
    try:
        os.makedirs(place, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=place)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"signature": signature, "networks": found}, file)
        os.replace(beside, os.path.join(place, FILE))
    except OSError:
        return  # nothing breaks where nothing can be remembered
