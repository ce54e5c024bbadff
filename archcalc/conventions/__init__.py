"""Named, sourced ways of counting; what the Python API documents can be imported from here."""

from __future__ import annotations

from archcalc.conventions.convention import Convention, conventions, find, read_conventions, resolve

__all__ = ["Convention", "conventions", "find", "read_conventions", "resolve"]
