"""The page of ``memory``: the layers, the sums, the peak of a run, a step of training, and what fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc import units
from archcalc.render.memory.layers import layers
from archcalc.render.page import Grid, Head, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.analysis import Memory
    from archcalc.analyses.memory.needs import Fit


class MemoryTableOptions(NamedTuple):
    """How the page is to look."""

    depth: int = 1
    every: bool = False
    si: bool = False


def page(memory: Memory, table: MemoryTableOptions, fit: Fit | None = None) -> Page:
    """Return the page of a network; with ``fit`` also what fits."""
    from archcalc.render.memory.data import data

    grids = [
        layers(memory, _title(memory), list(_legend(memory)), depth=table.depth, every=table.every, si=table.si),
        _sums(memory, table),
        _peak(memory, table),
    ]
    if memory.step is not None:
        from archcalc.render.memory.training import training

        grids.append(training(memory, memory.step, si=table.si))
    if fit is not None:
        from archcalc.render.memory.fit import fits

        grids.append(fits(memory, fit, si=table.si))
    return Page(tuple(grids), data(memory, fit))


def images(batch: int) -> str:
    """Say how many images a batch has."""
    return "1 image" if batch == 1 else f"{batch:,} images"


def _title(memory: Memory) -> str:
    report = memory.report
    return f"{report.title} · {report.name}, input {report.input}, {images(report.setup.batch)}, {memory.dtype}"


def _legend(memory: Memory) -> Iterator[str]:
    said = (
        "stored: what the sum counts. alive: all outputs that are in memory while the layer runs, its own included; the"
        " total is the most, the peak."
    )
    if memory.step is not None:
        said += (
            " saved: what the backward pass needs of it, its masks and indices included. The gradients' MACs are those"
            " of the backward pass."
        )
    yield said
    report = memory.report
    if report.training_totals is not None:
        names = ", ".join(dict.fromkeys(layer.name.split("/")[0] for layer in report.training_layers))
        how = "counted in the sum and in training" if report.training else "not counted (--training counts them)"
        yield f"{names}: for training only, {how}."


def _sums(memory: Memory, table: MemoryTableOptions) -> Grid:
    plain = memory.sums[0].bytes
    rows = tuple(
        (
            each.says,
            units.exact(each.values),
            units.exact(each.bytes),
            units.size(each.bytes, si=table.si),
            units.ratio(each.bytes, plain),
        )
        for each in memory.sums
    )
    heads = (Head("sum", left=True, optional=-1), Head("values"), Head("bytes"), Head("size"), Head("to the first"))
    exact = tuple((memory.report.name, each.rule, each.values, each.bytes) for each in memory.sums)
    return Grid("", heads, rows, exact=(("network", "sum", "values", "bytes"), exact))


def _peak(memory: Memory, table: MemoryTableOptions) -> Grid:
    running = memory.running
    event = running.timeline.events[running.top]
    alive = [
        (memory.name(buffer.layer), "its output" if buffer.layer == event.layer else "still to be read", buffer)
        for buffer in running.alive(running.top)
    ]
    sizes = [memory.bytes(running.timeline.sizes[buffer]) for _, _, buffer in alive]
    name = memory.name(event.layer)
    return Grid(
        title=f"Peak when it runs: {units.size(memory.peak, si=table.si)}, while {name} runs",
        heads=(Head("alive then", left=True), Head("", left=True), Head("bytes"), Head("size")),
        rows=tuple(
            (each, what, units.exact(size), units.size(size, si=table.si))
            for (each, what, _), size in zip(alive, sizes, strict=True)
        ),
        total=("together", "", units.exact(memory.peak), units.size(memory.peak, si=table.si)),
        notes=tuple(_about_peak(memory, table)),
        exact=(
            ("network", "at", "alive", "bytes"),
            tuple((memory.report.name, name, each, size) for (each, _, _), size in zip(alive, sizes, strict=True)),
        ),
    )


def _about_peak(memory: Memory, table: MemoryTableOptions) -> Iterator[str]:
    def size(bits: int) -> str:
        return units.size(memory.bytes(bits), si=table.si)

    weights = memory.weights + memory.statistics
    bits = f" of {memory.options.bits} bits" if memory.options.bits else ""
    statistics = " and running statistics" if memory.statistics else ""
    yield (
        f"Weights{bits}{statistics}: {units.exact(weights)} bytes = {units.size(weights, si=table.si)};"
        f" with the peak {units.size(weights + memory.peak, si=table.si)}."
    )
    others = [f"{size(each.peak)} {each.says}" for each in memory.others if each.peak != memory.running.peak]
    if others:
        yield f"The peak would be {', '.join(others)}."
    order = memory.order
    if not order.exact:
        yield "The branches are too many for the search of their best order."
    if order.peak < memory.running.peak:
        yield f"In another order of its branches it would be {size(order.peak)}: {'; '.join(_orders(memory))}."
    elif order.exact and any(len(layer.inputs) > 1 for layer in memory.graph.layers.values()):
        yield "No other order of its branches needs less."


def _orders(memory: Memory) -> Iterator[str]:
    """Yield each part that runs in another order, as runs of layers that follow one another as written."""
    place = {event.layer: number for number, event in enumerate(memory.running.timeline.events)}
    for part in memory.order.moved:
        runs: list[list[int]] = []
        for event in part:
            if runs and place[event.layer] == place[runs[-1][-1]] + 1:
                runs[-1].append(event.layer)
            else:
                runs.append([event.layer])
        yield ", then ".join(_run(memory, run) for run in runs)


def _run(memory: Memory, run: list[int]) -> str:
    first, last = memory.name(run[0]), memory.name(run[-1])
    return first if len(run) == 1 else f"{first} to {last}"
