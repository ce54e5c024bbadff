"""Formulas as the mathematics of LaTeX: ⌊(H + 2·P − K) / S⌋ + 1, C_out·H'·W'."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<number>\d+(?:,\d{3})*(?:\.\d+)?…?)(?: (?P<unit>B|bits)\b)?"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)(?P<primes>'*)"
    r"|(?P<sign>//|\*\*|[-+*/=()·×−⌊⌋⌈⌉√,<>≤≥²])"
    r"|(?P<blank> )"
)
_SIGNS = {
    "·": r" \cdot ", "*": r" \cdot ", "×": r" \times ", "−": " - ", "-": " - ", "+": " + ", "=": " = ",
    "⌊": r"\lfloor ", "⌋": r" \rfloor", "⌈": r"\lceil ", "⌉": r" \rceil", "√": r"\surd ", "≤": r" \leq ",
    "≥": r" \geq ", "²": "^{2}", "**": r" \mathbin{\ast\ast} ", "//": r" \mathbin{//} ", ",": ", ",
}  # fmt: skip
_FUNCTIONS = {"max": r"\max", "min": r"\min"}


def formula(text: str) -> str | None:
    """Return a formula as mathematics, without dollar signs; None for a text that is none."""
    written, end, names = "", 0, 0
    for token in _TOKEN.finditer(text):
        if token.start() != end:
            return None
        end = token.end()
        names = names + 1 if token["name"] else names if token["blank"] else 0
        if names > 1:  # two words in a row are prose
            return None
        written += _written(token)
    return None if end != len(text) else re.sub(r" {2,}", " ", written).strip()


def _written(token: re.Match[str]) -> str:
    if token["number"]:
        number = token["number"].replace(",", "{,}").replace("…", r"\ldots ")
        return rf"{number}\,\mathrm{{{token['unit']}}}" if token["unit"] else number
    if token["name"]:
        return _name(token["name"]) + token["primes"]
    if token["sign"]:
        return _SIGNS.get(token["sign"], token["sign"])
    return " "


def _name(name: str) -> str:
    """Write a quantity: one letter in italics, with what follows _ below it; a word upright."""
    base, _, below = name.partition("_")
    if len(base) > 1:
        word = name.replace("_", r"\_")
        return _FUNCTIONS.get(name, rf"\mathrm{{{word}}}")
    if not below:
        return base
    below = below.replace("_", r"\_")
    return f"{base}_{{{below}}}" if len(below) == 1 else rf"{base}_{{\mathrm{{{below}}}}}"
