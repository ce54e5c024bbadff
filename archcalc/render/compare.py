"""The page of ``compare``: networks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.comparison import RATIOS, ratios
from archcalc.analyses.counting import OWN
from archcalc.engine.report import SCHEMA
from archcalc.render.columns import across
from archcalc.render.data import totals_under
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from archcalc.analyses.comparison import Compared, Comparison
    from archcalc.conventions.convention import Convention
    from archcalc.engine.report import Report
    from archcalc.published.figure import Figure


class ComparePage(Page):
    """Networks side by side: totals, then ratios to the first with bars."""

    comparison: Comparison
    si: bool = False
    bars: bool = True

    def grids(self) -> list[Grid]:
        """Return the totals, and for several networks their ratios."""
        totals = _totals(self.comparison, self.si)
        return [totals, _ratios(self.comparison, self.bars)] if len(self.comparison.networks) > 1 else [totals]

    def tables(self) -> list[Table]:
        """Return totals and ratios in one table."""
        work, first = self.comparison.counting.work_name.lower(), self.comparison.first.sums
        heads = ("network", "year", "input", "params", "model_bytes", "memory_bytes", work, "depth", "receptive_field",
                 "top1_error", "top5_error", "params_ratio", "memory_ratio", f"{work}_ratio")  # fmt: skip
        rows = (
            (report.name, report.network.spec.year, across(report.input), sums.params, sums.model_bytes,
             sums.memory_bytes, sums.work, report.depth, *_last_values(report, errors), *ratios(sums, first))
            for report, sums, errors in self.comparison.networks
        )  # fmt: skip
        return [Table(heads, rows)]

    def data(self) -> list[dict[str, Any]]:
        """Return the totals, ratios and published error rates of each."""
        return [_data(network, self.comparison) for network in self.comparison.networks]


def _totals(comparison: Comparison, si: bool) -> Grid:
    work = comparison.counting.work_name
    heads = (
        Head("network", left=True), Head("year", optional=2), Head("input", left=True, optional=3), Head("params"),
        Head("model\nsize"), Head("activation\nmemory"), Head(work), Head("depth"),
        Head("receptive\nfield", optional=1), Head("top-1\nerror"), Head("top-5\nerror"),
    )  # fmt: skip
    rows = tuple(
        (
            report.name,
            str(report.network.spec.year or ""),
            across(report.input),
            units.short(sums.params),
            units.size(sums.model_bytes, si=si),
            units.size(sums.memory_bytes, si=si),
            units.short(sums.work),
            str(report.depth),
            *_last_columns(report, errors),
        )
        for report, sums, errors in comparison.networks
    )
    setup = comparison.first.report.setup
    batch = f", batch {setup.batch}" if setup.batch > 1 else ""
    legend = (
        f"Sizes at {setup.dtype}{batch}. {_counted_as(comparison.counting.convention)} Depth: layers with weights of "
        "their own on the longest path. Receptive field: of the last map, in pixels."
    )
    return Grid("", heads, rows, notes=tuple(_not_reproduced(comparison)), legend=(legend, *_error_sources(comparison)))


def _last_columns(report: Report, errors: dict[str, Figure]) -> tuple[str, ...]:
    field = _square(report.receptive_field)
    return (field, printed_error(errors.get("top1_error")), printed_error(errors.get("top5_error")))


def _last_values(report: Report, errors: dict[str, Figure]) -> tuple[Any, ...]:
    """Return the receptive field, a number where it is square, and the error rates in percent as printed."""
    field = report.receptive_field
    size = None if field is None else field[0] if field[0] == field[1] else _square(field)
    rates = (errors.get(word) for word in ("top1_error", "top5_error"))
    return (size, *(None if rate is None else float(units.read_printed(rate.printed).value) for rate in rates))


def _counted_as(convention: Convention | None) -> str:
    memory = "Memory: the input image and every stored output."
    if convention is None:
        return f"{memory} 1 MAC = 1 multiplication + 1 addition."
    return f"Counted as '{convention.name}': {convention.says}{'' if convention.memories else f' {memory}'}"


def _not_reproduced(comparison: Comparison) -> list[str]:
    """Say what the convention does not reproduce of the networks."""
    convention = comparison.counting.convention
    if convention is None:
        return []
    remarks = (remark for network in comparison.networks for remark in convention.remarks_on(network.report))
    return [f"! {convention.name}: {remark}" for remark in dict.fromkeys(remarks)]


def _square(field: tuple[int, int] | None) -> str:
    if field is None:
        return "–"
    return str(field[0]) if field[0] == field[1] else f"{field[0]}x{field[1]}"


def printed_error(figure: Figure | None) -> str:
    """Write an error rate as printed; a dash if there is none."""
    return "–" if figure is None else figure.printed


def _error_sources(comparison: Comparison) -> list[str]:
    sources = []
    for report, _, errors in comparison.networks:
        figure = errors.get("top5_error") or errors.get("top1_error")
        if figure is not None:
            how = ", ".join(part for part in (figure.protocol, figure.cite, figure.where) if part)
            sources.append(f"{report.name} {how}")
    return [f"Errors as published, each measured in its own way: {'; '.join(sources)}."] if sources else []


def _ratios(comparison: Comparison, bars: bool) -> Grid:
    first = comparison.first
    names = ("params", "memory", comparison.counting.work_name)
    amounts = [[getattr(network.sums, word) for network in comparison.networks] for word in RATIOS]
    return Grid(
        title="",
        heads=(
            Head("network", left=True), *(Head(f"{name}, to {first.report.name}", left=True) for name in names)
        ),
        rows=tuple(
            (network.report.name, *(units.ratio(values[number], values[0]) for values in amounts))
            for number, network in enumerate(comparison.networks)
        ),
        bars=dict(enumerate(amounts, 1)) if bars else {},
    )  # fmt: skip


def _data(network: Compared, comparison: Comparison) -> dict[str, Any]:
    report, _, errors = network
    first = comparison.first.report
    ratios_to_first = ratios(OWN.sums(report), OWN.sums(first))
    return {
        "schema": SCHEMA,
        "network": report.name,
        "title": report.title,
        "year": report.network.spec.year,
        "input": list(report.input),
        "batch": report.setup.batch,
        "dtype": report.setup.dtype,
        "totals": {**report.totals_to_json(), **totals_under(report, comparison.counting)},
        "ratios": {"to": first.name, **dict(zip(("params", "memory_bytes", "macs"), ratios_to_first, strict=True))},
        "published": {
            word: {"printed": figure.printed, "cite": figure.cite, "where": figure.where, "protocol": figure.protocol}
            for word, figure in errors.items()
        },
    }
