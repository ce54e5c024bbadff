"""The page of ``check``: every published figure as printed and as computed, and the verdict on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.published.expect import excess
from archcalc.published.stats import SourceStats, source_stats
from archcalc.published.verdicts import (
    AGREES,
    AGREES_UNDER,
    APPROXIMATE,
    BROKEN,
    DIFFERS,
    EXPECTED,
    MEASURED,
    MISPRINT,
    NO_NETWORK,
    OTHER,
    REMARKED,
    SEVERAL_NETWORKS,
    STATUSES,
    UNEXPECTED,
    UNEXPLAINED,
)
from archcalc.render.findings import at, comments, computed, counted, described, read_as, source, verdict
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.published.verdicts import Finding

SCHEMA = 2
"""Version of this command's JSON: 2 since cut figures agree, and misprints are those of which the slip is known."""

CUT, NEWS = "cut", "news"
"""Words of 0.1.0 for figures that agree by cutting digits off, and for those that agree unexpectedly."""

SELECTABLE = (*STATUSES, CUT)
"""What ``--only`` can select."""

_HEADS = (
    Head("figure", left=True), Head("quantity", left=True), Head("printed"), Head("computed"),
    Head("verdict", left=True), Head("source", left=True, optional=1),
)  # fmt: skip

_EXACT = ("network", "figure", "quantity", "printed", "computed", "verdict", "cut", "under", "cite", "where", "reason")

_POINTED_AT = (OTHER, UNEXPLAINED, MISPRINT, UNEXPECTED, DIFFERS, BROKEN)


class CheckPage(Page):
    """Some findings: a table for each network, statistics of the sources if ``account``, and the summary."""

    findings: Sequence[Finding]
    only: Sequence[str] = ()
    account: bool = False
    convention: Convention | None = None
    files: Sequence[str] = ()
    """The file of each finding, for annotations; empty for what the command line claims."""
    unchecked: Mapping[str, str] = {}
    """Files with nothing to check, and why."""

    def shown(self) -> list[Finding]:
        """Return the findings with the verdicts that were asked for."""
        return [finding for finding in self.findings if selected(finding, self.only)]

    def grids(self) -> list[Grid]:
        """Return a table for each network, and one of the sources."""
        by_network: dict[str, list[Finding]] = {}
        for finding in self.shown():
            by_network.setdefault(finding.network, []).append(finding)
        grids = [_grid(name, own) for name, own in by_network.items()]
        return [*grids, _sources(self.findings)] if self.account else grids

    def notes(self) -> list[str]:
        """Return the summary."""
        if self.convention is None:
            return [summary(self.findings)]
        rule = self.convention
        note = f"Figures without a convention of their own are counted as '{rule.name}': {rule.says}"
        return [summary(self.findings), note]

    def tables(self) -> list[Table]:
        """Return the findings with exact values, in one table."""
        return [Table(_EXACT, map(_exact, self.shown()))]

    def data(self) -> dict[str, Any]:
        """Return the findings and what they add up to."""
        data = _data(self.findings, self.shown())
        return data if self.convention is None else {**data, "convention": self.convention.name}


def selected(finding: Finding, only: Sequence[str]) -> bool:
    """Whether a finding has one of the verdicts that were asked for; any, if none was."""
    status = NEWS if finding.status == UNEXPECTED and NEWS in only else finding.status
    return not only or status in only or (finding.cut and CUT in only)


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """Count findings by verdict."""
    return {status: sum(finding.status == status for finding in findings) for status in STATUSES}


def summary(findings: Sequence[Finding]) -> str:
    """Sum up in a line or two."""
    if not findings:
        return "Nothing to check."
    by_status = counts(findings)
    expectations = by_status[EXPECTED] + by_status[BROKEN]
    parts = []
    if expectations < len(findings):
        parts.append(f"{_recorded(findings, by_status)} {_verdicts(findings, by_status)}.")
    if expectations:
        held = f"{by_status[EXPECTED]} of {_many(expectations, 'expectation')} {_verb(expectations, 'hold')}"
        parts.append(f"{held}, {by_status[BROKEN]} broken.")
    return " ".join(parts)


def _recorded(findings: Sequence[Finding], by_status: dict[str, int]) -> str:
    measured, remarks = by_status[MEASURED], by_status[REMARKED]
    figures = len(findings) - remarks - by_status[EXPECTED] - by_status[BROKEN]
    networks = len({finding.network for finding in findings} - {SEVERAL_NETWORKS, NO_NETWORK})
    more = f", {_many(remarks, 'remark')}" if remarks else ""
    return (
        f"{_many(figures, 'published figure')} of {_many(networks, 'network')}: {figures - measured} checked, "
        f"{measured} measured{more}."
    )


