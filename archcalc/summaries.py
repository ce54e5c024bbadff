"""What ``list`` shows of each of archcalc's own networks and of each model of a library, cached between runs.

The cache is one file for each installation in the user's cache folder. It holds the names, sizes and times of all files
that the summaries depend on, so it is out of date as soon as one of them changes; if it cannot be read or written,
everything is computed again. The build puts another into the wheel (docs/build_hook.py), for the first run: that one is
good as long as every file is the very one that it was made of.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from archcalc.errors import RequestError
from archcalc.text.source import archive_of_archcalc, read_bytes
from archcalc.zoo import all_names, as_model, every_spec, folder, library_models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.language.networks import NetworkSpec
    from archcalc.libraries import LibraryModel

FILE = "summaries-{}.json"
"""The name of the cache of an installation, by a number for the place where it is."""

MAX_CACHE = 4 * 1024 * 1024
"""Bytes of the file that are read at most; it has about a fiftieth of them."""

STALE, UNUSED = 3600, 90 * 24 * 3600
"""Seconds after which a temporary file, and the cache of another installation, are taken for abandoned."""


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
    known = _read(cache_file(), signature)
    if known is None:
        _write(signature, known := _built() or _computed())
    return known


def _computed() -> _Summaries:
    specs = list(every_spec())
    return _with_models(specs, [_summary(spec) for spec in specs])


def _summary(spec: NetworkSpec) -> Summary:
    from archcalc.engine.count import setup
    from archcalc.engine.sums import analyse

    report = analyse(spec, None, setup())
    return Summary(spec.name, spec.title, spec.aliases, (), spec.year, report.input, report.params, report.macs)


def _with_models(specs: list[NetworkSpec], networks: list[Summary]) -> _Summaries:
    """Return the networks of the zoo with the models that they are, and all models of libraries."""
    by_name = {name: spec for spec in specs for name in (spec.name, *spec.aliases)}
    zoo = {name: each for each in networks for name in (each.name, *each.aliases)}
    alike: dict[str, list[str]] = {}
    models = {}
    for library, known in library_models().items():
        for name, model in known.items():
            models[f"{library}:{name}"] = model
            alike.setdefault(_identity(model, zoo), []).append(f"{library}:{name}")
    counted = {each.name: each for each in networks}
    for identity, (first, *_) in alike.items():
        if identity not in counted:
            spec = as_model(by_name[models[first].network], first, models[first])
            counted[identity] = _summary(spec)._replace(aliases=())
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
    known = _read(cache_file(), _signature())
    if known is None:
        return all_names()
    return [name for summary in known.networks for name in (summary.name, *summary.aliases)]


def _signature() -> list[Any]:
    """Return what the summaries depend on: every spec and source file, with its time and size."""
    archive = archive_of_archcalc()
    return sorted(map(_state, {*_own_files().values(), *([archive] if archive else [])}))


def _own_files() -> dict[str, str]:
    """Return all specs and source files, by their names in an installation."""
    files = {}
    for place, under in ((os.path.dirname(os.path.abspath(__file__)), ""), (folder(), "specs/")):
        for path, _, names in os.walk(place):
            for file in (os.path.join(path, name) for name in names if name.endswith((".py", ".yaml"))):
                files[under + file[len(place) + 1 :].replace(os.sep, "/")] = file
    return files


def _state(file: str) -> list[Any]:
    """Return a file's name, time and size; a link that leads nowhere, such as an editor's lock, has none."""
    try:
        status = os.stat(file)
    except OSError:
        return [file, 0, 0]
    return [file, status.st_mtime_ns, status.st_size]


BUILT = "summaries.json"
"""The file beside the specs that the build made."""


def packed() -> str:
    """Compute everything, and return the text of the file that the build puts into the wheel."""
    return _text([_content()], _computed())


def _built() -> _Summaries | None:
    """Return what the build computed, if it did, and of just these files."""
    file = os.path.join(folder(), BUILT)
    try:
        return _read(file, [_content()]) if os.path.isfile(file) else None
    except RequestError:  # a file that cannot be read is none of the build's
        return None


def _content() -> str:
    """Return a checksum of all specs and source files, by their names in an installation."""
    from hashlib import sha256

    known = sha256()
    for name, file in sorted(_own_files().items()):
        data = read_bytes(file)
        known.update(f"{name} {len(data)} ".encode() + data)
    return known.hexdigest()


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


def cache_file() -> str:
    """Return the file in which this installation of archcalc keeps its summaries; empty if there is no place for it."""
    place = cache_folder()
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.join(place, FILE.format(f"{crc32(os.fsencode(here)):08x}")) if place else ""


def _read(name: str, signature: list[Any]) -> _Summaries | None:
    """Return the summaries in a file, or None if they are out of date, unreadable or not what was written."""
    import json

    try:
        data = json.loads(read_bytes(name, MAX_CACHE))
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


def _text(signature: list[Any], known: _Summaries) -> str:
    import json

    return json.dumps({"signature": signature, **known._asdict()})


def _write(signature: list[Any], known: _Summaries) -> None:
    """Cache summaries in a file that is moved to its place; failing to do so breaks nothing."""
    import tempfile

    place = cache_folder()
    if not place:
        return
    with suppress(OSError):
        os.makedirs(place, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=place)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(_text(signature, known))
            os.replace(beside, cache_file())
        except BaseException:
            os.unlink(beside)
            raise
        _clear(place)


def _clear(place: str) -> None:
    """Remove what killed runs have left behind, and what installations that are gone, or unused, have kept."""
    import time

    for entry in os.scandir(place):
        age = time.time() - entry.stat(follow_symlinks=False).st_mtime
        if (entry.name.startswith("tmp") and age > STALE) or (entry.name.startswith("summaries") and age > UNUSED):
            os.unlink(entry.path)
