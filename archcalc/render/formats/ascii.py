"""Text in nothing but ASCII: by the escapes of a format, or by what stands for a character."""

from __future__ import annotations

_PLAIN = str.maketrans(
    {"·": "*", "×": "x", "−": "-", "–": "-", "—": "-", "⌊": "[", "⌋": "]", "⌈": "[", "⌉": "]", "→": "->", "≈": "~",
     "…": "...", "─": "-", "█": "#", "▏": "|", "▎": "|", "▍": "|", "▌": "|", "▋": "|", "▊": "|", "▉": "|", "✓": "ok",
     "²": "^2", "±": "+-", "≤": "<=", "≥": ">=", "√": "sqrt", "α": "alpha", "β": "beta", "γ": "gamma", "Φ": "Phi",
     "Σ": "sum", "µ": "u"}
)  # fmt: skip
"""What stands for a character."""


def replaced(text: str) -> str:
    """Replace the characters for which something stands; others stay."""
    return text.translate(_PLAIN)


def folded(text: str) -> str:
    """Replace every other character: by what stands for it, by its letter without accents, or by a question mark."""
    from unicodedata import combining, normalize

    parts = normalize("NFKD", replaced(text))
    return "".join(char for char in parts if not combining(char)).encode("ascii", "replace").decode()


def json_escapes(text: str) -> str:
    """Write other characters as JSON does: ``\\u00e9``."""
    import re
    from json import dumps

    return re.sub(r"[^\x00-\x7f]", lambda char: dumps(char[0])[1:-1], text)


def xml_references(text: str) -> str:
    """Write other characters as HTML and XML do: ``&#233;``."""
    return text.encode("ascii", "xmlcharrefreplace").decode()
