"""The part of the page of ``memory`` about what fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.render.page import Grid, Head, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.memory.analysis import Memory
    from archcalc.analyses.memory.fit import Card, Need
    from archcalc.analyses.memory.needs import Fit


_HEADS = {
    "running": "run",
    "training": "trained",
    "recomputed": "trained,\nrecomputed",
    "unshared": "each stored\noutput with\na gradient",
    "unshared_not_in_place": "every\noutput with\na gradient",
}
"""What is done, as the heading of a column."""


def fits(memory: Memory, fit: Fit, *, si: bool) -> Grid:
    """Return the table of the largest batches, for a size or a card by what is done; or for all cards."""
    if fit.every_card:
        return _on_all(fit, si)
    (card,) = fit.cards
    return _on_one(memory, fit.needs, card, si)


def _on_one(memory: Memory, needs: Sequence[Need], card: Card, si: bool) -> Grid:
    batch = memory.report.setup.batch
    rows = tuple(
        (
            need.label,
            units.size(need.fixed, si=si),
            units.size(-(-need.per_image // 8), si=si),
            units.exact(need.largest(card.bytes)),
            units.size(need.at(batch), si=si),
            units.percent(need.at(batch), card.bytes),
        )
        for need in needs
    )
    heads = (
        Head("what is done", left=True, optional=-1, wraps=True), Head("weights\nand all"), Head("each\nimage"),
        Head("largest\nbatch"), Head(f"batch of\n{batch}"), Head("of the\nmemory"),
    )  # fmt: skip
    return Grid(f"What fits into {_called(card, si)}", heads, rows, legend=_notes())


def _on_all(fit: Fit, si: bool) -> Grid:
    rows = tuple(
        (
            card.name,
            str(card.year),
            units.size(card.bytes, si=si),
            *(units.exact(need.largest(card.bytes)) for need in fit.needs),
        )
        for card in fit.cards
    )
    heads = (Head("card", left=True), Head("year"), Head("memory"), *(Head(_HEADS[need.word]) for need in fit.needs))
    return Grid("The largest batch on each card", heads, rows, legend=_notes())


def fit_values(memory: Memory, fit: Fit) -> Table:
    """Return the same with exact values."""
    name, batch = memory.report.name, memory.report.setup.batch
    if fit.every_card:
        heads = ("network", "card", "memory_bytes", *(need.word for need in fit.needs))
        largest = ((card, [need.largest(card.bytes) for need in fit.needs]) for card in fit.cards)
        return Table(heads, ((name, card.name, card.bytes, *batches) for card, batches in largest), "fit")
    (card,) = fit.cards
    heads = ("network", "memory", "what", "fixed_bytes", "bits_for_each_image", "largest_batch", "bytes_of_the_batch")
    return Table(
        heads,
        (
            (name, card.name, need.word, need.fixed, need.per_image, need.largest(card.bytes), need.at(batch))
            for need in fit.needs
        ),
        "fit",
    )


def _called(card: Card, si: bool) -> str:
    if card.year is None:
        return f"{card.title}, {units.exact(card.bytes)} bytes"
    return f"{card.title} ({card.year}): {units.size(card.bytes, si=si)}, {units.exact(card.bytes)} bytes"


def _notes() -> tuple[str, ...]:
    return (
        "1 GB of memory is 2^30 bytes. What a driver, a framework and the workspace of its convolutions take is not"
        " known here and comes on top.",
    )
