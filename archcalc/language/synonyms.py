"""What operations are called elsewhere: the classes of frameworks, and words that people type.

The table (``archcalc/operations/synonyms.yaml``) is read when a word is not known, and for the documentation.
"""

from __future__ import annotations

import os.path
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import archcalc.operations
from archcalc.errors import nearest, one_of
from archcalc.operations import OPERATIONS
from archcalc.text import readers
from archcalc.text.source import read_file
from archcalc.text.tree import Mapping, Node, read_tree

if TYPE_CHECKING:
    from collections.abc import Collection

NOTHING = "none"
"""Stands for what a spec does without."""


class Elsewhere(NamedTuple):
    """Classes of a framework that are said alike, and the operations that say it, each with a note on its settings."""

    names: tuple[str, ...]
    operations: dict[str, str]


class Synonyms(NamedTuple):
    """The classes of each framework, other words with the operation that they mean, and other words for settings."""

    frameworks: dict[str, tuple[Elsewhere, ...]]
    words: dict[str, str]
    settings: dict[str, tuple[str, ...]]
    """What each word may be called here, of which an operation has one."""
    said_otherwise: dict[str, str]
    """How that is said which no setting says."""


@cache
def synonyms() -> Synonyms:
    """Read the table."""
    folder = os.path.dirname(archcalc.operations.__file__)
    tree = _mapping(read_tree(read_file(os.path.join(folder, "synonyms.yaml"))))
    words, settings, otherwise = (_texts(tree.pop(name)) for name in ("words", "settings", "said_otherwise"))
    frameworks = {name: tuple(_classes(node)) for name, node in tree.items()}
    return Synonyms(frameworks, words, {word: tuple(ours.split()) for word, ours in settings.items()}, otherwise)


def _texts(node: Node) -> dict[str, str]:
    """Return a text for each of the words that a key holds."""
    return {name: readers.text(said) for names, said in _mapping(node).items() for name in names.split()}


def _mapping(node: Node) -> dict[str, Node]:
    assert isinstance(node, Mapping)
    return {key.value: value for key, value in zip(node.keys, node.values, strict=True)}


def _classes(node: Node) -> list[Elsewhere]:
    return [
        Elsewhere(tuple(names.split()), {ours: readers.text(note) for ours, note in _mapping(said).items()})
        for names, said in _mapping(node).items()
    ]


def normal(word: str) -> str:
    """Return a word without what spellings differ in: case, underscores and hyphens."""
    return "".join(letter for letter in word.lower() if letter.isalnum())


@cache
def _by_word() -> dict[str, dict[str, str]]:
    """Return what each word is said by, with notes; operations' own names first, then words, then classes in order."""
    found: dict[str, dict[str, str]] = {}
    table = synonyms()
    for each in (each for classes in table.frameworks.values() for each in classes):
        for name in each.names:
            found.setdefault(normal(name), each.operations)
    nothing = found[normal("Identity")][NOTHING]
    found |= {normal(word): {ours: nothing if ours == NOTHING else ""} for word, ours in table.words.items()}
    return found | {normal(word): {word: ""} for word in OPERATIONS}


def suggestion(word: str) -> str:
    """Return what to say of a word that is no operation but means one; nothing where it means none."""
    said = _by_word().get(normal(word))
    if said is None:
        return ""
    if NOTHING in said:
        return f" (a spec says it by {said[NOTHING]})" if said[NOTHING] else ""
    names = one_of(f"'{ours}'" for ours in said)
    return f" (did you mean {names}?)"


def setting_suggestion(word: str, settings: Collection[str]) -> str:
    """Return what to say of a word that is none of an operation's settings: the one it means, or how it is said."""
    near = setting_meant(word, settings)
    otherwise = synonyms().said_otherwise.get(word.lower())
    return f" (did you mean '{near}'?)" if near else f" ({otherwise})" if otherwise else ""


def setting_meant(word: str, settings: Collection[str]) -> str | None:
    """Return the setting that a word means: what another program calls so, or one that is spelt almost so."""
    ours = (name for name in synonyms().settings.get(word.lower(), ()) if name in settings)
    return next(ours, None) or nearest(word, settings)
