"""Reading the sources that a spec cites."""

from __future__ import annotations

from archcalc.errors import did_you_mean, printable
from archcalc.language.model import Cite
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError

CITE_WORDS = ("key", "title", "year", "url")

read_year = readers.whole(1900)


def read_cite(node: Node, key: str | None = None) -> Cite:
    """Read a source: {key: , title: , year: , url: }; the key stands outside in a list of sources."""
    if not isinstance(node, Mapping):
        raise NodeError(node, f"expected {{key: , title: , year: , url: }}, got {readers.shown(node)}")
    for word in node.keys:
        if word.value not in CITE_WORDS:
            hint = did_you_mean(word.value, CITE_WORDS)
            raise NodeError(word, f"a source has no '{printable(word.value)}'{hint}")
    given = {word.value: value for word, value in zip(node.keys, node.values, strict=True)}
    named = key if key is not None else readers.text(given["key"]) if "key" in given else None
    if named is None or "title" not in given:
        raise NodeError(node, "a source needs a key and a title")
    year = read_year(given["year"]) if "year" in given else None
    return Cite(named, readers.text(given["title"]), year, readers.text(given["url"]) if "url" in given else None)
