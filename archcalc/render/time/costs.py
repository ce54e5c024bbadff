"""Tables of costs: some passes a row, with what they compute, move and take."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc import units
from archcalc.render.page import Head

if TYPE_CHECKING:
    from archcalc.analyses.time.estimate import Cost

HEADS = ("MACs", "moved", "compute", "memory", "time", "share", "bound")
"""What the columns of a cost are called."""

EXACT = ("macs", "bytes", "compute_seconds", "memory_seconds", "seconds", "bound")
"""What they are called in csv and tsv."""


class Scale(NamedTuple):
    """The unit of a table's times: one in which its sum is 1 or more."""

    name: str
    size: int

    @staticmethod
    def of(seconds: float) -> Scale:
        """Choose the unit for a sum."""
        name, size = next((unit for unit in (("s", 1), ("ms", 10**3)) if seconds * unit[1] >= 10), ("µs", 10**6))
        return Scale(name, size)

    def cell(self, seconds: float) -> str:
        """Write a time in the unit, to the hundredth, so that nothing shows as 0."""
        value = seconds * self.size
        return "0" if not seconds else f"{value:,.2f}" if value >= 0.01 else units.significant(value, 1)


def heads(scale: Scale) -> tuple[Head, ...]:
    """Return the headings of the columns of a cost."""
    macs, moved, compute, memory, time, share, bound = HEADS
    timed = (Head(f"{word}\n({scale.name})", optional=soon) for word, soon in ((compute, 2), (memory, 2), (time, 0)))
    return (Head(macs), Head(moved), *timed, Head(share, optional=1), Head(bound, left=True, optional=1))


def cells(cost: Cost, whole: float, scale: Scale) -> tuple[str, ...]:
    """Return the cells of a cost in a table whose times sum up to ``whole``."""
    return (
        units.short(cost.flops // 2),
        units.size(cost.bytes, si=True),
        scale.cell(cost.compute),
        scale.cell(cost.traffic),
        scale.cell(cost.seconds),
        units.share(cost.seconds, whole),
        cost.bound if cost.seconds else "",
    )


def exact(cost: Cost) -> tuple[object, ...]:
    """Return a cost for csv and tsv."""
    return (cost.flops // 2, cost.bytes, cost.compute, cost.traffic, cost.seconds, cost.bound)
