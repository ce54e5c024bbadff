"""Layers typed on the command line: items of a spec, without a file around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.errors import COMMAND_LINE, RequestError, printable
from archcalc.language.family import family_of
from archcalc.operations import OPERATIONS
from archcalc.text.source import Source
from archcalc.text.tree import Mapping, Scalar, Sequence, read_tree

if TYPE_CHECKING:
    from archcalc.language.model import Family
    from archcalc.text.tree import Node


def is_typed(text: str) -> bool:
    """Whether what stands where a network is named is layers with settings, or a list of layers."""
    start = text.lstrip()
    return start[:1] in ("[", "{") or start[:2] == "- " or bool(re.match(r"\w+:\s", start))


def is_operation(text: str) -> bool:
    """Whether it is the bare word of an operation, which may be the name of a network too."""
    return text.strip() in OPERATIONS


def read_typed(text: str, size: tuple[int, ...] | None) -> Family:
    """Read layers, and the size of what flows into them, as a spec; raise RequestError where that cannot be."""
    if size is None or len(size) < 2:
        given = "" if size is None else f", not {size[0]}"
        shown = printable(text.strip() if len(text) < 40 else f"{text.strip()[:40]}…")
        raise RequestError(f"'{shown}' needs the size of its input: --input CxHxW, as in 3x224x224{given}")
    if len(size) == 3 and size[0] == size[1] > size[2] == 3:
        height, width, channels = size
        raise RequestError(f"--input {height}x{width}x{channels}: channels come first: {channels}x{height}x{width}")
    source = Source(COMMAND_LINE, text.lstrip("\n"))
    return family_of(source, typed_tree(source, size))


def typed_tree(source: Source, size: tuple[int, ...]) -> Mapping:
    """Return the tree of a spec whose layers are those of a text."""
    tree = read_tree(source)
    items = tree if isinstance(tree, Sequence) else Sequence([tree], tree.line, tree.column)
    parts: dict[str, Node] = {"input": Sequence([_plain(number) for number in size], 0, 0), "layers": items}
    return Mapping([_plain(word) for word in parts], [*parts.values()], 0, 0)


def _plain(value: object) -> Scalar:
    return Scalar(str(value), True, 0, 0)
