"""The page of ``compare``: networks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.engine.report import SCHEMA
from archcalc.render.columns import across
from archcalc.render.data import totals_under
from archcalc.render.page import Grid, Head, Page

if TYPE_CHECKING:
    from archcalc.analyses.comparison import Compared, Comparison
    from archcalc.conventions.convention import Convention
    from archcalc.engine.report import Report
    from archcalc.published.figures import Figure

_BLOCKS = " ▏▎▍▌▋▊▉█"


def page(comparison: Comparison, *, si: bool = False, bars: bool = True) -> Page:
    """Show networks side by side: totals, then ratios to the first with bars."""
    grids = [_totals(comparison, si)]
    if len(comparison.networks) > 1:
        grids.append(_ratios(comparison, bars))
    return Page(tuple(grids), [_data(network, comparison) for network in comparison.networks])


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
    notes = [
        f"Sizes at {setup.dtype}{batch}. {_counted_as(comparison.counting.convention)} Depth: layers with weights of "
        "their own on the longest path. Receptive field: of the last map.",
        *_error_sources(comparison),
    ]
    exact_heads = ("network", "year", "input", "params", "model_bytes", "memory_bytes", work.lower(), "depth",
                   "receptive_field", "top1_error", "top5_error")  # fmt: skip
    exact = tuple(
        (report.name, report.network.spec.year, across(report.input), *sums, report.depth,
         *_last_columns(report, errors))
        for report, sums, errors in comparison.networks
    )  # fmt: skip
    return Grid("", heads, rows, notes=tuple(notes), exact=(exact_heads, exact))


def _last_columns(report: Report, errors: dict[str, Figure]) -> tuple[str, ...]:
    field = _square(report.receptive_field)
    return (field, printed_error(errors.get("top1_error")), printed_error(errors.get("top5_error")))


def _counted_as(convention: Convention | None) -> str:
    memory = "Memory: the input image and every stored output."
    if convention is None:
        return f"{memory} 1 MAC = 1 multiplication + 1 addition."
    return f"Counted as '{convention.name}': {convention.says}{'' if convention.memories else f' {memory}'}"


def _square(field: tuple[int, int] | None) -> str:
    if field is None:
        return "–"
    return str(field[0]) if field[0] == field[1] else f"{field[0]}x{field[1]}"


def printed_error(figure: Figure | None) -> str:
    """Write an error rate as it was printed; a dash where there is none."""
    return "–" if figure is None else figure.printed


def _error_sources(comparison: Comparison) -> list[str]:
    sources = []
    for report, _, errors in comparison.networks:
        figure = errors.get("top5_error") or errors.get("top1_error")
        if figure is not None:
            how = ", ".join(part for part in (figure.protocol, figure.cite, figure.where) if part)
            sources.append(f"{report.name} {how}")
    return [f"Errors as published, measured each in its own way: {'; '.join(sources)}."] if sources else []


def _ratios(comparison: Comparison, bars: bool) -> Grid:
    sums = [network.sums for network in comparison.networks]
    measures = (
        ("params", [each.params for each in sums]),
        ("memory", [each.memory_bytes for each in sums]),
        (comparison.counting.work_name, [each.work for each in sums]),
    )
    first = comparison.first.report.name
    heads = (Head("network", left=True), *(Head(f"{name}, to {first}", left=True) for name, _ in measures))
    rows = tuple(
        (
            network.report.name,
            *(bar(values[number], max(values), values[0], bars) for _, values in measures),
        )
        for number, network in enumerate(comparison.networks)
    )
    return Grid("", heads, rows)


def bar(value: int, largest: int, base: int, bars: bool, width: int = 14) -> str:
    said = units.ratio(value, base)
    if not bars:
        return said
    eighths = -(-8 * width * value // largest) if largest else 0
    bar = "█" * (eighths // 8) + _BLOCKS[eighths % 8].strip()
    return f"{said:>6} {bar}"


def _data(network: Compared, comparison: Comparison) -> dict[str, Any]:
    report, _, errors = network
    return {
        "schema": SCHEMA,
        "network": report.name,
        "title": report.title,
        "year": report.network.spec.year,
        "input": list(report.input),
        "batch": report.setup.batch,
        "dtype": report.setup.dtype,
        "totals": {**report.totals_to_json(), **totals_under(report, comparison.counting.convention)},
        "ratios": {"to": comparison.first.report.name, **comparison.ratios(report)},
        "published": {
            word: {"printed": figure.printed, "cite": figure.cite, "where": figure.where, "protocol": figure.protocol}
            for word, figure in errors.items()
        },
    }
