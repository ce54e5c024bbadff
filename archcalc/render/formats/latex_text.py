"""Text in LaTeX: nothing of it is a command, and nothing is a character that pdfLaTeX lacks.

Letters with the accents of European languages are written as they are, signs as mathematics. What is left, such as
Korean, is written where XeLaTeX or LuaLaTeX reads the document, and as question marks for pdfLaTeX.
"""

from __future__ import annotations

_SPECIAL = {
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "█": r"\rule{0.5em}{0.7em}",
}  # fmt: skip
_MATHS = {
    "·": r"\cdot", "×": r"\times", "−": "-", "→": r"\to", "←": r"\leftarrow", "↑": r"\uparrow", "↓": r"\downarrow",
    "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "≤": r"\leq", "≥": r"\geq", "≈": r"\approx",
    "≠": r"\neq", "±": r"\pm", "÷": r"\div", "∗": r"\ast", "√": r"\surd", "∞": r"\infty", "²": "^2", "³": "^3",
    "⁴": "^4", "⁵": "^5", "⁶": "^6", "⁷": "^7", "⁸": "^8", "⁹": "^9",
    "✓": r"\surd", "✗": r"\times", "µ": r"\mu", "μ": r"\mu", "α": r"\alpha", "β": r"\beta", "γ": r"\gamma",
    "δ": r"\delta", "ε": r"\epsilon", "λ": r"\lambda", "π": r"\pi", "σ": r"\sigma", "Σ": r"\Sigma", "Φ": r"\Phi",
}  # fmt: skip
_KNOWN = "–—‘’“”…ßæøåœłıÆØÅŒŁ§©"
"""Other characters that pdfLaTeX has in its usual encoding of fonts."""

_ACCENTS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327"
"""Grave, acute, circumflex, tilde, macron, breve, dot, diaeresis, ring, double acute, caron, cedilla."""

_NAME = r"\archcalcscript"

DEFINED = rf"\providecommand{{{_NAME}}}[2]{{\ifdefined\Umathcode #1\else #2\fi}}"
"""The command that writes its first argument in XeLaTeX and LuaLaTeX, and its second in pdfLaTeX."""


def needs_definition(text: str) -> bool:
    """Whether a text that was escaped has characters that pdfLaTeX lacks."""
    return _NAME in text


def escaped(text: str) -> str:
    """Return a text for LaTeX."""
    if text.isascii():
        return "".join(_SPECIAL.get(char, char) for char in text)
    from itertools import groupby
    from unicodedata import normalize

    pairs = [(char, _written(char)) for char in normalize("NFC", text)]
    return "".join(
        "".join(said for _, said in run if said is not None) if known else _script("".join(char for char, _ in run))
        for known, run in groupby(pairs, key=lambda pair: pair[1] is not None)
    )


def _script(chars: str) -> str:
    return f"{_NAME}{{{chars}}}{{{'?' * len(chars)}}}"


def _written(char: str) -> str | None:
    """Return a character for LaTeX; None for one that pdfLaTeX lacks."""
    if char.isascii() or char in _SPECIAL:
        return _SPECIAL.get(char, char)
    if char in _MATHS:
        return f"${_MATHS[char]}$"
    from unicodedata import normalize

    parts = normalize("NFD", char)
    if char in _KNOWN or (len(parts) == 2 and parts[0].isascii() and parts[1] in _ACCENTS):
        return char
    return None
