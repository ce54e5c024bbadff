"""Which network is meant by a name that none has: one slip away, and never another architecture that is spelt alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from archcalc.errors import slips

if TYPE_CHECKING:
    from collections.abc import Iterable

LETTERS_OF_A_SLIP = 4
"""Letters of an architecture's name for each slip that is still one: of shorter names, another is another network."""


LONG = 8
"""Letters of a name that is no other architecture's by a slip, though its number is left out: shuflenet."""


class _Parts(NamedTuple):
    letters: str
    digits: str


def nearest_network(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is meant by one that is misspelt, or None.

    In what is an architecture's name, its letters, one slip in four is one, but not at the beginning; its numbers,
    which tell networks apart, have to be the same but for two that are swapped or what is missing at the end: vgg61
    is vgg16, and resnet51 no network. Failing that, the name is that of a known one without what follows: vgg16 for
    vgg16-torchvision is no slip at all.
    """
    own = _parts(name)
    names = list(known)
    alike = [other for other in names if not own.digits or _same_number(own.digits, _parts(other).digits)]
    by_letters: dict[str, str] = {}
    for other in sorted(alike, key=lambda each: _parts(each).digits != own.digits):
        by_letters.setdefault(_parts(other).letters, other)
    if own.letters in by_letters:
        exact = [other for other in alike if _parts(other).letters == own.letters]
        return min(exact, key=lambda other: (_parts(other).digits != own.digits, len(other)))
    near = [
        (_slips(own, letters), letters) for letters, other in by_letters.items()
        if letters[:1] == own.letters[:1] and (own.digits or not _parts(other).digits or len(letters) >= LONG)
    ]  # fmt: skip
    few = [(number, -len(letters), letters) for number, letters in near if number is not None]
    if few:
        return by_letters[min(few)[2]]
    longer = [other for other in names if re.match(rf"{re.escape(name.lower())}[-_.]", other.lower())]
    return min(longer, key=len) if longer and len(name) > 2 else None


def _parts(name: str) -> _Parts:
    plain = name.lower()
    return _Parts(re.sub(r"[^a-z]", "", plain), re.sub(r"[^0-9]", "", plain))


def _same_number(own: str, other: str) -> bool:
    swapped = (own[:i] + own[i + 1] + own[i] + own[i + 2 :] for i in range(len(own) - 1))
    return own == other or other in swapped or (bool(own) and other.startswith(own) and len(other) == len(own) + 1)


def _slips(own: _Parts, letters: str) -> int | None:
    """Count the slips between the letters of a name and those of another; None for more than are a slip."""
    shorter = min(len(own.letters), len(letters))
    if shorter < LETTERS_OF_A_SLIP and not own.digits:  # nin and vit are too short to tell without a number
        return None
    most = max(1, shorter // LETTERS_OF_A_SLIP)
    found = slips(own.letters, letters, most + 1)
    return found if found <= most else None
