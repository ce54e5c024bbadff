"""Padding written in front of a window or by a map's own edges, and blocks of places taken apart by slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.sizes import window_lengths
from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.tensors import Node


def padding(net: Operands) -> Callable[[Node], int | None]:
    """Make padding part of the window behind it, where the size that comes out is the same."""

    def rule(node: Node) -> int | None:
        if node.kind not in ("conv", "pool") or isinstance(node.attrs["pads"], str):
            return None
        before = net.nodes[node.inputs[0]]
        if before.kind != "pad":
            return None
        at = node.attrs["channels"] % len(node.shape)
        space = [axis for axis in range(1, len(node.shape)) if axis != at]
        pairs = before.attrs["pairs"]
        if any(any(pairs[axis]) for axis in (0, at)) or min(map(min, pairs)) < 0:
            return None
        both = tuple(
            (own[0] + pairs[axis][0], own[1] + pairs[axis][1])
            for own, axis in zip(node.attrs["pads"], space, strict=True)
        )
        source = before.inputs[0]
        lengths = [net.shape(source)[axis] for axis in space]
        try:
            found = window_lengths(
                lengths,
                node.attrs["kernel"],
                node.attrs["stride"],
                both,
                node.attrs["dilation"],
                node.attrs["rounding"],
            )
        except ModelFault:
            return None
        if found != tuple(node.shape[axis] for axis in space):
            return None
        attrs = {**node.attrs, "pads": both}
        return net.add(node.kind, [source], node.shape, node.weights, node.notes, **attrs)

    return rule


def blocks(net: Operands) -> Callable[[Node], int | None]:
    """Find concats of slices: every second row and column side by side, or a map and parts of it around it."""

    def rule(node: Node) -> int | None:
        if node.kind != "concat":
            return None
        for find in (_around, _taken_apart):
            found = find(net, node)
            if found is not None:
                return found
        return None

    return rule


def _around(net: Operands, node: Node) -> int | None:
    """Find padding by a map's own edges: parts of a map in front of it and behind it, along one axis."""
    axis = node.attrs["axis"]
    for place, source in enumerate(node.inputs):
        others = [net.nodes[number] for at, number in enumerate(node.inputs) if at != place]
        if (
            len(node.shape) > 2
            and others
            and all(
                other.kind == "slice" and other.inputs[0] == source and other.attrs["axis"] == axis for other in others
            )
        ):
            before = sum(net.shape(number)[axis] for number in node.inputs[:place])
            behind = sum(net.shape(number)[axis] for number in node.inputs[place + 1 :])
            pairs = [(before, behind) if at == axis else (0, 0) for at in range(len(node.shape))]
            return net.pad(source, pairs)
    return None


def _taken_apart(net: Operands, node: Node) -> int | None:
    """Find the four slices of Focus and of patch merging, with a map's channels in the second or the last axis."""
    count, rank = len(node.inputs), len(node.shape)
    block = round(count**0.5)
    if block < 2 or block * block != count or rank != 4:
        return None
    found = [_strided(net, source) for source in node.inputs]
    source = found[0][0]
    at = node.attrs["axis"]
    space = (2, 3) if at == 1 else (1, 2)
    starts = set()
    for base, steps in found:
        if base != source or set(steps) != set(space) or any(steps[axis][1] != block for axis in space):
            return None
        starts.add(tuple(steps[axis][0] for axis in space))
    if len(starts) != count or any(net.shape(source)[axis] % block for axis in space):
        return None
    if at == 1:
        return int(net.space_to_depth(source, block))  # type: ignore[arg-type]
    first = net.transpose(source, [0, 3, 1, 2])
    return net.transpose(int(net.space_to_depth(first, block)), [0, 2, 3, 1])  # type: ignore[arg-type]


def _strided(net: Operands, number: int) -> tuple[int, dict[int, tuple[int, int]]]:
    """Return what slices with steps were taken of, and where each starts and how far it steps."""
    steps: dict[int, tuple[int, int]] = {}
    node = net.nodes[number]
    while node.kind == "slice" and node.attrs["step"] > 1 and node.attrs["axis"] not in steps:
        steps[node.attrs["axis"]] = (node.attrs["start"], node.attrs["step"])
        node = net.nodes[node.inputs[0]]
    return node.id, steps
