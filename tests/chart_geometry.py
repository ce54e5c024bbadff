"""Reading a chart back: what is where, and what is wrong with it."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

from archcalc.draw.metrics import width

NS = "{http://www.w3.org/2000/svg}"
UNITS = {
    "": 1, "%": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
    "s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9,
}  # fmt: skip


class Text(NamedTuple):
    """A text, and about the rectangle that it takes."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    look: frozenset[str]

    def overlaps(self, other: Text) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Circle(NamedTuple):
    x: float
    y: float
    radius: float


class Chart:
    """An SVG of a chart."""

    def __init__(self, svg: str) -> None:
        self.root = ElementTree.fromstring(svg)
        self.width, self.height = (float(each) for each in self.root.get("viewBox").split()[2:])
        self.texts = [text_of(each) for each in self.root.iter(f"{NS}text")]

    def groups(self, data: str) -> list:
        return [each for each in self.root.iter(f"{NS}g") if each.get(f"data-{data}") is not None]

    @property
    def bubbles(self) -> dict[str, Circle]:
        return {each.get("data-network"): circle_of(each.find(f"{NS}circle")) for each in self.groups("network")}

    @property
    def labels(self) -> dict[str, Text]:
        return {each.get("data-label"): text_of(each.find(f"{NS}text")) for each in self.groups("label")}

    @property
    def frame(self) -> tuple[float, float, float, float]:
        (path,) = [each.get("d") for each in self.root.iter(f"{NS}path") if each.get("class") == "frame"]
        left, top, wide, high = (float(each) for each in re.findall(r"-?[0-9.]+", path)[:4])
        return left, top, left + wide, top + high

    def ticks(self, axis: str) -> list[tuple[float, float]]:
        """Return the values of ticks as they are written, and where their lines are."""
        found = []
        for each in self.groups("tick"):
            if each.get("data-tick") == axis:
                x1, y1, x2, _ = (float(n) for n in re.findall(r"[0-9.]+", each.find(f"{NS}path").get("d")))
                found.append((read(each.find(f"{NS}text").text), x1 if x1 == x2 else y1))
        return found

    def bars(self, panel: str) -> list[float]:
        """Return the widths of the bars of a panel, row by row; parts of a row together."""
        found = []
        for row in self.groups("row"):
            parts = [each for each in row.iter(f"{NS}g") if each.get("data-panel") == panel]
            found.append(sum(float(each.find(f"{NS}rect").get("width")) for each in parts))
        return found


def read(label: str) -> float:
    """Read what stands at a tick: 500M, 20 MiB, 75%."""
    number, unit = re.fullmatch(r"([0-9.,]+) ?(\D*)", label).groups()
    return float(number.replace(",", "")) * UNITS[unit]


def text_of(element) -> Text:
    look = frozenset(element.get("class", "").split())
    size = 15.0 if "title" in look else 10.0 if "small" in look else 11.0
    text = "".join(element.itertext())
    wide = width(text, size, bold=bool(look & {"b", "title"}))
    turned = element.get("transform")
    if turned:
        x, y = (float(each) for each in re.findall(r"-?[0-9.]+", turned)[:2])
        below = y + wide / 2 if "mid" in look else y
        return Text(text, x - size * 0.75, below - wide, x + size * 0.2, below, look)
    x, y = float(element.get("x")), float(element.get("y"))
    left = x - wide / 2 if "mid" in look else x - wide if "end" in look else x
    return Text(text, left, y - size * 0.75, left + wide, y + size * 0.2, look)


def circle_of(element) -> Circle:
    return Circle(*(float(element.get(each)) for each in ("cx", "cy", "r")))


def mistakes(chart: Chart) -> list[str]:
    """Say which texts collide, or leave the picture."""
    found = [
        f"outside: {each}"
        for each in chart.texts
        if each.left < -0.5 or each.right > chart.width + 0.5 or each.top < 0 or each.bottom > chart.height
    ]
    return found + [f"{a} on {b}" for a, b in combinations(chart.texts, 2) if a.overlaps(b)]


def mistakes_of_bubbles(chart: Chart) -> list[str]:
    """Say which names leave the frame, or stand on a centre."""
    left, top, right, bottom = chart.frame
    found = []
    for name, label in chart.labels.items():
        if label.left < left or label.right > right or label.top < top or label.bottom > bottom:
            found.append(f"{name} leaves the frame")
        found += [
            f"{name} on the centre of {other}"
            for other, each in chart.bubbles.items()
            if label.left < each.x < label.right and label.top < each.y < label.bottom
        ]
    for name, each in chart.bubbles.items():
        if not (left <= each.x - each.radius and each.x + each.radius <= right):
            found.append(f"the bubble of {name} leaves the frame")
        if not (top <= each.y - each.radius and each.y + each.radius <= bottom):
            found.append(f"the bubble of {name} leaves the frame")
    return found


def where(ticks: list[tuple[float, float]], value: float) -> float:
    """Return where a value belongs by the ticks alone: in a line, or by powers, whichever they follow."""
    (low, first), (high, last) = ticks[0], ticks[-1]
    in_line = [first + (last - first) * (each - low) / (high - low) for each, _ in ticks]
    if all(abs(at - there) < 1 for at, (_, there) in zip(in_line, ticks, strict=True)):
        return first + (last - first) * (value - low) / (high - low)
    share = (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
    return first + (last - first) * share
