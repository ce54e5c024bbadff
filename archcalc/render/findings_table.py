"""The tables of ``check``: the figures of a network by their source, and the statistics of all sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.published.stats import SourceStats, source_stats
from archcalc.published.verdicts import REMARKED, SEVERAL_NETWORKS
from archcalc.render.findings import SIGNS, at, comments, computed, counted, described, signed, source
from archcalc.render.page import Grid, Head

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archcalc.published.verdicts import Finding

_HEADS = (
    Head("figure", left=True, wraps=True, least=12), Head("quantity", left=True, wraps=True, least=12),
    Head("printed", wraps=True, least=9), Head("computed"), Head("verdict", left=True, wraps=True, least=10),
)  # fmt: skip


def of_network(name: str, findings: Sequence[Finding]) -> Grid:
    """Return the table of a network: under each source its figures, what was computed, and the verdicts."""
    claims = name == SEVERAL_NETWORKS
    by_source = _by_source(findings)
    heads = (Head("claim", left=True, wraps=True, least=24), *_HEADS[2:]) if claims else _HEADS
    rows: list[tuple[str, ...]] = []
    headings, tones = [], {}
    for said, own in by_source.items():
        headings.append(len(rows))
        rows.append((said, *[""] * (len(heads) - 1)))
        for finding in own:
            tones[len(rows), len(heads) - 1] = SIGNS[finding.status][1]
            row = _row(finding)
            rows.append((row[0], *row[2:]) if claims else row)
    figures = [finding for own in by_source.values() for finding in own]
    return Grid(
        title=name,
        heads=heads,
        rows=tuple(rows),
        notes=tuple(dict.fromkeys([*_comments(figures), *_remarks(findings)])),
        headings=frozenset(headings),
        tones=tones,
    )


def _by_source(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Return figures by where they stand; the places of one source follow one another."""
    by_key: dict[str, dict[str, list[Finding]]] = {}
    for finding in findings:
        if finding.status != REMARKED:
            by_key.setdefault(finding.figure.cite, {}).setdefault(_source(finding), []).append(finding)
    return {said: own for places in by_key.values() for said, own in places.items()}


def _source(finding: Finding) -> str:
    """Name what a figure stands in, and how it was measured there."""
    figure = finding.figure
    if figure.bound:
        return "expect"
    return f"{source(figure)}{f'; {figure.protocol}' if figure.protocol else ''}"


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


def of_sources(findings: Sequence[Finding]) -> Grid:
    """Return how many figures of each source are recorded, and the verdicts on them."""
    stats = source_stats(findings)
    sums = [sum(column) for column in zip(*stats.values(), strict=True)]
    kept = [index for index, word in enumerate(SourceStats._fields) if sums[index] or word in ("agree", "differ")]
    words = [SourceStats._fields[index] for index in kept]
    heads = (Head("source", left=True), *(Head(word.replace("_", "\n", 1).replace("_", " ")) for word in words))
    rows = tuple((cite, *(str(numbers[index] or "–") for index in kept)) for cite, numbers in stats.items())
    total = ("total", *(str(sums[index]) for index in kept))
    note = "Each figure once, although figures of a family are checked for all its networks."
    return Grid("sources", heads, rows, total, legend=(note,))


def _row(finding: Finding) -> tuple[str, ...]:
    figure = finding.figure
    how = counted(figure)
    return (
        f"  {at(figure)}",
        f"{figure.quantity}{f' ({how})' if how else ''}",
        figure.printed,
        computed(finding),
        signed(finding),
    )
