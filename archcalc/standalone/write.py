"""Writing one network as a spec of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.arguments import argument_values, input_shapes
from archcalc.errors import COMMAND_LINE, SpecError
from archcalc.language.family import read_family
from archcalc.language.typed import typed_tree
from archcalc.standalone.arguments import argument_lines
from archcalc.standalone.figures import expectation_lines, figure_lines, source_lines
from archcalc.standalone.layout import HEADER, sections
from archcalc.standalone.nodes import cite_node, quoted, section
from archcalc.text.source import Source
from archcalc.text.tree import Mapping, read_tree

if TYPE_CHECKING:
    from archcalc.language.networks import NetworkSpec
    from archcalc.operations.base import Shape
    from archcalc.text.tree import Node

GROUPS = (
    ("name", "title", "cite", "year", "input"), ("args",), ("require",), ("blocks",), ("layers",), ("published",),
    ("expect",), ("notes",), ("sources",),
)  # fmt: skip
"""The words of a spec of one network, in their order; a blank line separates groups."""


def spec_text(spec: NetworkSpec, shapes: dict[str, Shape] | None = None) -> str:
    """Return a network as the text of a spec that has nothing else; ``shapes`` are those of its inputs if not its own.

    Comments, blocks and formulas are those of its family. Where anchors of the family's text lead to what is left out,
    they are written out, and comments of those parts are lost.
    """
    source = spec.family.source
    if source.file == COMMAND_LINE:
        size = input_shapes(spec, argument_values(spec), None)["input"]
        tree: Node = typed_tree(source, size[:2] if spec.family.sequence else size)
        return _written(spec, tree, {}, shapes, as_text=False)
    tree = read_tree(source)
    assert isinstance(tree, Mapping)
    known = sections(source.text, tree)
    for lines, as_text in ((known, True), (known, False)):
        text = _written(spec, tree, lines, shapes, as_text=as_text)
        if _is_spec(text):
            return text
    return _written(spec, tree, {}, shapes, as_text=False)


def _is_spec(text: str) -> bool:
    try:
        read_family(Source("<spec>", text))
    except SpecError:
        return False
    return True


def _written(
    spec: NetworkSpec, tree: Node, known: dict[str, list[str]], shapes: dict[str, Shape] | None, *, as_text: bool
) -> str:
    assert isinstance(tree, Mapping)
    own = _own(spec, tree, known, shapes)
    own["published"] = figure_lines(spec, tree, known, as_text=as_text)
    own["expect"] = expectation_lines(spec, known)
    own["sources"] = source_lines(spec, own["published"], _as_it_is("sources", tree, known))
    groups = [[line for word in group for line in own.get(word) or _left(word, own, tree, known)] for group in GROUPS]
    groups[0] = [*known.get(HEADER, []), *groups[0]]
    return "\n\n".join("\n".join(lines) for lines in groups if lines) + "\n"


def _left(word: str, own: dict[str, list[str]], tree: Mapping, known: dict[str, list[str]]) -> list[str]:
    return [] if word in own else _as_it_is(word, tree, known)


def _as_it_is(word: str, tree: Mapping, known: dict[str, list[str]]) -> list[str]:
    """Return the lines of a word of the family: as they are, or written anew."""
    node = tree.get(word)
    return known[word] if word in known else [] if node is None else section(word, node)


def _own(
    spec: NetworkSpec, tree: Mapping, known: dict[str, list[str]], shapes: dict[str, Shape] | None
) -> dict[str, list[str]]:
    """Return the lines of words that the network does not share with its family; none for one that it leaves out."""
    family = spec.family
    cited = None if spec.cite is None else spec.cite.year
    lines = {
        "name": [f"name: {quoted(spec.name)}"],
        "year": [f"year: {spec.year}"] if spec.year and spec.year != cited else [],
    }
    if spec.title != family.title:
        lines["title"] = [f"title: {quoted(spec.title)}"]
    if spec.cite is not family.cite and spec.cite is not None:
        lines["cite"] = section("cite", cite_node(spec.cite))
    if shapes is not None or spec.input is not family.input:
        lines["input"] = _input_lines(spec, tree, shapes)
    if spec.values:
        lines["args"] = argument_lines(spec.values, tree, known)
    return lines


def _input_lines(spec: NetworkSpec, tree: Mapping, shapes: dict[str, Shape] | None) -> list[str]:
    variants = tree.get("variants")
    for variant in spec.family.variants.values():
        if shapes is None and variant.input is spec.input and isinstance(variants, Mapping):
            own = variants.get(variant.name)
            node = own.get("input") if isinstance(own, Mapping) else None
            if node is not None:
                return section("input", node)
    shapes = input_shapes(spec, argument_values(spec), None) if shapes is None else shapes
    sizes = {name: list(shape[:2] if spec.family.sequence else shape) for name, shape in shapes.items()}
    (first, *others) = sizes.values()
    return ["input:", *(f"  {quoted(name)}: {size}" for name, size in sizes.items())] if others else [f"input: {first}"]
