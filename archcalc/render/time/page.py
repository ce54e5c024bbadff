"""The page of ``time``: the derivation, where the time goes, a step of training, and how far to trust it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.time.parts import memory_bound
from archcalc.analyses.time.remarks import remarks
from archcalc.render.page import Grid, Head, Page, Table
from archcalc.render.time.layers import layer_values, layers
from archcalc.render.time.operations import operation_values, operations
from archcalc.render.time.training import training, training_values
from archcalc.render.time.trust import trust
from archcalc.render.time.wording import images, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.devices.device import Peak
    from archcalc.analyses.time.estimate import Estimate


class TimePage(Page):
    """A network's time on a device: the sum, where it goes, a step of training, and how far to trust it."""

    estimate: Estimate
    per: str = "operation"
    depth: int = 1
    every: bool = False

    def grids(self) -> list[Grid]:
        """Return the derivation, the table by operation or layer, and that of training."""
        estimate = self.estimate
        grids = [derivation(estimate)]
        if self.per == "layer":
            grids.append(layers(estimate, depth=self.depth, every=self.every))
        else:
            grids.append(operations(estimate))
        return grids if estimate.training is None else [*grids, training(estimate)]

    def notes(self) -> list[str]:
        """Say where the model is known to fail for this network and device."""
        return [remark.text for remark in remarks(self.estimate)]

    def tables(self) -> list[Table]:
        """Return the same tables with exact values."""
        estimate = self.estimate
        tables = [derivation_values(estimate)]
        if self.per == "layer":
            tables.append(layer_values(estimate, depth=self.depth, every=self.every))
        else:
            tables.append(operation_values(estimate))
        return tables if estimate.training is None else [*tables, training_values(estimate)]

    def data(self) -> dict[str, Any]:
        """Return everything about the estimate."""
        from archcalc.render.time.data import data

        return data(self.estimate)


def title(estimate: Estimate) -> str:
    """Return the network, input, batch, type and device of an estimate as a title."""
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
    return Grid(
        title=title(estimate),
        heads=(
            Head("part", left=True, optional=-1, wraps=True),
            Head("amount"),
            Head("rate"),
            Head("time"),
            Head("share"),
        ),
        rows=tuple((*said, units.duration(part), units.share(part, cost.seconds)) for *said, part in parts),
        total=("sum", "", "", units.duration(cost.seconds), units.share(cost.seconds, cost.seconds)),
        notes=tuple(_notes(estimate)),
    )


def derivation_values(estimate: Estimate) -> Table:
    """Return the same with exact values."""
    cost, rates = estimate.cost, estimate.rates
    known = (estimate.report.name, estimate.device.name)
    rows = (
        (*known, "compute", cost.flops, rates.peak.rate, cost.compute),
        (*known, "memory", cost.bytes, rates.bandwidth, cost.traffic),
    )
    return Table(("network", "device", "part", "amount", "rate", "seconds"), rows, "sum")


def _notes(estimate: Estimate) -> Iterator[str]:
    for measurement in estimate.measurements:
        yield (
            f"Calibrated: {measurement.network} at {measurement.input} took {units.duration(measurement.measured)},"
            f" {units.duration(measurement.estimated)} estimated: times"
            f" {units.significant(measurement.measured / measurement.estimated)}."
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
    text = "Peak of the tensor cores, dense, sums in float32" if tensor else "Peak without tensor cores"
    if not peak.cores:
        return f"{text}; bandwidth of the memory; both as the maker states them."
    clock = units.rate(peak.clock, "Hz")
    return f"{text}: {peak.cores:,} cores · {peak.per_cycle} operations a cycle · {clock}."


def _bounds(estimate: Estimate) -> str:
    bound = memory_bound(estimate)
    return (
        f"Memory takes longer than compute in {bound.passes:,} of {len(estimate.passes):,} passes, which take"
        f" {units.share(bound.seconds, estimate.cost.seconds)} of the time."
    )
