"""Pages: what a command prints, as tables of text for people, as exact tables, and as plain data.

A command makes a :class:`Page`; a format asks it for one of the three and turns that into text; the command line
decides what is printed where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Math(str):
    """The text of a formula in a cell, with the same in LaTeX's mathematics for formats that have it."""

    __slots__ = ("latex",)

    latex: str

    def __new__(cls, text: str, latex: str) -> Math:
        """Return a formula as text and in LaTeX."""
        made = super().__new__(cls, text)
        made.latex = latex
        return made


class Head(Record):
    """The heading of a column; ``optional`` says how soon a narrow terminal leaves it out (0: never).

    A column with ``least`` is cut with an ellipsis, to so many characters at least, before any is left out.
    """

    text: str
    left: bool = False
    optional: int = 0
    least: int = 0


class Grid(Record):
    """A table of text, for people."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    headings: frozenset[int] = frozenset()
    """Rows that are headings of those that follow."""
    warnings: frozenset[int] = frozenset()
    """Rows to highlight."""
    bars: Mapping[int, Sequence[int]] = {}
    """Column to the amounts of its rows, for formats that draw bars beside the text."""
    chain: bool = False
    """Whether each row is a chain of equal values, which a narrow terminal prints one below the other."""


class Table(Record):
    """A table of exact values, for programs."""

    heads: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


class Page(Record):
    """What a command prints. Only the form that a format asks for is made."""

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
    """What a page is printed on: its width (None: unlimited), with colours or not, and its encoding."""

    width: int | None = None
    color: bool = False
    encoding: str = "utf-8"
