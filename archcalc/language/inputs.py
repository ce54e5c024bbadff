"""The inputs of a network: one or several, as maps (C x H x W) or as sequences (C x L)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.language.deferred import defer, has_formulas
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Collection

    from archcalc.language.model import Inputs

ONLY = "input"
"""What a single input without a name is called."""

_sizes = readers.list_of(readers.whole(1))


def read_inputs(node: Node, names: Collection[str]) -> Inputs:
    """Read [channels, height, width], [channels, length], or several of them by name; formulas are deferred."""
    if not isinstance(node, Mapping):
        return {ONLY: _read_input(node, names)}
    if not node.keys:
        raise NodeError(node, "no input")
    if len({is_sequence(value) for value in node.values}) > 1:
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
    """Whether an input is one of two sizes, channels and length."""
    if isinstance(node, Mapping) and node.values:
        return is_sequence(node.values[0])
    return isinstance(node, Sequence) and len(node.items) == 2


def read_shape(node: Node) -> tuple[int, int, int]:
    """Read [channels, height, width], or [channels, length] as C x L x 1."""
    if not isinstance(node, Sequence):
        raise NodeError(node, f"expected [channels, height, width], got {readers.shown(node)}")
    count = len(node.items)
    if count == 1:
        size = node.items[0].value if isinstance(node.items[0], Scalar) else "C"
        raise NodeError(node, f"expected [channels, height, width], got one size; a vector is [{size}, 1, 1]")
    if count == 4:
        raise NodeError(node, "four sizes: networks with three dimensions of space are not supported, only C x H x W")
    if count not in (2, 3):
        raise NodeError(node, f"expected [channels, height, width] or [channels, length], got {count} sizes")
    channels, height, *width = _sizes(node)
    return (channels, height, width[0] if width else 1)
