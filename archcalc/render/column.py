"""A column of a layer table, and the kinds of columns that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.analyses.rows import Row
    from archcalc.render.view import View


class Column(NamedTuple):
    """One column: ``value`` is exact, for csv and tsv; ``cell`` is what tables print."""

    word: str
    head: Callable[[View], str]
    value: Callable[[Row, View], Any]
    cell: Callable[[Row, View], str]
    exact: Callable[[View], str] | None = None
    """Name of the exact value with its unit, if it is not the word."""
    total: Callable[[View], str] | None = None
    exact_total: Callable[[View], Any] | None = None
    left: bool = False
    optional: int = 0
    """How soon a narrow terminal leaves it out; 0 is never."""


def text(word: str, head: str, value: Callable[[Row, View], Any], optional: int = 0, *, left: bool = False) -> Column:
    """Return a column of texts and small numbers."""

    def cell(row: Row, view: View) -> str:
        content = value(row, view)
        return "" if content is None else str(content)

    return Column(word, lambda view: head, value, cell, left=left, optional=optional)


def amount(
    word: str,
    head: Callable[[View], str],
    value: Callable[[Row, View], int],
    unit: Callable[[View], units.Unit],
    whole: Callable[[View], int],
    exact: Callable[[View], str] | None = None,
) -> Column:
    """Return a column of amounts in a unit, with their total."""
    return Column(
        word,
        head,
        value,
        lambda row, view: units.whole(value(row, view), unit(view)),
        exact,
        lambda view: units.whole(whole(view), unit(view)),
        whole,
    )


def share(word: str, head: str, value: Callable[[Row, View], int], whole: Callable[[View], int]) -> Column:
    """Return a column of shares of a total."""
    return Column(
        word,
        lambda view: head,
        lambda row, view: value(row, view) / whole(view) if whole(view) else None,
        lambda row, view: units.percent(value(row, view), whole(view)),
        total=lambda view: units.percent(whole(view), whole(view)),
        exact_total=lambda view: 1.0 if whole(view) else None,
    )


def size(word: str, head: str, value: Callable[[Row, View], int]) -> Column:
    """Return a column of bytes without a total."""
    return Column(
        word,
        lambda view: with_unit(head, view.memory),
        value,
        lambda row, view: units.whole(value(row, view), view.memory),
    )


def with_unit(word: str, unit: units.Unit) -> str:
    """Return a heading with the unit of its column, if it has a name."""
    return f"{word}\n({unit.name})" if unit.name else word
