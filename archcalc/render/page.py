"""Tables as text in cells, on a page.

A command makes a :class:`Page`: some grids, notes beneath them, and the same as plain data. A format turns a page into
text; what is printed, and where, is the command line's.
"""

from __future__ import annotations

from typing import Any

from archcalc.record import Record


class Head(Record):
    """The heading of a column; ``optional`` says how soon a narrow terminal does without it (0: never)."""

    text: str
    left: bool = False
    optional: int = 0


class Grid(Record):
    """A table. ``exact`` are headings and rows for csv and tsv; without them the cells themselves are written."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    headings: frozenset[int] = frozenset()
    """Rows that only name what follows."""
    warnings: frozenset[int] = frozenset()
    """Rows to point at."""
    exact: tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]] | None = None
    chain: bool = False
    """Whether a row is a chain of equal values, which a narrow terminal prints one below the other."""


class Page(Record):
    """What a command prints: grids, lines of text after them, and the same as plain data."""

    grids: tuple[Grid, ...]
    data: Any
    notes: tuple[str, ...] = ()


class Target(Record):
    """What a page is printed on: how wide (None: as wide as it likes), in colour or not."""

    width: int | None = None
    colour: bool = False
