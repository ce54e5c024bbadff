"""What the text of a formula must not contain: whatever Python's parser would read differently."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from archcalc.text.tree import Scalar

_PLAIN = {"≤": "<=", "≥": ">=", "≠": "!=", "·": "*", "×": "*", "÷": "/", "−": "-", "–": "-"}
"""What is meant by signs that are not on a keyboard, as formulas have it."""

_QUOTED = r"'[^']*'|\"[^\"]*\""
_RUN_ON = r"(?<![A-Za-z_0-9])[0-9][0-9.]*[A-Za-z_]\w*"


def refuse_oddities(node: Scalar, text: str, offset: int) -> None:
    """Raise NodeError at what Python's parser would read differently, or warn about.

    A backslash, a comment, letters of other alphabets (full-width ones would count as plain ones), numbers that run
    into letters (0x10, 1e5, 1_000, 1if) and letters directly before quotes (f'', b''). ``offset`` is where the text
    begins in the node's value.
    """

    def wrong_at(place: int, message: str) -> NodeError:
        return NodeError(node, f"{message} in '={text}'", offset + place)

    if "\\" in text:
        raise wrong_at(text.index("\\"), "a backslash")
    bare = text
    if "'" in text or '"' in text:
        bare = re.sub(_QUOTED, lambda quoted: "'" * len(quoted.group()), text)
        prefix = re.search(r"\w'", bare)
        if prefix:
            raise wrong_at(prefix.start(), f"'{prefix.group()[0]}' directly before a quote")
    if "#" in bare:
        raise wrong_at(bare.index("#"), "a comment; YAML's begin after a formula without quotes, on one line,")
    if not bare.isascii():
        odd = next(char for char in bare if not char.isascii())
        if odd in _PLAIN:
            raise wrong_at(bare.index(odd), f"'{odd}' instead of '{_PLAIN[odd]}'")
        raise wrong_at(bare.index(odd), f"'{odd}', a character that formulas do not have,")
    if any(before.isdigit() and (after.isalpha() or after == "_") for before, after in pairwise(bare)):
        run_on = re.search(_RUN_ON, bare)
        if run_on:
            message = f"'{run_on.group()}' in '={text}' is not a number; write numbers in decimal digits"
            raise NodeError(node, message, offset + run_on.start())


def nesting(text: str) -> int:
    """Return how many levels deep a text opens brackets."""
    depth = deepest = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        deepest = max(deepest, depth)
    return deepest
