"""How many columns of a terminal a text takes: two for a wide character, none for one that combines with the last.

Every table, bar and caret is laid out by these. The widths are those of Unicode's East Asian Width (Standard Annex 11,
wide and full-width characters), as terminals have them; an ambiguous one is narrow.
"""

from __future__ import annotations

from functools import cache


def width(text: str) -> int:
    """Return the columns that a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@cache
def _columns(char: str) -> int:
    if char.isascii():
        return 1
    from unicodedata import category, east_asian_width

    if category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":  # the second half of a Hangul syllable
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def left(text: str, columns: int) -> str:
    """Fill a text up with blanks behind it."""
    return text + " " * (columns - width(text))


def right(text: str, columns: int) -> str:
    """Fill a text up with blanks before it."""
    return " " * (columns - width(text)) + text


def cut(text: str, columns: int) -> str:
    """Cut a text that is too wide, with an ellipsis at its end."""
    if width(text) <= columns:
        return text
    return f"{_beginning(text, columns - 1)}…"


def _beginning(text: str, columns: int) -> str:
    """Return as many characters as fit, with what combines with the last of them."""
    taken = 0
    for number, char in enumerate(text):
        taken += _columns(char)
        if taken > columns:
            return text[:number]
    return text


def wrap(text: str, columns: int, *, first: str = "", hanging: str = "") -> list[str]:
    """Break a text at blanks into lines that fit; a word that is too wide alone is broken within.

    Nothing of it is lost. ``first`` stands before the first line, ``hanging`` before the others.
    """
    lines: list[str] = []
    line, empty = first, True
    for word in text.strip().split(" "):
        if empty and not word:
            continue
        if not empty and width(line) + 1 + width(word) > columns:
            lines.append(line.rstrip())
            line, empty = hanging, True
        line += word if empty else f" {word}"
        empty = False
        while width(line) > columns and len(line) > len(hanging) + 1:
            part = _beginning(line, columns)
            if len(part) <= len(hanging):  # not even one character fits
                part = line[: len(hanging) + 1]
            lines.append(part)
            line = hanging + line[len(part) :]
    return [*lines, line]
