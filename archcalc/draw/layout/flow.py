"""Which way a picture goes, and how far."""

from __future__ import annotations

from typing import NamedTuple

UNBOUND = 1e9

_REVERSED = {"down": "up", "up": "down", "right": "left", "left": "right"}
_TURNED = {"down": "right", "up": "right", "right": "down", "left": "down"}


class Flow(NamedTuple):
    """A direction, and the room that there is along it; what is longer goes on in another line."""

    way: str
    room: float = UNBOUND

    @property
    def is_upright(self) -> bool:
        """Whether it goes down or up."""
        return self.way in ("down", "up")

    def less(self, length: float) -> Flow:
        """Return it with less room."""
        return self._replace(room=self.room - length)

    @property
    def reversed(self) -> Flow:
        """The way back."""
        return Flow(_REVERSED[self.way])

    @property
    def turned(self) -> Flow:
        """The way across: to the right, or down."""
        return Flow(_TURNED[self.way])
