"""A picture's graph for Graphviz: DOT, with the words and colours of the picture; Graphviz lays it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.graph import Group
from archcalc.draw.theme import tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.draw.compose import Composer


def write(composer: Composer, title: str, subtitle: str) -> str:
    """Return a graph as DOT."""
    direction = "LR" if composer.direction == "right" else "TB"
    lines = [
        "digraph network {",
        f"  graph [label={quoted(title, subtitle)}, labelloc=t, labeljust=l, rankdir={direction}, fontname=Helvetica];",
        '  node [shape=box, style="rounded,filled", fontname=Helvetica, fontsize=10, margin="0.12,0.05"];',
        '  edge [color="#56616d", arrowsize=0.6];',
        *_members(composer, composer.root, "  "),
        *(f"  n{source} -> n{target};" for source, target in composer.graph.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _members(composer: Composer, group: Group, indent: str) -> Iterator[str]:
    for member in group.members:
        if not isinstance(member, Group):
            yield indent + _node(composer, member)
            continue
        first = next(iter(member.boxes))
        bold, plain, _ = composer.words(member)
        yield f"{indent}subgraph cluster_{first}_{member.path.count('/')} {{"
        yield f'{indent}  label={quoted(f"{bold} {plain}".strip())}; style=rounded; color="#c3ccd6"; fontsize=10;'
        yield from _members(composer, member, indent + "  ")
        yield f"{indent}}}"


def _node(composer: Composer, place: int) -> str:
    own = composer.labels[place]
    colours = tone(composer.look(place))
    lines = [f"{line.bold} {line.plain}".strip() for line in composer.lines[place]]
    if own.symbol:
        lines.append(own.beside)
    shape = ", shape=ellipse" if own.symbol else ""
    return (
        f"n{place} [label={quoted(*lines)}, tooltip={quoted(*own.tooltip.splitlines())},"
        f' fillcolor="{colours.fill}", color="{colours.stroke}", fontcolor="{colours.text or "#1c2430"}"{shape}];'
    )


def quoted(*lines: str) -> str:
    """Return lines as one string of DOT, in which nothing is an escape or an entity but the ends of lines."""
    clean = (
        line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
        for line in lines
    )
    return '"' + "\\n".join(clean) + '"'
