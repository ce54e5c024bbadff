"""Finding networks: by name among archcalc's own specs, by path, or on standard input."""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING

from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.language.family import read_family
from archcalc.language.networks import NetworkSpec, by_pattern, named, networks_of, only_network
from archcalc.text.source import Source, packed_files, read_file, read_standard_input

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = os.path.dirname(os.path.abspath(__file__))


def folder() -> str:
    """Return where archcalc's own specs are: inside the package where it is installed, beside it in a checkout."""
    for place in (os.path.join(_HERE, "specs"), os.path.join(os.path.dirname(_HERE), "specs")):
        if os.path.isdir(place) or packed_files(place):
            return place
    raise RequestError("archcalc's own specs are missing from this installation")


def spec_files() -> list[str]:
    """Return archcalc's own spec files."""
    place = folder()
    names = os.listdir(place) if os.path.isdir(place) else packed_files(place)
    return [
        os.path.join(place, name)
        for name in sorted(names)
        if name.endswith(".yaml") and not name.startswith(("_", "."))  # an editor's lock begins with a dot
    ]


def find(name: str) -> NetworkSpec:
    """Return the network that goes by a name, stands in a file (PATH or PATH:NAME), or comes on standard input (-)."""
    if name == "-":
        return only_network(read_family(read_standard_input()))
    if _is_path(name):
        return _from_path(name)
    files = sorted(spec_files(), key=lambda file: not name.startswith(_stem(file)))
    with_name = (named(read_family(source), name) for source in map(read_file, files) if name in source.text)
    with_pattern = (
        by_pattern(read_family(source), name) for source in map(read_file, files) if "\npattern:" in source.text
    )
    found = next((spec for spec in chain(with_name, with_pattern) if spec is not None), None)
    if found is not None:
        return found
    if os.path.exists(name):  # a file without an ending
        return _from_path(name)
    _refuse_family(name)
    known = all_names()
    raise RequestError(
        f"no network '{printable(name[:100])}'{did_you_mean(name, known) or '; archcalc list shows those there are'}"
    )


def find_all(name: str) -> list[NetworkSpec]:
    """Return every network of a file that a path (or -) names without choosing one; otherwise what ``find`` does."""
    if name == "-" or (_is_path(name) and os.path.exists(name)):
        return list(networks_of(read_family(source_of(name))))
    return [find(name)]


def _refuse_family(name: str) -> None:
    """Raise RequestError where a name is that of a family, which is several networks."""
    for _, specs in every_family():
        if specs[0].family.name == name:
            raise RequestError(f"'{name}' is a family of networks: {', '.join(spec.name for spec in specs)}")


def every_family() -> Iterator[tuple[str, list[NetworkSpec]]]:
    """Yield the path and the networks of each of archcalc's own specs."""
    for file in spec_files():
        yield file, list(networks_of(read_family(read_file(file))))


def every_spec() -> Iterator[NetworkSpec]:
    """Yield every network of archcalc's own specs, in the order of years."""
    found = [spec for _, specs in every_family() for spec in specs]
    yield from sorted(found, key=lambda spec: spec.year or 0)


def all_names() -> list[str]:
    """Return every name and alias of archcalc's own networks."""
    return [name for spec in every_spec() for name in (spec.name, *spec.aliases)]


def _stem(file: str) -> str:
    return os.path.basename(file).removesuffix(".yaml")


def _is_path(name: str) -> bool:
    return "/" in name or os.sep in name or name.endswith((".yaml", ".yml")) or ".yaml:" in name or ".yml:" in name


def _file_and_choice(name: str) -> tuple[str, str]:
    """Return the file that a name leads to, and the network of it that is chosen after a colon, if one is."""
    drive, rest = os.path.splitdrive(name)  # C:\\nets\\a.yaml has a colon of its own
    path, colon, chosen = rest.rpartition(":")
    return (drive + path, chosen) if colon and not os.path.exists(name) else (name, "")


def _from_path(name: str) -> NetworkSpec:
    path, chosen = _file_and_choice(name)
    family = read_family(read_file(path))
    if not chosen:
        return only_network(family)
    found = named(family, chosen) or by_pattern(family, chosen)
    if found is None:
        names = [spec.name for spec in networks_of(family)]
        raise RequestError(f"{printable(path)} has no network '{printable(chosen)}' (there are {', '.join(names)})")
    return found


def source_of(name: str) -> Source:
    """Return the text of a spec named by its path or -, for those who only read it."""
    return read_standard_input() if name == "-" else read_file(name)
