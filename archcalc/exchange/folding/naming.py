"""What blocks and items are called."""

from __future__ import annotations

import re
from os.path import commonprefix
from typing import TYPE_CHECKING

from archcalc.exchange.writing.names import clean
from archcalc.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from archcalc.exchange.folding.parts import Block, Part
    from archcalc.exchange.graph import Graph

SHORT = {"depthwise_conv": "depthwise", "conv_transpose": "deconv"}


def block_name(graph: Graph, copies: Sequence[Sequence[Part]], body: list[Part], blocks: dict[str, Block]) -> str:
    """Return a block's name: by what is in it where that is little, else its class in the file, else its shape."""
    base = _by_items(body) or _by_class(graph, copies) or _by_shape(body)
    name, number = base, 1
    while name in OPERATIONS or name in blocks or name in RESERVED:
        number += 1
        name = f"{base}_{number}"
    return name


RESERVED = ("use", "training", "layers", "input", "in")


def _by_items(body: list[Part]) -> str:
    if len(body) <= 3 and all(part.kind == "op" for part in body):
        return "_".join(SHORT.get(part.word, part.word) for part in body)
    return ""


def _by_class(graph: Graph, copies: Sequence[Sequence[Part]]) -> str:
    """Return the class of the module that holds a copy whole, in lower case: InvertedResidual, inverted_residual."""
    found = set()
    for copy in copies:
        nodes = [graph.nodes[number] for part in copy for number in part.in_order()]
        path = _common([node.origin.path for node in nodes])
        found |= {node.origin.cls for node in nodes if node.origin.path == path and path}
    if len(found) != 1:
        return ""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", found.pop().lstrip("_")).lower()
    return name if re.fullmatch(r"[a-z][a-z0-9_]*", name) and name not in ("sequential", "module_list") else ""


def _by_shape(body: list[Part]) -> str:
    words = [part.word for part in body]
    merges = [part for part in body if part.kind == "merge"]
    if not merges:
        if any(word in words for word in ("avg_pool", "max_pool")):
            return "transition"
        return "unit"
    merge = merges[0]
    if merge.word == "concat":
        if any(not branch.parts for branch in merge.branches):
            return "dense_layer"
        return "inception" if len(merge.branches) > 2 else "fire" if len(merge.branches) == 2 else "branches"
    if merge.word == "multiply":
        return "squeeze_excite" if len(body) == 1 else "gated"
    main = merge.branches[0].parts
    inner = " ".join(part.word for part in main)
    if "depthwise" in inner:
        return "inverted_residual"
    if "layer_norm" in inner:
        return "encoder"
    weighted = sum("conv" in part.word for part in main)
    return "bottleneck" if weighted == 3 else "basic_block" if weighted == 2 else "residual"


def _common(paths: Collection[str]) -> str:
    """Return the module path that all paths begin with, in whole parts."""
    return ".".join(commonprefix([path.split(".") for path in paths]))


def item_name(graph: Graph, nodes: list[int]) -> str:
    """Return what an item is called: the module path, or the beginning of the names, that its nodes share."""
    paths = [graph.nodes[number].origin.path for number in nodes]
    path = _common(paths) if all(paths) else ""
    if path:
        return clean(path)
    names = [graph.nodes[number].origin.name for number in nodes]
    if len(set(names)) == 1:
        return clean(names[0])
    shared = re.sub(r"[/_.:-][^/_.:-]*$|[/_.:-]$", "", commonprefix(names)) if names else ""
    return clean(shared) if len(shared) > 1 else ""
