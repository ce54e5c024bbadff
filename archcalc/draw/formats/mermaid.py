"""A picture's graph as Mermaid, which GitHub and many editors draw in Markdown; they lay it out."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from archcalc.draw.graph import Group
from archcalc.draw.theme import tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.draw.compose import Composer

_PLAIN = frozenset(" ,.:+-/×→↑·−()%=_")


def write(composer: Composer, title: str) -> str:
    """Return a graph as Mermaid."""
    direction = "LR" if composer.direction == "right" else "TB"
    looks = {place: composer.look(place) for place in range(len(composer.graph.boxes))}
    lines = ["---", f"title: {dumps(title)}", "---", f"flowchart {direction}"]
    lines += _members(composer, composer.root, "  ")
    lines += (f"  n{source} --> n{target}" for source, target in composer.graph.edges)
    for name in dict.fromkeys(looks.values()):
        colours = tone(name)
        lines.append(f"  classDef {name} fill:{colours.fill},stroke:{colours.stroke},color:{colours.text or '#1c2430'}")
        lines.append(f"  class {','.join(f'n{place}' for place, own in looks.items() if own == name)} {name}")
    return "\n".join(lines) + "\n"


def _members(composer: Composer, group: Group, indent: str) -> Iterator[str]:
    for member in group.members:
        if not isinstance(member, Group):
            yield indent + _node(composer, member)
            continue
        bold, plain, _ = composer.words(member)
        number = f"g{next(iter(member.boxes))}_{member.path.count('/')}"
        yield f"{indent}subgraph {number}[{quoted(f'{bold} {plain}'.strip())}]"
        yield from _members(composer, member, indent + "  ")
        yield f"{indent}end"


def _node(composer: Composer, place: int) -> str:
    own = composer.labels[place]
    if own.symbol:
        return f"n{place}(({quoted(own.symbol)}))"
    return f"n{place}[{quoted(*(f'{line.bold} {line.plain}'.strip() for line in composer.lines[place]))}]"


def quoted(*lines: str) -> str:
    """Return lines as a text of Mermaid, in which nothing is markup but the ends of lines."""
    return '"' + "<br/>".join("".join(map(_safe, line)) for line in lines) + '"'


def _safe(char: str) -> str:
    return char if char.isalnum() or char in _PLAIN else f"#{ord(char)};" if char.isprintable() else " "
