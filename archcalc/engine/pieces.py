"""What a part of a network comes to, without its layers: sums, and what they turn what flows in into.

Both are affine in what flows in: sums add up, depth is added to, a receptive field grows by so many of its paces. So a
part that is worked out once says what it comes to wherever it is repeated, in the next analysis too.
"""

from __future__ import annotations

from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.engine.report import Totals
from archcalc.operations import KINDS_OF_PARAMS, KINDS_OF_WORK
from archcalc.operations.base import POINT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.engine.network import Counts
    from archcalc.operations.base import Operation, Reads, Shape

_PARAMS = {kind: place for place, kind in enumerate(KINDS_OF_PARAMS, 4)}
_WORK = {kind: place for place, kind in enumerate(KINDS_OF_WORK, 4 + len(KINDS_OF_PARAMS))}
_LENGTH = 4 + len(_PARAMS) + len(_WORK)

Sums = tuple[int, ...]
"""Layers, parameters, buffers and stored values, then parameters and work by kind."""

NOTHING: Sums = (0,) * _LENGTH


class Flow(NamedTuple):
    """What flows between layers: its shape, and depth, stride and reach behind what flowed into the part.

    ``stride`` bounds how many pixels of the part's input one place stands for (and the smallest part of a pixel),
    ``reach`` how far from their centre places see.
    """

    shape: Shape
    depth: int = 0
    stride: int = 1
    reach: int = 0


class Piece(NamedTuple):
    """What a part comes to, and what flows out of it."""

    sums: Sums
    out: Flow
    steps: int
    """Work of expanding it, at most."""
    levels: int
    """Blocks and branches inside one another."""

    def after(self, flow: Flow, times: int = 1) -> Flow:
        """Return what flows out of the part, or out of so many in a row that keep shape and stride."""
        shape, depth, stride, reach = self.out
        pace = flow.stride
        return Flow(shape, flow.depth + depth * times, pace * stride, flow.reach + pace * reach * times)


def piece_of(operation: Operation, counts: Counts, output: Shape) -> Piece:
    """Return one layer as a piece."""
    sums = [1, counts.params, counts.buffers, counts.stored, *NOTHING[4:]]
    for kind, value in counts.params_by_kind.items():
        sums[_PARAMS[kind]] += value
    for kind, value in counts.ops.items():
        sums[_WORK[kind]] += value
    stride, reach = (1, 0) if counts.reads is POINT else _spread(counts.reads)
    return Piece(tuple(sums), Flow(output, int(operation.counts_in_depth), stride, reach), 0, 0)


def _spread(axes: Iterable[Reads | None]) -> tuple[int, int]:
    """Return bounds on how a layer widens stride and reach; where reads are unknown, fields are too."""
    stride, reach = 1, 0
    for reads in axes:
        if reads is not None:
            pace = -(-reads.shift // max(reads.period, 1))
            stride = max(stride, pace, reads.stride.numerator, reads.stride.denominator)
            reach = max(reach, abs(reads.shift) + max(map(abs, (*reads.first, *reads.last))))
    return stride, reach


def joined(join: Piece, operation: Operation, ends: list[Flow]) -> Flow:
    """Return what flows out of a merge; its own layer is ``join``.

    Gates and filters do not widen what they weigh, so their strides end here; what they see may still be added.
    """
    output = join.out.shape
    others = ends[1:] if operation.others_are_filters or operation.others_seen_whole else []
    if operation.broadcasts:
        others = [end for end in ends if end.shape[1] != output[1] and end.shape[2] != output[2]]
    beside = max((end.reach + end.stride * max(end.shape[1:]) for end in others), default=0)
    stride = max((end.stride for end in ends if end not in others), default=1)
    flow = Flow(output, max(end.depth for end in ends), stride, max(beside, *(end.reach for end in ends)))
    return join.after(flow)


def plus(sums: Sums, more: Sums, times: int = 1) -> Sums:
    """Return sums with others added, so many times."""
    return tuple(map(add, sums, more if times == 1 else [value * times for value in more]))


def totals(sums: Sums) -> Totals:
    """Return sums as totals; kinds that do not occur are left out."""
    params = {kind: sums[place] for kind, place in _PARAMS.items() if sums[place]}
    ops = {kind: sums[place] for kind, place in _WORK.items() if sums[place]}
    skipped: Any = 0
    return Totals(sums[1], params, sums[2], ops, sums[3], skipped)
