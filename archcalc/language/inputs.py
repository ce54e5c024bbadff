"""The inputs of a network: one or several, as maps (C x H x W), as sequences (C x L) or as vectors (C)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.language.deferred import defer, has_formulas
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Sequence

if TYPE_CHECKING:
    from collections.abc import Collection

    from archcalc.language.model import Inputs

ONLY = "input"
"""What a single input without a name is called."""

MAP = 3
"""Sizes of a map."""

_sizes = readers.list_of(readers.whole(1))


def read_inputs(node: Node, names: Collection[str]) -> Inputs:
    """Read [channels, height, width], [channels, length], [channels], or several by name; formulas are deferred."""
    if not isinstance(node, Mapping):
        return {ONLY: _read_input(node, names)}
    if not node.keys:
        raise NodeError(node, "no input")
    if is_sequence(node) and any(isinstance(each, Sequence) and len(each.items) == MAP for each in node.values):
        raise NodeError(node, "inputs with two and with three sizes; C x L and C x H x W do not mix")
    inputs = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if not key.value or "/" in key.value or key.value[:1] == "=" or not key.value.isprintable():
            raise NodeError(key, f"'{key.value}' cannot be the name of an input")
        inputs[key.value] = _read_input(value, names)
    return inputs


def _read_input(node: Node, names: Collection[str]) -> Any:
    if not has_formulas(node):
        read_shape(node)
    return defer(node, names)


def is_sequence(node: Node | None) -> bool:
    """Whether an input, or one of several, has two sizes, channels and length."""
    if isinstance(node, Mapping):
        return any(is_sequence(value) for value in node.values)
    return isinstance(node, Sequence) and len(node.items) == 2


def read_shape(node: Node) -> tuple[int, int, int]:
    """Read [channels, height, width]; [channels, length] is C x L x 1, [channels] C x 1 x 1."""
    if not isinstance(node, Sequence):
        raise NodeError(node, f"expected [channels, height, width], got {readers.shown(node)}")
    count = len(node.items)
    if count == 4:
        raise NodeError(node, "four sizes: networks with three dimensions of space are not supported, only C x H x W")
    if count not in (1, 2, MAP):
        raise NodeError(node, f"expected [channels, height, width] or [channels, length], got {count} sizes")
    channels, height, width, *_ = (*_sizes(node), 1, 1)
    return (channels, height, width)
