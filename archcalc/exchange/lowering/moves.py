"""Lowering of what moves or takes values: most of it is a view, and leaves no trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.lowering.digits import joined, regrouped, size
from archcalc.exchange.lowering.state import Logical, Lowering, View, as_map, axes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.lowering.digits import Digit, Digits
    from archcalc.exchange.tensors import Node


def reshape(low: Lowering, node: Node) -> View:
    """Deal the places out over other axes; where that cannot be, the values are taken as a new map."""
    view = low.view(node.inputs[0])
    axes = regrouped(view.axes, node.shape)
    if axes is not None:
        return View(view.value, axes)
    logical = low.new_map(as_map(node.shape))
    lengths = [size(part) for part in logical]
    value = low.emit("reshape", {"shape": lengths}, [view.value], logical)
    return View(value, axes_of(logical, node.shape))


def transpose(low: Lowering, node: Node) -> View:
    """Put the axes into another order."""
    view = low.view(node.inputs[0])
    return View(view.value, tuple(view.axes[axis] for axis in node.attrs["perm"]))


def slice_(low: Lowering, node: Node) -> View:
    """Take part of an axis: some channels, some rows or columns, or every second one."""
    view = low.view(node.inputs[0])
    axis, start, step = (node.attrs[word] for word in ("axis", "start", "step"))
    length, taken = low.net.shape(node.inputs[0])[axis], node.shape[axis]
    own, digits = low.logical[view.value], view.axes[axis]
    if digits and all(_standing(own.channels, digit) is not None for digit in digits):
        found = _channels(low, view, axis, (start, step, taken, length))
        if found is not None:
            return found
    for word, part in (("height", own.height), ("width", own.width)):
        if digits == part:
            return _space(low, view, axis, word, (start, step, taken))
    if digits == own.space:
        spread = low.arrange(view, own.channels, own.space, ())
        return _space(low, View(spread, view.axes), axis, "height", (start, step, taken))
    return low.custom(f"part of an axis ({node.origin.op})", [view.value], node.shape)


def _standing(channels: Digits, digit: Digit) -> tuple[int, int] | None:
    """Return where in the order of the channels a digit stands, or None where it is none of theirs."""
    for at, own in enumerate(channels):
        if own.root == digit.root and own.lo <= digit.lo and digit.hi <= own.hi:
            return at, -digit.lo
    return None


def _channels(low: Lowering, view: View, axis: int, taken: tuple[int, int, int, int]) -> View | None:
    """Take some channels: those of a run, or as many that do not stand in a row."""
    start, step, count, _ = taken
    own, digits = low.logical[view.value], view.axes[axis]
    pieces = [digit for part in view.axes for digit in part if _standing(own.channels, digit) is not None]
    order = sorted(pieces, key=lambda digit: _standing(own.channels, digit) or (0, 0))
    if [digit for digit in order if digit in digits] != list(digits):
        if len(pieces) > len(digits):
            return None
        shuffled = low.arrange(view, digits, own.height, own.width)
        return _channels(low, View(shuffled, view.axes), axis, taken)
    fresh = low.fresh(count)
    rest = [digit for digit in order if digit not in digits]
    first = order.index(digits[0])
    logical = own._replace(channels=joined((*order[:first], *fresh, *(d for d in order[first:] if d not in digits))))
    run = first == 0 and step == 1 and order[: len(digits)] == list(digits)
    channels, begin = size(logical.channels), start * size(rest) if run else 0
    settings = {"channels": channels, **({"start": begin} if begin else {})}
    notes = () if run else ("its channels do not stand in a row",)
    value = low.emit("channel_slice", settings, [view.value], logical, notes=notes)
    return View(value, (*view.axes[:axis], fresh, *view.axes[axis + 1 :]))


def _space(low: Lowering, view: View, axis: int, word: str, taken: tuple[int, int, int]) -> View:
    """Take some rows or columns: a crop where they stand in a row, else every n-th one."""
    start, step, count = taken
    own = low.logical[view.value]
    fresh = low.fresh(count)
    logical = own._replace(**{word: fresh})
    if step != 1:
        stride = [step, 1] if word == "height" else [1, step]
        settings: dict[str, Any] = {"kernel": 1, "stride": stride}
        notes = ("only takes every n-th place: no maximum is computed",)
        value = low.emit("max_pool", settings, [view.value], logical, notes=notes)
    else:
        lengths = {"height": size(logical.height), "width": size(logical.width)}
        begin = {"top" if word == "height" else "left": start} if start else {}
        value = low.emit("crop", {**lengths, **begin}, [view.value], logical)
    return View(value, (*view.axes[:axis], fresh, *view.axes[axis + 1 :]))


def expand(low: Lowering, node: Node) -> View:
    """Repeat values along axes of one."""
    view = low.view(node.inputs[0])
    rank = len(node.shape)
    axes = ((),) * (rank - len(view.axes)) + view.axes
    own = low.logical[view.value]
    lengths = as_map(node.shape)
    if rank == 4 and not own.space and axes[1] == own.channels and node.shape[1] == size(own.channels):
        logical = Logical(own.channels, low.fresh(lengths[1]), low.fresh(lengths[2]))
        value = low.emit("resize", {"size": list(lengths[1:])}, [view.value], logical)
        return View(value, ((), logical.channels, logical.height, logical.width))
    return low.custom("values repeated", [view.value], node.shape)


def opaque(low: Lowering, node: Node) -> View:
    """Take what archcalc does not know for what the file says."""
    if node.attrs.get("keeps") and low.net.shape(node.inputs[0]) == node.shape:
        return low.view(node.inputs[0])
    return low.custom(node.attrs["what"], low.values(), node.shape, ops=node.attrs.get("ops", 0),
                      macs=node.attrs.get("macs", 0))  # fmt: skip


def param(low: Lowering, node: Node) -> View:
    """Take learned values that nothing flows into, such as the queries of a detector."""
    return low.custom("learned values", [low.nodes[0].id] if low.nodes else [], node.shape)


def unpooled_places(low: Lowering, node: Node) -> View:
    """Take the places of maxima, which a later unpooling reads."""
    return low.view(node.inputs[0]) if low.net.shape(node.inputs[0]) == node.shape else low.custom(
        "places of the maxima", low.values(), node.shape
    )  # fmt: skip


RULES: dict[str, Callable[[Lowering, Node], View]] = {
    "reshape": reshape,
    "transpose": transpose,
    "slice": slice_,
    "expand": expand,
    "opaque": opaque,
    "param": param,
    "indices": unpooled_places,
}
