"""The place of a character of a value in its file: YAML folds lines, doubles quotes and has escapes.

Only mistakes inside a value need this. The value is followed through the file character by character; where the two
differ (an escape that is not known here, a value that was never in the file), the start of the value is the place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.errors import Mistake, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}


class _LostError(Exception):
    """The value and the text of the file differ."""


def placed(text: str, mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Return the mistakes of a text, those within a value moved to their own characters."""
    lines = lines_of(text)
    moved = []
    for mistake in mistakes:
        if mistake.within is not None:
            line, column = place_within(lines, mistake.line, mistake.column, *mistake.within)
            mistake = Mistake(mistake.message, line, column)
        moved.append(mistake)
    return moved


def place_within(lines: Sequence[str], line: int, column: int, value: str, offset: int) -> tuple[int, int]:
    """Return the line and column of ``value[offset]``, for a value that starts at a line and column."""
    try:
        properties = re.match(r"(?:[&!]\S*[ \t]+)*", lines[line][column:])
        start = column + (properties.end() if properties else 0)
        style = lines[line][start : start + 1]
        if style in ("|", ">"):
            return _in_block(lines, line, value, offset)
        return _in_flow(lines, line, start, style, value, offset)
    except (_LostError, IndexError):
        return line, column


def _in_block(lines: Sequence[str], line: int, value: str, offset: int) -> tuple[int, int]:
    """Find a place in the lines below ``|`` or ``>``, which are all indented alike."""
    row = _next_line(lines, line)
    indent = _indent(lines[row]) - _indent(value)
    done = 0
    while True:
        content = lines[row][indent:]
        if not value.startswith(content, done):
            raise _LostError
        if offset <= done + len(content):
            return row, indent + offset - done
        done += len(content)
        breaks = len(value) - done - len(value[done:].lstrip("\n"))
        if not breaks and value[done : done + 1] != " ":
            raise _LostError
        done += breaks or 1
        row = _next_line(lines, row)


def _in_flow(lines: Sequence[str], line: int, column: int, style: str, value: str, offset: int) -> tuple[int, int]:
    """Find a place in a plain or quoted value, whose lines are joined by a space, or by the empty lines between."""
    quote = style if style in ("'", '"') else ""
    column += len(quote)
    done = 0
    while done < offset or (quote == '"' and lines[line][column:] == "\\"):
        text = lines[line]
        if not text[column:].strip(" \t"):
            after = _next_line(lines, line)
            read = "\n" * (after - line - 1) or " "
            line, column = after, _indent(lines[after])
        elif quote == '"' and text[column] == "\\":
            if not text[column + 1 :]:  # the line goes on in the next one
                line = _next_line(lines, line)
                column = _indent(lines[line])
                continue
            column += _ESCAPE_LENGTHS.get(text[column + 1], 2)
            done += 1
            continue
        else:
            read = text[column]
            column += 2 if quote == "'" and text.startswith("''", column) else 1
        if not value.startswith(read, done):
            raise _LostError
        done += len(read)
    return line, column


def _next_line(lines: Sequence[str], line: int) -> int:
    """Return the next line that has more than spaces in it."""
    return next((row for row in range(line + 1, len(lines)) if lines[row].strip(" \t")), len(lines))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
