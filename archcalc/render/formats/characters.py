"""Replacements of characters that an output lacks, or that would break a line.

Text is folded before a format escapes it: a full-width ＜ or ＼ becomes < or \\, which must then be escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archcalc.render.page import Grid, Math, Page, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN = {
    "·": "*", "×": "x", "−": "-", "–": "-", "—": "-", "⌊": "[", "⌋": "]", "⌈": "[", "⌉": "]", "→": "->", "≈": "~",
    "…": "...", "─": "-", "█": "#", "▏": "|", "▎": "|", "▍": "|", "▌": "|", "▋": "|", "▊": "|", "▉": "|", "✓": "+",
    "✗": "x", "⁄": "/", "±": "+-", "≤": "<=", "≥": ">=", "√": "sqrt", "α": "alpha", "β": "beta", "γ": "gamma",
    "Φ": "Phi", "Σ": "sum", "²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "⁶": "^6", "⁷": "^7", "⁸": "^8", "⁹": "^9",
}  # fmt: skip
"""Replacements of characters."""

_BREAKS = r"[ \t]*[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]\s*"


def holds(encoding: str, text: str) -> bool:
    """Whether an encoding has every character of a text."""
    if text.isascii() or encoding.lower().startswith(("utf-", "utf8", "utf_")):
        return True
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def fold(text: str, encoding: str, signs: str = "") -> str:
    """Return a text in characters of an encoding, except for some signs that stay."""
    if holds(encoding, text):
        return text
    from unicodedata import normalize

    text = normalize("NFC", text)  # a letter with its accent, or a Korean syllable, is one character
    return "".join(char if char in signs or holds(encoding, char) else _stand_in(char) for char in text)


def _stand_in(char: str) -> str:
    """Return the replacement of a character: a word or sign, its letter without accents, or one question mark."""
    if char in PLAIN:
        return PLAIN[char]
    from unicodedata import category, combining, normalize

    if category(char) in ("Mn", "Me", "Cf"):  # what belongs to the character before it
        return ""
    parts = "".join(PLAIN.get(part, part) for part in normalize("NFKD", char) if not combining(part))
    return parts if parts.isascii() else "?"


def one_line(text: str) -> str:
    """Return a text without line breaks and tabs."""
    return text if text.isprintable() else re.sub(_BREAKS, " ", text).rstrip()


def json_escapes(text: str) -> str:
    """Write other characters than those of ASCII as JSON does: ``\\u00e9``."""
    from json import dumps

    return re.sub(r"[^\x00-\x7f]", lambda char: dumps(char[0])[1:-1], text)


def xml_references(text: str) -> str:
    """Write other characters than those of ASCII as HTML and XML do: ``&#233;``."""
    return text.encode("ascii", "xmlcharrefreplace").decode()


class FoldedPage(Page):
    """A page in characters of an encoding, with each text on one line, since a title may contain several.

    A separate line could pass for a row or a total, and an empty one ends a paragraph of Markdown or LaTeX.
    """

    page: Page
    encoding: str
    signs: str

    def grids(self) -> Sequence[Grid]:
        """Return the tables that people read."""
        return [self._grid(grid) for grid in self.page.grids()]

    def notes(self) -> Sequence[str]:
        """Return lines of text after all tables."""
        return self._row(tuple(self.page.notes()))

    def tables(self) -> Sequence[Table]:
        """Return the tables that programs read."""
        return [
            table.replace(heads=self._row(table.heads), rows=map(self._row, table.rows)) for table in self.page.tables()
        ]

    def data(self) -> Any:
        """Return the page's data as they are, for formats with escapes of their own."""
        return self.page.data()

    def _grid(self, grid: Grid) -> Grid:
        heads = tuple(head.replace(text="\n".join(self._row(tuple(head.text.split("\n"))))) for head in grid.heads)
        return grid.replace(
            title=self._row((grid.title,))[0],
            lead=self._row(grid.lead),
            heads=heads,
            rows=tuple(map(self._row, grid.rows)),
            total=None if grid.total is None else self._row(grid.total),
            notes=self._row(grid.notes),
            legend=self._row(grid.legend),
            sign=self._row((grid.sign,))[0],
        )

    def _row(self, cells: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return cells with text folded; a quick check spares most rows, which need none."""
        texts = "".join([cell for cell in cells if isinstance(cell, str)])
        if texts.isprintable() and holds(self.encoding, texts):
            return cells
        return tuple(self._cell(cell) if isinstance(cell, str) else cell for cell in cells)

    def _cell(self, cell: str) -> str:
        text = one_line(fold(cell, self.encoding, self.signs))
        return Math(text, cell.latex) if isinstance(cell, Math) else text
