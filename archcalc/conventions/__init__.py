"""Named, sourced ways of counting; what the Python API documents can be imported from here."""

from __future__ import annotations

from archcalc.conventions.convention import Convention, asked, conventions, find, read_conventions

__all__ = ["Convention", "asked", "conventions", "find", "read_conventions"]
