"""The page of ``check``: every published figure as printed and as computed, and what that makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.conventions.convention import conventions
from archcalc.engine.report import SCHEMA
from archcalc.published.check import BROKEN, EXPECTED, NO_NETWORK, SEVERAL_NETWORKS, STATUSES, depends
from archcalc.published.expect import excess
from archcalc.published.quantities import kind_of
from archcalc.published.stats import SourceStats, source_stats
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.published.check import Finding
    from archcalc.published.figures import Figure

_HEADS = (
    Head("figure", left=True), Head("quantity", left=True), Head("printed"), Head("computed"),
    Head("verdict", left=True), Head("source", left=True, optional=1),
)  # fmt: skip

_EXACT = ("network", "figure", "quantity", "printed", "computed", "verdict", "cite", "where", "misprint")

POINTED_AT = ("misprint", "news", "differs", "broken")

VERDICTS = {
    "agrees": "agrees",
    "cut": "agrees, cut",
    "misprint": "misprint",
    "news": "UNEXPECTED: marked as a misprint, and agrees",
    "differs": "DIFFERS",
    "measured": "measured",
    "expected": "as expected",
    "broken": "BROKEN",
}


class CheckPage(Page):
    """Some findings: a table for each network, the account of the sources, and the summary."""

    findings: Sequence[Finding]
    only: Sequence[str] = ()
    account: bool = False
    convention: Convention | None = None

    def shown(self) -> dict[str, list[Finding]]:
        """Return the findings that are asked for, by network."""
        by_network: dict[str, list[Finding]] = {}
        for finding in self.findings:
            if not self.only or finding.status in self.only:
                by_network.setdefault(finding.network, []).append(finding)
        return by_network

    def grids(self) -> list[Grid]:
        """Return a table for each network, and the account."""
        grids = [_grid(name, findings) for name, findings in self.shown().items()]
        return [*grids, _account(self.findings)] if self.account else grids

    def notes(self) -> list[str]:
        """Return the summary."""
        notes = [summary(self.findings)]
        if self.convention is not None:
            rule = self.convention
            notes.append(f"Figures without a convention of their own are counted as '{rule.name}': {rule.says}")
        return notes

    def tables(self) -> list[Table]:
        """Return the findings with exact values, in one table."""
        rows = (_exact(name, finding) for name, findings in self.shown().items() for finding in findings)
        return [Table(_EXACT, rows)]

    def data(self) -> dict[str, Any]:
        """Return the findings and what they add up to."""
        every, only = self.findings, self.only
        published, own = parted(every)
        data = {
            "schema": SCHEMA,
            "summary": {
                "figures": len(published),
                "expectations": len(own),
                **counts(every),
                "ok": not any(each.fails for each in every),
                "sources": {cite: each._asdict() for cite, each in source_stats(every).items()},
            },
            "figures": [_data(each) for each in published if not only or each.status in only],
            "expectations": [_expectation(each) for each in own if not only or each.status in only],
        }
        return data if self.convention is None else {**data, "convention": self.convention.name}


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """Count findings by status."""
    return {status: sum(each.status == status for each in findings) for status in STATUSES}


def parted(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Part what was published from what specs expect of themselves."""
    return [each for each in findings if not each.figure.bound], [each for each in findings if each.figure.bound]


def summary(findings: Sequence[Finding]) -> str:
    """Sum up in a line or two."""
    by = counts(findings)
    published, own = parted(findings)
    parts = [_sum_up(published, by)] if published or not own else []
    if own:
        parts.append(f"{by[EXPECTED]} of {_many(len(own), 'expectation')} hold, {by[BROKEN]} broken.")
    return " ".join(parts)


def _sum_up(findings: Sequence[Finding], by: dict[str, int]) -> str:
    checked = len(findings) - by["measured"]
    networks = len({finding.network for finding in findings} - {SEVERAL_NETWORKS, NO_NETWORK})
    parts = [
        f"{by['agrees'] + by['cut']} agree ({by['cut']} of them cut, not rounded)",
        _many(by["misprint"], "known misprint"),
        f"{by['differs']} differ",
    ]
    if by["news"]:
        parts.append(f"{by['news']} marked as misprints agree after all")
    return (
        f"{_many(len(findings), 'published figure')} of {_many(networks, 'network')}: {checked} checked, "
        f"{by['measured']} measured. "
        f"{', '.join(parts)}."
    )


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _grid(name: str, findings: Sequence[Finding]) -> Grid:
    claims = name == SEVERAL_NETWORKS
    notes = []
    for each in findings:
        what = spoken_of(each) if claims else f"{spoken_of(each)} {each.figure.printed}"
        if each.figure.misprint:
            notes.append(f"{what}: {each.figure.misprint} (computed: {computed(each, full=True)})")
        elif each.figure.note:
            notes.append(f"{what}: {each.figure.note}")
    return Grid(
        title=name,
        heads=(Head("claim", left=True), *_HEADS[2:]) if claims else _HEADS,
        rows=tuple((row[0], *row[2:]) if claims else row for row in map(_row, findings)),
        notes=tuple(dict.fromkeys(notes)),
        warnings=frozenset(number for number, each in enumerate(findings) if each.status in POINTED_AT),
    )


