"""The page of ``devices``, and a network's time on many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.time.remarks import launch, launches_rule
from archcalc.engine.report import SCHEMA
from archcalc.render.page import Grid, Head, Page, Table
from archcalc.render.time.data import device_data
from archcalc.render.time.wording import images, rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archcalc.analyses.devices.device import Device, Peak
    from archcalc.analyses.time.estimate import Estimate
    from archcalc.engine.report import Report

_COLUMNS = ("float32", "float16", "int8")
"""The types that the list has columns for; JSON has all."""


class DeviceListPage(Page):
    """Devices with their memory, bandwidth and peaks."""

    devices: Sequence[Device]

    def grids(self) -> list[Grid]:
        """Return the table of devices."""
        heads = (
            Head("device", left=True), Head("title", left=True, optional=2), Head("also", left=True, optional=1),
            Head("year"), Head("memory"), Head("bandwidth"), *(Head(dtype) for dtype in _COLUMNS),
            *(Head(f"{dtype}\ntensor cores") for dtype in _COLUMNS),
        )  # fmt: skip
        rows = tuple(
            (
                device.name,
                device.title,
                ", ".join(device.aliases),
                str(device.year or ""),
                "" if device.memory is None else units.size(device.memory),
                "" if device.bandwidth is None else units.rate(device.bandwidth, "B/s"),
                *(_rate(device.plain.get(dtype)) for dtype in _COLUMNS),
                *(_rate(device.tensor.get(dtype)) for dtype in _COLUMNS),
            )
            for device in self.devices
        )
        note = (
            "Peaks in operations a second, two for each MAC: dense, with sums in float32; float32 on tensor cores is"
            " TF32. Memory in powers of 1024, rates in powers of 1000. Sources: archcalc devices NAME."
        )
        return [Grid("", heads, rows, notes=(note,))]

    def tables(self) -> list[Table]:
        """Return the same with exact values."""
        heads = ("device", "title", "year", "memory_bytes", "bandwidth", *_COLUMNS, *(f"{d}_tensor" for d in _COLUMNS))
        rows = (
            (device.name, device.title, device.year, device.memory, device.bandwidth,
             *(_exact(device.plain, d) for d in _COLUMNS), *(_exact(device.tensor, d) for d in _COLUMNS))
            for device in self.devices
        )  # fmt: skip
        return [Table(heads, rows)]

    def data(self) -> list[dict[str, Any]]:
        """Return all that is known of each."""
        return [device_data(device) for device in self.devices]


def _rate(peak: Peak | None) -> str:
    return "" if peak is None else units.rate(peak.rate, "")


def _exact(peaks: Mapping[str, Peak], dtype: str) -> int | None:
    return peaks[dtype].rate if dtype in peaks else None


class DevicePage(Page):
    """All that is known of some devices."""

    devices: Sequence[Device]

    def grids(self) -> list[Grid]:
        """Return a table of peaks for each device."""
        return [_device(device) for device in self.devices]

    def tables(self) -> list[Table]:
        """Return the peaks with exact values, in one table."""
        rows = (
            (device.name, dtype, tensor, peak.rate)
            for device in self.devices
            for tensor, peaks in ((False, device.plain), (True, device.tensor))
            for dtype, peak in peaks.items()
        )
        return [Table(("device", "type", "tensor_cores", "peak"), rows)]

    def data(self) -> Any:
        """Return the same as data: one object for one device, a list for several."""
        data = [device_data(device) for device in self.devices]
        return data[0] if len(data) == 1 else data


def _device(device: Device) -> Grid:
    rows = [
        (dtype, what, units.rate(peak.rate, "OP/s"), _derived(peak))
        for what, peaks in (("arithmetic", device.plain), ("tensor cores", device.tensor))
        for dtype, peak in peaks.items()
    ]
    known = [f"{device.title} · {device.name}"]
    if device.year is not None:
        known.append(str(device.year))
    if device.memory is not None:
        known.append(f"{units.size(device.memory)} of memory")
    if device.bandwidth is not None:
        known.append(units.rate(device.bandwidth, "B/s"))
    return Grid(
        title=", ".join(known),
        heads=(Head("type", left=True), Head("units", left=True), Head("peak"), Head("", left=True)),
        rows=tuple(rows),
        notes=(f"Source: {device.source}.",) if device.source else (),
    )


def _derived(peak: Peak) -> str:
    if not peak.cores:
        return ""
    return f"{peak.cores:,} cores · {peak.per_cycle} operations a cycle · {units.rate(peak.clock, 'Hz')}"


class EverywherePage(Page):
    """A network's time on each of some devices; ``without`` are those that have no peak for its type."""

    report: Report
    estimates: Sequence[Estimate]
    without: Sequence[Device]

    def grids(self) -> list[Grid]:
        """Return the table of devices."""
        report, setup = self.report, self.report.setup
        heads = (
            Head("device", left=True), Head("year"), Head("peak"), Head("bandwidth"), Head("time"),
            Head("images\na second"), Head("bound", left=True, optional=1), Head("compiled,\nat the least", optional=2),
        )  # fmt: skip
        rows = tuple(
            (
                estimate.device.name,
                str(estimate.device.year or ""),
                units.rate(estimate.rates.peak.rate, "OP/s"),
                units.rate(estimate.rates.bandwidth, "B/s"),
                units.duration(estimate.seconds),
                rate(estimate.images_per_second),
                estimate.cost.bound,
                units.duration(estimate.compiled[0]),
            )
            for estimate in self.estimates
        )
        title = f"{report.title} · {report.name}, input {report.input}, {images(setup.batch)}, {setup.dtype}"
        return [Grid(title, heads, rows, notes=tuple(self._remarks()))]

    def _remarks(self) -> Iterator[str]:
        name = self.report.name
        yield f"archcalc time {name} --device NAME shows how a time is composed, and how reliable it is."
        short = [estimate for estimate in self.estimates if launches_rule(estimate)]
        if short:
            least = launch() * len(short[0].passes)
            names = ", ".join(estimate.device.name for estimate in short)
            yield (
                f"Launching {len(short[0].passes)} passes takes longer on {names}:"
                f" expect {units.duration(least)} or more."
            )
        if self.without:
            names = ", ".join(device.name for device in self.without)
            yield f"No peak for {self.report.setup.dtype} is known of {names}."

    def tables(self) -> list[Table]:
        """Return the same with exact values."""
        heads = ("network", "device", "peak", "bandwidth", "seconds", "images_per_second", "bound")
        rows = (
            (self.report.name, each.device.name, each.rates.peak.rate, each.rates.bandwidth, each.seconds,
             each.images_per_second, each.cost.bound)
            for each in self.estimates
        )  # fmt: skip
        return [Table(heads, rows)]

    def data(self) -> dict[str, Any]:
        """Return the times."""
        report = self.report
        return {
            "schema": SCHEMA,
            "network": report.name,
            "input": list(report.input),
            "batch": report.setup.batch,
            "dtype": report.setup.dtype,
            "devices": [
                {"device": each.device.name, "seconds": each.seconds, "images_per_second": each.images_per_second}
                for each in self.estimates
            ],
        }
