"""The pages of ``explain``: every number of a layer with its derivation, or the totals of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.counting import OWN, Counting
from archcalc.analyses.explain import (
    Derivation,
    OperationSums,
    Subject,
    by_operation,
    by_operation_under,
    derivations,
    derivations_under,
    subjects,
)
from archcalc.analyses.unseen import remarks, unseen
from archcalc.engine.names import as_written
from archcalc.engine.report import SCHEMA
from archcalc.errors import COMMAND_LINE, lines_of, printable
from archcalc.render.data import totals_under
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report

_HEADS = (
    Head("", left=True),
    Head("formula", left=True),
    Head("with numbers", left=True),
    Head("result"),
)


class LayerPage(Page):
    """Every number of a layer, or of the layers of a composite, with its derivation."""

    report: Report
    path: str
    layers: Sequence[Layer]
    si: bool = False
    convention: Convention | None = None

    def grids(self) -> list[Grid]:
        """Return a table of derivations for each layer."""
        return [_grid(self.report, layer, self.si, self.convention) for layer in self.layers]

    def notes(self) -> list[str]:
        """Give the totals of a composite, and describe the convention."""
        together = [_composite(self.path, self.layers)] if len(self.layers) > 1 else []
        return [*together, *_said(self.convention, self.report, self.layers)]

    def tables(self) -> list[Table]:
        """Return the derivations with exact values."""
        heads = ("network", "layer", "quantity", "formula", "numbers", "value", "unit")
        rows = (
            (self.report.name, layer.name, step.label, step.formula, " = ".join(step.numbers), step.value, step.unit)
            for layer in self.layers
            for step in _every(layer, self.convention)
        )
        return [Table(heads, rows)]

    def data(self) -> Any:
        """Return the derivations: one object for one layer, a list for those of a composite."""
        data = [_layer_data(self.report, layer, self.convention) for layer in self.layers]
        return data[0] if len(data) == 1 else data


def layer_page(
    report: Report, names: Sequence[str] = (), *, si: bool = False, convention: Convention | None = None
) -> LayerPage:
    """Derive every number of some layers, composites or not, or of all if none is named.

    Raises RequestError for an unknown name.
    """
    within = None if convention is None else convention.within(report)
    paths = [as_written(name, report.names) for name in names]
    layers = {layer.position: layer for path in paths for layer in report.find(path)}
    return LayerPage(report, ", ".join(paths), (*layers.values(),) if names else report.layers[1:], si, within)


def _said(convention: Convention | None, report: Report, layers: Sequence[Layer]) -> list[str]:
    """Say what a convention counts and does not reproduce, and what several layers come to under it together."""
    if convention is None:
        return []
    notes = [f"Counted as '{convention.name}': {convention.says}"]
    notes += [f"! {convention.name}: {remark}" for remark in convention.remarks_on(report)]
    if len(layers) > 1:
        totals = [(sum(map(subject.count, layers)), subject) for subject in subjects(convention)]
        sums = ", ".join(f"{value:,} {_unit(subject)}" for value, subject in totals)
        notes.append(f"Together under '{convention.name}': {sums}.")
    return notes


def _unit(subject: Subject) -> str:
    return "values in memory" if subject.name == "memory" else subject.unit


def _every(layer: Layer, convention: Convention | None) -> list[Derivation]:
    return derivations(layer) + ([] if convention is None else derivations_under(layer, convention))


def _grid(report: Report, layer: Layer, si: bool, convention: Convention | None) -> Grid:
    flow = " and ".join(map(str, layer.inputs)) + " → " if layer.inputs else ""
    settings = ", ".join(
        f"{name} {_plain(value)}" for name, value in vars(layer.operation).items() if value is not None
    )
    notes = [f"settings: {settings}"] if settings else []
    notes += _as_written(report, layer)
    notes += [f"! {text}" for text in unseen(layer)]
    if layer.times > 1:
        notes.append(f"It runs {layer.times:,} times with the same weights; the numbers above are for one run.")
    return Grid(
        title=f"{'' if _is_typed(report) else f'{report.name} '}{layer.name}: {layer.op}, {flow}{layer.output}",
        heads=_HEADS,
        rows=tuple(_row(step, si) for step in _every(layer, convention)),
        notes=tuple(notes),
        chain=True,
    )


def _row(step: Derivation, si: bool) -> tuple[str, ...]:
    result = f"{step.value:,}"
    if step.unit == "bytes":
        result = _bytes(step.value, si)
    return (f"{'  ' if step.part else ''}{step.label}", step.formula, " = ".join(step.numbers), result)


def _bytes(value: int, si: bool) -> str:
    """Write bytes exactly, and from 1 KB up in KB too: 40 B, 1,301,376 B = 1,270.9 KB."""
    unit = units.memory_unit(si)
    if value < unit.size:
        return f"{value:,} B" if value else "0"
    return f"{value:,} B = {units.fixed(value, unit.size, 1)} {unit.name}"


def _is_typed(report: Report) -> bool:
    return report.network.spec.family.source.file == COMMAND_LINE


def _as_written(report: Report, layer: Layer) -> list[str]:
    """Return the line of the spec that the layer comes from."""
    lines = lines_of(report.network.spec.family.source.text)
    if not layer.inputs or layer.node.place.line >= len(lines) or _is_typed(report):
        return []
    text = lines[layer.node.place.line].strip()
    return [f"in the spec: {printable(text)}  (line {layer.node.place.line + 1})"]


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return str(value[0]) if len(set(value)) == 1 else " x ".join(map(str, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _composite(path: str, layers: Sequence[Layer]) -> str:
    params, macs, memory = OWN.params(layers), OWN.work(layers), OWN.memory_bytes(layers)
    sums = f"{params:,} params, {macs:,} MACs, {memory:,} bytes = {units.size(memory)}"
    return f"{f'{path}, ' if path else ''}{len(layers)} layers together: {sums}."


def _layer_data(report: Report, layer: Layer, convention: Convention | None) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "network": report.name,
        "layer": layer.name,
        "op": layer.op,
        "inputs": [list(shape) for shape in layer.inputs],
        "output": list(layer.output),
        "derivations": [
            {
                "quantity": step.label or "params and output",
                "formula": step.formula,
                "numbers": list(step.numbers),
                "value": step.value,
                "unit": step.unit,
            }
            for step in _every(layer, convention)
        ],
        "remarks": unseen(layer),
    }


class NetworkPage(Page):
    """The totals of a network by operation, and what its spec says about it."""

    report: Report
    si: bool = False
    convention: Convention | None = None

    def grids(self) -> list[Grid]:
        """Return the sums by operation, and those of the convention."""
        return [_by_operation(self.report, self.si), *(_under(self.report, subject) for subject in self._subjects())]

    def notes(self) -> list[str]:
        """Describe the convention, and repeat what the spec says about the network."""
        return [*_said(self.convention, self.report, ()), *_words(self.report)]

    def tables(self) -> list[Table]:
        """Return the same tables with exact values."""
        under = (
            Table(("op", "formula", subject.unit), by_operation_under(self.report, subject))
            for subject in self._subjects()
        )
        return [Table(OperationSums._fields, by_operation(self.report)), *under]

    def data(self) -> dict[str, Any]:
        """Return the totals, the sums by operation, and the notes."""
        report = self.report
        sums = by_operation(report)
        return {
            "schema": SCHEMA,
            "network": report.name,
            "input": list(report.input),
            "totals": {**report.totals_to_json(), **totals_under(report, Counting(self.convention))},
            "by_op": {op: dict(zip(OperationSums._fields[1:], values, strict=True)) for op, *values in sums},
            "notes": _words(report),
        }

    def _subjects(self) -> list[Subject]:
        return [] if self.convention is None else subjects(self.convention.within(self.report))


def _by_operation(report: Report, si: bool) -> Grid:
    sums = by_operation(report)
    totals = [sum(values) for values in list(zip(*sums, strict=True))[1:]]
    return Grid(
        title=f"{report.title} · {report.name}, input {report.input}",
        heads=(Head("operation", left=True), Head("layers"), Head("params"), Head("MACs"), Head("values stored")),
        rows=tuple((op, *map(units.exact, values)) for op, *values in sums),
        total=("total", *map(units.exact, totals)),
        notes=tuple(_sums(report, si)),
    )


def _under(report: Report, subject: Subject) -> Grid:
    """Show a convention's total by operation, with its formulas."""
    sums = by_operation_under(report, subject)
    return Grid(
        title=f"{subject.name} under '{subject.convention}'",
        heads=(Head("operation", left=True), Head("formula", left=True), Head(subject.unit)),
        rows=tuple((op, formula, units.exact(value)) for op, formula, value in sums),
        total=("total", "", units.exact(sum(row.value for row in sums))),
    )


