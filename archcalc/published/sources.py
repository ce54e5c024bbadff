"""The sources that figures may cite: a spec's own, and those that archcalc's specs share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archcalc.errors import did_you_mean
from archcalc.language.cite import read_cite
from archcalc.text.source import read_file
from archcalc.text.tree import Mapping, NodeError, read_tree
from archcalc.zoo import folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.errors import Mistake
    from archcalc.language.model import Cite
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.figure import Figure

_shared: dict[str, Cite] = {}


def shared() -> dict[str, Cite]:
    """Return the sources that archcalc's own specs share."""
    if not _shared:
        tree = read_tree(read_file(os.path.join(folder(), "_sources.yaml")))
        assert isinstance(tree, Mapping)
        pairs = zip(tree.keys, tree.values, strict=True)
        _shared.update({key.value: read_cite(value, key.value) for key, value in pairs})
    return _shared


def known(spec: NetworkSpec) -> dict[str, Cite]:
    """Return every source that a spec's figures may cite."""
    own = [spec.cite, spec.family.cite, *(variant.cite for variant in spec.family.variants.values())]
    return {**shared(), **spec.family.sources, **{cite.key: cite for cite in own if cite is not None}}


def missing(spec: NetworkSpec, figures: Iterable[Figure]) -> list[Mistake]:
    """Return a mistake for each figure whose source is not described anywhere."""
    sources = known(spec)
    mistakes: list[Mistake] = []
    for figure in figures:
        if figure.cite not in sources:
            hint = did_you_mean(figure.cite, sources) or "; describe it in the spec: sources: {key: {title: , url: }}"
            mistakes.append(NodeError(figure.node, f"no source '{figure.cite}'{hint}").mistake)
    return mistakes
