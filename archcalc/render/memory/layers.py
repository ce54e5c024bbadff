"""The layer table of ``memory``: what each layer stores, what is alive while it runs, and what training adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc import units
from archcalc.analyses.memory.amounts import Amounts, AmountsOfLayers
from archcalc.render.columns import BY_WORD, across
from archcalc.render.page import Grid, Head, Table
from archcalc.render.view import view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.memory.analysis import Memory
    from archcalc.analyses.rows import Row
    from archcalc.render.view import View


class _Column(NamedTuple):
    """A column: the word of its amount, its heading and its unit."""

    word: str
    head: str
    unit: units.Unit


def layers(memory: Memory, rows: Sequence[Row], *, si: bool) -> Grid:
    """Return the table; the row at the peak is highlighted."""
    report = memory.report
    seen = view(report, si=si)
    columns = _columns(memory, seen)
    amounts = AmountsOfLayers(memory)
    label = BY_WORD["layer"]
    top = memory.running.timeline.events[memory.running.top].layer
    blank = ("",) * (len(columns) + 1)
    return Grid(
        title="",
        heads=(Head("layer", left=True), Head("output"), *(Head(_head(column)) for column in columns)),
        rows=tuple(
            (label.cell(row, seen), *blank)
            if row.heading
            else (label.cell(row, seen), across(row.output), *_cells(columns, amounts(row.layers)))
            for row in rows
        ),
        total=("total", "", *_cells(columns, amounts(report.layers))),
        headings=frozenset(number for number, row in enumerate(rows) if row.heading),
        sign="*",
        warnings=frozenset(
            number
            for number, row in enumerate(rows)
            if not row.heading and any(layer.position == top for layer in row.layers)
        ),
    )


def layer_values(memory: Memory, rows: Sequence[Row]) -> Table:
    """Return the same rows with exact values."""
    name, amounts = memory.report.name, AmountsOfLayers(memory)
    words = Amounts._fields if memory.step is not None else Amounts._fields[:2]
    values = (
        (name, row.path, across(row.output), *amounts(row.layers)[: len(words)]) for row in rows if not row.heading
    )
    return Table(("network", "layer", "output", *words), values, "layers")


def _head(column: _Column) -> str:
    return f"{column.head}\n({column.unit.name})" if column.unit.name else column.head


def _cells(columns: Sequence[_Column], amounts: Amounts) -> tuple[str, ...]:
    values = [getattr(amounts, column.word) for column in columns]
    return tuple(
        "" if value is None else units.whole(value, column.unit) for value, column in zip(values, columns, strict=True)
    )


def _columns(memory: Memory, seen: View) -> list[_Column]:
    columns = [_Column("stored_bytes", "stored", seen.memory), _Column("alive_bytes", "alive", seen.memory)]
    if memory.step is None:
        return columns
    return [
        *columns,
        _Column("saved_bytes", "saved", seen.memory),
        _Column("macs", "MACs", seen.work),
        _Column("input_gradient_macs", "input\ngradients", seen.work),
        _Column("weight_gradient_macs", "weight\ngradients", seen.work),
    ]
