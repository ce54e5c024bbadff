"""What is said of a network in its own spec: its figures, those of its family, and the sources that they cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.standalone.layout import list_below
from archcalc.standalone.nodes import cite_node, section
from archcalc.text.tree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from archcalc.language.networks import NetworkSpec


def figure_lines(spec: NetworkSpec, tree: Mapping, known: dict[str, list[str]], *, as_text: bool) -> list[str]:
    """Return the figures of a network, its family's first: as they are written where ``as_text``, or written anew."""
    if not spec.published:
        return []
    text = spec.family.source.text
    listed: list[str] = []
    for node in spec.published if as_text and known else ():
        lines = list_below(text, _way_to(node, spec, tree))
        if lines is None:
            break
        listed += lines
    else:
        if listed:
            return ["published:", *listed]
    items = [entry for node in spec.published for entry in (node.items if isinstance(node, Sequence) else [node])]
    return section("published", Sequence(items, 0, 0))


def _way_to(node: Node, spec: NetworkSpec, tree: Mapping) -> list[tuple[Mapping, Scalar]]:
    """Return the mappings and keys that lead to a list of figures."""
    if node is spec.family.published:
        return [_step(tree, "published")]
    name = next(variant.name for variant in spec.family.variants.values() if variant.published is node)
    way = [_step(tree, "variants")]
    for word in (name, "published"):
        mapping, key = way[-1]
        inner = mapping.get(key.value)
        assert isinstance(inner, Mapping)
        way.append(_step(inner, word))
    return way


def _step(mapping: Mapping, word: str) -> tuple[Mapping, Scalar]:
    return mapping, next(key for key in mapping.keys if key.value == word)


def expectation_lines(spec: NetworkSpec, known: dict[str, list[str]]) -> list[str]:
    """Return what a network expects: the bounds of its family, and its own in place of those on the same quantity."""
    if not spec.expect:
        return []
    if spec.expect == (spec.family.expect,) and "expect" in known:
        return known["expect"]
    bounds: dict[str, tuple[Scalar, Node]] = {}
    for node in spec.expect:
        assert isinstance(node, Mapping)
        bounds.update({key.value: (key, value) for key, value in zip(node.keys, node.values, strict=True)})
    keys, values = zip(*bounds.values(), strict=True)
    return section("expect", Mapping([*keys], [*values], 0, 0))


def source_lines(spec: NetworkSpec, figures: list[str], own: list[str]) -> list[str]:
    """Return the sources of a file, and those that its figures cite and its family or another variant describes.

    Without figures there are none.
    """
    family = spec.family
    if not figures:
        return []
    cites = [family.cite, *(variant.cite for variant in family.variants.values())]
    text = "\n".join(figures)
    needed = {
        cite.key: cite
        for cite in cites
        if cite is not None and f"cite: {cite.key}" in text and (spec.cite is None or cite.key != spec.cite.key)
    }
    lines = [
        f"  {line}"
        for key, cite in needed.items()
        if key not in family.sources
        for line in section(key, cite_node(cite, with_key=False))
    ]
    return [*(own or ["sources:"]), *lines] if lines else own
