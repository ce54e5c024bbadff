"""YAML as text with places: the nodes of a tree, and reading one.

The trees of archcalc's own files are kept beside them where it is installed (:mod:`archcalc.text.kept`): they are not
parsed again, and PyYAML is imported only when some text is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.text.kept import kept_tree
from archcalc.text.nodes import Mapping, Node, NodeError, Scalar, Sequence

if TYPE_CHECKING:
    from archcalc.text.source import Source

__all__ = ["Mapping", "Node", "NodeError", "Scalar", "Sequence", "read_tree"]


def read_tree(source: Source) -> Node:
    """Read the one document of a source; raise SpecError if it is not the YAML that specs are written in."""
    kept = kept_tree(source)
    if kept is not None:
        return kept
    from archcalc.text.parsing import parse

    return parse(source)
