"""Padding as a person writes it: ``same`` or numbers, one of them throughout a network, where both give the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.lowering.write import padding
from archcalc.operations.window import same_padding, shared_padding

if TYPE_CHECKING:
    from archcalc.exchange.graph import Graph, GraphNode

PADDED = frozenset(("conv", "depthwise_conv", "max_pool", "avg_pool", "locally_connected"))


def with_padding(graph: Graph) -> Graph:
    """Return the graph with the padding of its windows written in one way."""
    same = written_same(graph)
    nodes = []
    for node in graph.nodes:
        if node.word in PADDED and "pad" in node.settings:
            pad = pad_of(node, graph, same)
            if pad != node.settings["pad"]:
                rest = {name: value for name, value in node.settings.items() if name != "pad"}
                node = node.replace(settings=rest if pad is None else {**rest, "pad": pad})
        nodes.append(node)
    return graph.replace(nodes=tuple(nodes))


def written_same(graph: Graph) -> bool:
    """Whether a network pads by the rule of ``same``: where it steps, both ways are not the same."""
    return any(
        node.word in PADDED and _pair(node.settings.get("stride", 1)) != (1, 1) and _is_uneven_same(node, graph)
        for node in graph.nodes
    )


def pad_of(node: GraphNode, graph: Graph, same: bool) -> Any:
    """Return how to write a window's padding, or None where it has none."""
    held = node.settings.get("pad")
    if held is None or len(node.file_shape) == 3:
        return held
    own, rule = _pads(held), _by_rule(node, graph)
    pads = rule if held == "same" else own
    if not any(pads):
        return None
    if pads == rule and (same or held == "same") and not _is_plain(pads, node, same):
        return "same"
    if held == "same":
        return padding(((pads[0], pads[1]), (pads[2], pads[3])), sequence=False)
    return held


def _is_plain(pads: tuple[int, ...], node: GraphNode, same: bool) -> bool:
    """Whether numbers say it as well: the same on both sides, whatever the size of the map."""
    steps = _pair(node.settings.get("stride", 1)) != (1, 1)
    return not same and not steps and pads[0] == pads[1] and pads[2] == pads[3]


def _is_uneven_same(node: GraphNode, graph: Graph) -> bool:
    held = node.settings.get("pad")
    if held is None or len(node.file_shape) == 3:
        return False
    if held == "same":
        return True
    return isinstance(held, dict) and _pads(held) == _by_rule(node, graph)


def _by_rule(node: GraphNode, graph: Graph) -> tuple[int, ...]:
    kernel, dilation = _pair(node.settings["kernel"]), _pair(node.settings.get("dilation", 1))
    stride = _pair(node.settings.get("stride", node.settings["kernel"] if node.word.endswith("pool") else 1))
    sides: list[int] = []
    for at, length in enumerate(graph.nodes[node.inputs[0]].shape[1:]):
        sides += shared_padding(same_padding(length, kernel[at], stride[at], dilation[at]), "same")
    return tuple(sides)


def _pads(held: Any) -> tuple[int, ...]:
    if isinstance(held, dict):
        return tuple(held[side] for side in ("top", "bottom", "left", "right"))
    if held == "same":
        return ()
    vertical, horizontal = _pair(held)
    return vertical, vertical, horizontal, horizontal


def _pair(value: Any) -> tuple[int, int]:
    return (value[0], value[1]) if isinstance(value, list) else (value, value)
