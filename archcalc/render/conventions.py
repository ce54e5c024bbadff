"""The pages of ``conventions``: the rules of counting, and what each would say of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units
from archcalc.conventions.rules import grouped
from archcalc.engine.report import SCHEMA
from archcalc.render.page import Grid, Head, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.conventions.rules import Rules
    from archcalc.engine.report import Report

DEFAULT = "macs"
"""What archcalc's own count is called in a table of conventions."""


class Count(NamedTuple):
    """What a convention says of a network; None where it does not count in a way of its own."""

    convention: str
    cost: int | None
    unit: str | None
    params: int | None
    memory_bytes: int | None


def list_page(conventions: Sequence[Convention]) -> Page:
    """List conventions: what each counts, and below it its rules in words and where they stand."""
    heads = (Head("convention", left=True), Head("of", left=True), Head("unit", left=True), Head("title", left=True))
    rows = tuple((each.name, ", ".join(each.subjects), _unit(each), each.title) for each in conventions)
    exact_heads = ("convention", "of", "unit", "title", "says", "source")
    exact = tuple((*row, each.says, each.source) for row, each in zip(rows, conventions, strict=True))
    notes = tuple(f"{each.name}: {each.says} ({each.source})" for each in conventions)
    return Page(
        (Grid("", heads, rows, exact=(exact_heads, exact)),), [_rules_data(each) for each in conventions], notes
    )


def _unit(convention: Convention) -> str:
    return convention.unit if convention.has_cost else ""


def _rules_data(convention: Convention) -> dict[str, Any]:
    rules = {"cost": convention.costs, "memory": convention.memories, "params": convention.parameters}
    return {
        "schema": SCHEMA,
        "convention": convention.name,
        "title": convention.title,
        "says": convention.says,
        "source": convention.source,
        "unit": convention.unit if convention.has_cost else None,
        **{word: None if rule is None else _formulas(rule) for word, rule in rules.items()},
    }


def _formulas(rules: Rules) -> dict[str, Any]:
    return {word: rule if isinstance(rule, int) else f"={rule.text}" for word, rule in rules.by_operation.items()}


def page(reports: Sequence[Report], conventions: Sequence[Convention], *, si: bool = False) -> Page:
    """Show what each convention would say of each network."""
    counts = [_counts(report, conventions) for report in reports]
    grids = tuple(_grid(report, each, si) for report, each in zip(reports, counts, strict=True))
    data = [_data(report, each) for report, each in zip(reports, counts, strict=True)]
    return Page(grids, data[0] if len(data) == 1 else data)


def _grid(report: Report, counts: Sequence[Count], si: bool) -> Grid:
    heads = (
        Head("convention", left=True), Head("cost"), Head("", left=True), Head("unit", left=True, optional=2),
        Head("to\nMACs", optional=1), Head("params"), Head("activation\nmemory"),
    )  # fmt: skip
    setup = report.setup
    batch = f", of {setup.batch} images" if setup.batch > 1 else ""
    note = (
        f"{DEFAULT} is archcalc's own count{batch}: MACs of convolution and fc, trained parameters, every stored output"
        f" as {setup.dtype}. A dash: not counted in a way of its own."
    )
    return Grid(
        title=f"{report.title} · {report.name}, input {report.input}",
        heads=heads,
        rows=tuple(_cells(each, report, si) for each in counts),
        notes=(note,),
        exact=(("network", *Count._fields), tuple((report.name, *each) for each in counts)),
    )


def _cells(each: Count, report: Report, si: bool) -> tuple[str, ...]:
    work = ("–", "", "", "")
    if each.cost is not None:
        ratio = units.ratio(each.cost, report.macs)
        work = (units.exact(each.cost), units.short(each.cost), each.unit or "", ratio)
    return (
        each.convention,
        *work,
        "–" if each.params is None else units.exact(each.params),
        "–" if each.memory_bytes is None else units.size(each.memory_bytes, si=si),
    )


def _counts(report: Report, conventions: Sequence[Convention]) -> list[Count]:
    found = [Count(DEFAULT, report.macs, "MACs", report.params, report.memory_bytes)]
    grouped_report = grouped(report)
    for each in conventions:
        found.append(
            Count(
                each.name,
                each.total_cost(grouped_report) if each.costs else None,
                each.unit if each.costs else None,
                each.total_params(grouped_report) if each.parameters else None,
                report.setup.bytes_of(each.total_memory_values(grouped_report)) if each.memories else None,
            )
        )
    return found


def _data(report: Report, counts: Sequence[Count]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "network": report.name,
        "title": report.title,
        "input": list(report.input),
        "batch": report.setup.batch,
        "dtype": report.setup.dtype,
        "conventions": [each._asdict() for each in counts],
    }
