"""What a user should know of an import: folded batch norm, shared weights, heads for training, inputs and outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.writing.words import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.exchange.graph import Graph, GraphNode

NAMED = 4
"""How many layers a remark names."""


def remarks_of(graph: Graph) -> tuple[str, ...]:
    """Return the remarks of the reader, and those on what a spec says otherwise than the file."""
    return tuple(dict.fromkeys((*graph.remarks, *_own(graph))))


def _own(graph: Graph) -> Iterator[str]:
    yield from _batch(graph)
    yield from _shared(graph)
    yield from _training(graph)
    yield from _several(graph)
    yield from _not_understood(graph)
    notes: dict[str, list[GraphNode]] = {}
    for node in graph.nodes:
        for note in node.notes:
            notes.setdefault(note, []).append(node)
    for note, nodes in notes.items():
        yield f"{_listed(nodes)}: {note}"


def _batch(graph: Graph) -> Iterator[str]:
    batches = {int(size) for node in graph.inputs for size in [node.settings.get("batch", 1)] if size != 1}
    for batch in sorted(batches):
        yield f"the file is for {batch} images at once; everything here is for one (--batch {batch} counts as many)"


def _shared(graph: Graph) -> Iterator[str]:
    rows = [row for row in graph.table() if row.shared and row.params]
    if rows:
        total = sum(row.params for row in rows)
        verb = "layer uses" if len(rows) == 1 else "layers use"
        names = ", ".join(row.name for row in rows[:NAMED]) + (" ..." if len(rows) > NAMED else "")
        yield f"{len(rows)} {verb} weights of an earlier one ({names}): {total:,} parameters are counted once"


def _training(graph: Graph) -> Iterator[str]:
    nodes = [node for node in graph.nodes if node.training]
    params = sum(node.params for node in nodes)
    if nodes:
        yield (
            f"{len(nodes)} {'layer serves' if len(nodes) == 1 else 'layers serve'} training only "
            f"({params:,} parameters), and are counted separately (--training includes them)"
        )


def _several(graph: Graph) -> Iterator[str]:
    inputs = [str(node.settings.get("name") or node.origin.name) for node in graph.inputs]
    outputs = [output.name for output in graph.outputs if not output.training]
    for what, names in (("inputs", inputs), ("outputs", outputs)):
        if len(names) > 1:
            more = " ..." if len(names) > NAMED else ""
            yield f"{len(names)} {what}: {', '.join(names[:NAMED])}{more}"


def _not_understood(graph: Graph) -> Iterator[str]:
    customs: dict[str, list[GraphNode]] = {}
    for node in graph.nodes:
        if node.word != "input":
            word, settings = said(node, graph)
            if word == "custom":
                customs.setdefault(str(settings["what"]), []).append(node)
    for what, nodes in customs.items():
        yield f"{_listed(nodes)}: {what}; a custom with the size and the weights of the file"


def _listed(nodes: list[GraphNode]) -> str:
    names = [node.origin.path or node.origin.name for node in nodes]
    return ", ".join(dict.fromkeys(names[:NAMED])) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
