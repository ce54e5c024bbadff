"""The pages of ``conventions``: the rules of counting, and what each would say of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.by_convention import OWN, counts
from archcalc.engine.report import SCHEMA
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.by_convention import ConventionCount
    from archcalc.conventions.convention import Convention
    from archcalc.conventions.rules import Rules
    from archcalc.engine.report import Report

_COUNTS = ("convention", "cost", "unit", "params", "memory_bytes")
"""The columns of the exact table of counts."""


class RulesPage(Page):
    """Conventions: what each counts, and below it its rules in words and where they stand."""

    conventions: Sequence[Convention]

    def grids(self) -> list[Grid]:
        """Return the table of conventions."""
        heads = (
            Head("convention", left=True),
            Head("of", left=True),
            Head("unit", left=True),
            Head("title", left=True),
        )
        return [Grid("", heads, tuple(map(_about, self.conventions)))]

    def notes(self) -> list[str]:
        """Return the rules in words, and what they do not reproduce."""
        return [line for convention in self.conventions for line in _in_words(convention)]

    def tables(self) -> list[Table]:
        """Return the same in one table."""
        heads = ("convention", "of", "unit", "title", "says", "source")
        rules = self.conventions
        return [Table(heads, ((*_about(convention), convention.says, convention.source) for convention in rules))]

    def data(self) -> list[dict[str, Any]]:
        """Return the rules with their formulas."""
        return [_rules_data(convention) for convention in self.conventions]


def _in_words(convention: Convention) -> list[str]:
    remarks = (f"! {convention.name}, {', '.join(ops)}: {text}" for ops, text in convention.remarks)
    return [f"{convention.name}: {convention.says} ({convention.source})", *remarks]


def _about(convention: Convention) -> tuple[str, ...]:
    return convention.name, ", ".join(convention.subjects), _unit(convention), convention.title


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
        "remarks": [{"operations": list(ops), "remark": text} for ops, text in convention.remarks],
    }


def _formulas(rules: Rules) -> dict[str, Any]:
    return {word: rule if isinstance(rule, int) else f"={rule.text}" for word, rule in rules.by_operation.items()}


class CountsPage(Page):
    """What each convention would say of each network."""

    networks: Sequence[tuple[Report, Sequence[ConventionCount]]]
    si: bool = False

    def grids(self) -> list[Grid]:
        """Return a table for each network."""
        return [_grid(report, rows, self.si) for report, rows in self.networks]

    def tables(self) -> list[Table]:
        """Return exact values, all networks in one table."""
        rows = (
            (report.name, *(getattr(count, word) for word in _COUNTS))
            for report, networks_counts in self.networks
            for count in networks_counts
        )
        return [Table(("network", *_COUNTS), rows)]

    def data(self) -> Any:
        """Return the same as data: one object for one network, a list for several."""
        data = [_data(report, rows) for report, rows in self.networks]
        return data[0] if len(data) == 1 else data


def page(reports: Sequence[Report], conventions: Sequence[Convention], *, si: bool = False) -> CountsPage:
    """Show what each convention would say of each network."""
    return CountsPage([(report, counts(report, conventions)) for report in reports], si)


def _grid(report: Report, rows: Sequence[ConventionCount], si: bool) -> Grid:
    heads = (
        Head("convention", left=True), Head("cost"), Head("", left=True), Head("unit", left=True, optional=2),
        Head("to\nMACs", optional=1), Head("params"), Head("activation\nmemory"),
    )  # fmt: skip
    setup = report.setup
    batch = f", of {setup.batch} images" if setup.batch > 1 else ""
    note = (
        f"{OWN} is archcalc's own count{batch}: MACs of convolution and fc, trained parameters, every stored output"
        f" as {setup.dtype}. A dash: not counted in a way of its own."
    )
    return Grid(
        title=f"{report.title} · {report.name}, input {report.input}",
        heads=heads,
        rows=tuple(_cells(count, report, si) for count in rows),
        notes=tuple(_not_reproduced(rows)),
        legend=(note,),
    )


def _not_reproduced(rows: Sequence[ConventionCount]) -> list[str]:
    """Say what conventions do not reproduce of the network; the same remark once, with all that it holds for."""
    named: dict[str, list[str]] = {}
    for count in rows:
        for remark in count.remarks:
            named.setdefault(remark, []).append(count.convention)
    return [f"! {', '.join(names)}: {remark}" for remark, names in named.items()]


def _cells(count: ConventionCount, report: Report, si: bool) -> tuple[str, ...]:
    work = ("–", "", "", "")
    if count.cost is not None:
        ratio = units.ratio(count.cost, report.macs)
        work = (units.exact(count.cost), units.short(count.cost), count.unit or "", ratio)
    return (
        count.convention,
        *work,
        "–" if count.params is None else units.exact(count.params),
        "–" if count.memory_bytes is None else units.size(count.memory_bytes, si=si),
    )


def _data(report: Report, rows: Sequence[ConventionCount]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "network": report.name,
        "title": report.title,
        "input": list(report.input),
        "batch": report.setup.batch,
        "dtype": report.setup.dtype,
        "conventions": [{**count._asdict(), "remarks": list(count.remarks)} for count in rows],
    }