def _sums(report: Report, si: bool) -> list[str]:
    by_kind = {kind: value for kind, value in report.totals.params_by_kind.items() if value}
    parts = " + ".join(f"{kind} {value:,}" for kind, value in by_kind.items())
    ops = ", ".join(f"{kind} {value:,}" for kind, value in report.ops.items() if value)
    width = f"{report.setup.bits // 8} B" if report.setup.bits % 8 == 0 else f"{report.setup.bits} bits"
    field = "not known" if report.receptive_field is None else " x ".join(map(str, report.receptive_field))
    return [
        f"params = {parts} = {report.params:,}",
        f"model = {report.params:,}·{width} = {report.model_bytes:,} B = {units.size(report.model_bytes, si=si)}",
        f"memory = {report.memory_values:,} values·{width} = {report.memory_bytes:,} B = "
        f"{units.size(report.memory_bytes, si=si)}, the input image included",
        f"work = {ops}",
        f"depth = {report.depth} layers with weights of their own on the longest path",
        f"receptive field of the last map = {field} pixels",
    ]


def _words(report: Report) -> list[str]:
    spec = report.network.spec
    notes = list(spec.family.notes)
    if spec.cite is not None:
        where = f", {spec.cite.url}" if spec.cite.url else ""
        notes.append(f"Source: {spec.cite.title} ({spec.cite.year or spec.year}){where}.")
    return notes + [f"! {remark.text}" for remark in remarks(report)]
