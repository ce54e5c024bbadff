"""What surrounds a layer, where that decides how a tool counts it: the layers it reads, and who else reads those."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report


class Context(NamedTuple):
    """What the formulas of a convention can ask of a layer's surroundings."""

    unfused: int = 0
    """1 for normalisation that does not read a convolution, or not alone, so that no exporter folds it into one."""
    folded_biases: int = 0
    """Biases of the convolution that normalisation is folded into."""
    tokenwise: int = 0
    """1 for a 1 x 1 convolution that definitions write as a linear layer over the places of a map."""


_OF_TOKENS = ("layer_norm", "rms_norm", "attention")
"""Operations whose maps are tokens: a 1 x 1 convolution of them is a linear layer in the definitions."""

ALONE = Context()
"""The context of a layer of which nothing else is known."""


def contexts(report: Report) -> dict[int, Context]:
    """Return the contexts of the layers of a report by position; those that need no words are left out."""
    layers = {layer.position: layer for layer in report.layers}
    readers: dict[int, int] = {}
    for layer in report.layers:
        for source in layer.node.sources:
            readers[source] = readers.get(source, 0) + 1
    known: dict[int, Context] = {}
    for layer in report.layers:
        context = _context(layer, layers, readers, known)
        if context is not ALONE:
            known[layer.position] = context
    return known


def _context(layer: Layer, layers: dict[int, Layer], readers: dict[int, int], known: dict[int, Context]) -> Context:
    if layer.op == "bn":
        before = layers.get(layer.node.sources[0])
        if before is None or before.op not in ("conv", "depthwise_conv") or readers[before.position] > 1:
            return Context(unfused=1)
        biases = before.counts.params_by_kind.get("bias", 0)
        return Context(folded_biases=biases) if biases else ALONE
    if layer.op == "conv" and _reads_tokens(layer, layers, known):
        return Context(tokenwise=1)
    return ALONE


def _reads_tokens(layer: Layer, layers: dict[int, Layer], known: dict[int, Context]) -> bool:
    """Whether a 1 x 1 convolution reads layer normalisation, or an activation of another one that does."""
    operation = vars(layer.operation)
    if (operation["kernel"], operation["stride"], operation["groups"]) != ((1, 1), (1, 1), 1):
        return False
    before = layers.get(layer.node.sources[0])
    while before is not None and before.op not in _OF_TOKENS and _in_place(before):
        before = layers.get(before.node.sources[0])
    return before is not None and (before.op in _OF_TOKENS or known.get(before.position, ALONE).tokenwise == 1)


def _in_place(layer: Layer) -> bool:
    """Whether it changes each value where it is, as activations and dropout do."""
    return bool(layer.node.sources) and not layer.operation.stores and not layer.operation.view
