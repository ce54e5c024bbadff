"""Nodes with the size of their output, worked out as they are added: what the readers of all formats call."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archcalc.exchange.sizes import (
    broadcast,
    check_window,
    positive_axis,
    same_pads,
    transposed_lengths,
    window_lengths,
)
from archcalc.exchange.tensors import Const, ModelFault, Net, by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.exchange.sizes import Pairs


class Builder(Net):
    """A net that works out sizes. Axis 0 is the batch; ``channels`` says which axis holds the channels."""

    def space(self, x: int, channels: int = 1) -> tuple[int, ...]:
        """Return the lengths of the axes that are neither batch nor channels."""
        shape = self.shape(x)
        if len(shape) < 3:
            raise ModelFault(f"it slides over places, but its input is {by(shape)}")
        at = positive_axis(channels, len(shape))
        return tuple(length for axis, length in enumerate(shape) if axis not in (0, at))

    def _with_space(self, x: int, channels: int, filters: int, lengths: Sequence[int]) -> tuple[int, ...]:
        rest, batch = iter(lengths), self.shape(x)[0]
        at = positive_axis(channels, len(self.shape(x)))
        return (batch, *(filters if axis == at else next(rest) for axis in range(1, len(lengths) + 2)))

    def conv(
        self,
        x: int,
        weights: Sequence[Const],
        filters: int,
        kernel: Sequence[int],
        stride: Sequence[int] | None = None,
        pads: Pairs | str | None = None,
        dilation: Sequence[int] | None = None,
        groups: int = 1,
        channels: int = 1,
        rounding: str = "floor",
    ) -> int:
        """Add a convolution; ``pads`` are pairs, ``same`` (the odd one behind) or ``same_lower`` (in front)."""
        lengths = self.space(x, channels)
        ones = (1,) * len(lengths)
        stride, dilation = stride or ones, dilation or ones
        pads = resolved_pads(pads, lengths, kernel, stride, dilation)
        inside = self.shape(x)[positive_axis(channels, len(self.shape(x)))]
        check_groups(inside, filters, groups, weights)
        found = window_lengths(lengths, kernel, stride, pads, dilation, rounding)
        shape = self._with_space(x, channels, filters, found)
        return self.add(
            "conv", [x], shape, weights, filters=filters, kernel=tuple(kernel), stride=tuple(stride), pads=pads,
            dilation=tuple(dilation), groups=groups, channels=channels, bias=len(weights) > 1, rounding=rounding,
        )  # fmt: skip

    def correlation(
        self,
        x: int,
        template: int,
        stride: Sequence[int] | None = None,
        pads: Pairs | str | None = None,
        dilation: Sequence[int] | None = None,
        groups: int = 1,
    ) -> int:
        """Add a convolution whose weights are another tensor that depends on the input: work, and no parameters."""
        lengths, (filters, inside, *kernel) = self.space(x), self.shape(template)
        ones = (1,) * len(lengths)
        stride, dilation = stride or ones, dilation or ones
        pads = resolved_pads(pads, lengths, kernel, stride, dilation)
        if groups < 1 or self.shape(x)[1] != inside * groups:
            raise ModelFault(f"{by(self.shape(template))} slides over {by(self.shape(x))}")
        found = window_lengths(lengths, kernel, stride, pads, dilation)
        macs = filters * prod(found) * inside * prod(kernel)
        shape = self._with_space(x, 1, filters, found)
        return self.add("opaque", [template, x], shape, what="cross-correlation", macs=macs)

    def conv_transpose(
        self,
        x: int,
        weights: Sequence[Const],
        filters: int,
        kernel: Sequence[int],
        stride: Sequence[int] | None = None,
        pads: Pairs | None = None,
        output_pad: Sequence[int] | None = None,
        dilation: Sequence[int] | None = None,
        groups: int = 1,
        channels: int = 1,
    ) -> int:
        """Add a transposed convolution; ``pads`` are what is cut off in front and behind."""
        lengths = self.space(x, channels)
        ones = (1,) * len(lengths)
        stride, dilation = stride or ones, dilation or ones
        pads, output_pad = pads or ((0, 0),) * len(lengths), output_pad or (0,) * len(lengths)
        inside = self.shape(x)[positive_axis(channels, len(self.shape(x)))]
        if groups < 1 or inside % groups or filters % groups:
            raise ModelFault(f"{inside} channels and {filters} filters cannot be split into {groups} groups")
        found = transposed_lengths(lengths, kernel, stride, pads, dilation, output_pad)
        shape = self._with_space(x, channels, filters, found)
        return self.add(
            "conv_transpose", [x], shape, weights, filters=filters, kernel=tuple(kernel), stride=tuple(stride),
            pads=pads, output_pad=tuple(output_pad), dilation=tuple(dilation), groups=groups, channels=channels,
            bias=len(weights) > 1,
        )  # fmt: skip

    def pool(
        self,
        x: int,
        op: str,
        kernel: Sequence[int],
        stride: Sequence[int] | None = None,
        pads: Pairs | str | None = None,
        dilation: Sequence[int] | None = None,
        rounding: str = "floor",
        channels: int = 1,
    ) -> int:
        """Add a pooling, ``op`` is max, avg or lp; the stride is the kernel where none is given."""
        lengths = self.space(x, channels)
        if (
            self.shape(x)[1] == 1
            and len(kernel) == len(lengths)
            and set(kernel[1:]) == {1}
            and set(stride or ()) == {1}
        ):
            return self._across(x, kernel[0])
        stride, dilation = stride or kernel, dilation or (1,) * len(lengths)
        pads = resolved_pads(pads, lengths, kernel, stride, dilation)
        found = window_lengths(lengths, kernel, stride, pads, dilation, rounding)
        inside = self.shape(x)[positive_axis(channels, len(self.shape(x)))]
        shape = self._with_space(x, channels, inside, found)
        return self.add(
            "pool", [x], shape, op=op, kernel=tuple(kernel), stride=tuple(stride), pads=pads,
            dilation=tuple(dilation), rounding=rounding, channels=channels,
        )  # fmt: skip

    def _across(self, x: int, window: int) -> int:
        """Add an average over neighbouring channels, which stand as places of a single channel."""
        shape = self.shape(x)
        return self.add(
            "opaque", [x], (*shape[:2], shape[2] - window + 1, *shape[3:]), what="average over neighbouring channels",
            ops=prod(shape) * window, neighbours=window,
        )  # fmt: skip

    def adaptive_pool(self, x: int, op: str, pooled: Sequence[int | None], channels: int = 1) -> int:
        """Add a pooling to a given size; None keeps a length."""
        lengths = self.space(x, channels)
        pooled = list(pooled) * len(lengths) if len(pooled) == 1 else list(pooled)
        check_window(lengths, [length or 1 for length in pooled])
        asked = [length or own for length, own in zip(pooled, lengths, strict=True)]
        inside = self.shape(x)[positive_axis(channels, len(self.shape(x)))]
        shape = self._with_space(x, channels, inside, asked)
        return self.add("adaptive_pool", [x], shape, op=op, channels=channels)

    def linear(self, x: int, weights: Sequence[Const], filters: int) -> int:
        """Add a linear layer over the last axis; the weights' first entry is the matrix, the second a bias."""
        shape = self.shape(x)
        if weights and weights[0].size != filters * shape[-1]:
            raise ModelFault(f"its weights are {by(weights[0].dims)}, its input {by(shape)}")
        return self.add("linear", [x], (*shape[:-1], filters), weights, filters=filters, bias=len(weights) > 1)

    def matmul(self, a: int, b: int) -> int:
        """Add the product of two tensors that both depend on the input."""
        left, right = self.shape(a), self.shape(b)
        if len(left) < 2 or len(right) < 2 or left[-1] != right[-2]:
            raise ModelFault(f"a product of {by(left)} and {by(right)}")
        batch = broadcast(left[:-2], right[:-2])
        return self.add("matmul", [a, b], (*batch, left[-2], right[-1]))

    def act(self, x: int, fn: str, **settings: object) -> int:
        """Add a function of each value apart."""
        return self.add("act", [x], self.shape(x), fn=fn, settings=settings)

    def norm(self, x: int, what: str, weights: Sequence[Const] = (), channels: int = 1, **settings: object) -> int:
        """Add a normalisation: batch, layer, group, instance, rms, l2 or lrn."""
        at = positive_axis(channels, len(self.shape(x)))
        return self.add("norm", [x], self.shape(x), weights, (), what=what, channels=at, **settings)

    def ew(self, fn: str, inputs: Sequence[int], consts: Sequence[Const] = (), swapped: bool = False) -> int:
        """Add an operation value by value, on nodes and constants."""
        shape = broadcast(*(self.shape(x) for x in inputs), *(const.dims for const in consts))
        return self.add("ew", inputs, shape, consts, fn=fn, swapped=swapped)

    def reshape(self, x: int, shape: Sequence[int]) -> int:
        """Add other axes for the same values in the same order."""
        if prod(shape) != prod(self.shape(x)):
            raise ModelFault(f"{by(self.shape(x))} cannot be reshaped to {by(shape)}")
        return x if tuple(shape) == self.shape(x) else self.add("reshape", [x], shape)

    def transpose(self, x: int, perm: Sequence[int]) -> int:
        """Add another order of the axes."""
        own = self.shape(x)
        if sorted(perm) != list(range(len(own))):
            raise ModelFault(f"its axes {tuple(perm)} are not those of {by(own)}")
        if tuple(perm) == tuple(range(len(own))):
            return x
        return self.add("transpose", [x], [own[axis] for axis in perm], perm=tuple(perm))

    def concat(self, inputs: Sequence[int], axis: int) -> int:
        """Add tensors one behind the other."""
        if len(inputs) == 1:
            return inputs[0]
        shapes = [self.shape(x) for x in inputs]
        axis = positive_axis(axis, len(shapes[0]))
        rests = {(len(shape), *shape[:axis], *shape[axis + 1 :]) for shape in shapes}
        if len(rests) != 1 or not shapes[0]:
            raise ModelFault(f"its inputs do not fit: {' and '.join(map(by, shapes))}")
        total = sum(shape[axis] for shape in shapes)
        return self.add("concat", inputs, (*shapes[0][:axis], total, *shapes[0][axis + 1 :]), axis=axis)

    def slice(self, x: int, axis: int, start: int, stop: int, step: int = 1) -> int:
        """Add a part of one axis, with bounds as in Python."""
        shape = self.shape(x)
        axis = positive_axis(axis, len(shape))
        taken = range(*slice(start, stop, step or 1).indices(shape[axis]))
        if len(taken) == shape[axis]:
            return x
        if not taken:
            raise ModelFault(f"places {start} to {stop} of an axis of {shape[axis]}: nothing is left")
        sizes = (*shape[:axis], len(taken), *shape[axis + 1 :])
        return self.add("slice", [x], sizes, axis=axis, start=taken.start, step=taken.step)

    def select(self, x: int, axis: int, place: int) -> int:
        """Add one entry of an axis, which then is no more."""
        shape = self.shape(x)
        axis = positive_axis(axis, len(shape))
        if not -shape[axis] <= place < shape[axis]:
            raise ModelFault(f"entry {place} of an axis of {shape[axis]}")
        place %= shape[axis]
        part = self.slice(x, axis, place, place + 1)
        return self.reshape(part, [*shape[:axis], *shape[axis + 1 :]])

    def pad(self, x: int, pairs: Sequence[tuple[int, int]]) -> int:
        """Add values around a tensor, as many in front of and behind each axis; negative ones cut."""
        shape = self.shape(x)
        if len(pairs) != len(shape):
            raise ModelFault(f"padding of {len(pairs)} axes for {by(shape)}")
        if not any(map(any, pairs)):
            return x
        sizes = [length + sum(pair) for length, pair in zip(shape, pairs, strict=True)]
        return self.add("pad", [x], sizes, pairs=tuple(pairs))

    def reduce(self, x: int, op: str, axes: Sequence[int], keep: bool) -> int:
        """Add one value for all places of some axes: mean, max, sum, l2 ..."""
        shape = self.shape(x)
        gone = {positive_axis(axis, len(shape)) for axis in axes} or set(range(len(shape)))
        sizes = [1 if axis in gone else length for axis, length in enumerate(shape) if keep or axis not in gone]
        return self.add("reduce", [x], sizes, op=op, axes=tuple(sorted(gone)), keep=keep)


def resolved_pads(
    pads: Pairs | str | None,
    lengths: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
) -> Pairs | str:
    """Return padding as pairs, or ``same`` where a spec can say it so."""
    check_window(lengths, kernel, stride, dilation)
    if pads is None:
        return ((0, 0),) * len(lengths)
    if pads == "same_lower":
        found = tuple(
            same_pads(*numbers, front=True) for numbers in zip(lengths, kernel, stride, dilation, strict=True)
        )
        even = all(front == behind for front, behind in found)
        return "same" if even else found
    if not isinstance(pads, str) and len(pads) != len(lengths):
        raise ModelFault(f"padding of {len(pads)} axes for {by(lengths)}")
    return pads


def check_groups(channels: int, filters: int, groups: int, weights: Sequence[Const]) -> None:
    """Require that groups divide channels and filters, and that the weights see the channels of one group."""
    if groups < 1 or channels % groups or filters % groups:
        raise ModelFault(f"{channels} channels and {filters} filters cannot be split into {groups} groups")
    if weights and len(weights[0].dims) > 2 and channels // groups not in weights[0].dims:
        raise ModelFault(f"its weights are {by(weights[0].dims)}, for {channels} channels in {groups} groups")
