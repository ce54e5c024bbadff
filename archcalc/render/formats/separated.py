"""Values separated by commas or tabs: exact, and always one table.

Where a page has tables with different columns, they stand one below the other with the columns of all; the first
column, ``table``, says which one a row is of, and cells of the others' columns are empty.
"""

from __future__ import annotations

import csv as writers
import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archcalc.render.page import Page, Table, Target


_FORMULA = tuple("=+-@＝＋－＠")
"""What a formula begins with, in some spreadsheets with a full-width sign."""

_NUMBER = r"[-+][0-9][0-9,.]*( ?[%A-Za-z]{1,5})?"
"""A number with its sign, which stays one: -5, +1,024, -0.5%, +1.2 MiB."""


def csv(page: Page, target: Target) -> str:
    """Write comma-separated values."""
    return _separated(page, ",")


def tsv(page: Page, target: Target) -> str:
    """Write tab-separated values."""
    return _separated(page, "\t")


def _separated(page: Page, delimiter: str) -> str:
    out = io.StringIO()
    writer = writers.writer(out, delimiter=delimiter, lineterminator="\n")
    tables = page.tables()
    heads, rows = as_one(tables)
    if tables:
        writer.writerow(map(_cell, heads))
    writer.writerows(map(_cell, row) for row in rows)
    return out.getvalue().rstrip("\n")


def as_one(tables: Sequence[Table]) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """Return the columns and the rows of some tables as one."""
    heads = dict.fromkeys(head for table in tables for head in table.heads)
    if all(len(table.heads) == len(heads) for table in tables):
        return [*heads], (row for table in tables for row in table.rows)
    return ["table", *heads], (row for table in tables for row in _within(heads, table))


def _within(heads: Iterable[str], table: Table) -> Iterator[Sequence[Any]]:
    places = [table.heads.index(head) if head in table.heads else None for head in heads]
    for row in table.rows:
        yield [table.name, *(None if place is None else row[place] for place in places)]


def _cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula: text that looks like one gets a quote in front."""
    if value.__class__ is not str or value.lstrip()[:1] not in _FORMULA or re.fullmatch(_NUMBER, value):
        return value
    return f"'{value}"
