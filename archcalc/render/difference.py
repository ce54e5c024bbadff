"""The page of ``diff``: what of a network is another, what that costs, and the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.difference import ADDED, CHANGED, MOVED, REMOVED, RESIZED
from archcalc.analyses.difference_rows import hidden, rows
from archcalc.engine.report import SCHEMA
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.difference import Change, Difference
    from archcalc.analyses.difference_rows import DifferenceRow
    from archcalc.engine.report import Report

_COSTS = ("params", "macs", "memory_bytes")


class DifferencePage(Page):
    """What changed from one network to another, and the totals of both."""

    difference: Difference
    names: tuple[str, str]
    """What the two are called: by their names, or as they were asked for."""
    si: bool = False

    def grids(self) -> list[Grid]:
        """Return the changes with their costs, and the totals."""
        shown = [row for row in rows(self.difference) if not hidden(row)]
        grids = [_changes(shown, self)] if shown else []
        return [*grids, _totals(self.difference, self.names, self.si)]

    def notes(self) -> list[str]:
        """Sum up, and say what is not shown."""
        return list(_notes(self.difference, self.names))

    def tables(self) -> list[Table]:
        """Return every change, a row for each layer, with exact values."""
        heads = ("change", "before", "after", "op", "what", *_COSTS)
        return [Table(heads, map(_exact, self.difference.changes))]

    def data(self) -> dict[str, Any]:
        """Return the totals and every change."""
        before, after = _sums(self.difference.before), _sums(self.difference.after)
        return {
            "schema": SCHEMA,
            "networks": list(self.names),
            "same": self.difference.same,
            "totals": {
                word: {"before": before[word], "after": after[word], "difference": after[word] - before[word]}
                for word in before
            },
            "renamed": self.difference.renamed,
            "changes": [
                dict(zip(("change", "before", "after", "op", "what", *_COSTS), _exact(each), strict=True))
                for each in self.difference.changes
            ],
        }


def _sums(report: Report) -> dict[str, int]:
    return {
        "params": report.params,
        "macs": report.macs,
        "memory_bytes": report.memory_bytes,
        "model_bytes": report.model_bytes,
        "layers": len(report.layers) - len(report.network.inputs),
        "depth": report.depth,
    }


def _exact(change: Change) -> tuple[Any, ...]:
    return (
        change.status,
        None if change.before is None else change.before.name,
        None if change.after is None else change.after.name,
        change.layer.op,
        "; ".join(change.what),
        change.params,
        change.macs,
        change.memory_bytes,
    )


def _changes(shown: list[DifferenceRow], page: DifferencePage) -> Grid:
    first, second = page.names
    return Grid(
        f"from {first} to {second}",
        (
            Head("layer", left=True), Head("change", left=True), Head("what", left=True, least=24), Head("params"),
            Head("MACs"), Head("memory (B)"),
        ),
        tuple(
            (row.label, row.status, row.what, *(signed(getattr(row, word)) for word in _COSTS)) for row in shown
        ),
        ("total", "", "", *(signed(sum(getattr(row, word) for row in shown)) for word in _COSTS)),
    )  # fmt: skip


def signed(value: int) -> str:
    """Write a difference exactly: +1,234, -56 or 0."""
    return f"{value:+,}" if value else "0"


def _totals(difference: Difference, names: tuple[str, str], si: bool) -> Grid:
    before, after = _sums(difference.before), _sums(difference.after)
    labels = {"macs": "MACs", "memory_bytes": "memory", "model_bytes": "model"}
    return Grid(
        "",
        (Head("", left=True), *(Head(name) for name in names), Head("difference"), Head("")),
        tuple(
            (
                f"{labels.get(word, word)}{' (B)' if word.endswith('bytes') else ''}",
                units.exact(before[word]),
                units.exact(after[word]),
                signed(after[word] - before[word]),
                _relative(word, before[word], after[word], si),
            )
            for word in before
        ),
    )


def _relative(word: str, before: int, after: int, si: bool) -> str:
    """Say how large a difference is: in units that are easy to read, and beside what there was."""
    if before == after:
        return ""
    more = abs(after - before)
    short = units.size(more, si=si) if word.endswith("bytes") else units.short(more)
    sign = "+" if after > before else "-"
    return f"{sign}{short}{f', {units.ratio(after, before)}' if before else ''}"


def _notes(difference: Difference, names: tuple[str, str]) -> Iterator[str]:
    layers = dict.fromkeys((ADDED, REMOVED, CHANGED, MOVED, RESIZED), 0)
    for change in difference.changes:
        layers[change.status] += 1
    if difference.same:
        yield f"{names[0]} and {names[1]} are the same network, layer by layer."
    else:
        counts = ", ".join(f"{number:,} {status}" for status, number in layers.items() if number)
        yield f"Layers: {counts}; {len(difference.every) - len(difference.changes):,} as they were."
    unseen = sum(len(row.changes) for row in rows(difference) if hidden(row))
    if unseen:
        yield f"{unseen:,} resized without a cost are not shown: the same layers on inputs of another size."
    if difference.renamed:
        yield f"{difference.renamed:,} have another name, which counts as no difference."
