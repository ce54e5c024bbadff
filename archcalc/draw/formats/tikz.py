r"""A picture as TikZ, for LaTeX: what is where as in the SVG, in the document's own fonts.

It needs ``\usepackage{tikz}``, and nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.formats.svg import number
from archcalc.draw.theme import SMALL, TEXT, tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.draw.picture import Border, Edge, Line, Picture, Shown

POINT = 0.75
"""Points of a pixel."""

_TEX = {
    **{char: f"\\{char}" for char in "&%$#_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''", "×": r"$\times$", "→": r"$\to$",
    "↑": r"$\uparrow$", "−": r"$-$", "·": r"$\cdot$", "…": r"\ldots{}",
}  # fmt: skip


def write(picture: Picture) -> str:
    """Return a picture as a tikzpicture."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield f"% {escaped(' '.join(picture.title.split()))}: \\usepackage{{tikz}}, then \\input this file"
    yield r"\begin{tikzpicture}[x=0.75pt, y=-0.75pt, >=stealth, line width=0.5pt,"
    yield "  text node/.style={inner sep=0pt, outer sep=0pt, align=center},"
    yield f"  every node/.append style={{font=\\sffamily{_font(TEXT)}}}]"
    for look in dict.fromkeys(box.look for box in picture.boxes):
        colours = tone(look)
        for part, colour in (("fill", colours.fill), ("line", colours.stroke), ("text", colours.text or "#1c2430")):
            yield f"\\definecolor{{archcalc-{look}-{part}}}{{HTML}}{{{colour[1:].upper()}}}"
    yield r"\definecolor{archcalc-edge}{HTML}{56616D}\definecolor{archcalc-group}{HTML}{C3CCD6}"
    for border in picture.borders:
        yield from _border(border)
    for edge in picture.edges:
        yield _edge(edge)
    for place, box in enumerate(picture.boxes):
        yield from _box(box, place)
    yield r"\end{tikzpicture}"


def _font(size: float) -> str:
    return f"\\fontsize{{{number(size * POINT)}}}{{{number(size * POINT * 1.15)}}}\\selectfont"


def _border(border: Border) -> Iterator[str]:
    x, y, wide, high = border.rect
    yield (
        f"\\draw[archcalc-group, fill=black!3, rounded corners=5pt] ({number(x)},{number(y)}) rectangle"
        f" ({number(x + wide)},{number(y + high)});"
    )
    yield _beside(border.words_at, y + 16, _text(border.words))


def _edge(edge: Edge) -> str:
    points = " -- ".join(f"({number(x)},{number(y)})" for x, y in edge.points)
    return f"\\draw[->, archcalc-edge, rounded corners=4pt] {points};"


def _box(box: Shown, place: int) -> Iterator[str]:
    x, y, wide, high = box.rect
    style = [
        f"draw=archcalc-{box.look}-line", f"fill=archcalc-{box.look}-fill", f"text=archcalc-{box.look}-text",
        f"rounded corners={number(high / 2 * POINT if box.round else 4)}pt",
        f"minimum width={number(wide * POINT)}pt", f"minimum height={number(high * POINT)}pt",
    ]  # fmt: skip
    if box.outside or box.training:
        style.append("dashed")
    if box.composite:
        style.append("double")
    words = r" \\ ".join(_text(line) for line in box.lines)
    middle = f"({number(x + wide / 2)},{number(y + high / 2)})"
    yield f"\\node[text node, {', '.join(style)}] (n{place}) at {middle} {{{words}}};"
    if box.beside is not None:
        (at_x, at_y), text = box.beside
        yield _beside(at_x, at_y, f"{_font(SMALL)}{escaped(text)}")


def _beside(x: float, y: float, words: str) -> str:
    return f"\\node[text node, anchor=base west] at ({number(x)},{number(y)}) {{{words}}};"


def _text(line: Line) -> str:
    words = [f"\\textbf{{{escaped(line.bold)}}}"] if line.bold else []
    words += [escaped(line.plain)] if line.plain else []
    return ("{" + _font(SMALL) if line.small else "{") + " ".join(words) + "}"


def escaped(text: str) -> str:
    """Return a text in which nothing is a command."""
    return "".join(_TEX.get(char, char if char.isprintable() else " ") for char in text)
