"""Progress on standard error, where that is a terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

DELAY = 0.5
"""Seconds of work before progress is shown at all."""

INTERVAL = 0.1
"""Seconds between two showings."""


class Progress:
    """A bar that rich draws after some time, and that is gone when the work is done."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began = self._shown = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show how much is done."""
        now = time.monotonic()
        if now - self._began < DELAY or now - self._shown < INTERVAL or not self._on_terminal():
            return
        self._shown = now
        if self._bar is None:
            self._start(total)
        self._bar.update(self._task, completed=done, refresh=True)

    @staticmethod
    def _on_terminal() -> bool:
        return sys.stderr is not None and sys.stderr.isatty()

    def _start(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        # without a thread of its own: other processes may be forked from this one
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
        self._bar.start()
        self._task = self._bar.add_task(self._what, total=total)
