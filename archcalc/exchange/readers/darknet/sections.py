"""A Darknet .cfg file as sections, as darknet's read_cfg takes it apart."""

from __future__ import annotations

import re

from archcalc.exchange.tensors import TextFault
from archcalc.record import Record

NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")

MAX_SECTIONS = 20_000
"""Sections of one file."""


class Section(Record):
    """``[type]`` and the settings below it, each with its line."""

    type: str
    settings: dict[str, tuple[str, int]]
    line: int

    def text(self, name: str, default: str = "") -> str:
        """Return a setting as text."""
        return self.settings[name][0] if name in self.settings else default

    def whole(self, name: str, default: int) -> int:
        """Return a setting as a whole number; raise TextFault where it is none."""
        if name not in self.settings:
            return default
        value, line = self.settings[name]
        try:
            return self._within(name, int(float(_begin(value))), line)
        except (ValueError, OverflowError):
            raise TextFault(f"expected a whole number, got {name}={value}", line) from None

    def _within(self, name: str, number: int, line: int) -> int:
        if abs(number) > 10**9:
            raise TextFault(f"{name}={number} is larger than any layer", line)
        return number

    def real(self, name: str, default: float) -> float:
        """Return a setting as a number; raise TextFault where it is none."""
        if name not in self.settings:
            return default
        value, line = self.settings[name]
        try:
            return float(_begin(value))
        except ValueError:
            raise TextFault(f"expected a number, got {name}={value}", line) from None

    def wholes(self, name: str) -> list[int]:
        """Return a list of whole numbers; raise TextFault where it is none."""
        value, line = self.settings.get(name, ("", self.line))
        try:
            return [self._within(name, int(_begin(part)), line) for part in value.split(",") if part]
        except ValueError:
            raise TextFault(f"expected whole numbers, got {name}={value}", line) from None


def _begin(value: str) -> str:
    """Return the number that a value begins with, as C's atoi reads it: what follows may be a comment."""
    found = NUMBER.match(value)
    return found[0] if found else value


def read_sections(text: str) -> list[Section]:
    """Take a file apart; raise TextFault for a line that is no section, setting or comment."""
    found: list[Section] = []
    for number, line in enumerate(text.split("\n")):
        bare = "".join(line.split())
        if not bare or bare[0] in "#;":
            continue
        if bare[0] == "[":
            if len(found) >= MAX_SECTIONS:
                raise TextFault(f"more than {MAX_SECTIONS:,} sections", number)
            found.append(Section(bare.strip("[]").lower(), {}, number))
            continue
        name, equals, value = bare.partition("=")
        if not equals or not found:
            what = "a setting before the first [section]" if equals else "neither a [section] nor name=value"
            raise TextFault(what, number)
        found[-1].settings[name] = (value, number)
    return found
