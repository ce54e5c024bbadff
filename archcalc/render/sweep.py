"""The page of ``sweep``: a row for each variant, and what became of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.outcomes import MEASURES
from archcalc.analyses.sweep.axes import DEVICE, DTYPE
from archcalc.analyses.sweep.sweep import shown, value_text
from archcalc.engine.layer import plain
from archcalc.engine.report import SCHEMA
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from archcalc.analyses.sweep.plan import Row
    from archcalc.analyses.sweep.sweep import Sweep

TABLE = ("params", "macs", "memory_bytes", "depth")
"""The totals that the table for people shows; the data have all of them."""


class SweepPage(Page):
    """The rows of a sweep."""

    sweep: Sweep
    si: bool = False

    def grids(self) -> list[Grid]:
        """Return a row for each variant that is left."""
        sweep = self.sweep
        words = [*TABLE, *(word for word in sweep.words if word not in TABLE and _is_extra(word))]
        several = len(sweep.order.networks) > 1
        heads = [Head("network", left=True)] if several else []
        heads += [Head(name) for name in sweep.order.names]
        heads += measure_heads(words, sweep.order.names)
        rows = tuple(
            (
                *([row.network] if several else []),
                *map(value_text, row.arguments.values()),
                *(written(word, row.quantities[word], si=self.si) for word in words),
            )
            for row in sweep.rows
        )
        return [Grid(_title(sweep), tuple(heads), rows, notes=tuple(_notes(sweep)))]

    def tables(self) -> list[Table]:
        """Return the rows with exact values."""
        names = ("network", *self.sweep.order.names, *(quantity_name(self.sweep, word) for word in self.sweep.words))
        return [
            Table(names, [tuple(_cell(value) for value in _row(self.sweep, row).values()) for row in self.sweep.rows])
        ]

    def data(self) -> dict[str, Any]:
        """Return the rows, and how many variants are none of them."""
        sweep, order = self.sweep, self.sweep.order
        return {
            "schema": SCHEMA,
            "networks": [network.name for network in order.networks],
            "axes": {axis.name: [plain(value) for value in axis.values] for axis in order.axes},
            "batch": None if "batch" in order.names else order.batch,
            "dtype": None if DTYPE in order.names else order.dtype,
            "device": None if DEVICE in order.names else order.device,
            "units": {"macs": "multiply-accumulates", "memory": "bytes", "time": "seconds", "rates": "percent"},
            "where": order.where,
            "variants": order.variants,
            "analysed": sweep.done,
            "impossible": _impossible(sweep),
            "satisfying": sweep.satisfying,
            "not_satisfying": sweep.failing,
            "not_known": sweep.unknown,
            "not_on_the_front": sweep.dominated,
            "beyond_the_top": sweep.cut,
            "rows": [{name: _cell(value) for name, value in _row(sweep, row).items()} for row in sweep.rows],
        }


def measure_heads(words: Iterable[str], arguments: Collection[str]) -> Iterator[Head]:
    """Yield the headings of quantities; one that an argument is called too is that of the network."""
    for word in words:
        label = MEASURES[word].label
        yield Head(f"network\n{label}" if word in arguments else label.replace(" ", "\n", 1))


def quantity_name(sweep: Sweep, word: str) -> str:
    """Return the name of a quantity in a row; an argument of the same name keeps it."""
    return f"network_{word}" if word in sweep.order.names else word


def _is_extra(word: str) -> bool:
    return word not in ("memory_values", "model_bytes")


def _row(sweep: Sweep, row: Row) -> dict[str, Any]:
    return {
        "network": row.network,
        **row.arguments,
        **{quantity_name(sweep, word): value for word, value in row.quantities.items()},
    }


def _cell(value: Any) -> Any:
    """Return a value as plain data; a size is written as it is typed."""
    return value_text(value) if isinstance(value, tuple) else plain(value)


def written(word: str, value: Any, *, si: bool = False) -> str:
    """Write a quantity for people; a dash where it is not known."""
    if value is None:
        return "–"
    kind = MEASURES[word].kind
    if kind == "count":
        return units.short(value)
    if kind == "bytes":
        return units.size(value, si=si)
    if kind == "seconds":
        return units.duration(float(value))
    if kind == "rate":
        return units.significant(float(value))
    return f"{units.decimal(value)}%" if kind == "percent" else str(value)


def _title(sweep: Sweep) -> str:
    order = sweep.order
    names = ", ".join(network.name for network in order.networks)
    batch = f", batch {order.batch}" if order.batch > 1 and "batch" not in order.names else ""
    dtype = "" if DTYPE in order.names else f", {order.dtype}"
    device = "" if order.device is None or DEVICE in order.names else f" on {order.device}"
    return f"{names}: {order.variants:,} variant{'s' if order.variants > 1 else ''}{batch}{dtype}{device}"


def _notes(sweep: Sweep) -> Iterator[str]:
    if sweep.interrupted:
        yield f"Interrupted: {sweep.done:,} of {sweep.order.variants:,} variants were analysed."
    if sweep.first_impossible is not None:
        yield impossible_note(sweep)
    if sweep.order.where is not None:
        yield f"{sweep.satisfying:,} {'satisfies' if sweep.satisfying == 1 else 'satisfy'} {sweep.order.where}."
    if sweep.unknown:
        yield f"{sweep.unknown:,} left out, of which what is asked for was not published."
    if sweep.choice.front:
        keys = ", ".join(f"{'more' if key.more else 'less'} {key.name}" for key in sweep.choice.front)
        yield f"{len(sweep.rows) + sweep.cut:,} on the Pareto front ({keys}); {sweep.dominated:,} behind it."
    if sweep.cut:
        yield f"{sweep.cut:,} more rows beyond the first {len(sweep.rows):,}."


def impossible_note(sweep: Sweep) -> str:
    """Say how many variants cannot be built, and why the first of them cannot."""
    first = sweep.first_impossible
    assert first is not None
    where = f"{first.network}, {shown(first.arguments)}" if first.arguments else first.network
    many = f"{sweep.impossible:,} variants cannot" if sweep.impossible > 1 else "1 variant cannot"
    which = "the first is " if sweep.impossible > 1 else ""
    return f"{many} be built; {which}{where}: {first.reason}."


def _impossible(sweep: Sweep) -> dict[str, Any]:
    first = sweep.first_impossible
    if first is None:
        return {"count": 0, "first": None}
    at = {name: plain(value) for name, value in first.arguments.items()}
    return {"count": sweep.impossible, "first": {"network": first.network, "at": at, "reason": first.reason}}
