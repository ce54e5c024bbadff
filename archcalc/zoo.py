"""Finding networks: by name among archcalc's own specs, by path, or on standard input."""

from __future__ import annotations

import os
import re
from itertools import chain
from typing import TYPE_CHECKING

from archcalc.errors import RequestError, printable
from archcalc.exchange.finding import OTHERS, SPECS, of_bytes, of_other_program
from archcalc.language.family import read_family
from archcalc.language.networks import NetworkSpec, by_pattern, chosen, named, networks_of, only_network
from archcalc.language.typed import is_operation, is_typed, read_typed
from archcalc.libraries import read_libraries
from archcalc.spelling import nearest_network
from archcalc.text.source import STANDARD_INPUT, decode, packed_files, read_file, read_standard_input
from archcalc.text.tree import Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archcalc.language.formula import Scope
    from archcalc.language.model import Family, Inputs
    from archcalc.libraries import LibraryModel
    from archcalc.text.tree import Node

    Sizes = Mapping[str, tuple[int, ...]]

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


def find(name: str, sizes: Sizes | None = None) -> NetworkSpec:
    """Return the network with a name, in a file (PATH or PATH:NAME), or on standard input (-).

    A file may be another program's (ONNX, PyTorch, Keras, Caffe, Darknet); ``sizes`` fill what it leaves open, by the
    name of the input, or under the empty name. Layers typed in place of a name are a network for that size.
    """
    if name == "-":
        piped = _piped(sizes)
        return piped if isinstance(piped, NetworkSpec) else only_network(piped)
    if is_typed(name) and not os.path.exists(name):
        return only_network(read_typed(name, (sizes or {}).get("")))
    library, colon, model = name.partition(":")
    if colon and library in LIBRARIES:
        return _of_library(library, model)
    if _is_path(name):
        return _from_path(name, sizes)
    return _by_name(name, sizes)


def _by_name(name: str, sizes: Sizes | None = None) -> NetworkSpec:
    """Return the network of the zoo that goes by a name, as people write it."""
    found = exactly(name)
    if found is not None:
        return found
    if os.path.exists(name):  # a file without an ending
        return _from_path(name, sizes)
    known = all_names()
    written = as_written(name, known)
    found = exactly(written) if written is not None else _as_libraries_spell_it(name)
    if found is not None:
        return found
    members = _family(name)
    if members is not None:
        listed = ", ".join(best_known_first(members))
        raise RequestError(f"'{printable(name)}' is a family of networks: {listed}")
    if is_operation(name):
        return only_network(read_typed(name, (sizes or {}).get("")))
    near = nearest_network(name, known)
    hint = f" (did you mean '{near}'?)" if near else _as_layer(name) or "; see archcalc list"
    raise RequestError(f"no network '{printable(name[:100])}'{hint}")


def _as_layer(name: str) -> str:
    """Say that a name is an operation's, by whatever word."""
    from archcalc.language.synonyms import suggestion

    meant = suggestion(name)
    return f"; as a layer, with --input CxHxW{meant}" if meant else ""


def exactly(name: str) -> NetworkSpec | None:
    """Return the network of the zoo with this very name or alias, or a name by a pattern; None if there is none."""
    files = sorted(spec_files(), key=lambda file: not name.startswith(_stem(file)))
    with_name = (named(read_family(source), name) for source in map(read_file, files) if name in source.text)
    with_pattern = (
        by_pattern(read_family(source), name) for source in map(read_file, files) if "\npattern:" in source.text
    )
    return next((spec for spec in chain(with_name, with_pattern) if spec is not None), None)


LIBRARIES = ("torchvision", "keras", "timm")
"""Libraries whose very models go by ``LIBRARY:NAME``."""


def library_models() -> dict[str, dict[str, LibraryModel]]:
    """Return the models of each library by their names there."""
    return read_libraries(read_file(os.path.join(folder(), "_libraries.yaml")))


def _of_library(library: str, name: str) -> NetworkSpec:
    """Return the very model of a library; raise RequestError where it is not among those that archcalc has."""
    models = library_models().get(library, {})
    written = name if name in models else as_written(name, models)
    if written is None:
        raise RequestError(f"no model '{printable(name[:100])}' of {library}{_hint(library, name, models)}")
    model = models[written]
    spec = _by_name(model.network)
    values = {**spec.values, **model.set}
    spec = spec.replace(name=f"{library}:{written}", values=values, title=model.title or spec.title)
    if model.set or model.input is not None:
        spec = spec.replace(published=(), expect=())  # those describe the network as it is in the zoo
    return spec if model.input is None else spec.replace(input=_sized(spec, model.input))


def _hint(library: str, name: str, models: Iterable[str]) -> str:
    """Return what may have been meant by a model's name that a library does not have."""
    network, dot, weights = name.partition(".")
    if library == "timm" and dot and network in models:
        return f"; '{printable(weights[:100])}' names weights, and the network is timm:{network}"
    near = nearest_network(name, models)
    return f" (did you mean '{near}'?)" if near else f"; see archcalc list {library}:"


def _as_libraries_spell_it(name: str) -> NetworkSpec | None:
    """Return the network that a library knows by a name that is not the zoo's own, such as regnety_032."""
    for library, models in library_models().items():
        written = as_written(name, models)
        if written is not None:
            return _of_library(library, written)
    return None


