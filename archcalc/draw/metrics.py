"""How wide a text is, without a font at hand: the widths of Helvetica, which Arial and Liberation Sans share."""

from __future__ import annotations

_WIDTHS = {
    **dict.fromkeys("ijl'", 222),
    **dict.fromkeys("|", 260),
    **dict.fromkeys(" !,./:;I[\\]ft·", 278),
    **dict.fromkeys("()-`r{}", 333),
    **dict.fromkeys('"', 355),
    **dict.fromkeys("*", 389),
    **dict.fromkeys("Jcksvxyz", 500),
    **dict.fromkeys("#$0123456789?_abdeghnopquL", 556),
    **dict.fromkeys("+<=>~×−±", 584),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("&ABEKPSVXY", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("Mm", 833),
    **dict.fromkeys("%", 889),
    **dict.fromkeys("W", 944),
    **dict.fromkeys("@…", 1015),
}
"""Thousandths of the font's size."""

MAX_TEXT = 60
"""Characters of a name or a description in a picture; a tooltip has more."""

_OTHER = 620
_FULL = 1000
_BOLD = 1.07


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how many pixels a text of a font size takes."""
    units = 0
    for char in text:
        known = _WIDTHS.get(char)
        units += known if known is not None else _other(char)
    return units * size / 1000 * (_BOLD if bold else 1)


def _other(char: str) -> int:
    """Return the width of a character that is not in the table: full for what is written in squares."""
    if char < "\u0300":
        return _OTHER
    from unicodedata import combining, east_asian_width

    if combining(char):
        return 0
    return _FULL if east_asian_width(char) in "WF" else _OTHER


def clipped(text: str, most: int = MAX_TEXT) -> str:
    """Return a text of no more than so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def fitted(text: str, size: float, most: float, *, bold: bool = False) -> str:
    """Return a text that takes no more than so many pixels, its end cut off where it must be."""
    if width(text, size, bold=bold) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + "…", size, bold=bold) <= most:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"