def _account(findings: Sequence[Finding]) -> Grid:
    found = source_stats(findings)
    heads = (Head("source", left=True), *(Head(word.replace("_", " ")) for word in SourceStats._fields))
    rows = tuple((cite, *(str(number or "–") for number in each)) for cite, each in found.items())
    total = ("total", *(str(sum(column)) for column in zip(*found.values(), strict=True)))
    note = "Each figure once, those of a family too, which are held against all its networks."
    return Grid("sources", heads, rows, total, (note,))


def _exact(name: str, each: Finding) -> tuple[Any, ...]:
    figure = each.figure
    at, value = " ".join(figure.at or ()), each.computed
    if value.__class__ is not int:
        value = computed(each, full=True)
    said = (figure.cite, figure.where, figure.misprint)
    return (name, at, figure.quantity, figure.printed, value, each.status, *said)


def spoken_of(each: Finding) -> str:
    """Name what a finding speaks of: the claim, or a row and its quantity."""
    return _at(each.figure) if each.network == SEVERAL_NETWORKS else f"{_at(each.figure)} {each.figure.quantity}"


def _at(figure: Figure) -> str:
    """Name what a figure speaks of: its rows, the first and the last of many, or the total."""
    rows = figure.at or ("total",)
    return f"{rows[0]} … {rows[-1]}" if len(rows) > 3 else " ".join(rows)


def _row(each: Finding) -> tuple[str, ...]:
    figure = each.figure
    how = counted(each)
    source = f"{figure.cite}, {figure.where}" if figure.where else figure.cite
    return (
        _at(figure),
        f"{figure.quantity}{f' ({how})' if how else ''}",
        figure.printed,
        computed(each),
        f"BROKEN: {off(each)}" if each.status == BROKEN else VERDICTS[each.status],
        f"{source}{f'; {figure.protocol}' if figure.protocol else ''}" if not figure.bound else "expect, in the spec",
    )


def off(each: Finding) -> str:
    """Say by how much a network breaks what its spec expects of it."""
    figure = each.figure
    by = excess(figure, each.computed)
    if by == 0:
        return "just that"
    amount = units.exact(abs(by)) if isinstance(by, int) else units.decimal(abs(by))
    unit = ""
    if kind_of(figure.quantity) == "bytes":
        unit = f" B = {units.size(int(abs(by)))}" if abs(by) >= 1024 else " B"
    share = units.percent(abs(by), figure.value.value) if figure.value is not None else ""
    return f"{amount}{unit} {'over' if by > 0 else 'short'} ({share})"


def broken(each: Finding) -> str:
    """Say in a sentence that a network breaks what its spec expects of it."""
    figure = each.figure
    return f"{each.network}: {figure.quantity} is {computed(each)}, {figure.printed} is expected: {off(each)}"


def counted(each: Finding) -> str:
    """Say how a figure was counted, where not in the usual way."""
    figure = each.figure
    parts = [
        "" if figure.bias else "no biases",
        "" if figure.norm else "no norm",
        "with statistics" if figure.buffers else "",
        f"K={figure.k}" if figure.k else "",
        figure.convention if figure.convention and _matters(figure) else "",
        f"to {figure.to}" if figure.to else "",
        ", ".join(f"{name}={value}" for name, value in figure.set.items()),
        f"input {figure.input}" if figure.input else "",
        "training" if figure.training else "",
    ]
    return ", ".join(part for part in parts if part)


def _matters(figure: Figure) -> bool:
    """Whether a figure's convention has a rule for its quantity, of those that a table may print side by side."""
    convention = conventions().get(figure.convention or "")
    return convention is None or depends(
        figure, convention
    )  # a user's own is given to no figure that it says nothing of


def computed(each: Finding, *, full: bool = False) -> str:
    """Write what was computed: exactly, or in the unit of the figure."""
    value = each.computed
    if value is None:
        return ""
    if isinstance(value, tuple):
        as_printed = (*value[1:], value[0]) if each.figure.order == "hwc" and len(value) == 3 else value
        return "x".join(map(str, as_printed))
    if value.__class__ is bool:
        return "holds" if value else "does not hold"
    kind = kind_of(each.figure.quantity)
    if kind == "percent":
        return f"{units.fixed(value.numerator, value.denominator)}%"
    if value.__class__ is not int:
        return units.decimal(value)
    if full or kind != "bytes" or each.figure.unit == "values":
        return units.exact(value)
    return f"{units.exact(value)} B"


def _data(each: Finding) -> dict[str, Any]:
    figure = each.figure
    found: dict[str, Any] = {
        "network": each.network,
        "at": list(figure.at) if figure.at else None,
        "quantity": figure.quantity,
        "printed": figure.printed,
        "computed": _plain(each.computed),
        "status": each.status,
        "cite": figure.cite,
        "where": figure.where,
    }
    for word in ("misprint", "note", "convention", "protocol", "input"):
        if getattr(figure, word):
            found[word] = getattr(figure, word)
    if figure.set:
        found["set"] = dict(figure.set)
    return found


def _expectation(each: Finding) -> dict[str, Any]:
    return {
        "network": each.network,
        "quantity": each.figure.quantity,
        "expected": each.figure.printed,
        "computed": _plain(each.computed),
        "excess": _plain(excess(each.figure, each.computed)),
        "status": each.status,
    }


def _plain(value: Any) -> Any:
    """Return a computed value as JSON has it: a shape as a list, a portion as a decimal."""
    if value is None or isinstance(value, int):
        return value
    return list(value) if isinstance(value, tuple) else float(value)
