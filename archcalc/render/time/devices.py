"""The page of ``devices``, and a network's time on many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.time.remarks import launch, launches_rule
from archcalc.engine.report import SCHEMA
from archcalc.render.page import Grid, Head, Page
from archcalc.render.time.data import device_data
from archcalc.render.time.page import images, rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archcalc.analyses.devices.device import Device, Peak
    from archcalc.analyses.time.estimate import Estimate
    from archcalc.engine.report import Report

_COLUMNS = ("float32", "float16", "int8")
"""The types that the list has columns for; JSON has all."""


def list_page(devices: Sequence[Device]) -> Page:
    """List devices with their memory, bandwidth and peaks."""
    heads = (
        Head("device", left=True), Head("title", left=True, optional=2), Head("also", left=True, optional=1),
        Head("year"), Head("memory"), Head("bandwidth"), *(Head(dtype) for dtype in _COLUMNS),
        *(Head(f"{dtype}\ntensor cores") for dtype in _COLUMNS),
    )  # fmt: skip
    rows = tuple(
        (
            each.name,
            each.title,
            ", ".join(each.aliases),
            str(each.year or ""),
            "" if each.memory is None else units.size(each.memory),
            "" if each.bandwidth is None else units.rate(each.bandwidth, "B/s"),
            *(_rate(each.plain.get(dtype)) for dtype in _COLUMNS),
            *(_rate(each.tensor.get(dtype)) for dtype in _COLUMNS),
        )
        for each in devices
    )
    names = ("device", "title", "year", "memory_bytes", "bandwidth", *_COLUMNS, *(f"{d}_tensor" for d in _COLUMNS))
    exact = tuple(
        (
            each.name, each.title, each.year, each.memory, each.bandwidth,
            *(_exact(each.plain, dtype) for dtype in _COLUMNS), *(_exact(each.tensor, dtype) for dtype in _COLUMNS),
        )
        for each in devices
    )  # fmt: skip
    notes = (
        "Peaks in operations a second, two for each MAC: dense, with sums in float32; float32 on tensor cores is TF32."
        " Memory in powers of 1024, rates in powers of 1000. Sources: archcalc devices NAME.",
    )
    return Page((Grid("", heads, rows, notes=notes, exact=(names, exact)),), [device_data(each) for each in devices])


def _rate(peak: Peak | None) -> str:
    return "" if peak is None else units.rate(peak.rate, "")


def _exact(peaks: Mapping[str, Peak], dtype: str) -> int | None:
    return peaks[dtype].rate if dtype in peaks else None


def page(devices: Sequence[Device]) -> Page:
    """Show all that is known of some devices."""
    grids = tuple(_device(each) for each in devices)
    data = [device_data(each) for each in devices]
    return Page(grids, data[0] if len(data) == 1 else data)


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
        exact=(
            ("device", "type", "tensor_cores", "peak"),
            tuple(
                (device.name, dtype, tensor, peak.rate)
                for tensor, peaks in ((False, device.plain), (True, device.tensor))
                for dtype, peak in peaks.items()
            ),
        ),
    )


def _derived(peak: Peak) -> str:
    if not peak.cores:
        return ""
    return f"{peak.cores:,} cores · {peak.per_cycle} operations a cycle · {units.rate(peak.clock, 'Hz')}"


def on_all(report: Report, estimates: Sequence[Estimate], without: Sequence[Device]) -> Page:
    """Show a network's time on each of some devices; ``without`` are those that have no peak for its type."""
    heads = (
        Head("device", left=True), Head("year"), Head("peak"), Head("bandwidth"), Head("time"),
        Head("images\na second"), Head("bound", left=True, optional=1), Head("compiled,\nat the least", optional=2),
    )  # fmt: skip
    rows = tuple(
        (
            each.device.name,
            str(each.device.year or ""),
            units.rate(each.rates.peak.rate, "OP/s"),
            units.rate(each.rates.bandwidth, "B/s"),
            units.duration(each.seconds),
            rate(each.images_per_second),
            each.cost.bound,
            units.duration(each.compiled[0]),
        )
        for each in estimates
    )
    names = ("network", "device", "peak", "bandwidth", "seconds", "images_per_second", "bound")
    exact = tuple(
        (report.name, e.device.name, e.rates.peak.rate, e.rates.bandwidth, e.seconds, e.images_per_second, e.cost.bound)
        for e in estimates
    )
    setup = report.setup
    notes = [f"archcalc time {report.name} --device NAME shows how a time comes up, and how far it can be trusted."]
    short = [each for each in estimates if launches_rule(each)]
    if short:
        least = launch() * len(short[0].passes)
        notes.append(
            f"Launching {len(short[0].passes)} passes takes longer on {', '.join(each.device.name for each in short)}:"
            f" expect {units.duration(least)} or more."
        )
    if without:
        notes.append(f"No peak for {setup.dtype} is known of {', '.join(device.name for device in without)}.")
    title = f"{report.title} · {report.name}, input {report.input}, {images(setup.batch)}, {setup.dtype}"
    data = {
        "schema": SCHEMA,
        "network": report.name,
        "input": list(report.input),
        "batch": setup.batch,
        "dtype": setup.dtype,
        "devices": [
            {"device": each.device.name, "seconds": each.seconds, "images_per_second": each.images_per_second}
            for each in estimates
        ],
    }
    return Page((Grid(title, heads, rows, notes=tuple(notes), exact=(names, exact)),), data)
