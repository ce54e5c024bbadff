"""Rows of a layer table in another order, and the first of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.analyses.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def ranked(rows: Sequence[Row], value: Callable[[Row], Any]) -> list[Row]:
    """Return rows by a value: the largest number first, texts from A to Z, and last those without; no headings."""
    alone = [row._replace(label=row.path, level=0) for row in rows if not row.heading]
    known = [(value(row), row) for row in alone]
    numbers = [pair for pair in known if isinstance(pair[0], (int, float))]
    texts = [pair for pair in known if isinstance(pair[0], str)]
    return [
        *(row for _, row in sorted(numbers, key=lambda pair: -pair[0])),
        *(row for _, row in sorted(texts, key=lambda pair: str(pair[0]))),
        *(row for found, row in known if found is None),
    ]


def first(rows: Sequence[Row], number: int) -> list[Row]:
    """Return the first rows, and one that stands for all others."""
    shown, others = list(rows[:number]), rows[number:]
    if not others:
        return shown
    name = f"{len(others):,} other{'' if len(others) == 1 else 's'}"
    return [*shown, Row(name, name, tuple(layer for row in others for layer in row.layers), rest=True)]
