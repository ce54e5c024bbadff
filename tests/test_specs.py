"""archcalc's own specs read alike: one order of their words, the network before its figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archcalc.language.family import FILE_WORDS, VARIANT_WORDS
from archcalc.text.source import read_file
from archcalc.text.tree import Mapping, read_tree
from archcalc.zoo import spec_files

if TYPE_CHECKING:
    from archcalc.text.tree import Node

FILE_ORDER = (
    "name", "title", "cite", "year", "aliases", "pattern", "input", "args", "require", "blocks", "layers", "variants",
    "published", "expect", "notes", "sources",
)  # fmt: skip
"""What it is, what it takes, the network, its variants; then what was printed of it, remarks and sources."""

VARIANT_ORDER = ("title", "year", "cite", "aliases", "set", "input", "published", "expect")


def words(node: Node | None) -> list[str]:
    return [key.value for key in node.keys] if isinstance(node, Mapping) else []


def test_the_orders_have_every_word() -> None:
    assert sorted(FILE_ORDER) == sorted(FILE_WORDS)
    assert sorted(VARIANT_ORDER) == sorted(VARIANT_WORDS)


@pytest.mark.parametrize("file", list(spec_files()), ids=lambda file: Path(file).stem)
def test_words_follow_one_order(file: str) -> None:
    tree = read_tree(read_file(file))
    assert words(tree) == sorted(words(tree), key=FILE_ORDER.index)
    assert words(tree)[0] == "name"
    assert isinstance(tree, Mapping)
    variants = tree.get("variants")
    for name in words(variants):
        assert isinstance(variants, Mapping)
        own = words(variants.get(name))
        assert own == sorted(own, key=VARIANT_ORDER.index), name


@pytest.mark.parametrize("file", list(spec_files()), ids=lambda file: Path(file).stem)
def test_lines_are_short(file: str) -> None:
    assert [line for line in read_file(file).text.split("\n") if len(line) > 120] == []
