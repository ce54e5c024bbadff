"""A picture as SVG: text stays text, light and dark by the reader's choice, the same bytes for the same picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from archcalc.draw.theme import FONT, GROUND, KINDS, LINE, SCALE, SMALL, TEXT, TITLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from archcalc.draw.layout.pieces import Point, Rect
    from archcalc.draw.picture import Border, Edge, Line, Picture, Shown, Swatch

CARD = 3
"""How far a second card shows behind a box that is folded."""
ROUNDED = 6.0
"""Radius of the corners of edges."""


def write(picture: Picture) -> str:
    """Return a picture as SVG."""
    used = {*(box.look for box in picture.boxes), *(swatch.look for swatch in picture.legend)}
    dark = f"@media(prefers-color-scheme:dark){{{tones(used, dark=True)}}}"
    head = heading(_size(picture), picture.title, picture.subtitle)
    return _written(picture, picture.title, f"{SHAPES}{tones(used, dark=False)}{dark}", head)


def embedded(picture: Picture) -> str:
    """Return a picture as SVG for a page, which has its title and the style: ``SHAPES`` and ``tones``."""
    return _written(picture, "", "", ())


def _written(picture: Picture, title: str, style: str, head: Iterable[str]) -> str:
    body = "\n".join((*head, *_body(picture)))
    arrow = f"arrow-{crc32(body.encode()):08x}"
    marker = (
        f'<defs><marker id="{arrow}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7"'
        f' orient="auto-start-reverse"><path class="tip" d="M0.5 0.5 8 4 0.5 7.5z"/></marker></defs>\n'
    )
    return document(_size(picture), (title, picture.description), style, marker + body.replace("ARROW", arrow))


class Size(NamedTuple):
    """How wide and high a picture is, and how large it is shown where nothing else is asked for."""

    width: float
    height: float
    scale: float = 1.0


def _size(picture: Picture) -> Size:
    return Size(picture.width, picture.height, min(1.0, picture.most / picture.width))


def document(size: Size, said: tuple[str, str], style: str, body: str, look: str = "archcalc") -> str:
    """Return an SVG of a style and a body; ``said`` are title and description for who cannot see it.

    Title and style are left out where they are empty.
    """
    title, description = said
    titled = f"<title>{escaped(title)}</title>\n" if title else ""
    styled = f"<style>{style}</style>\n" if style else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{look}" role="img" width="{number(size.width * size.scale)}"'
        f' height="{number(size.height * size.scale)}"'
        f' viewBox="0 0 {number(size.width)} {number(size.height)}">\n'
        f"{titled}<desc>{escaped(description)}</desc>\n{styled}{body}\n</svg>\n"
    )


def heading(size: Size, title: str, subtitle: str) -> Iterator[str]:
    """Yield the ground of a picture, and what stands above it."""
    yield f'<rect class="ground" width="{number(size.width)}" height="{number(size.height)}"/>'
    yield f'<text class="title" x="16" y="28">{escaped(title)}</text>'
    if subtitle:
        yield f'<text class="sub" x="16" y="46">{escaped(subtitle)}</text>'


def _body(picture: Picture) -> Iterator[str]:
    for border in picture.borders:
        yield _border(border)
    yield '<g class="edges" marker-end="url(#ARROW)">'
    for edge in picture.edges:
        yield _edge(edge)
    yield "</g>"
    for box in picture.boxes:
        yield _box(box)
    for swatch in picture.legend:
        yield _swatch(swatch)


def _border(border: Border) -> str:
    x, y, wide, high = border.rect
    bold, plain, _ = border.words
    return (
        f'<g data-group="{escaped(border.path)}"{_repeated(border.repeat)}><rect class="group" x="{number(x)}"'
        f' y="{number(y)}" width="{number(wide)}" height="{number(high)}" rx="8"/>'
        f'<text class="small" x="{number(border.words_at)}" y="{number(y + 16)}">'
        f'<tspan class="b">{escaped(bold)}</tspan>{" " if plain else ""}{escaped(plain)}</text></g>'
    )


def _repeated(repeat: int) -> str:
    return f' data-repeat="{repeat}"' if repeat > 1 else ""


def _edge(edge: Edge) -> str:
    return f'<path data-from="{escaped(edge.source)}" data-to="{escaped(edge.target)}" d="{path(edge.points)}"/>'


def path(points: Sequence[Point], radius: float = ROUNDED) -> str:
    """Return a line through points with its corners rounded."""
    parts = [f"M{_at(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        parts.append(f"L{_at(_towards(corner, before, reach))}Q{_at(corner)} {_at(_towards(corner, after, reach))}")
    parts.append(f"L{_at(points[-1])}")
    return "".join(parts)


def _at(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _distance(first: Point, second: Point) -> float:
    return abs(first[0] - second[0]) + abs(first[1] - second[1])


def _towards(start: Point, end: Point, reach: float) -> Point:
    """Return the point so far from one to another; lines run along an axis."""
    whole = _distance(start, end) or 1
    return (start[0] + (end[0] - start[0]) * reach / whole, start[1] + (end[1] - start[1]) * reach / whole)


def _box(box: Shown) -> str:
    x, y, wide, high = box.rect
    classes = " ".join(
        ["box", box.look, *(["outside"] if box.outside else []), *(["training"] if box.training else [])]
    )
    corner = high / 2 if box.round else 5
    parts = [f'<g data-layer="{escaped(box.name)}"{_repeated(box.repeat)}>']
    if box.composite:
        parts.append(f'<path class="card" d="{_card(box.rect)}"/>')
    parts.append(
        f'<rect class="{classes}" x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(high)}"'
        f' rx="{number(corner)}"/>'
    )
    parts.append(f"<title>{escaped(box.tooltip)}</title>")
    first = y + high / 2 - (len(box.lines) - 1) * LINE / 2 + TEXT * 0.36
    parts += [_line(line, x + wide / 2, first + LINE * place, box.look) for place, line in enumerate(box.lines)]
    if box.beside is not None:
        (at_x, at_y), text = box.beside
        parts.append(f'<text class="small" x="{number(at_x)}" y="{number(at_y)}">{escaped(text)}</text>')
    return "".join([*parts, "</g>"])


def _card(rect: Rect) -> str:
    """Return the edges of a card that lies behind another: what is folded."""
    x, y, wide, high = rect
    corners = f"q{CARD} 0 {CARD} {CARD}", f"q0 {CARD} -{CARD} {CARD}", f"q-{CARD} 0 -{CARD} -{CARD}"
    first = f"M{number(x + wide)} {number(y + CARD + 2)}{corners[0]}v{number(high - CARD - 4)}{corners[1]}"
    return f"{first}H{number(x + CARD + 4)}{corners[2]}"


def _line(line: Line, x: float, y: float, look: str) -> str:
    bold = f'<tspan class="b">{escaped(line.bold)}</tspan>' if line.bold and line.plain else escaped(line.bold)
    classes = " ".join(
        ["mid", "small" if line.small else "text", *(["b"] if line.bold and not line.plain else []), look]
    )
    words = f"{bold} {escaped(line.plain)}" if line.bold and line.plain else bold + escaped(line.plain)
    return f'<text class="{classes}" x="{number(x)}" y="{number(y)}">{words}</text>'


def _swatch(swatch: Swatch) -> str:
    if not swatch.look:
        return f'<text class="small" x="{number(swatch.x)}" y="{number(swatch.y + 10)}">{escaped(swatch.text)}</text>'
    return (
        f'<rect class="box {swatch.look}" x="{number(swatch.x)}" y="{number(swatch.y)}" width="12" height="12" rx="3"/>'
        f'<text class="small" x="{number(swatch.x + 18)}" y="{number(swatch.y + 10)}">{escaped(swatch.text)}</text>'
    )


def fonts(look: str = "archcalc") -> str:
    """Return the rules that every picture begins with, for those with a class."""
    return (
        f".{look}{{font-family:{FONT}}}"
        f".{look} text{{font-size:{TEXT:g}px;fill:#1c2430}}"
        f".{look} .small{{font-size:{SMALL:g}px}}.{look} .mid{{text-anchor:middle}}.{look} .b{{font-weight:bold}}"
        f".{look} .title{{font-size:{TITLE:g}px;font-weight:bold}}"
    )


SHAPES = (
    fonts() + ".archcalc .edges path{fill:none;stroke-width:1}"
    ".archcalc .box{stroke-width:1}.archcalc .outside,.archcalc .training{stroke-dasharray:4 3}"
    ".archcalc .card{fill:none;stroke-width:1.1}"
)
"""The style of pictures, without colours."""

LOOKS = frozenset({*KINDS, *(f"s{place}" for place in range(len(SCALE)))})
"""Every look that a box can have, beside ``plain``."""


def tones(used: Collection[str], *, dark: bool, under: str = "") -> str:
    """Return the colours of some looks as CSS, for light or for dark, below what matches a selector."""
    ground, text, soft, line, group, border = GROUND[dark]
    rules = {
        ".ground": f"fill:{ground}",
        "text": f"fill:{text}",
        ".sub": f"fill:{soft}",
        ".edges path": f"stroke:{line}",
        ".card": f"stroke:{line}",
        ".tip": f"fill:{line}",
        ".group": f"fill:{group};stroke:{border}",
        "rect.plain": f"fill:{ground};stroke:{line}",
    }
    known = {name: kind.dark if dark else kind.light for name, kind in KINDS.items()}
    known |= {f"s{place}": both[dark] for place, both in enumerate(SCALE)}
    for name, tone in known.items():
        if name in used:
            rules[f"rect.{name}"] = f"fill:{tone.fill};stroke:{tone.stroke}"
            rules |= {f"text.{name}": f"fill:{tone.text}"} if tone.text else {}
    return "".join(f"{under}.archcalc {selector}{{{rule}}}" for selector, rule in rules.items())


def number(value: float) -> str:
    """Write a coordinate: with one digit behind the point at most."""
    return f"{value:.1f}".removesuffix(".0")


def escaped(text: str) -> str:
    """Return a text that is no markup; characters that XML does not allow are replaced."""
    clean = text if text.isprintable() else "".join(char if _allowed(char) else "\ufffd" for char in text)
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _allowed(char: str) -> bool:
    return char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char >= "\U00010000"
