"""Names of a spec's layers, made of the file's own: paths of modules where it has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.engine.block_cache import INSIDE
from archcalc.language.inputs import ONLY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.exchange.graph import GraphNode

LONGEST = 70
"""Characters of a name, so that a number still fits behind it."""

RESERVED = (INSIDE, ONLY)


def clean(name: str) -> str:
    """Return a name as a spec may have it: printable, without slashes, not a formula."""
    found = name.replace("/", "_")
    if not found.isprintable():
        found = "".join(c if c.isprintable() else "_" for c in found)
    found = found.strip().lstrip("=")
    return found[-LONGEST:].strip()


def path_of(node: GraphNode) -> list[str]:
    """Return a node's module path, or its name, in parts."""
    origin = node.origin
    if origin.path:
        return [clean(part) or "layer" for part in re.split(r"[./]", origin.path) if part] or ["layer"]
    return [clean(part) or "layer" for part in origin.name.split("/") if part] or ["layer"]


class Unique:
    """Gives out names that are unique in one part of a network; a second one gets a number."""

    def __init__(self, taken: Iterable[str] = RESERVED) -> None:
        self._used = set(taken)
        self._next: dict[str, int] = {}

    def __call__(self, name: str, word: str = "") -> str:
        """Return the name; where there is one like it, with the operation behind it, or a number."""
        found = name
        if name in self._used and word and word != name:
            name = found = f"{name}_{word}"
        while found in self._used:
            number = self._next[name] = self._next.get(name, 1) + 1
            found = f"{name}_{number}"
        self._used.add(found)
        return found
