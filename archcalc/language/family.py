"""Reading a spec file: its own words, its blocks, its variants and its layers."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from archcalc.errors import Mistake, did_you_mean, printable
from archcalc.language.deferred import defer, has_formulas
from archcalc.language.error_collector import TooManyErrors
from archcalc.language.formula import RESERVED, is_formula
from archcalc.language.items import MODIFIERS, SPECIAL, ItemReader, read_name
from archcalc.language.model import Argument, Block, Cite, Family, Variant
from archcalc.limits import MAX_ARGUMENTS, MAX_FIELDS, MAX_VARIANTS
from archcalc.operations import OPERATIONS
from archcalc.text import readers
from archcalc.text.source import Source, no_cyclic_collection
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence, read_tree

if TYPE_CHECKING:
    from collections.abc import Collection

FILE_WORDS = (
    "name",
    "title",
    "cite",
    "year",
    "input",
    "args",
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
BLOCK_WORDS = ("args", "layers")
CITE_WORDS = ("key", "title", "year", "url")

read_year = readers.whole(1900)
_strings = readers.list_of(readers.text)


def read_family(source: Source) -> Family:
    """Read a spec file; raise SpecError with every mistake found."""
    return family_of(source, read_tree(source))


def family_of(source: Source, tree: Node) -> Family:
    """Read the tree of a spec file; raise SpecError with every mistake found."""
    with no_cyclic_collection():
        mistakes: list[Mistake] = []
        try:
            family = _FamilyReader(source, mistakes).read(tree)
        except NodeError as wrong:
            raise source.error([*mistakes, wrong.mistake]) from None
        except TooManyErrors:
            raise source.error(mistakes) from None
        if mistakes:
            raise source.error(mistakes)
        return family


class _FamilyReader:
    def __init__(self, source: Source, mistakes: list[Mistake]) -> None:
        self.source = source
        self.items = ItemReader({}, mistakes)
        self.try_read = self.items.try_read

    def read(self, tree: Node) -> Family:
        if isinstance(tree, Scalar) and tree.empty:
            raise NodeError(tree, "an empty file; a spec has at least name, input and layers")
        if not isinstance(tree, Mapping):
            raise NodeError(tree, f"a {tree.kind}; a spec is a mapping with name, input and layers")
        given = self.words("a spec", tree, FILE_WORDS)
        for word in ("name", "input", "layers"):
            if word not in given:
                self.items.report(NodeError(tree, f"a spec wants '{word}'"))
        name = self.try_read(read_name, given["name"]) if "name" in given else None
        aliases = self.names(given.get("aliases"))
        if aliases and "variants" in given:
            self.items.report(NodeError(given["aliases"], "aliases of a file with variants; each variant has its own"))
        arguments = self.arguments(given.get("args"), ())
        names = frozenset(arguments)
        blocks = self.blocks(given.get("blocks"), names)
        cite = self.try_read(read_cite, given["cite"]) if "cite" in given else None
        title = self.try_read(readers.text, given["title"]) if "title" in given else name
        return Family(
            source=self.source,
            name=name or "",
            title=title or "",
            cite=cite,
            year=self.try_read(read_year, given["year"]) if "year" in given else cite.year if cite else None,
            input=self.try_read(self.input, given["input"], names) if "input" in given else _nothing,
            arguments=arguments,
            variants=self.variants(given.get("variants"), arguments),
            pattern=self.try_read(self.pattern, given["pattern"], arguments) if "pattern" in given else None,
            aliases=aliases,
            blocks=blocks,
            pool=self.items.pool,
            items=self.items.items(given["layers"], names) if "layers" in given else (),
            published=given.get("published"),
            expect=given.get("expect"),
            notes=self.try_read(_strings, given["notes"]) or () if "notes" in given else (),
            sources=self.sources(given.get("sources")),
        )

    def words(self, what: str, node: Mapping, known: Collection[str]) -> dict[str, Node]:
        """Return values by word, after noting the words that are not known; empty ones count as left out."""
        given: dict[str, Node] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key.value not in known:
                self.items.report(
                    NodeError(key, f"{what} has no '{printable(key.value[:60])}'{did_you_mean(key.value, known)}")
                )
            elif not (isinstance(value, Scalar) and value.empty):
                given[key.value] = value
        return given

    def mapping(self, node: Node | None, what: str, most: int | None = None) -> list[tuple[Scalar, Node]]:
        if node is None:
            return []
        if most is not None and isinstance(node, Mapping) and len(node.keys) > most:
            self.items.report(NodeError(node, f"{len(node.keys):,} {what}; {most:,} are the most"))
            return []
        if not isinstance(node, Mapping):
            self.items.report(NodeError(node, f"{readers.shown(node)}, where a mapping of {what} is wanted"))
            return []
        return list(zip(node.keys, node.values, strict=True))

    def arguments(self, node: Node | None, outer: Collection[str]) -> dict[str, Argument]:
        """Read arguments; the default of one can use those before it and the file's."""
        found: dict[str, Argument] = {}
        for key, value in self.mapping(node, "arguments", MAX_ARGUMENTS):
            name = key.value
            if not name.isidentifier() or not name.isascii() or name in RESERVED or iskeyword(name):
                reason = "letters, digits and _ only" if not name.isidentifier() else "a word that formulas have taken"
                self.items.report(NodeError(key, f"'{printable(name[:60])}' cannot be an argument: {reason}"))
                continue
            if isinstance(value, Scalar) and value.empty:
                found[name] = Argument(key, None)
                continue
            if not has_formulas(value):
                self.try_read(readers.literal, value)
            default = self.try_read(defer, value, frozenset((*outer, *found)))
            found[name] = Argument(key, default)
        return found

    def blocks(self, node: Node | None, names: Collection[str]) -> dict[str, Block]:
        """Read the heads of all blocks first, since each may use any other, then their items."""
        bodies: dict[str, tuple[Scalar, Node]] = {}
        heads: dict[str, dict[str, Argument]] = {}
        for key, value in self.mapping(node, "blocks"):
            name = key.value
            if name in OPERATIONS or name in SPECIAL or name in MODIFIERS or name == "layers":
                self.items.report(NodeError(key, f"a block cannot be called '{name}', which is taken"))
                continue
            if self.try_read(read_name, key) is None:
                continue
            if not isinstance(value, Mapping):
                self.items.report(
                    NodeError(value, f"{readers.shown(value)}, where a block with layers (and args) is wanted")
                )
                continue
            given = self.words(f"block {name}", value, BLOCK_WORDS)
            if "layers" not in given:
                self.items.report(NodeError(key, f"block {name} wants 'layers'"))
            heads[name] = self.arguments(given.get("args"), names)
            bodies[name] = (key, given.get("layers", Sequence([], key.line, key.column)))
        self.items.blocks = heads
        return {
            name: Block(name, key, heads[name], self.items.items(body, frozenset((*names, *heads[name]))))
            for name, (key, body) in bodies.items()
        }

    def variants(self, node: Node | None, arguments: dict[str, Argument]) -> dict[str, Variant]:
        found: dict[str, Variant] = {}
        for key, value in self.mapping(node, "variants", MAX_VARIANTS):
            name = self.try_read(read_name, key)
            if isinstance(value, Scalar) and value.empty:
                value = Mapping([], [], value.line, value.column)
            if name is None or not isinstance(value, Mapping):
                if name is not None:
                    self.items.report(NodeError(value, f"{readers.shown(value)}, where a mapping (or {{}}) is wanted"))
                continue
            given = self.words(f"variant {name}", value, VARIANT_WORDS)
            found[name] = Variant(
                name=name,
                node=key,
                set=self.set(given.get("set"), arguments),
                title=self.try_read(readers.text, given["title"]) if "title" in given else None,
                year=self.try_read(read_year, given["year"]) if "year" in given else None,
                cite=self.try_read(read_cite, given["cite"]) if "cite" in given else None,
                input=self.try_read(self.input, given["input"], frozenset(arguments)) if "input" in given else None,
                aliases=self.names(given.get("aliases")),
                published=given.get("published"),
                expect=given.get("expect"),
            )
        return found

    def set(self, node: Node | None, arguments: Collection[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in self.mapping(node, "arguments"):
            if is_formula(value):
                self.items.report(
                    NodeError(value, f"{readers.shown(value)}, where a plain value is wanted, not a formula")
                )
            elif key.value in arguments:
                values[key.value] = self.try_read(readers.literal, value)
            else:
                self.items.report(
                    NodeError(key, f"no argument '{printable(key.value)}'{did_you_mean(key.value, arguments)}")
                )
        return values

    def names(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        found = self.try_read(readers.list_of(readers.Reader("a name", read_name)), node)
        return found or ()

    def sources(self, node: Node | None) -> dict[str, Cite]:
        found: dict[str, Cite] = {}
        for key, value in self.mapping(node, "sources"):
            cite = self.try_read(read_cite, value, key.value)
            if cite is not None:
                found[key.value] = cite
        return found

    def input(self, node: Node, names: Collection[str]) -> Any:
        if not has_formulas(node):
            read_shape(node)
        return defer(node, names)

    def pattern(self, node: Node, arguments: Collection[str]) -> str:
        pattern = readers.text(node)
        fields = re.findall(r"\{([^{}]*)\}", pattern)
        unknown = [name for name in fields if name not in arguments]
        if len(fields) > MAX_FIELDS:
            raise NodeError(node, f"the pattern names {len(fields)} arguments; {MAX_FIELDS} are the most")
        if not fields or unknown:
            said = (
                f"names {unknown[0]!r}, which is no argument" if unknown else "names no argument, as in 'net-{width}'"
            )
            raise NodeError(node, f"the pattern {said}")
        return pattern


read_shape = readers.triple(readers.whole(1))


def read_cite(node: Node, key: str | None = None) -> Cite:
    """Read a source: {key: , title: , year: , url: }; the key stands outside in a list of sources."""
    if not isinstance(node, Mapping):
        raise NodeError(node, f"{readers.shown(node)}, where {{key: , title: , year: , url: }} is wanted")
    for word in node.keys:
        if word.value not in CITE_WORDS:
            raise NodeError(word, f"a source has no '{printable(word.value)}'{did_you_mean(word.value, CITE_WORDS)}")
    given = {word.value: value for word, value in zip(node.keys, node.values, strict=True)}
    own = key if key is not None else readers.text(given["key"]) if "key" in given else None
    if own is None or "title" not in given:
        raise NodeError(node, "a source wants a key and a title")
    year = read_year(given["year"]) if "year" in given else None
    return Cite(own, readers.text(given["title"]), year, readers.text(given["url"]) if "url" in given else None)


def _nothing(scope: Any) -> Node:
    return Scalar("", True, 0, 0)
