"""The pages of ``list`` and ``compare``: networks as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.engine.report import SCHEMA
from archcalc.published.figures import figures
from archcalc.record import Record
from archcalc.render.columns import across
from archcalc.render.data import totals_under
from archcalc.render.page import Grid, Head, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.engine.report import Report
    from archcalc.published.figures import Figure
    from archcalc.summaries import Summary

_BLOCKS = " ▏▎▍▌▋▊▉█"


def page(networks: Sequence[Summary]) -> Page:
    """List networks: name, title, year, input, params, MACs."""
    heads = (
        Head("network", left=True), Head("title", left=True, optional=2), Head("also", left=True, optional=1),
        Head("year"), Head("input", left=True), Head("params"), Head("MACs"),
    )  # fmt: skip
    rows = tuple(
        (
            each.name,
            each.title,
            ", ".join(each.aliases),
            str(each.year or ""),
            across(each.input),
            units.short(each.params),
            units.short(each.macs),
        )
        for each in networks
    )
    names = ("network", "title", "year", "input", "params", "macs")
    exact = tuple((each.name, each.title, each.year, across(each.input), each.params, each.macs) for each in networks)
    data = [
        {
            "schema": SCHEMA,
            "network": each.name,
            "title": each.title,
            "aliases": list(each.aliases),
            "year": each.year,
            "input": list(each.input),
            "params": each.params,
            "macs": each.macs,
        }
        for each in networks
    ]
    count = "1 network" if len(networks) == 1 else f"{len(networks)} networks"
    note = f"{count}; 1 MAC = 1 multiplication + 1 addition; K, M, G are powers of 1000."
    return Page((Grid("", heads, rows, notes=(note,), exact=(names, exact)),), data)


def compare(
    reports: Sequence[Report], *, si: bool = False, bars: bool = True, convention: Convention | None = None
) -> Page:
    """Compare networks side by side: totals, then ratios to the first with bars."""
    found = [errors(report) for report in reports]
    counts = [Count.of(report, convention) for report in reports]
    grids = [_totals(reports, found, si, counts, convention)]
    if len(reports) > 1:
        grids.append(_ratios(reports, bars, counts, _work_name(convention)))
    data = [_data(report, reports[0], each) for report, each in zip(reports, found, strict=True)]
    for each, report in zip(data, reports, strict=True):
        each["totals"].update(totals_under(report, convention))
    return Page(tuple(grids), data)


class Count(Record):
    """The totals of a network that are compared, as a convention counts them."""

    params: int
    model_bytes: int
    memory_bytes: int
    work: int

    @staticmethod
    def of(report: Report, convention: Convention | None) -> Count:
        """Count a network; without a convention as archcalc does."""
        if convention is None:
            return Count(report.params, report.model_bytes, report.memory_bytes, report.macs)
        params, bytes_of = convention.total_params(report), report.setup.bytes_of
        memory = bytes_of(convention.total_memory_values(report))
        return Count(params, bytes_of(params), memory, convention.total_cost(report))


def _work_name(convention: Convention | None) -> str:
    return "ops" if convention is not None and convention.has_cost else "MACs"


def _totals(
    reports: Sequence[Report],
    errors: Sequence[dict[str, Figure]],
    si: bool,
    counts: Sequence[Count],
    convention: Convention | None,
) -> Grid:
    work = _work_name(convention)
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
            units.short(each.params),
            units.size(each.model_bytes, si=si),
            units.size(each.memory_bytes, si=si),
            units.short(each.work),
            str(report.depth),
            _square(report.receptive_field),
            printed_error(found.get("top1_error")),
            printed_error(found.get("top5_error")),
        )
        for report, found, each in zip(reports, errors, counts, strict=True)
    )
    setup = reports[0].setup
    batch = f", batch {setup.batch}" if setup.batch > 1 else ""
    notes = [
        f"Sizes at {setup.dtype}{batch}. {_counted_as(convention)} Depth: layers with weights of their own on the "
        "longest path. Receptive field: of the last map.",
        *_error_sources(reports, errors),
    ]
    exact_heads = ("network", "year", "input", "params", "model_bytes", "memory_bytes", work.lower(), "depth",
                   "receptive_field", "top1_error", "top5_error")  # fmt: skip
    exact = tuple(
        (
            r.name, r.network.spec.year, across(r.input), n.params, n.model_bytes, n.memory_bytes, n.work, r.depth,
            _square(r.receptive_field), printed_error(found.get("top1_error")), printed_error(found.get("top5_error")),
        )
        for r, found, n in zip(reports, errors, counts, strict=True)
    )  # fmt: skip
    return Grid("", heads, rows, notes=tuple(notes), exact=(exact_heads, exact))


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


def errors(report: Report) -> dict[str, Figure]:
    """Return the first error rates that the spec gives of the network as it is compared."""
    found: dict[str, Figure] = {}
    for figure in figures(report.network.spec):
        held = all(str(report.network.values.get(name)) == value for name, value in figure.set.items())
        if figure.measured and figure.at is None and held:
            found.setdefault(figure.quantity, figure)
    return found


def _error_sources(reports: Sequence[Report], errors: Sequence[dict[str, Figure]]) -> list[str]:
    said = []
    for report, found in zip(reports, errors, strict=True):
        of = found.get("top5_error") or found.get("top1_error")
        if of is not None:
            how = ", ".join(part for part in (of.protocol, of.cite, of.where) if part)
            said.append(f"{report.name} {how}")
    return [f"Errors as published, measured each in its own way: {'; '.join(said)}."] if said else []


def _ratios(reports: Sequence[Report], bars: bool, counts: Sequence[Count], work: str) -> Grid:
    first = reports[0]
    measures = (
        ("params", [each.params for each in counts]),
        ("memory", [each.memory_bytes for each in counts]),
        (work, [each.work for each in counts]),
    )
    heads = (Head("network", left=True), *(Head(f"{name}, to {first.name}", left=True) for name, _ in measures))
    rows = tuple(
        (
            report.name,
            *(bar(values[number], max(values), values[0], bars) for _, values in measures),
        )
        for number, report in enumerate(reports)
    )
    return Grid("", heads, rows)


def bar(value: int, largest: int, base: int, bars: bool, width: int = 14) -> str:
    """Write a ratio, with a bar as long as the value is large beside the largest."""
    said = units.ratio(value, base)
    if not bars:
        return said
    eighths = -(-8 * width * value // largest) if largest else 0
    bar = "█" * (eighths // 8) + _BLOCKS[eighths % 8].strip()
    return f"{said:>6} {bar}"


def _data(report: Report, first: Report, errors: dict[str, Figure]) -> dict[str, Any]:
    def ratio(value: int, base: int) -> float | None:
        return value / base if base else None

    return {
        "schema": SCHEMA,
        "network": report.name,
        "title": report.title,
        "year": report.network.spec.year,
        "input": list(report.input),
        "batch": report.setup.batch,
        "dtype": report.setup.dtype,
        "totals": report.totals_to_json(),
        "ratios": {
            "to": first.name,
            "params": ratio(report.params, first.params),
            "memory_bytes": ratio(report.memory_bytes, first.memory_bytes),
            "macs": ratio(report.macs, first.macs),
        },
        "published": {
            word: {"printed": figure.printed, "cite": figure.cite, "where": figure.where, "protocol": figure.protocol}
            for word, figure in errors.items()
        },
    }
