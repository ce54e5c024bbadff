"""The errors that users can cause, and the one place that writes them.

All are :class:`ArchcalcError`; ``exit_status`` is what the command line returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


MAX_MESSAGE = 1000
"""Characters of a message that are shown; longer ones repeat text of the spec."""

MAX_COMPARED = 100
"""Words with about the same letters that are compared in search of the nearest."""

MAX_SUGGESTED = 40
"""Characters of a word that are compared."""


COMMAND_LINE = "command line"
"""What errors call the text of layers that were typed there, where they call others by their file."""


class ArchcalcError(Exception):
    """Any error caused by a user's request or spec; ``str()`` of it is what the user reads."""

    exit_status = 1


class RequestError(ArchcalcError):
    """What was asked for does not exist or cannot be done: a network, layer, column, file, input size."""

    exit_status = 2


class Mistake:
    """A mistake at one place of a spec (line and column count from 0, as YAML's marks do).

    ``within`` is a value that starts at the place, and how many of its characters come before the mistake itself.
    """

    __slots__ = ("column", "line", "message", "within")

    def __init__(self, message: str, line: int, column: int, within: tuple[str, int] | None = None) -> None:
        self.message = message
        self.line = line
        self.column = column
        self.within = within


class SpecError(ArchcalcError):
    """An invalid spec: all the mistakes in it, in the order of its lines."""

    exit_status = 3

    def __init__(self, file: str, text: str, mistakes: Iterable[Mistake]) -> None:
        self.file = file
        self.text = text
        self.exit_status = RequestError.exit_status if file == COMMAND_LINE else SpecError.exit_status
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.line, mistake.column)))
        super().__init__(write_mistakes(file, text, self.mistakes))


def write_mistakes(file: str, text: str, mistakes: Sequence[Mistake]) -> str:
    """Write mistakes as ``file:line:column: message``, each followed by its line and a caret."""
    from archcalc.limits import MAX_MISTAKES, MAX_NOTED

    lines = lines_of(text)
    written = [_write_mistake(printable(file), lines, mistake) for mistake in mistakes[:MAX_MISTAKES]]
    if len(mistakes) > MAX_MISTAKES:
        at_least = "at least " if len(mistakes) >= MAX_NOTED else ""
        written.append(f"{printable(file)}: and {at_least}{len(mistakes) - MAX_MISTAKES} more mistakes")
    return "\n".join(written)


_split: list[tuple[str, list[str]]] = []


def lines_of(text: str) -> list[str]:
    """Split a text into lines where YAML does; the last text's are remembered."""
    import re

    if not _split or _split[0][0] is not text:
        _split[:] = [(text, re.split("\r\n|[\n\r\x85\u2028\u2029]", text))]
    return _split[0][1]


def mistake_after(before: str, message: str) -> Mistake:
    """Return a mistake at the place where a part of a text ends."""
    lines = lines_of(before)
    return Mistake(message, len(lines) - 1, len(lines[-1]))


def _write_mistake(file: str, lines: Sequence[str], mistake: Mistake) -> str:
    cut = "…" if len(mistake.message) > MAX_MESSAGE else ""
    head = f"{file}:{mistake.line + 1}:{mistake.column + 1}: {printable(mistake.message[:MAX_MESSAGE])}{cut}"
    if mistake.line >= len(lines):
        return head
    shown, caret = _around(lines[mistake.line], mistake.column)
    return f"{head}\n    {shown}\n    {' ' * caret}^"


def _around(line: str, column: int, width: int = 110) -> tuple[str, int]:
    """Cut a long line to the part around a column; return it and where the column is in it."""
    start = max(0, column - width // 2) if len(line) > width else 0
    cut = line[start : start + width]
    before, after = "…" if start else "", "…" if start + width < len(line) else ""
    return printable(before + cut + after), column - start + len(before)


def printable(text: str) -> str:
    """Return the text with control characters shown as ``\\x1b``, so that no spec can drive a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return `` (did you mean 'kernel'?)`` for the nearest of the words, or nothing when none is near."""
    near = nearest(word, words)
    return f" (did you mean '{near}'?)" if near else ""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word with the fewest slips (a character more, less, other, or two swapped), or None if none is near.

    One slip in three characters is near; failing that, a word that has it as one of its parts: ``in_width`` for
    ``width``. Names of thousands of blocks cost no more than a glance at each.
    """
    word = word[:MAX_SUGGESTED]
    best, fewest, compared = None, len(word) // 3 + 1, 0
    containing = None
    letters = set(word)
    for other in words:
        if containing is None and len(word) > 2 and word in other.replace("-", "_").split("_"):
            containing = other
        if abs(len(other) - len(word)) >= fewest or len(letters.symmetric_difference(other)) >= 2 * fewest:
            continue
        compared += 1
        if compared > MAX_COMPARED:
            break
        found = slips(word, other, fewest)
        if found < fewest:
            best, fewest = other, found
    return best or containing


def slips(word: str, other: str, most: int) -> int:
    """Count the slips between two words as Damerau and Levenshtein do, or return ``most`` if there are more."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, char in enumerate(word, 1):
        line = [row]
        for column, letter in enumerate(other, 1):
            slips = min(above[column] + 1, line[-1] + 1, above[column - 1] + (char != letter))
            if row > 1 and column > 1 and char == other[column - 2] and word[row - 2] == letter:
                slips = min(slips, before[column - 2] + 1)
            line.append(slips)
        if min(line) >= most:
            return most
        before, above = above, line
    return above[-1]


def one_of(words: Iterable[str]) -> str:
    """Return the words as a list in a sentence: ``a, b or c``."""
    *rest, last = [str(word) for word in words]
    return f"{', '.join(rest)} or {last}" if rest else last


class ModelError(ArchcalcError):
    """Another program's file that is broken, or that holds what archcalc does not read."""

    exit_status = 3
