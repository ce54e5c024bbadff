"""A pager for what is longer than the terminal, found and set up as git does it.

``ARCHCALC_PAGER``, then ``PAGER``, then ``less``; an empty one or ``cat`` is none. Where ``LESS`` is not set it is
``FRX``: no pager for what fits, colours as they are, and what was read stays on the screen.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

DEFAULT = "less"

SETTINGS = {"LESS": "FRX", "LV": "-c"}
"""What pagers read from the environment, where the user has not set it."""


def page_through(text: str) -> bool:
    """Show a text in the pager if the terminal is too short for it; return whether that was done.

    A pager that is not there, or that cannot start, is none: nothing is lost.
    """
    command = _command()
    if not command or not _too_long(text):
        return False
    import subprocess

    sys.stdout.flush()
    environment = {**SETTINGS, **os.environ}
    try:
        pager = subprocess.Popen(command, shell=True, stdin=subprocess.PIPE, env=environment)
    except OSError:
        return False
    assert pager.stdin is not None
    with suppress(OSError, KeyboardInterrupt), pager.stdin as pipe:  # its reader may leave before the end
        pipe.write(text.encode(getattr(sys.stdout, "encoding", None) or "utf-8", "replace"))
    while True:
        with suppress(KeyboardInterrupt):  # it is the pager's: less stops searching, and goes on
            return pager.wait() not in (126, 127)  # what a shell says of a command that cannot run


def _command() -> str:
    for name in ("ARCHCALC_PAGER", "PAGER"):
        if name in os.environ:
            return _runnable(os.environ[name].strip())
    return "" if os.environ.get("TERM") == "dumb" else _runnable(DEFAULT)


def _runnable(command: str) -> str:
    """Return a command unless it is one word that no program has, or shows a text as it is."""
    from shutil import which

    return "" if command == "cat" or (command.isalnum() and which(command) is None) else command


def _too_long(text: str) -> bool:
    import shutil

    return text.count("\n") >= shutil.get_terminal_size().lines
