"""The pages of ``conventions``: the rules of counting, and what each would say of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units
from archcalc.conventions.rules import grouped
from archcalc.engine.report import SCHEMA
from archcalc.render.page import Grid, Head, Page, Table

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
        """Return the rules in words."""
        return [f"{each.name}: {each.says} ({each.source})" for each in self.conventions]

    def tables(self) -> list[Table]:
        """Return the same in one table."""
        heads = ("convention", "of", "unit", "title", "says", "source")
        return [Table(heads, ((*_about(each), each.says, each.source) for each in self.conventions))]

    def data(self) -> list[dict[str, Any]]:
        """Return the rules with their formulas."""
        return [_rules_data(each) for each in self.conventions]


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
    }


def _formulas(rules: Rules) -> dict[str, Any]:
    return {word: rule if isinstance(rule, int) else f"={rule.text}" for word, rule in rules.by_operation.items()}


class CountsPage(Page):
    """What each convention would say of each network."""

    networks: Sequence[tuple[Report, Sequence[Count]]]
    si: bool = False

    def grids(self) -> list[Grid]:
        """Return a table for each network."""
        return [_grid(report, counts, self.si) for report, counts in self.networks]

    def tables(self) -> list[Table]:
        """Return exact values, all networks in one table."""
        rows = ((report.name, *each) for report, counts in self.networks for each in counts)
        return [Table(("network", *Count._fields), rows)]

    def data(self) -> Any:
        """Return the same as data: one object for one network, a list for several."""
        data = [_data(report, counts) for report, counts in self.networks]
        return data[0] if len(data) == 1 else data


def page(reports: Sequence[Report], conventions: Sequence[Convention], *, si: bool = False) -> CountsPage:
    """Show what each convention would say of each network."""
    return CountsPage([(report, _counts(report, conventions)) for report in reports], si)


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
