"""Reading a spec file: its own words, its blocks, its variants and its layers."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, printable
from archcalc.language.arguments import read_arguments, read_pairs, read_requirements
from archcalc.language.cite import read_cite, read_year
from archcalc.language.formula import ArgumentNames, is_formula
from archcalc.language.inputs import is_sequence, read_inputs
from archcalc.language.items import MAX_NAME, MODIFIERS, SPECIAL, ItemReader, read_name
from archcalc.language.model import Argument, Block, Cite, Family, Inputs, Variant
from archcalc.limits import MAX_FIELDS, MAX_VARIANTS
from archcalc.operations import OPERATIONS
from archcalc.text import readers
from archcalc.text.errors import TooManyErrors
from archcalc.text.source import Source, no_cyclic_collection
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence, read_tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from archcalc.errors import Mistake

FILE_WORDS = (
    "name",
    "title",
    "cite",
    "year",
    "input",
    "args",
    "require",
    "variants",
    "pattern",
    "aliases",
    "blocks",
    "layers",
    "published",
    "expect",
    "notes",
    "sources",
)
VARIANT_WORDS = ("set", "title", "year", "cite", "input", "aliases", "published", "expect")
BLOCK_WORDS = ("args", "require", "layers")
_strings = readers.list_of(readers.text)


def read_family(source: Source) -> Family:
    """Read a spec file; raise SpecError with every mistake found."""
    return family_of(source, read_tree(source))


def family_of(source: Source, tree: Node) -> Family:
    """Read the tree of a spec file; raise SpecError with every mistake found."""
    with no_cyclic_collection():
        mistakes: list[Mistake] = []
        try:
            family = _FamilyReader(source, tree, mistakes).read(tree)
        except NodeError as error:
            raise source.error([*mistakes, error.mistake]) from None
        except TooManyErrors:
            raise source.error(mistakes) from None
        if mistakes:
            raise source.error(mistakes)
        return family


def name_of_file(file: str) -> str:
    """Return the name of a network whose spec has none: that of its file, without folder and ending."""
    stem = os.path.splitext(os.path.basename(file))[0].strip("<>")
    name = re.sub(r"[^\w.-]+", "-", stem)[:MAX_NAME].strip("-")
    return name or "network"


class _FamilyReader:
    def __init__(self, source: Source, tree: Node, mistakes: list[Mistake]) -> None:
        self.source = source
        self.sequence = isinstance(tree, Mapping) and is_sequence(tree.get("input"))
        self.items = ItemReader({}, mistakes, sequence=self.sequence)
        self.report = self.items.report
        self.try_read = self.items.try_read
        self.remarks: list[str] = []

    def read(self, tree: Node) -> Family:
        if isinstance(tree, Scalar) and tree.empty:
            raise NodeError(tree, "an empty file; a spec has at least input and layers")
        if not isinstance(tree, Mapping):
            raise NodeError(tree, f"a {tree.kind}; a spec is a mapping with name, input and layers")
        given = self.words("a spec", tree, FILE_WORDS, required=("input", "layers"))
        aliases = self.names(given.get("aliases"))
        if aliases and "variants" in given:
            self.report(NodeError(given["aliases"], "aliases of a file with variants; each variant has its own"))
        name = self.optional(read_name, given.get("name")) or name_of_file(self.source.file)
        used: set[str] = set()
        arguments = read_arguments(self.items, given.get("args"), (), used)
        names = ArgumentNames(arguments)
        cite = self.optional(read_cite, given.get("cite"))
        read = {
            "require": read_requirements(self.items, given.get("require"), names),
            "blocks": self.blocks(given.get("blocks"), names),
            "input": self.optional(read_inputs, given.get("input"), names) or {},
            "variants": self.variants(given.get("variants"), arguments, names),
            "pattern": self.optional(self.pattern, given.get("pattern"), names),
            "items": self.items.items(given["layers"], names) if "layers" in given else (),
        }
        unused = [name for name in arguments if name not in names.used | used]
        return Family(
            source=self.source,
            name=name,
            title=self.optional(readers.text, given.get("title")) or name,
            cite=cite,
            year=self.optional(read_year, given.get("year")) or (cite.year if cite else None),
            sequence=self.sequence,
            arguments=arguments,
            remarks=(*(f"no formula uses the argument '{name}'" for name in unused), *self.remarks),
            aliases=aliases,
            pool=self.items.pool,
            published=given.get("published"),
            expect=given.get("expect"),
            notes=self.optional(_strings, given.get("notes")) or (),
            sources=self.sources(given.get("sources")),
            **read,
        )

    def optional(self, read: Any, node: Node | None, *more: Any) -> Any:
        """Return what a reader returns for a value that may be left out; None if it is, or cannot be read."""
        return None if node is None else self.try_read(read, node, *more)

    def words(self, what: str, node: Mapping, known: Collection[str], required: Iterable[str] = ()) -> dict[str, Node]:
        """Return values by word, after reporting unknown and missing words; empty ones count as left out."""
        given = self.items.words(what, node, known)
        written = {word: value for word, value in given.items() if not (isinstance(value, Scalar) and value.empty)}
        for word in required:
            if word not in written:
                self.report(NodeError(node, f"{what} needs '{word}'"))
        return written

    def blocks(self, node: Node | None, names: ArgumentNames) -> dict[str, Block]:
        """Read the heads of all blocks first, since each may use any other, then their items."""
        heads: dict[str, tuple[Scalar, dict[str, Node], set[str]]] = {}
        arguments: dict[str, dict[str, Argument]] = {}
        for key, value in read_pairs(self.items, node, "blocks"):
            name = key.value
            if name in OPERATIONS or name in SPECIAL or name in MODIFIERS:
                self.report(NodeError(key, f"a block cannot be called '{name}': the name is taken"))
                continue
            if self.try_read(read_name, key) is None:
                continue
            if not isinstance(value, Mapping):
                message = f"expected a block with layers (and args), got {readers.shown(value)}"
                self.report(NodeError(value, message))
                continue
            given = self.words(f"block {name}", value, BLOCK_WORDS)
            if value.get("layers") is None:
                self.report(NodeError(key, f"block {name} needs 'layers'"))
            used: set[str] = set()
            arguments[name] = read_arguments(self.items, given.get("args"), names, used)
            heads[name] = (key, given, used)
        self.items.blocks = arguments
        return {name: self.block(*head, arguments[name], names) for name, head in heads.items()}

    def block(
        self, key: Scalar, given: dict[str, Node], used: set[str], arguments: dict[str, Argument], names: ArgumentNames
    ) -> Block:
        """Read the body of a block; its own arguments hide the file's. ``used`` are those that its defaults use."""
        visible = ArgumentNames((*names, *arguments))
        require = read_requirements(self.items, given.get("require"), visible)
        body = given.get("layers", Sequence([], key.line, key.column))
        items = self.items.items(body, visible)
        of_file = names & (used | (visible.used - arguments.keys()))  # defaults see the file's where theirs come later
        used |= visible.used
        names.used |= used - arguments.keys()
        self.remarks += [
            f"nothing in block '{key.value}' uses its argument '{name}'" for name in arguments if name not in used
        ]
        return Block(key.value, key, arguments, require, items, of_file)

    def variants(self, node: Node | None, arguments: dict[str, Argument], names: ArgumentNames) -> dict[str, Variant]:
        variants: dict[str, Variant] = {}
        for key, value in read_pairs(self.items, node, "variants", MAX_VARIANTS):
            name = self.try_read(read_name, key)
            if isinstance(value, Scalar) and value.empty:
                value = Mapping([], [], value.line, value.column)
            if name is None or not isinstance(value, Mapping):
                if name is not None:
                    self.report(NodeError(value, f"expected a mapping (or {{}}), got {readers.shown(value)}"))
                continue
            given = self.words(f"variant {name}", value, VARIANT_WORDS)
            variants[name] = Variant(
                name=name,
                node=key,
                set=self.set(given.get("set"), arguments),
                title=self.optional(readers.text, given.get("title")),
                year=self.optional(read_year, given.get("year")),
                cite=self.optional(read_cite, given.get("cite")),
                input=self.optional(self.variant_input, given.get("input"), names),
                aliases=self.names(given.get("aliases")),
                published=given.get("published"),
                expect=given.get("expect"),
            )
        return variants

    def variant_input(self, node: Node, names: Collection[str]) -> Inputs:
        """Read the input of a variant, which must have as many sizes as the file's."""
        if is_sequence(node) != self.sequence:
            raise NodeError(node, "inputs with two and with three sizes in one file; C x L and C x H x W do not mix")
        return read_inputs(node, names)

    def set(self, node: Node | None, arguments: Collection[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in read_pairs(self.items, node, "arguments"):
            if is_formula(value):
                self.report(NodeError(value, f"expected a plain value, not a formula, got {readers.shown(value)}"))
            elif key.value in arguments:
                values[key.value] = self.try_read(readers.argument, value)
            else:
                hint = did_you_mean(key.value, arguments)
                self.report(NodeError(key, f"no argument '{printable(key.value)}'{hint}"))
        return values

    def names(self, node: Node | None) -> tuple[str, ...]:
        return self.optional(readers.list_of(readers.Reader("a name", read_name)), node) or ()

    def sources(self, node: Node | None) -> dict[str, Cite]:
        sources: dict[str, Cite] = {}
        for key, value in read_pairs(self.items, node, "sources"):
            cite = self.try_read(read_cite, value, key.value)
            if cite is not None:
                sources[key.value] = cite
        return sources

    def pattern(self, node: Node, arguments: ArgumentNames) -> str:
        pattern = readers.text(node)
        fields = re.findall(r"\{([^{}]*)\}", pattern)
        unknown = [name for name in fields if name not in arguments]
        if len(fields) > MAX_FIELDS:
            raise NodeError(node, f"the pattern names {len(fields)} arguments; at most {MAX_FIELDS} are allowed")
        if not fields or unknown:
            problem = (
                f"names {unknown[0]!r}, which is not an argument"
                if unknown
                else "names no argument, as in 'net-{width}'"
            )
            raise NodeError(node, f"the pattern {problem}")
        return pattern
