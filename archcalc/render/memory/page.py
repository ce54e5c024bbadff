"""The page of ``memory``: the layers, the sums, the peak of a run, a step of training, and what fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.rows import rows
from archcalc.render.memory.answers import answers
from archcalc.render.memory.fit import fit_values, fits
from archcalc.render.memory.layers import layer_values, layers
from archcalc.render.memory.training import training, training_values
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.analysis import Memory
    from archcalc.analyses.memory.needs import Fit
    from archcalc.analyses.rows import Row


class MemoryPage(Page):
    """The memory of a network: layer by layer, as sums, at its peak, in training, and what fits."""

    memory: Memory
    fit: Fit | None = None
    depth: int = 1
    every: bool = False
    si: bool = False

    def grids(self) -> list[Grid]:
        """Return the table of layers, and one for each of the questions."""
        memory, si = self.memory, self.si
        table = layers(memory, self._rows(), si=si)
        grids = [
            table.replace(
                title=_title(memory), lead=tuple(answers(memory, self.fit, si=si)), legend=tuple(_legend(memory))
            ),
            _sums(memory, si),
            _peak(memory, si),
        ]
        if memory.step is not None:
            grids.append(training(memory, memory.step, si=si))
        if self.fit is not None:
            grids.append(fits(memory, self.fit, si=si))
        return grids

    def tables(self) -> list[Table]:
        """Return the same tables with exact values."""
        memory = self.memory
        tables = [layer_values(memory, self._rows()), _sum_values(memory), _peak_values(memory)]
        if memory.step is not None:
            tables.append(training_values(memory, memory.step))
        if self.fit is not None:
            tables.append(fit_values(memory, self.fit))
        return tables

    def data(self) -> dict[str, Any]:
        """Return everything about a network's memory."""
        from archcalc.render.memory.data import data

        return data(self.memory, self.fit)

    def _rows(self) -> list[Row]:
        return rows(self.memory.report, self.depth, every=self.every)


def images(batch: int) -> str:
    """Say how many images a batch has."""
    return "1 image" if batch == 1 else f"{batch:,} images"


def _title(memory: Memory) -> str:
    report = memory.report
    return f"{report.title} · {report.name}, input {report.input}, {images(report.setup.batch)}, {memory.dtype}"


def _legend(memory: Memory) -> Iterator[str]:
    text = (
        "stored: what the sum counts. alive: all outputs in memory while the layer runs, including its own; the total"
        " is the maximum, the peak (*)."
    )
    if memory.step is not None:
        text += (
            " saved: what the backward pass needs of it, including masks and indices. MACs of gradients are those of"
            " the backward pass."
        )
    yield text
    report = memory.report
    if report.training_totals is not None:
        names = ", ".join(dict.fromkeys(layer.name.split("/")[0] for layer in report.training_layers))
        how = "counted in the sum and in training" if report.training else "not counted (--training counts them)"
        yield f"{names}: for training only, {how}."


def _sums(memory: Memory, si: bool) -> Grid:
    plain = memory.sums[0].bytes
    rows = tuple(
        (
            rule.label,
            units.exact(rule.values),
            units.exact(rule.bytes),
            units.size(rule.bytes, si=si),
            units.ratio(rule.bytes, plain),
        )
        for rule in memory.sums
    )
    heads = (
        Head("sum", left=True, optional=-1, wraps=True),
        Head("values"),
        Head("bytes"),
        Head("size"),
        Head("to the first"),
    )
    return Grid("", heads, rows)


def _sum_values(memory: Memory) -> Table:
    rows = ((memory.report.name, total.rule, total.values, total.bytes) for total in memory.sums)
    return Table(("network", "sum", "values", "bytes"), rows, "sums")


def _peak(memory: Memory, si: bool) -> Grid:
    layer = memory.running.timeline.events[memory.running.top].layer
    return Grid(
        title=f"Peak at inference: {units.size(memory.peak, si=si)}, while {memory.name(layer)} runs",
        heads=(Head("alive then", left=True, wraps=True), Head("", left=True), Head("bytes"), Head("size")),
        rows=tuple(
            (
                memory.name(position),
                "its output" if position == layer else "still to be read",
                units.exact(size),
                units.size(size, si=si),
            )
            for position, size in memory.alive_at_peak
        ),
        total=("total", "", units.exact(memory.peak), units.size(memory.peak, si=si)),
        notes=tuple(_about_peak(memory, si)),
    )


def _peak_values(memory: Memory) -> Table:
    at = memory.name(memory.running.timeline.events[memory.running.top].layer)
    rows = ((memory.report.name, at, memory.name(position), size) for position, size in memory.alive_at_peak)
    return Table(("network", "at", "alive", "bytes"), rows, "peak")


def _about_peak(memory: Memory, si: bool) -> Iterator[str]:
    def size(bits: int) -> str:
        return units.size(memory.bytes(bits), si=si)

    weights = memory.weights + memory.statistics
    bits = f" of {memory.options.bits} bits" if memory.options.bits else ""
    statistics = " and running statistics" if memory.statistics else ""
    yield (
        f"Weights{bits}{statistics}: {units.exact(weights)} bytes = {units.size(weights, si=si)};"
        f" with the peak {units.size(weights + memory.peak, si=si)}."
    )
    others = [
        f"{size(variant.peak)} {variant.label}" for variant in memory.others if variant.peak != memory.running.peak
    ]
    if others:
        yield f"The peak would be {', '.join(others)}."
    order = memory.order
    if not order.exact:
        yield "There are too many branches to search for their best order."
    if order.peak < memory.running.peak:
        yield f"With its branches in another order it would be {size(order.peak)}: {'; '.join(_orders(memory))}."
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
