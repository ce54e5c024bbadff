"""The state of lowering: graph nodes made so far, and how each tensor of the file views one of them."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.exchange.graph import GraphNode
from archcalc.exchange.lowering.digits import Axes, Digit, Digits, joined, matched, regrouped, size, translated
from archcalc.exchange.tensors import ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.tensors import Node


class View(NamedTuple):
    """A tensor: which graph node holds its values, and which of its places stand along each axis."""

    value: int
    axes: Axes


class Logical(NamedTuple):
    """What a graph node's channels, rows and columns are."""

    channels: Digits
    height: Digits
    width: Digits

    @property
    def space(self) -> Digits:
        """Rows and columns."""
        return joined((*self.height, *self.width))

    @property
    def all(self) -> Digits:
        """All places, channels first."""
        return joined((*self.channels, *self.height, *self.width))


class Lowering:
    """Collects graph nodes while the tensors of a net are gone through in order."""

    def __init__(self, net: Operands) -> None:
        self.net = net
        self.nodes: list[GraphNode] = []
        self.logical: list[Logical] = []
        self.views: dict[int, View] = {}
        self.current: Node
        self._roots = 0
        self._arranged: dict[tuple[int, Logical], int] = {}

    def fresh(self, length: int) -> Digits:
        """Return a new axis."""
        self._roots += 1
        return (Digit(self._roots, 1, length),) if length > 1 else ()

    def view(self, number: int) -> View:
        """Return how a tensor views a graph node."""
        return self.views[number]

    def emit(
        self,
        word: str,
        settings: dict[str, Any],
        inputs: Sequence[int],
        logical: Logical,
        params: int = 0,
        macs: int = 0,
        counted: bool = False,
        notes: Iterable[str] = (),
        buffers: int = 0,
    ) -> int:
        """Add a graph node for the tensor node at hand; ``counted`` says that its weights are this node's."""
        shape = size(logical.channels), size(logical.height), size(logical.width)
        node = self.current
        learned = [weight for weight in node.weights if weight.learned] if counted else []
        found = GraphNode(
            id=len(self.nodes),
            word=word,
            settings=settings,
            inputs=tuple(inputs),
            shape=shape,
            origin=node.origin,
            file_shape=node.shape,
            weights=tuple(dict.fromkeys(key for weight in learned for key, _ in weight.stored)),
            params=params or sum(weight.params for weight in learned),
            macs=macs,
            buffers=buffers,
            notes=(*node.notes, *notes) if counted else tuple(notes),
        )
        self.nodes.append(found)
        self.logical.append(logical)
        return found.id

    def new_map(self, lengths: Sequence[int]) -> Logical:
        """Return new channels, rows and columns."""
        channels, height, width = (self.fresh(length) for length in lengths)
        return Logical(channels, height, width)

    def arrange(self, view: View, channels: Digits, height: Digits, width: Digits) -> int:
        """Return the graph node whose channels, rows and columns are these; add a view of the old one where needed."""
        target = Logical(joined(channels), joined(height), joined(width))
        own = self.logical[view.value]
        if target == own:
            return view.value
        known = self._arranged.get((view.value, target))
        if known is None:
            word, settings, notes = view_word(own, target)
            known = self.emit(word, settings, [view.value], target, notes=notes)
            self._arranged[view.value, target] = known
        return known

    def same_axes(self, view: View, value: int) -> View:
        """Return a view of another node with the same places."""
        return View(value, view.axes)

    def pointwise(
        self, word: str, settings: dict[str, Any], view: View, counted: bool = False, notes: Iterable[str] = ()
    ) -> View:
        """Add a node that changes values and no places."""
        value = self.emit(word, settings, [view.value], self.logical[view.value], counted=counted, notes=notes)
        return View(value, view.axes)

    def custom(
        self, what: str, inputs: Sequence[int], shape: Sequence[int], ops: int = 0, macs: int = 0, counted: bool = True
    ) -> View:
        """Add a node that archcalc has no word for, with the size that the file gives."""
        at = self.channels_axis(inputs, shape)
        order = [0, at, *(axis for axis in range(1, len(shape)) if axis != at)] if at else list(range(len(shape)))
        lengths = as_map([shape[axis] for axis in order])
        logical = self.new_map(lengths)
        settings: dict[str, Any] = {"what": what, "shape": list(lengths)}
        params = sum(weight.params for weight in self.current.weights if weight.learned) if counted else 0
        settings.update({word: number for word, number in (("params", params), ("macs", macs), ("ops", ops)) if number})
        value = self.emit(word="custom", settings=settings, inputs=inputs, logical=logical, macs=macs, counted=counted)
        moved = axes_of(logical, [shape[axis] for axis in order])
        return View(value, tuple(moved[order.index(axis)] for axis in range(len(shape))))

    def channels_axis(self, inputs: Sequence[int], shape: Sequence[int]) -> int:
        """Return the axis that holds the channels of what is not understood: the one that does in what flows in."""
        found = self.current.attrs.get("channels")
        if isinstance(found, int):
            return found % len(shape)
        for source in self.current.inputs:
            view = self.views.get(source)
            if view is not None and view.value in inputs and len(view.axes) == len(shape):
                channels = self.logical[view.value].channels
                return next((axis for axis, digits in enumerate(view.axes) if axis and digits == channels != ()), 0)
        return 0

    def values(self) -> list[int]:
        """Return the graph nodes that hold the inputs of the tensor node at hand, as they are."""
        return [self.views[source].value for source in self.current.inputs]

    def aligned(self, reference: View, other: View) -> int:
        """Return a graph node with the values of ``other``, its channels, rows and columns as those of ``reference``.

        Axes of one in ``other`` stay one. Raise ModelFault where the places cannot be paired.
        """
        rank = max(len(reference.axes), len(other.axes))
        first, second = (((),) * (rank - len(view.axes)) + view.axes for view in (reference, other))
        pairs: list[tuple[Digit, Digit]] = []
        for one, two in zip(first, second, strict=True):
            if not two:
                continue
            found = matched(one, two)
            if found is None:
                raise ModelFault(f"places of {size(one)} and {size(two)} that do not pair")
            pairs.extend(found)
        own = self.logical[reference.value]
        target = (translated(part, pairs) for part in own)
        return self.arrange(other, *target)


