"""The layer table of ``memory``: what each layer stores, what is alive while it runs, and what training adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc import units
from archcalc.analyses.rows import rows
from archcalc.render.columns import BY_WORD, across
from archcalc.render.page import Grid, Head
from archcalc.render.view import view

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.analyses.memory.analysis import Memory
    from archcalc.analyses.memory.training import Step
    from archcalc.engine.layer import Layer
    from archcalc.render.view import View


class _Column(NamedTuple):
    """A column of amounts: its exact name, its heading, its unit, and the amount of some layers (None: it has none)."""

    word: str
    head: str
    unit: units.Unit
    of: Callable[[Sequence[Layer]], int | None]


def layers(memory: Memory, title: str, notes: Sequence[str], *, depth: int, every: bool, si: bool) -> Grid:
    """Return the table; the row that sets the peak of a run is pointed at."""
    report = memory.report
    seen = view(report, si=si)
    table = rows(report, depth, every=every)
    columns = _columns(memory, seen)
    label = BY_WORD["layer"]
    top = memory.running.timeline.events[memory.running.top].layer
    blank = ("",) * (len(columns) + 1)
    return Grid(
        title=title,
        heads=(Head("layer", left=True), Head("output"), *(Head(_head(column)) for column in columns)),
        rows=tuple(
            (label.cell(row, seen), *blank)
            if row.heading
            else (label.cell(row, seen), across(row.output), *(_cell(column, row.layers) for column in columns))
            for row in table
        ),
        total=("total", "", *(_cell(column, report.layers) for column in columns)),
        notes=tuple(notes),
        headings=frozenset(number for number, row in enumerate(table) if row.heading),
        warnings=frozenset(
            number
            for number, row in enumerate(table)
            if not row.heading and any(layer.position == top for layer in row.layers)
        ),
        exact=(
            ("network", "layer", "output", *(column.word for column in columns)),
            tuple(
                (report.name, row.path, across(row.output), *(column.of(row.layers) for column in columns))
                for row in table
                if not row.heading
            ),
        ),
    )


def _head(column: _Column) -> str:
    return f"{column.head}\n({column.unit.name})" if column.unit.name else column.head


def _cell(column: _Column, layers: Sequence[Layer]) -> str:
    value = column.of(layers)
    return "" if value is None else units.whole(value, column.unit)


def _columns(memory: Memory, seen: View) -> list[_Column]:
    alive = alive_bytes(memory)

    def most(layers: Sequence[Layer]) -> int | None:
        return max((alive[layer.position] for layer in layers if layer.position in alive), default=None)

    found = [
        _Column("stored_bytes", "stored", seen.memory, lambda layers: sum(layer.memory_bytes for layer in layers)),
        _Column("alive_bytes", "alive", seen.memory, most),
    ]
    return found if memory.step is None else found + _of_training(memory, memory.step, seen)


def _of_training(memory: Memory, step: Step, seen: View) -> list[_Column]:
    saved, work = saved_bits(step), step.work
    return [
        _Column(
            "saved_bytes", "saved", seen.memory,
            lambda layers: memory.bytes(sum(saved.get(layer.position, 0) for layer in layers)),
        ),
        _Column("macs", "MACs", seen.work, lambda layers: sum(layer.macs for layer in layers)),
        _Column(
            "input_gradient_macs", "input\ngradients", seen.work,
            lambda layers: sum(work[layer.position].inputs for layer in layers),
        ),
        _Column(
            "weight_gradient_macs", "weight\ngradients", seen.work,
            lambda layers: sum(work[layer.position].weights for layer in layers),
        ),
    ]  # fmt: skip


def alive_bytes(memory: Memory) -> dict[int, int]:
    """Return what is alive while a layer runs, by its position; views and folded layers do not run."""
    events = memory.running.timeline.events
    return {event.layer: memory.bytes(bits) for event, bits in zip(events, memory.running.during, strict=True)}


def saved_bits(step: Step) -> dict[int, int]:
    """Return the bits that are saved of each layer for the way back, by its position."""
    found: dict[int, int] = {}
    for buffer, bits in step.saved.items():
        found[buffer.layer] = found.get(buffer.layer, 0) + bits
    return found
