"""Topologies for SCALE-Sim: a row for each layer that multiplies.

Source: SCALE-Sim's topology_utils.py (version 3; that of version 2 reads the same columns). It knows no padding, so the
map is written as large as its windows reach; it has one stride; it knows no groups, but a row whose name holds ``DP``
runs once for each of its channels. A matrix product of M x K by K x N is what ``-i gemm`` makes of it: a map of M x K
under filters of 1 x K.
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from archcalc.errors import RequestError
from archcalc.export.exported import Exported
from archcalc.export.loops import loop_nests
from archcalc.export.words import left_out, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.report import Report
    from archcalc.export.loops import LoopNest, Loops

TITLE = "SCALE-Sim"

HEADER = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,"

DEPTHWISE = "_DP"
"""What a name holds whose row SCALE-Sim runs once for each channel."""


class Row(NamedTuple):
    """The numbers of a row, in the order of its columns; ``each`` says that it runs once for each channel."""

    height: int
    width: int
    kernel: tuple[int, int]
    channels: int
    filters: int
    stride: int
    each: bool = False
    suffix: str = ""


def write(report: Report) -> Exported:
    """Return the topology of a network; raise RequestError for work that has no row."""
    nests = loop_nests(report, TITLE)
    if not nests:
        raise RequestError(f"{TITLE} has nothing for {report.name}: none of its layers has multiplications")
    taken: set[str] = set()
    lines = [HEADER]
    for nest in nests:
        for row in _rows(nest.loops):
            name = _name(nest.name + row.suffix, row.each, taken)
            numbers = (row.height, row.width, *row.kernel, row.channels, row.filters, row.stride)
            lines.append(f"{name}, {', '.join(map(str, numbers))},")
    return Exported("\n".join(lines) + "\n", {}, tuple(_remarks(report, nests)))


def _rows(loops: Loops) -> Iterator[Row]:
    """Yield the rows whose MACs, by SCALE-Sim's own formula, are those of the loops."""
    stride = _one_stride(loops)
    if loops.is_product or loops.batch > 1 or stride is None:
        inner = loops.channels * prod(loops.kernel)
        rows, filters = loops.batch * prod(loops.places), loops.filters
        several = loops.groups > 1
        yield Row(rows, inner, (1, inner), loops.groups if several else 1, filters, 1, several)
        return
    height, width = ((places - 1) * stride + taps for places, taps in zip(loops.places, loops.kernel, strict=True))
    if loops.groups > 1 and loops.channels == 1:
        yield Row(height, width, loops.kernel, loops.groups, loops.filters, stride, each=True)
        return
    for group in range(loops.groups):
        suffix = f"_group{group + 1}" if loops.groups > 1 else ""
        yield Row(height, width, loops.kernel, loops.channels, loops.filters, stride, suffix=suffix)


def _one_stride(loops: Loops) -> int | None:
    """Return the stride; None where it is another along the height than along the width, and both move on."""
    moving = {stride for stride, places in zip(loops.stride, loops.places, strict=True) if places > 1}
    return None if len(moving) > 1 else min(moving, default=1)


def _name(name: str, each: bool, taken: set[str]) -> str:
    """Return a name without commas, unlike all others, that holds DP only where it has to."""
    plain = re.sub(r"[^A-Za-z0-9_.+-]", "_", name).replace("DP", "Dp") + DEPTHWISE * each
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain}_{number}"
    taken.add(found)
    return found


def _remarks(report: Report, nests: list[LoopNest]) -> Iterator[str]:
    """Yield what the rows do not say."""
    dilated = [nest.name for nest in nests if nest.loops.dilation != (1, 1) and nest.loops.kernel != (1, 1)]
    if dilated:
        yield f"{TITLE} has no dilation: the taps of {listed(dilated)} are side by side"
    uneven = [nest.name for nest in nests if _one_stride(nest.loops) is None]
    if uneven:
        yield f"{TITLE} has a single stride: {listed(uneven)}, with two, is written as the equivalent matrix product"
    stamped = [nest.name for nest in nests if nest.layer.op == "conv_transpose"]
    if stamped:
        yield f"transposed convolutions are products of each place with all taps: {listed(stamped)}"
    often = [nest.name for nest in nests if nest.loops.batch > 1]
    if often:
        yield f"what runs several times with the same weights is one product of that many rows: {listed(often)}"
    yield from left_out(report)
