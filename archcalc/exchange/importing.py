"""A network of another program's file as a spec: read, written, read back, and held against what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.errors import ModelError
from archcalc.exchange.reading import read, read_data
from archcalc.exchange.writing.checking import checked
from archcalc.exchange.writing.flat import flat_items
from archcalc.exchange.writing.padding import with_padding
from archcalc.exchange.writing.remarks import remarks_of
from archcalc.exchange.writing.spec import spec_text
from archcalc.exchange.writing.tree import nodes_in_order
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.exchange.folding.write import Blocks
    from archcalc.exchange.graph import Graph
    from archcalc.exchange.writing.tree import Item
    from archcalc.language.networks import NetworkSpec


MOST_FOLDED = 10_000
"""Nodes of a network beyond which nobody reads its blocks, and finding them takes long."""


class Imported(Record):
    """A network that was read from another program's file."""

    graph: Graph
    text: str
    """The spec, as YAML."""
    spec: NetworkSpec
    names: dict[int, str]
    """Graph node to the name of its layer in the spec."""
    remarks: tuple[str, ...]
    """What a user should know about this import."""


def import_file(
    path: str, sizes: Mapping[str, tuple[int, ...]] | None = None, *, flat: bool = False
) -> Imported | None:
    """Read a file and write its spec, folded into blocks or not; None for what is no other program's file.

    Raise ModelError or SpecError for a broken file and one that is not understood, RequestError where a size is needed
    or there is no graph.
    """
    graph = read(path, sizes)
    return None if graph is None else import_graph(graph, flat=flat)


def import_bytes(
    name: str, data: bytes, sizes: Mapping[str, tuple[int, ...]] | None = None, *, flat: bool = False
) -> Imported | None:
    """Read a file whose bytes are at hand, as ``import_file`` does; ``name`` is what errors call it."""
    graph = read_data(name, memoryview(data), sizes)
    return None if graph is None else import_graph(graph, flat=flat)


def import_graph(graph: Graph, *, flat: bool = False) -> Imported:
    """Write the spec of a graph, and hold it against the graph.

    A graph that does not come out right folded is written layer by layer, with a remark; raise ModelError where that
    does not come out right either.
    """
    graph = with_padding(graph)
    remarks = remarks_of(graph)
    if not flat and len(graph.nodes) <= MOST_FOLDED:
        from archcalc.exchange.folding.write import folded

        try:
            return _imported(graph, *folded(graph), remarks)
        except (ModelError, RecursionError, LookupError, ValueError):
            remarks = (*remarks, "it could not be folded into blocks, and is written layer by layer")
    items = flat_items(graph)
    return _imported(graph, items, {}, list(nodes_in_order(items)), remarks)


def _imported(graph: Graph, items: list[Item], blocks: Blocks, order: list[int], remarks: tuple[str, ...]) -> Imported:
    text = spec_text(graph, items, blocks)
    spec, names = checked(graph, text, order, graph.file)
    spec = spec.replace(family=spec.family.replace(remarks=(*spec.family.remarks, *remarks)))
    return Imported(graph, text, spec, names, remarks)


def map_of_names(imported: Imported) -> str:
    """Return which layer of the spec each layer of the file is, as CSV."""
    import csv
    from io import StringIO

    written = StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(("file", "module", "operation", "layer"))
    for number, layer in sorted(imported.names.items()):
        origin = imported.graph.nodes[number].origin
        table.writerow((origin.name, origin.path, origin.op, layer))
    return written.getvalue()
