"""Pages: what a command prints, as tables of text for people, as exact tables, and as plain data.

A command makes a :class:`Page`; a format asks it for one of the three and turns that into text; what is printed, and
where, is the command line's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Head(Record):
    """The heading of a column; ``optional`` says how soon a narrow terminal does without it (0: never)."""

    text: str
    left: bool = False
    optional: int = 0


class Grid(Record):
    """A table of text, for people."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    headings: frozenset[int] = frozenset()
    """Rows that only name what follows."""
    warnings: frozenset[int] = frozenset()
    """Rows to point at."""
    bars: Mapping[int, Sequence[int]] = {}
    """Column to the amounts of its rows, where a format that can may draw them as bars beside the text."""
    chain: bool = False
    """Whether a row is a chain of equal values, which a narrow terminal prints one below the other."""


class Table(Record):
    """A table of exact values, for programs."""

    heads: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


class Page(Record):
    """What a command prints. Each of its forms is made when a format asks for it, and no other."""

    def grids(self) -> Sequence[Grid]:
        """Return the tables that people read."""
        raise NotImplementedError

    def notes(self) -> Sequence[str]:
        """Return lines of text after all tables."""
        return ()

    def tables(self) -> Sequence[Table]:
        """Return the tables that programs read."""
        raise NotImplementedError

    def data(self) -> Any:
        """Return everything as plain data, for JSON."""
        raise NotImplementedError


class Target(Record):
    """What a page is printed on: how wide (None: as wide as it likes), in colour or not, in which characters."""

    width: int | None = None
    color: bool = False
    encoding: str = "utf-8"
