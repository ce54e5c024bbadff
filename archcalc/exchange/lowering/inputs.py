"""Lowering of inputs: which axis of an image, or of a sequence, holds the channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.lowering.state import Logical, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.lowering.digits import Digits
    from archcalc.exchange.lowering.state import Lowering
    from archcalc.exchange.tensors import Node


def image(low: Lowering, node: Node) -> View:
    """Lower an input, channels first or last as what reads it takes it."""
    shape = node.shape
    axes = tuple(low.fresh(length) for length in shape)
    rest = list(range(1, len(shape))) if len(shape) > 1 and shape[0] == 1 else list(range(len(shape)))
    at = node.attrs.get("channels")
    if at is None:
        at = channels_of(low, node, rest)
    at = rest[at % len(rest)] if rest and at is not None else None
    space = [axis for axis in rest if axis != at]
    if len(space) > 2:
        space, extra = space[-2:], space[:-2]
        channels: Digits = tuple(d for axis in [*extra, *([at] if at is not None else [])] for d in axes[axis])
    else:
        channels = axes[at] if at is not None else ()
    height = axes[space[0]] if space else ()
    width = axes[space[1]] if len(space) > 1 else ()
    value = low.emit("input", {"name": node.attrs.get("name", node.origin.name)}, [], Logical(channels, height, width))
    return View(value, axes)


def channels_of(low: Lowering, node: Node, rest: list[int]) -> int | None:
    """Find which axis of an input (batch left out) holds channels, by what reads it first; None for numbers of words.

    A transpose in front of a convolution says that channels came last, and so does a linear layer.
    """
    users = low.net.users()
    number, perm = node.id, list(range(len(node.shape)))
    if len(rest) == 1:
        read = {low.net.nodes[user].kind for user in users[number] if user >= 0}
        return None if "embedding" in read else 0
    for _ in range(8):
        found = [low.net.nodes[user] for user in users[number] if user >= 0]
        if not found:
            break
        reader = found[0]
        if reader.kind in ("conv", "pool", "conv_transpose", "norm"):
            at = reader.attrs.get("channels", 1) % len(reader.shape)
            return rest.index(perm[at]) if at < len(perm) and perm[at] in rest else 0
        if reader.kind in ("linear", "recurrent"):
            return len(rest) - 1 if perm[-1] == rest[-1] else rest.index(perm[-1]) if perm[-1] in rest else 0
        if reader.kind == "transpose":
            perm = [perm[axis] for axis in reader.attrs["perm"]]
        elif reader.kind not in ("ew", "act", "affine", "pad", "concat", "slice", "resize") or len(reader.shape) != len(
            perm
        ):
            break
        number = reader.id
    return 0


RULES: dict[str, Callable[[Lowering, Node], View]] = {"input": image}
