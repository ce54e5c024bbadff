"""What ``list`` shows of each of archcalc's own networks and of each model of a library, cached between runs.

The cache is one file in the user's cache folder. It holds the names, sizes and times of all files that the summaries
depend on, so it is out of date as soon as one of them changes; if it cannot be read or written, everything is computed
again.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.errors import RequestError
from archcalc.text.source import archive_of_archcalc, read_bytes
from archcalc.zoo import all_names, every_spec, find, folder, library_models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.language.networks import NetworkSpec
    from archcalc.libraries import LibraryModel

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
    """Other names of it in the zoo; all of them for a model of a library."""
    models: tuple[str, ...]
    """The (other) models of libraries that are this very network, as LIBRARY:NAME."""
    year: int | None
    input: tuple[int, int, int]
    params: int
    macs: int


class _Summaries(NamedTuple):
    networks: list[Summary]
    models: list[Summary]


def summaries() -> list[Summary]:
    """Return the summaries of all of archcalc's own networks, in the order of years."""
    return _all().networks


def model_summaries() -> list[Summary]:
    """Return the summaries of all models of libraries, by their names there, LIBRARY:NAME."""
    return _all().models


def having(words: Sequence[str]) -> list[Summary]:
    """Return the networks whose names, titles or years have every one of some words; all of the zoo if there is none.

    LIBRARY:WORD chooses among the models of a library, or of several. Words alone find those too, but where one is a
    network of the zoo, that network.
    """
    networks, models = _all()
    of = [word.lower() for word in words if ":" in word]
    alone = [_plain(word) for word in words if ":" not in word]
    if of:
        return [each for each in models if _is_of(each, of) and _has(each, alone)]
    chosen = [each for each in networks if _has(each, alone)]
    return chosen + [each for each in models if words and not each.aliases and _has(each, alone)]


def _has(summary: Summary, words: list[str]) -> bool:
    names = [name.rpartition(":")[2] for name in (summary.name, *summary.aliases, *summary.models)]
    texts = [_plain(text) for text in (*names, summary.title, str(summary.year or ""))]
    return all(any(word in text for text in texts) for word in words)


def _plain(text: str) -> str:
    """Return a text without what spellings of names differ in."""
    return "".join(char for char in text.lower() if char not in "-_ ")


def _is_of(model: Summary, words: list[str]) -> bool:
    library, _, name = model.name.lower().partition(":")
    asked = [word.partition(":") for word in words]
    return any(library == of and (word in name or word in model.title.lower()) for of, _, word in asked)


def _all() -> _Summaries:
    signature = _signature()
    known = _read(signature)
    if known is None:
        networks = [_summary(spec) for spec in every_spec()]
        known = _with_models(networks)
        _write(signature, known)
    return known


def _summary(spec: NetworkSpec) -> Summary:
    from archcalc.engine.count import count, setup
    from archcalc.engine.expand import expand

    report = count(expand(spec), setup())
    return Summary(spec.name, spec.title, spec.aliases, (), spec.year, report.input, report.params, report.macs)


def _with_models(networks: list[Summary]) -> _Summaries:
    """Return the networks of the zoo with the models that they are, and all models of libraries."""
    zoo = {name: each for each in networks for name in (each.name, *each.aliases)}
    alike: dict[str, list[str]] = {}
    models = {}
    for library, known in library_models().items():
        for name, model in known.items():
            models[f"{library}:{name}"] = model
            alike.setdefault(_identity(model, zoo), []).append(f"{library}:{name}")
    counted = {each.name: each for each in networks}
    for identity, (first, *_) in alike.items():
        counted[identity] = counted.get(identity) or _summary(find(first))._replace(aliases=())
    of_models = []
    for name, model in models.items():
        identity = _identity(model, zoo)
        title = model.title or zoo[model.network].title
        of_models.append(_as_model(name, title, counted[identity], alike[identity]))
    return _Summaries([each._replace(models=tuple(alike.get(each.name, ()))) for each in networks], of_models)


def _identity(model: LibraryModel, zoo: dict[str, Summary]) -> str:
    """Return the name in the zoo of the network that a model is, or a text of its own if it differs from it."""
    base = zoo[model.network].name
    return f"{base} {model.set} {model.input}" if model.set or model.input else base


def _as_model(name: str, title: str, network: Summary, alike: list[str]) -> Summary:
    aliases = (network.name, *network.aliases) if ":" not in network.name else ()
    others = tuple(other for other in alike if other != name)
    return network._replace(name=name, title=title, aliases=aliases, models=others)


def names() -> list[str]:
    """Return the names and aliases of all of archcalc's own networks, from the cache if that is possible."""
    known = _read(_signature())
    if known is None:
        return all_names()
    return [name for summary in known.networks for name in (summary.name, *summary.aliases)]


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


def _read(signature: list[Any]) -> _Summaries | None:
    """Return the cached summaries, or None if they are out of date, unreadable or not what was written."""
    import json

    try:
        data = json.loads(read_bytes(os.path.join(cache_folder(), FILE), MAX_CACHE))
        if data["signature"] != signature:
            return None
        networks, models = ([_checked(row) for row in data[part]] for part in _Summaries._fields)
    except (RequestError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return _Summaries(networks, models) if networks else None


def _checked(row: Any) -> Summary:
    """Return a row as a summary; raise ValueError for a value of another type, or text that could drive a terminal."""
    name, title, aliases, models, year, size, params, macs = row
    texts = (name, title, *aliases, *models)
    numbers = (*size, params, macs, *([] if year is None else [year]))
    valid = (
        all(text.__class__ is str and text.isprintable() for text in texts)
        and all(number.__class__ is int and number >= 0 for number in numbers)
        and aliases.__class__ is models.__class__ is size.__class__ is list
        and len(size) == 3
    )
    if not valid:
        raise ValueError
    return Summary(name, title, tuple(aliases), tuple(models), year, (size[0], size[1], size[2]), params, macs)


def _write(signature: list[Any], known: _Summaries) -> None:
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
                json.dump({"signature": signature, **known._asdict()}, file)
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
