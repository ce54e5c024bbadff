"""Values separated by commas or tabs: exact, with one heading for tables with the same columns."""

from __future__ import annotations

import csv as writers
import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.render.page import Page, Target


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
    before: tuple[str, ...] | None = None
    for table in page.tables():
        if table.heads != before:
            writer.writerow(map(_cell, table.heads))
        before = table.heads
        writer.writerows(map(_cell, row) for row in table.rows)
    return out.getvalue().rstrip("\n")


def _cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula: text that looks like one gets a quote in front."""
    if value.__class__ is not str or value.lstrip()[:1] not in _FORMULA or re.fullmatch(_NUMBER, value):
        return value
    return f"'{value}"
