"""The options of a layer table."""

from __future__ import annotations

from archcalc.analyses.counting import OWN, Counting
from archcalc.record import Record


class TableOptions(Record):
    """The options of a layer table."""

    depth: int = 1
    every: bool = False
    columns: str | None = None
    si: bool = False
    counting: Counting = OWN
    sort: str | None = None
    """A column, whose largest values come first."""
    top: int | None = None
    """Rows that are shown at most."""
    bars: bool = True
