"""What a chart shows, before it is written in a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.charts.marks import Picture


class Content(Record):
    """What a chart shows: its words, and in each kind of chart its values."""

    title: str
    subtitle: str
    description: str
    notes: tuple[str, ...]
    """What stands below it."""
    remarks: tuple[str, ...]
    """What was left out of it, and why."""

    def picture(self) -> Picture:
        """Return it as it is drawn."""
        raise NotImplementedError