def view_word(own: Logical, target: Logical) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    """Name what a change of places is: tokens, a shuffle of channels, or another reshape."""
    lengths = [size(part) for part in target]
    if not target.height and not target.width:
        return "flatten", {}, ()
    if target.channels == own.channels and target.space == own.space:
        return ("tokens", {}, ()) if not target.width else ("reshape", {"shape": lengths}, ())
    if target.height == own.height and target.width == own.width:
        groups = _dealt(own.channels, target.channels)
        if groups:
            return "channel_shuffle", {"groups": groups}, ()
    for word, small, large in (("pixel_shuffle", own, target), ("pixel_unshuffle", target, own)):
        block = _blocks(small, large)
        if block:
            return word, {"factor": block}, ()
    turned = target.all != own.all
    return "reshape", {"shape": lengths}, ("its values are also put into another order",) if turned else ()


def _dealt(own: Digits, target: Digits) -> int:
    """Return the number of groups where channels are groups x rest, and become rest x groups."""
    for cut in range(1, len(target)):
        first, second = target[:cut], target[cut:]
        if joined((*second, *first)) == own:
            return size(second)
    return 0


def _blocks(small: Logical, large: Logical) -> int:
    """Return the side of the blocks where a map of more places and fewer channels holds the same values, or 0."""
    rows, columns = size(large.height), size(large.width)
    high, wide = size(small.height), size(small.width)
    if rows % high or columns % wide or rows // high != columns // wide:
        return 0
    block = rows // high
    kept = (_head(large.height, block), _head(large.width, block))
    return block if block > 1 and kept == (small.height, small.width) else 0


def _head(digits: Digits, inner: int) -> Digits:
    """Return an axis without its innermost part."""
    if not digits:
        return ()
    *rest, last = digits
    if last.size % inner:
        return digits if inner == 1 else ()
    return joined((*rest, last.split(inner)[0]))


def as_map(shape: Sequence[int]) -> tuple[int, int, int]:
    """Return channels, height and width of a tensor of which only the size is known."""
    rest = tuple(shape[1:]) if len(shape) > 1 else tuple(shape)
    if len(rest) <= 3:
        channels, height, width = (*rest, 1, 1, 1)[:3]
        return channels * (shape[0] if len(shape) > 1 else 1), height, width
    return prod(shape[:-2]), shape[-2], shape[-1]


def axes_of(logical: Logical, shape: Sequence[int]) -> Axes:
    """Return the axes of a tensor that views a map in the order of its values."""
    found = regrouped((logical.channels, logical.height, logical.width), shape)
    if found is None:
        raise ModelFault(f"{by(shape)} is not a map")
    return found
