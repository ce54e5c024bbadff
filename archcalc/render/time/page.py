"""The page of ``time``: the derivation, where the time goes, a step of training, and what can be trusted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc import units
from archcalc.analyses.time.estimate import MEMORY
from archcalc.analyses.time.remarks import remarks
from archcalc.render.page import Grid, Head, Page
from archcalc.render.time.trust import trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.devices.device import Peak
    from archcalc.analyses.time.estimate import Estimate


class TimeTableOptions(NamedTuple):
    """What the page shows."""

    per: str = "operation"
    depth: int = 1
    every: bool = False


def page(estimate: Estimate, options: TimeTableOptions) -> Page:
    """Return the page of a network on a device."""
    from archcalc.render.time.data import data

    grids = [derivation(estimate)]
    if options.per == "layer":
        from archcalc.render.time.layers import layers

        grids.append(layers(estimate, depth=options.depth, every=options.every))
    else:
        from archcalc.render.time.operations import operations

        grids.append(operations(estimate))
    if estimate.training is not None:
        from archcalc.render.time.training import training

        grids.append(training(estimate))
    return Page(tuple(grids), data(estimate), tuple(remark.text for remark in remarks(estimate)))


def images(batch: int) -> str:
    """Say how many images a batch has."""
    return "1 image" if batch == 1 else f"{batch:,} images"


def rate(images_per_second: float | None) -> str:
    """Write how many images a second are run; a dash where they take no time."""
    return "–" if images_per_second is None else units.significant(images_per_second)


def title(estimate: Estimate) -> str:
    """Say of what network, for what, and on what an estimate is."""
    report = estimate.report
    return (
        f"{report.title} · {report.name}, input {report.input}, {images(report.setup.batch)}, {report.setup.dtype}"
        f" on {estimate.device.title}"
    )


def derivation(estimate: Estimate) -> Grid:
    """Return the table of the sum: what is computed at which rate, and what is moved."""
    cost, rates = estimate.cost, estimate.rates
    parts = (
        (
            f"compute: {units.short(cost.flops // 2)} MACs, two operations each", units.rate(cost.flops, "OP"),
            units.rate(rates.peak.rate, "OP/s"), cost.compute,
        ),
        (
            "memory: inputs, outputs and weights of each pass", units.size(cost.bytes, si=True),
            units.rate(rates.bandwidth, "B/s"), cost.traffic,
        ),
    )  # fmt: skip
    exact = (
        (estimate.report.name, estimate.device.name, "compute", cost.flops, rates.peak.rate, cost.compute),
        (estimate.report.name, estimate.device.name, "memory", cost.bytes, rates.bandwidth, cost.traffic),
    )
    return Grid(
        title=title(estimate),
        heads=(Head("part", left=True, optional=-1), Head("amount"), Head("rate"), Head("time"), Head("share")),
        rows=tuple((*said, units.duration(part), units.share(part, cost.seconds)) for *said, part in parts),
        total=("sum", "", "", units.duration(cost.seconds), units.share(cost.seconds, cost.seconds)),
        notes=tuple(_notes(estimate)),
        exact=(("network", "device", "part", "amount", "rate", "seconds"), exact),
    )


def _notes(estimate: Estimate) -> Iterator[str]:
    for each in estimate.measurements:
        yield (
            f"Calibrated: {each.network} at {each.input} took {units.duration(each.measured)},"
            f" {units.duration(each.estimated)} estimated: times {units.significant(each.measured / each.estimated)}."
        )
    calibrated = ", calibrated," if estimate.measurements else ""
    batch = estimate.report.setup.batch
    yield (
        f"{units.duration(estimate.seconds)}{calibrated} for {images(batch)}:"
        f" {rate(estimate.images_per_second)} images a second."
    )
    yield _peak(estimate.rates.peak, tensor=estimate.rates.tensor)
    yield _bounds(estimate)
    low, high = estimate.compiled
    yield (
        f"Compiled, with passes fused: between {units.duration(low)} (everything fused into what multiplies) and"
        f" {units.duration(high)} (nothing)."
    )
    yield from trust(estimate)


def _peak(peak: Peak, *, tensor: bool) -> str:
    said = "Peak of the tensor cores, dense, sums in float32" if tensor else "Peak without tensor cores"
    if not peak.cores:
        return f"{said}; bandwidth of the memory; both as the maker states them."
    clock = units.rate(peak.clock, "Hz")
    return f"{said}: {peak.cores:,} cores · {peak.per_cycle} operations a cycle · {clock}."


def _bounds(estimate: Estimate) -> str:
    costs = [estimate.rates.cost([each]) for each in estimate.passes]
    bound = [each.seconds for each in costs if each.bound == MEMORY]
    return (
        f"Memory takes the larger part of {len(bound):,} of {len(costs):,} passes, with"
        f" {units.share(sum(bound), estimate.cost.seconds)} of the time."
    )
