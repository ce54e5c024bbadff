"""A network as a deploy file: one image, no weights, no training."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from archcalc.export.caffe import moves, values, windows
from archcalc.export.caffe.context import TITLE, Blob, Context, Deploy
from archcalc.export.caffe.prototext import write as as_text
from archcalc.export.exported import Exported, refuse
from archcalc.export.words import left_out, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archcalc.engine.network import Network, Node
    from archcalc.engine.report import Report
    from archcalc.export.caffe.prototext import Fields

LAYERS: dict[str, Callable[[Context], Blob]] = {**windows.LAYERS, **values.LAYERS, **moves.LAYERS}
"""An operation's word to what writes it."""

SHUFFLED = "channels or places change their order, and none of its layers moves values so"

MISSING = {
    **dict.fromkeys(("channel_shuffle", "pixel_shuffle", "pixel_unshuffle"), SHUFFLED),
    **dict.fromkeys(("attention", "matmul"), "none of its layers multiplies two blobs as matrices"),
    "cross_correlation": "none of its layers takes a blob for filters",
    **dict.fromkeys(("upsample", "resize"), "none of its layers enlarges a map without weights"),
    **dict.fromkeys(("rms_norm", "l2_norm"), "none of its layers normalises the channels of a place"),
    **dict.fromkeys(
        ("lstm", "gru"), "its recurrent layers have the steps in front, and marks where a sequence goes on"
    ),
    "gelu": "it has no layer for the error function",
    "pad": "none of its layers pads alone",
    "max_unpool": "none of its layers puts values back where the maxima were",
    "locally_connected": "none of its layers has separate filters for each position",
    "class_token": "none of its layers learns values that nothing flows into",
    "embedding": "its Embed puts the channels last",
    "custom": "'{what}' is an operation that the spec describes itself",
}
"""Operations that Caffe has no layers for, and why."""


def write(report: Report) -> Exported:
    """Return the file; raise RequestError for a layer that Caffe has no layer for."""
    deploy = Deploy()
    _add_layers(deploy, report.network)
    text = as_text({"name": report.name}) + "".join(as_text({"layer": layer}) for layer in deploy.layers)
    return Exported(text, {}, (*_remarks(deploy), *left_out(report)))


def _add_layers(deploy: Deploy, network: Network) -> None:
    nodes, made = network.nodes, {}
    kept = [position for position, node in enumerate(nodes) if not node.multiplicity.training]
    deploy.names.update(nodes[position].name for position in kept)
    readers = Counter(source for position in kept for source in nodes[position].sources)
    slices: dict[int, list[Node]] = {}
    for position in kept:
        if _word(nodes[position]) == "channel_slice":
            slices.setdefault(nodes[position].sources[0], []).append(nodes[position])
    owners = {nodes[position].weights for position in kept} - {None}
    for position in kept:
        node = nodes[position]
        if position < len(network.inputs):
            made[position] = _input(deploy, node)
            continue
        if node.multiplicity.times > 1:
            raise refuse(
                TITLE, node, f"it runs {node.multiplicity.times:,} times, on what only the running network knows"
            )
        word, first = _word(node), node.sources[0]
        if word not in LAYERS:
            raise refuse(TITLE, node, MISSING[word].format_map(vars(node.applied.operation)))
        owner = position if node.weights is None else node.weights
        alone = readers[first] == 1 and first >= len(network.inputs)
        context = Context(
            deploy, node, [made[source] for source in node.sources],
            alone=alone, slices=slices.get(first, ()), shared=nodes[owner].name if owner in owners else "",
        )  # fmt: skip
        made[position] = LAYERS[word](context)
        if len(made[position].dims) == 4:
            deploy.maps[made[position].dims[2:]] = made[position]


def _word(node: Node) -> str:
    return node.applied.operation.word


def _input(deploy: Deploy, node: Node) -> Blob:
    dims = (1, *node.applied.output)
    size: Fields = {"shape": {"dim": [*dims]}}
    deploy.layers.append({"name": node.name, "type": "Input", "top": node.name, "input_param": size})
    return Blob(node.name, dims)


def _remarks(deploy: Deploy) -> Iterator[str]:
    """Yield what a user of Caffe should know of the file."""
    if deploy.rounded_down:
        where = listed(deploy.rounded_down)
        yield f"round_mode: FLOOR, since Caffe's pooling rounds up, and Caffe 1.0 does not know it: {where}"
    for kind, names in deploy.newer.items():
        yield f"{kind} is a layer that came after Caffe 1.0: {listed(list(dict.fromkeys(names)))}"
    if deploy.without_padding:
        yield f"Caffe counts the padding's zeros among the values averaged: {listed(deploy.without_padding)}"
