"""The marks of charts as SVG, and the one style that all charts share, for light and for dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.formats.svg import Size, document, escaped, fonts, heading, number
from archcalc.draw.metrics import fitted, width
from archcalc.draw.theme import GROUND, KINDS, SMALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LINE = 14.0
"""Distance of two lines of notes."""

LOOK = "archcalc chart"

SERIES = ("conv", "pool", "merge", "dense", "attention", "norm", "act")
"""The kinds whose colours tell series apart; what is left over has those of ``other``."""


class Picture:
    """A chart as it is drawn: what stands above it, and its marks."""

    def __init__(self, title: str, subtitle: str, description: str, width: float) -> None:
        self.title = title
        self.subtitle = subtitle
        self.description = description
        self.width = width
        self.height = 0.0
        self.marks: list[str] = []

    def add(self, *marks: str) -> None:
        """Draw something above what was drawn before."""
        self.marks.extend(marks)

    def notes(self, texts: Iterable[str], top: float, left: float = 16.0) -> float:
        """Write notes in lines of small text; return where they end."""
        for text in texts:
            for line in lines(text, self.width - left - 16):
                self.add(words(left, top, line, "small soft"))
                top += LINE
        return top

    def svg(self) -> str:
        """Return it as SVG."""
        return self._written(self.title, STYLE, LOOK)

    def embedded(self) -> str:
        """Return it as SVG for a page, which has the style: ``fonts``, ``SHAPES`` and ``tones`` of the class chart."""
        return self._written("", "", "chart")

    def _written(self, title: str, style: str, look: str) -> str:
        size = Size(self.width, self.height)
        shown = fitted(self.title, 15.0, self.width - 32, bold=True)
        head = heading(size, shown, fitted(self.subtitle, 11.0, self.width - 32))
        return document(size, (title, self.description), style, "\n".join((*head, *self.marks)), look)


def words(x: float, y: float, text: str, look: str = "small", *, turned: bool = False) -> str:
    """Return a text: ``look`` are classes (small, mid, end, b, soft), ``turned`` is written upwards."""
    place = f'x="{number(x)}" y="{number(y)}"'
    if turned:
        place = f'transform="translate({number(x)} {number(y)}) rotate(-90)"'
    return f'<text class="{look}" {place}>{escaped(text)}</text>'


def bar(x: float, y: float, wide: float, high: float, look: str) -> str:
    """Return a rectangle."""
    return f'<rect class="{look}" x="{exact(x)}" y="{exact(y)}" width="{exact(wide)}" height="{exact(high)}"/>'


def disc(x: float, y: float, radius: float, look: str) -> str:
    """Return a circle."""
    return f'<circle class="{look}" cx="{exact(x)}" cy="{exact(y)}" r="{exact(radius)}"/>'


def rule(x1: float, y1: float, x2: float, y2: float, look: str = "grid") -> str:
    """Return a line."""
    return f'<path class="{look}" d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"/>'


def group(marks: Iterable[str], *, tooltip: str = "", **data: str) -> str:
    """Return marks that belong together, with what is said when they are pointed at."""
    said = f"<title>{escaped(tooltip)}</title>" if tooltip else ""
    given = "".join(f' data-{name}="{escaped(value)}"' for name, value in data.items())
    return f"<g{given}>{said}{''.join(marks)}</g>"


def exact(value: float) -> str:
    """Write a length that says an amount: with two digits behind the point at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def lines(text: str, most: float, size: float = SMALL) -> Iterator[str]:
    """Yield a text in lines of no more than so many pixels; a word that is longer is cut."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= most:
            line = longer
            continue
        if line:
            yield line
        line = fitted(word, size, most)
    if line:
        yield line


def swatches(entries: Iterable[tuple[str, str]], left: float, top: float, room: float) -> tuple[list[str], float]:
    """Return a legend, in as many lines as it takes, and where it ends: colours, and what they mean."""
    marks: list[str] = []
    x, y = left, top
    for look, text in entries:
        wide = 16 + width(text, SMALL)
        if x > left and x + wide > left + room:
            x, y = left, y + LINE + 2
        marks.append(group([bar(x, y, 10, 10, f"bar {look}"), words(x + 15, y + 8.5, text)]))
        x += wide + 16
    return marks, y + LINE + 4 if marks else top


def tones(*, dark: bool, under: str = "") -> str:
    """Return the colours of charts as CSS, for light or for dark, below what matches a selector."""
    ground, text, soft, line, _, border = GROUND[dark]
    rules = {
        ".ground": f"fill:{ground}",
        "text": f"fill:{text}",
        ".sub": f"fill:{soft}",
        "text.soft": f"fill:{soft}",
        ".frame": f"stroke:{line}",
        ".grid": f"stroke:{border}",
        ".guide": f"stroke:{soft}",
        ".lead": f"stroke:{soft}",
        ".halo": f"stroke:{ground}",
        ".dot": f"fill:{text};stroke:{ground}",
        ".outline": f"stroke:{soft}",
    }
    for name, kind in KINDS.items():
        tone = kind.dark if dark else kind.light
        rules[f".{name}"] = f"fill:{tone.stroke};stroke:{tone.stroke}"
        rules[f".pale.{name}"] = f"fill:{tone.fill};stroke:{tone.stroke}"
    return "".join(f"{under}.chart {selector}{{{rule}}}" for selector, rule in rules.items())


SHAPES = (
    ".chart .end{text-anchor:end}.chart path,.chart .outline{fill:none}.chart path{stroke-width:1}"
    ".chart .grid{stroke-opacity:.55}.chart .guide{stroke-dasharray:4 3}.chart .lead{stroke-width:.8}"
    ".chart .halo{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}"
    ".chart .bubble{fill-opacity:.35;stroke-width:1.3}.chart .dashed{stroke-dasharray:4 3}"
    ".chart .dot{stroke-width:.8}.chart path.area{fill-opacity:.85;stroke:none}"
    ".chart rect.hit{fill-opacity:0;stroke:none}.chart rect.bar{stroke:none}"
)
"""The style of charts, without fonts and colours."""

STYLE = f"{fonts()}{SHAPES}{tones(dark=False)}@media(prefers-color-scheme:dark){{{tones(dark=True)}}}"
"""The style of every chart, so that several of them can stand on one page."""