def _sized(spec: NetworkSpec, size: tuple[int, ...]) -> Inputs:
    """Return the input of a network with another height and width."""
    (name, own), *_ = spec.input.items()

    def deferred(scope: Scope) -> Node:
        node = own(scope)
        assert isinstance(node, Sequence)
        sizes = [Scalar(each, False, node.line, node.column) for each in (size[0], size[-1])]
        return Sequence([node.items[0], *sizes], node.line, node.column)

    return {name: deferred}


def as_written(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is meant: case, ``-``, ``_`` and blanks do not matter, dots only between digits.

    There ``_`` may stand for a dot: ``regnet_y_1_6gf`` is regnet-y-1.6gf, and ``regnet_y_16gf`` another network.
    """
    by_form = {_form(each): each for each in reversed(list(known))}
    with_dot = re.sub(r"(?<=\d)_(?=\d)", ".", name)
    return by_form.get(_form(with_dot)) or by_form.get(_form(name))


def _form(name: str) -> str:
    return re.sub(r"[-_\s]|(?<!\d)\.|\.(?!\d)", "", name).lower()


def find_all(name: str, sizes: Sizes | None = None) -> list[NetworkSpec]:
    """Return all networks of a file (PATH or -) or a family if none is chosen; otherwise the one ``find`` returns."""
    if name == "-":
        piped = _piped(sizes)
        return [piped] if isinstance(piped, NetworkSpec) else list(networks_of(piped))
    plain = not (_is_path(name) or ":" in name or is_typed(name))
    found = exactly(name) if plain else None
    if found is not None:
        return [found]
    if os.path.isdir(name) or not os.path.exists(name):
        return (_family(name) if plain else None) or [find(name, sizes)]
    imported = of_other_program(name, sizes)
    return [imported] if imported is not None else list(networks_of(read_family(read_file(name))))


def _piped(sizes: Sizes | None) -> NetworkSpec | Family:
    """Return what is on standard input: the network of another program's file, or the spec."""
    data = read_standard_input()
    is_spec = re.search(rb"^layers\s*:|[{,]\s*layers\s*:", data, re.MULTILINE)  # of a piped text, no ending says so
    imported = None if is_spec else of_bytes(STANDARD_INPUT, data, sizes)
    return read_family(decode(STANDARD_INPUT, data)) if imported is None else imported


def files_in(folder: str) -> list[str]:
    """Return the spec files in a folder and the folders in it; raise RequestError where there is none.

    What begins with a dot or an underscore is left out: hidden files, and those that are no specs of networks.
    """
    found = []
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        specs = (name for name in sorted(names) if name.endswith(SPECS) and not name.startswith((".", "_")))
        found += [file for file in (os.path.join(path, name) for name in specs) if os.path.isfile(file)]
    if not found:
        raise RequestError(f"{printable(folder)}: no .yaml or .yml file in this folder")
    return found


def _family(name: str) -> list[NetworkSpec] | None:
    """Return the networks of the family that goes by a name, as people write it, where no network does."""
    if as_written(name, all_names()) is not None or _as_libraries_spell_it(name) is not None:
        return None
    families = {specs[0].family.name: specs for _, specs in every_family()}
    return families.get(as_written(name, families) or "")


def every_family() -> Iterator[tuple[str, list[NetworkSpec]]]:
    """Yield the path and the networks of each of archcalc's own specs."""
    for file in spec_files():
        yield file, list(networks_of(read_family(read_file(file))))


def every_spec() -> Iterator[NetworkSpec]:
    """Yield every network of archcalc's own specs, in the order of years."""
    every = [spec for _, specs in every_family() for spec in specs]
    yield from sorted(every, key=lambda spec: spec.year or 0)


def best_known_first(specs: Iterable[NetworkSpec]) -> list[str]:
    """Return the names of networks, those first of which most has been printed."""
    return [spec.name for spec in sorted(specs, key=lambda spec: -len(figure_nodes(spec)))]


def figure_nodes(spec: NetworkSpec) -> list[Node]:
    """Return the entries of what was published of a network, unread."""
    return [entry for node in spec.published for entry in (node.items if isinstance(node, Sequence) else [node])]


def all_names() -> list[str]:
    """Return every name and alias of archcalc's own networks."""
    return [name for spec in every_spec() for name in (spec.name, *spec.aliases)]


def _stem(file: str) -> str:
    return os.path.basename(file).removesuffix(".yaml")


def _is_path(name: str) -> bool:
    if "/" in name or os.sep in name or name.endswith(SPECS) or ".yaml:" in name or ".yml:" in name:
        return True
    return name.lower().endswith(OTHERS)


def _file_and_choice(name: str) -> tuple[str, str]:
    """Return the file that a name leads to, and the network chosen after a colon, if any."""
    drive, rest = os.path.splitdrive(name)  # C:\\nets\\a.yaml has a colon of its own
    path, colon, choice = rest.rpartition(":")
    return (drive + path, choice) if colon and not os.path.exists(name) else (name, "")


def _from_path(name: str, sizes: Sizes | None = None) -> NetworkSpec:
    path, name_of_network = _file_and_choice(name)
    if os.path.isdir(path):
        raise RequestError(f"{printable(path)} is a folder; name one of the files in it")
    imported = of_other_program(path, sizes) if not name_of_network and os.path.isfile(path) else None
    if imported is not None:
        return imported
    family = read_family(read_file(path))
    return chosen(family, name_of_network) if name_of_network else only_network(family)
