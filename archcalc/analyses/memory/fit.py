"""Whether it fits: sizes of memory, a table of cards, and the largest batch.

A gigabyte of memory is 2^30 bytes here, as the chips of a card are built and as its driver reports them.
"""

from __future__ import annotations

import os
import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.text import readers
from archcalc.text.source import read_file
from archcalc.text.tree import Mapping, Node, NodeError, read_tree

if TYPE_CHECKING:
    from archcalc.text.source import Source

_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}


class Card(NamedTuple):
    """A card, or just an amount of memory: its name, title, bytes, year and where that is said."""

    name: str
    title: str
    bytes: int
    year: int | None = None
    source: str = ""


class Need(NamedTuple):
    """What something needs: its word, what it is, bytes whatever the batch, and bits for each image."""

    word: str
    says: str
    fixed: int
    each: int

    def at(self, batch: int) -> int:
        """Return the bytes that a batch needs."""
        return self.fixed - (-self.each * batch // 8)

    def largest(self, memory: int) -> int:
        """Return the largest batch that so many bytes hold; 0 where not even one image fits."""
        return max(0, (memory - self.fixed) * 8 // self.each)


def memory_size(text: str) -> int | None:
    """Read 3GB, 1.5GB, 11GiB, 512MB or 320KB, all by powers of 1024; None for what is no size."""
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*([KMGT])I?B?", text.strip().upper())
    if found is None:
        return None
    return int(Fraction(found[1]) * 1024 ** _POWERS[found[2]])


def find_card(text: str) -> Card:
    """Return the card of a name, or a size as a card; raise RequestError for what is neither."""
    size = memory_size(text)
    if size is not None:
        if size == 0:
            raise RequestError(f"--fit {printable(text)}: nothing fits into that")
        return Card(text.strip(), text.strip(), size)
    known = cards()
    plain = {_plain(name): card for name, card in known.items()}
    card = plain.get(_plain(text))
    if card is None:
        hint = did_you_mean(text.lower(), known) or f"; there are {', '.join(known)}"
        raise RequestError(
            f"--fit {printable(text[:60])}: no size such as 3GB or 512MB, and no card of that name{hint}"
        )
    return card


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", name.lower())


_known: dict[str, Card] = {}


def cards() -> dict[str, Card]:
    """Return the cards that archcalc knows, by name."""
    if not _known:
        here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
        _known.update(read_cards(read_file(os.path.join(here, "cards.yaml"))))  # noqa: PTH118
    return _known


def read_cards(source: Source) -> dict[str, Card]:
    """Read a file of cards; raise SpecError where one is not right."""
    try:
        tree = read_tree(source)
        if not isinstance(tree, Mapping):
            raise NodeError(tree, "cards are a mapping from name to title, memory, year and source")
        return {key.value: _card(key.value, value) for key, value in zip(tree.keys, tree.values, strict=True)}
    except NodeError as wrong:
        raise source.error([wrong.mistake]) from None


def _card(name: str, node: Node) -> Card:
    wanted = "a card is a mapping with title, memory, year and source"
    if not isinstance(node, Mapping):
        raise NodeError(node, wanted)
    given = {word.value: value for word, value in zip(node.keys, node.values, strict=True)}
    if sorted(given) != ["memory", "source", "title", "year"]:
        raise NodeError(node, wanted)
    size = memory_size(readers.text(given["memory"]))
    if size is None:
        raise NodeError(given["memory"], "write a size such as 3GB or 1536MB")
    year = readers.whole(1970)(given["year"])
    return Card(name, readers.text(given["title"]), size, year, readers.text(given["source"]))
