"""The layer table of a network, its totals, and notes on what was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.counting import printed_totals
from archcalc.analyses.rows import rows
from archcalc.analyses.unseen import remarks
from archcalc.operations import macs_in
from archcalc.render.columns import BY_WORD, across
from archcalc.render.page import Grid, Head, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.counting import PrintedTotal
    from archcalc.analyses.rows import Row
    from archcalc.engine.report import Report
    from archcalc.render.column import Column
    from archcalc.render.table_options import TableOptions
    from archcalc.render.view import View


def grid(view: View, columns: Sequence[Column], options: TableOptions) -> Grid:
    """Return the table as text."""
    report = view.report
    table = _rows(view, options)
    pointed = {remark.layer for remark in remarks(report)}
    return Grid(
        title=f"{report.title} · {report.name}, input {report.input}",
        heads=tuple(Head(column.head(view), column.left, column.optional) for column in columns),
        rows=tuple(_cells(row, columns, view) for row in table),
        total=tuple(_total(column, view) for column in columns),
        notes=tuple(_notes(view)),
        legend=(_legend(view, any(row.in_place for row in table)),),
        headings=frozenset(number for number, row in enumerate(table) if row.heading),
        warnings=frozenset(
            number
            for number, row in enumerate(table)
            if not (row.heading or row.rest) and any(layer.name in pointed for layer in row.layers)
        ),
        bars=_bars(table, columns, view) if options.bars else {},
    )


def table(view: View, columns: Sequence[Column], options: TableOptions) -> Table:
    """Return the same rows with exact values, and how many layers each stands for."""
    report = view.report
    columns = columns if BY_WORD["layers"] in columns else (*columns, BY_WORD["layers"])
    heads = ("network", *(column.exact(view) if column.exact else column.word for column in columns))
    values = (
        (report.name, *(column.value(row, view) for column in columns))
        for row in _rows(view, options)
        if not (row.heading or row.rest)
    )
    return Table(heads, values)


def _rows(view: View, options: TableOptions) -> list[Row]:
    """Return the rows in the order asked for; without one, and with a number of rows, those of the most work first."""
    table = rows(view.report, options.depth, every=options.every)
    sort = options.sort or ("macs" if options.top else None)
    if sort is None:
        return table
    from archcalc.analyses.ranking import first, ranked

    sorted_by = BY_WORD[sort].value
    table = ranked(table, lambda row: sorted_by(row, view))
    return table if options.top is None else first(table, options.top)


def _bars(table: Sequence[Row], columns: Sequence[Column], view: View) -> dict[int, list[int]]:
    """Return the amounts of shares, for bars; headings have none."""
    return {
        number: [0 if row.heading or row.rest else round((column.value(row, view) or 0) * 10**9) for row in table]
        for number, column in enumerate(columns)
        if column.word.endswith("_share")
    }


def _cells(row: Row, columns: Sequence[Column], view: View) -> tuple[str, ...]:
    if row.heading:
        return tuple(f"{'  ' * row.level}{row.label}" if column.word == "layer" else "" for column in columns)
    if row.rest:
        amounts = (column.cell(row, view) if column.total else "" for column in columns)
        return tuple(
            row.label if column.word == "layer" else cell for column, cell in zip(columns, amounts, strict=True)
        )
    return tuple(column.cell(row, view) for column in columns)


def _total(column: Column, view: View) -> str:
    if column.word == "layer":
        return "total"
    return column.total(view) if column.total else ""


def _notes(view: View) -> list[str]:
    report = view.report
    notes = [
        f"params  {_params(view)}",
        f"{view.counting.work_name:6}  {_work(view)}",
        f"memory  {_memory(view)}",
    ]
    notes += _other_totals(view)
    if report.training_totals is not None:
        notes.append(_training(report))
    if view.convention is not None:
        notes += [f"! {view.convention.name}: {remark}" for remark in view.convention.remarks_on(report)]
    return notes + [f"! {remark.text}" for remark in remarks(report)]


def _params(view: View) -> str:
    report = view.report
    total = view.sums.params
    text = f"{units.exact(total)} = {units.size(report.setup.bytes_of(total), si=view.si)} at {report.setup.dtype}"
    if view.convention is not None and view.convention.parameters:
        return f"{text} under '{view.convention.name}'; {units.exact(report.params)} by archcalc's own count"
    if not view.counting.biases:
        return f"{text}, without biases; {units.exact(report.params)} with them"
    return f"{text}{_without_biases(report)}"


def _without_biases(report: Report) -> str:
    by_kind = report.totals.params_by_kind
    norm = f"{units.exact(by_kind['norm'])} of these are {_norms(report)}" if by_kind.get("norm") else ""
    if not by_kind.get("bias"):
        return f"; {norm}" if norm else ""
    return f"; {units.exact(report.params - by_kind['bias'])} without biases{f' ({norm})' if norm else ''}"


def _norms(report: Report) -> str:
    """Name the operations that have parameters of normalisation: batch norm, layer norm."""
    words = dict.fromkeys(layer.op for layer in report.layers if layer.params_by_kind.get("norm"))
    return " and ".join({"bn": "batch norm"}.get(word, word.replace("_", " ")) for word in words)


def _work(view: View) -> str:
    report = view.report
    total = view.sums.work
    text = f"{units.exact(total)} = {units.short(total)}"
    if view.convention is not None and view.convention.has_cost:
        text += f" under '{view.convention.name}'; {units.exact(report.macs)} MACs"
    if report.expected_macs is not None:
        text += f"; {units.exact(report.expected_macs)} MACs expected under stochastic depth"
    return text


def _memory(view: View) -> str:
    report = view.report
    stored = view.sums.memory_bytes
    if view.convention is not None and view.convention.memories:
        values = view.convention.total_memory_values(report)
        plain = units.size(report.memory_bytes, si=view.si)
        return (
            f"{units.exact(values)} values = {units.exact(stored)} bytes = {units.size(stored, si=view.si)}"
            f" under '{view.convention.name}'; {plain} as the plain sum"
        )
    size = units.size(stored, si=view.si)
    return (
        f"{units.exact(report.memory_values)} values = {units.exact(stored)} bytes = {size},"
        f" the input image included{_per_batch(report)}"
    )


def _per_batch(report: Report) -> str:
    return f", for a batch of {report.setup.batch}" if report.setup.batch > 1 else ""


def _other_totals(view: View) -> list[str]:
    """Return the totals under conventions that figures of the network were printed under."""
    if view.convention is not None:
        return []
    return [_under(view, total) for total in printed_totals(view.report)]


def _under(view: View, total: PrintedTotal) -> str:
    convention, values, figures = total.convention, total.values, total.figures
    size = units.size(view.report.setup.bytes_of(values), si=view.si)
    printed = " and ".join(figure.printed for figure in figures)
    return (
        f"        {units.exact(values)} values = {size} under '{convention.name}': {convention.title};"
        f" the printed {printed} ({figures[0].cite}, {figures[0].where})"
    )


def _training(report: Report) -> str:
    totals = report.training_totals
    assert totals is not None
    names = ", ".join(dict.fromkeys(layer.name.split("/")[0] for layer in report.training_layers))
    counted = "counted above" if report.training else "not counted (--training counts them)"
    macs = macs_in(totals.ops) * report.setup.batch
    return f"{names}: for training only, {units.exact(totals.params)} params, {units.short(macs)} MACs, {counted}."


def _legend(view: View, in_place: bool) -> str:
    report = view.report
    if view.convention is not None:
        work = f"Counted as '{view.convention.name}': {view.convention.says}"
    elif view.counting.flops:
        work = "1 MAC is counted as 2 FLOPs; MACs are those of convolution and fc."
    else:
        work = "1 MAC = 1 multiplication + 1 addition, of convolution and fc."
    memory = f"memory: stored outputs as {report.setup.dtype}, 1 {view.memory.name} = {view.memory.size} bytes"
    used = {unit.name: unit.size for unit in (view.params, view.work) if unit.name}
    work_names = ", ".join(f"{name} = {size:,}" for name, size in used.items())
    views = "; (n): size of an output that needs no memory of its own" if in_place else ""
    bias = (
        "Params without biases"
        if not view.counting.biases
        else "Params with biases"
        if report.totals.params_by_kind.get("bias")
        else "No layer has a bias"
    )
    return (
        f"{work} {memory[0].upper()}{memory[1:]}{views}. {bias}"
        f"{f'; {work_names}' if work_names else ''}. Input {across(report.input)}{_per_batch(report)}."
    )
