"""What blocks and items are called."""

from __future__ import annotations

import re
from os.path import commonprefix
from typing import TYPE_CHECKING

from archcalc.exchange.folding.parts import LARGER
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
    if any(isinstance(branch.source, str) for part in body for branch in part.branches) and LARGER & set(words):
        return "up"
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
        pooled = any(part.word == "global_avg_pool" for branch in merge.branches for part in branch.parts)
        return "squeeze_excite" if len(body) == 1 and pooled else "gate" if len(body) == 1 else "gated"
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
        self.joint = "." if any("." in node.origin.path for node in graph.nodes) else ""
        self.parts = {node.id: _parts(node, self.joint) for node in graph.nodes}
        self.weighted = {node.id for node in graph.nodes if node.params}
        self.owners: dict[tuple[str, ...], set[int]] = {}
        for number, part in enumerate(trunk):
            for node in part.in_order():
                for end in range(1, len(self.parts[node]) + 1):
                    self.owners.setdefault(self.parts[node][:end], set()).add(number)

    def name(self, nodes: list[int], repeat: int) -> str:
        """Return what an item of these nodes is called, or nothing where the file has no name for them."""
        own = self._own(nodes)
        length = len(nodes) // repeat
        if not own and repeat > 1:
            first, last = self._own(nodes[:length]), self._own(nodes[-length:])
            if first and last and first[:-1] == last[:-1]:
                return self._joined((*first[:-1], f"{first[-1].strip('_')}-{last[-1].strip('_')}"))
        if not own:
            first_weighted = next((node for node in nodes if node in self.weighted), nodes[0])
            own = self.parts[first_weighted]
        return self._joined(own)

    def _joined(self, parts: tuple[str, ...]) -> str:
        return clean(self.joint.join(parts)).strip("_")

    def _own(self, nodes: list[int]) -> tuple[str, ...]:
        """Return the shortest path that all nodes share, and that belongs to no other item."""
        shared = tuple(commonprefix([self.parts[node] for node in nodes]))
        paths = (shared[:end] for end in range(1, len(shared) + 1))
        return next((path for path in paths if len(self.owners.get(path, ())) == 1), ())


def _parts(node: GraphNode, joint: str) -> tuple[str, ...]:
    """Return a node's path, or its name in the parts that programs put together with slashes and underscores."""
    name = node.origin.path or node.origin.name
    if joint:
        return tuple(part for part in re.split(r"[./]", name) if part and part != node.origin.op)
    return tuple(part for part in re.findall(r"[^/_]+[/_]*|[/_]+", name) if part.strip("/_"))
