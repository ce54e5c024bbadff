"""Where an ONNX node belongs: the path and class of its module, as far as exporters leave them in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archcalc.exchange.operands import Operands
    from archcalc.exchange.readers.onnx.model import OnnxGraph, OnnxNode

PARAMETER = re.compile(r"^(?!onnx::)(.+)\.(weight|bias|running_mean|in_proj_weight|gamma|kernel)$")
SCOPE = re.compile(r"'([^']*)'")
FOLDED = re.compile(r"^(onnx::Conv_\d+|\d+)$")

MODULES = ("Conv", "ConvTranspose", "Gemm", "BatchNormalization", "PRelu", "LayerNormalization", "MatMul")
"""Operations whose weights carry the name of their module."""


def module_of(node: OnnxNode, graph: OnnxGraph) -> tuple[str, str]:
    """Return the path of a node's module and its class; empty where the file does not say."""
    names, classes = node.scopes
    if names:
        path = [name for name in SCOPE.findall(names) if name]
        kinds = [kind.rpartition(".")[2] for kind in SCOPE.findall(classes)]
        at = len(path) - 1 if path and "." not in path[-1] and len(path) > 1 else len(path)
        modules = path[:at] if len(kinds) > at else path
        return (modules[-1] if modules else ""), (kinds[len(modules)] if len(kinds) > len(modules) else "")
    if node.op in MODULES:
        for name in node.inputs[1:]:
            found = PARAMETER.match(name)
            if found and name in graph.weights:
                return found[1], ""
    if node.name.startswith("/"):
        parts = node.name.strip("/").split("/")[:-1]
        return _joined(parts), ""
    return "", ""


def _joined(parts: list[str]) -> str:
    """Join scopes, of which each may repeat the one before it: ``layer1/layer1.0/conv1`` is ``layer1.0.conv1``."""
    path = ""
    for part in parts:
        path = part if part.startswith(f"{path}.") or not path else f"{path}.{part}"
    return path


def remark_folded(net: Operands, graph: OnnxGraph) -> None:
    """Say that exporters have folded batch norm into convolutions, and how many parameters that hides."""
    same = {node.outputs[0]: node.inputs[0] for node in graph.nodes if node.op == "Identity"}  # of equal biases
    named = [node.inputs[2] for node in graph.nodes if node.op == "Conv" and len(node.inputs) > 2]
    biases = [graph.weights.get(same.get(name, name)) for name in named]
    folded = [bias for bias in biases if bias is not None and FOLDED.match(bias.key)]
    if folded and graph.producer.startswith(("pytorch", "torch")):
        filters = sum(bias.size for bias in folded)
        each = "convolution holds" if len(folded) == 1 else "convolutions hold"
        net.remark(
            f"{len(folded)} {each} a batch norm that was folded in by the export: the network before it had "
            f"{filters:,} parameters more (scale and shift for each filter, where there now is a bias), "
            f"or {2 * filters:,} where the convolutions had biases of their own"
        )