def _verdicts(findings: Sequence[Finding], by_status: dict[str, int]) -> str:
    cut = sum(finding.cut and finding.status == AGREES for finding in findings)
    agree, differ = by_status[AGREES], by_status[DIFFERS]
    optional = {
        AGREES_UNDER: f"{_verb(by_status[AGREES_UNDER], 'agree')} under an argument or a convention",
        APPROXIMATE: "approximate",
        OTHER: "of something else",
        UNEXPLAINED: "unexplained",
        MISPRINT: "misprint" if by_status[MISPRINT] == 1 else "misprints",
        UNEXPECTED: f"{_verb(by_status[UNEXPECTED], 'agree')} unexpectedly",
    }
    return ", ".join([
        f"{agree} {_verb(agree, 'agree')}{f' ({cut} cut, not rounded)' if cut else ''}",
        *(f"{by_status[status]} {words}" for status, words in optional.items() if by_status[status]),
        f"{differ} {_verb(differ, 'differ')}",
    ])  # fmt: skip


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _verb(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb


def _grid(name: str, findings: Sequence[Finding]) -> Grid:
    claims = name == SEVERAL_NETWORKS
    figures = [finding for finding in findings if finding.status != REMARKED]
    return Grid(
        title=name,
        heads=(Head("claim", left=True), *_HEADS[2:]) if claims else _HEADS,
        rows=tuple((row[0], *row[2:]) if claims else row for row in map(_row, figures)),
        notes=tuple(dict.fromkeys([*_comments(figures), *_remarks(findings)])),
        warnings=frozenset(number for number, finding in enumerate(figures) if finding.status in _POINTED_AT),
    )


def _comments(findings: Sequence[Finding]) -> Iterable[str]:
    for finding in findings:
        claim = finding.network == SEVERAL_NETWORKS
        what = described(finding) if claim else f"{described(finding)} {finding.figure.printed}"
        yield from (f"{what}: {comment}" for comment in comments(finding))


def _remarks(findings: Sequence[Finding]) -> Iterable[str]:
    """Yield a line for each source: what it says that no calculator can check."""
    by_source: dict[str, list[str]] = {}
    for finding in findings:
        figure = finding.figure
        if finding.status == REMARKED:
            rows = f"{at(figure)} " if figure.at else ""
            note = f" ({figure.note})" if figure.note else ""
            by_source.setdefault(source(figure), []).append(f"{rows}{figure.printed}{note}")
    for cited, remarks in by_source.items():
        yield f"remarks ({cited}): {'; '.join(remarks)}"


def _sources(findings: Sequence[Finding]) -> Grid:
    stats = source_stats(findings)
    heads = (Head("source", left=True), *(Head(word.replace("_", " ")) for word in SourceStats._fields))
    rows = tuple((cite, *(str(number or "–") for number in numbers)) for cite, numbers in stats.items())
    total = ("total", *(str(sum(column)) for column in zip(*stats.values(), strict=True)))
    note = "Each figure once, although figures of a family are checked for all its networks."
    return Grid("sources", heads, rows, total, (note,))


def _row(finding: Finding) -> tuple[str, ...]:
    figure = finding.figure
    how = counted(figure)
    return (
        at(figure),
        f"{figure.quantity}{f' ({how})' if how else ''}",
        figure.printed,
        computed(finding),
        verdict(finding),
        f"{source(figure)}{f'; {figure.protocol}' if figure.protocol else ''}" if not figure.bound else "expect",
    )


def _exact(finding: Finding) -> tuple[Any, ...]:
    figure, value = finding.figure, finding.computed
    if value.__class__ is not int:
        value = computed(finding, full=True)
    under = read_as(figure.under) if figure.under is not None else ""
    reason = figure.misprint or figure.unexplained or figure.other
    return (
        finding.network, " ".join(figure.at or ()), figure.quantity, figure.printed, value, finding.status,
        "cut" if finding.cut else "", under, figure.cite, figure.where, reason,
    )  # fmt: skip


def _data(findings: Sequence[Finding], shown: Sequence[Finding]) -> dict[str, Any]:
    by_status = counts(findings)
    expectations = by_status[EXPECTED] + by_status[BROKEN]
    return {
        "schema": SCHEMA,
        "summary": {
            "figures": len(findings) - expectations - by_status[REMARKED],
            "expectations": expectations,
            "remarks": by_status.pop(REMARKED),
            **by_status,
            "cut": sum(finding.cut for finding in findings),
            "ok": not any(finding.fails for finding in findings),
            "sources": {cite: stats._asdict() for cite, stats in source_stats(findings).items()},
        },
        "figures": [_figure(each) for each in shown if not each.figure.bound and each.status != REMARKED],
        "expectations": [_expectation(each) for each in shown if each.figure.bound],
        "remarks": [_remark(each) for each in shown if each.status == REMARKED],
    }


def _figure(finding: Finding) -> dict[str, Any]:
    figure = finding.figure
    data: dict[str, Any] = {
        "network": finding.network,
        "at": list(figure.at) if figure.at else None,
        "quantity": figure.quantity,
        "printed": figure.printed,
        "computed": _plain(finding.computed),
        "status": finding.status,
        "cite": figure.cite,
        "where": figure.where,
    }
    if finding.cut:
        data["cut"] = True
    for word in ("misprint", "unexplained", "other", "note", "convention", "protocol", "input"):
        if getattr(figure, word):
            data[word] = getattr(figure, word)
    if figure.set:
        data["set"] = dict(figure.set)
    if finding.explained is not None:
        how = None if figure.under is None else read_as(figure.under)
        data["under"] = {"how": how, "computed": _plain(finding.explained)}
    if finding.tried:
        readings = zip(figure.tried, finding.tried, strict=True)
        data["tried"] = [{"how": read_as(how), "computed": _plain(each.computed)} for how, each in readings]
    return data


def _expectation(finding: Finding) -> dict[str, Any]:
    return {
        "network": finding.network,
        "quantity": finding.figure.quantity,
        "expected": finding.figure.printed,
        "computed": _plain(finding.computed),
        "excess": _plain(excess(finding.figure, finding.computed)),
        "status": finding.status,
    }


def _remark(finding: Finding) -> dict[str, Any]:
    figure = finding.figure
    data = {
        "network": finding.network,
        "at": list(figure.at) if figure.at else None,
        "remark": figure.printed,
        "cite": figure.cite,
        "where": figure.where,
    }
    return {**data, "note": figure.note} if figure.note else data


def _plain(value: Any) -> Any:
    """Return a computed value as JSON has it: a shape as a list, a portion as a decimal."""
    if value is None or isinstance(value, int):
        return value
    return list(value) if isinstance(value, tuple) else float(value)
