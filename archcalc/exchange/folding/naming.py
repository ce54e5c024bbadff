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
    from archcalc.exchange.graph import Graph, GraphNode

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


class Paths:
    """Names items of the trunk by their modules: the shortest path that no other item has a part in."""

    def __init__(self, graph: Graph, trunk: Sequence[Part]) -> None:
        self.graph = graph
        self.owners: dict[str, set[int]] = {}
        for number, part in enumerate(trunk):
            for node in part.in_order():
                for path in self._prefixes(node):
                    self.owners.setdefault(path, set()).add(number)

    def _prefixes(self, node: int) -> list[str]:
        parts = _parts(self.graph.nodes[node])
        return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]

    def name(self, nodes: list[int], repeat: int) -> str:
        """Return what an item of these nodes is called, or nothing where the file has no name for them."""
        own = self._own(nodes)
        if own:
            return clean(own)
        if repeat < 2:
            weighted = [node for node in nodes if self.graph.nodes[node].params] or nodes
            return clean(".".join(_parts(self.graph.nodes[weighted[0]])))
        length = len(nodes) // repeat
        first, last = self._own(nodes[:length]), self._own(nodes[-length:])
        around, _, begin = first.rpartition(".")
        if not first or not last or last.rpartition(".")[0] != around:
            return clean(_common([".".join(_parts(self.graph.nodes[node])) for node in nodes]))
        return clean(f"{first}-{last.rpartition('.')[2]}")

    def _own(self, nodes: list[int]) -> str:
        """Return the shortest path that all nodes share, and that belongs to no other item."""
        shared = _common([".".join(_parts(self.graph.nodes[node])) for node in nodes])
        parts = shared.split(".") if shared else []
        paths = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
        return next((path for path in paths if len(self.owners.get(path, ())) == 1), "")


def _parts(node: GraphNode) -> list[str]:
    """Return a node's path, or its name in the parts that programs put together with slashes and underscores."""
    if node.origin.path:
        return node.origin.path.split(".")
    return [part for part in re.split(r"[/_.]", node.origin.name) if part and part != node.origin.op]
