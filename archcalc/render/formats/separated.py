"""Values with commas or tabs between them: exact, one heading for tables that have the same columns."""

from __future__ import annotations

import csv as writers
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archcalc.render.page import Page, Target


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
            writer.writerow(table.heads)
        before = table.heads
        writer.writerows(table.rows)
    return out.getvalue().rstrip("\n")
