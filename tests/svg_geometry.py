"""Reads a picture back from its SVG, knowing nothing of how it was laid out: boxes, edges, texts, and what is wrong."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


class Rect(NamedTuple):
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self):
        return self.x + self.width

    @property
    def bottom(self):
        return self.y + self.height

    def overlaps(self, other, slack=0.6):
        return (
            self.x + slack < other.right
            and other.x + slack < self.right
            and self.y + slack < other.bottom
            and other.y + slack < self.bottom
        )

    def holds(self, other, slack=0.6):
        return (
            self.x - slack <= other.x
            and self.y - slack <= other.y
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


class Text(NamedTuple):
    words: str
    x: float
    y: float
    middle: bool
    size: float
    owner: str


class Read(NamedTuple):
    """What an SVG shows."""

    size: Rect
    width: float
    """As it is drawn, if not larger or smaller."""
    boxes: dict[str, Rect]
    groups: dict[str, Rect]
    edges: list[tuple[str, str, list[tuple[float, float]]]]
    texts: list[Text]
    repeats: dict[str, int]


def rect_of(element):
    return Rect(*(float(element.get(key)) for key in ("x", "y", "width", "height")))


def points_of(d):
    """Return the points of a path of absolute M, L and Q; of a rounded corner its two ends."""
    points = []
    for command, numbers in re.findall(r"([MLQ])([^MLQ]*)", d):
        values = [float(value) for value in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
        assert len(values) == (4 if command == "Q" else 2), d
        points.append(tuple(values[-2:]))
    return points


def read(svg):
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    size = Rect(*map(float, root.get("viewBox").split()))
    width = float(root.get("width", size.width))
    boxes, groups, edges, texts, repeats = {}, {}, [], [], {}
    for element in root.iter(f"{SVG}g"):
        for key, found in (("data-layer", boxes), ("data-group", groups)):
            name = element.get(key)
            if name is not None:
                assert name not in found, f"{name} is drawn twice"
                found[name] = rect_of(element.find(f"{SVG}rect"))
                repeats[name] = int(element.get("data-repeat", 1))
                texts += [text_of(text, name) for text in element.findall(f"{SVG}text")]
    for element in root.iter(f"{SVG}path"):
        if element.get("data-from") is not None:
            edges.append((element.get("data-from"), element.get("data-to"), points_of(element.get("d"))))
    return Read(size, width, boxes, groups, edges, texts, repeats)


def text_of(element, owner):
    classes = element.get("class").split()
    size = 10 if "small" in classes else 11
    words = "".join(element.itertext())
    return Text(words, float(element.get("x")), float(element.get("y")), "mid" in classes, size, owner)


def text_rect(text):
    """Return about what a text covers, a little less than it does."""
    wide = (
        sum(0.27 if char in "ijl.,:/ ×'|tf" else 0.9 if char in "mwMW%" else 0.5 for char in text.words)
        * text.size
        * 0.95
    )
    left = text.x - wide / 2 if text.middle else text.x
    return Rect(left, text.y - text.size * 0.7, wide, text.size * 0.7)


def touches(rect, point, slack=1.1):
    x, y = point
    on_side = abs(x - rect.x) <= slack or abs(x - rect.right) <= slack
    on_end = abs(y - rect.y) <= slack or abs(y - rect.bottom) <= slack
    return (on_side and rect.y - slack <= y <= rect.bottom + slack) or (
        on_end and rect.x - slack <= x <= rect.right + slack
    )


def crosses(rect, first, second, slack=1.5):
    """Whether a line along an axis goes through a rectangle."""
    left, right = sorted((first[0], second[0]))
    top, bottom = sorted((first[1], second[1]))
    return (
        right > rect.x + slack and left < rect.right - slack and bottom > rect.y + slack and top < rect.bottom - slack
    )


class Near:
    """Finds the boxes near a rectangle, by the squares of a grid that they touch."""

    STEP = 100

    def __init__(self, boxes):
        self.squares = {}
        for name, rect in boxes.items():
            for square in self.touched(rect):
                self.squares.setdefault(square, {})[name] = rect

    def touched(self, rect):
        for column in range(int(rect.x // self.STEP), int(rect.right // self.STEP) + 1):
            for row in range(int(rect.y // self.STEP), int(rect.bottom // self.STEP) + 1):
                yield column, row

    def __call__(self, rect):
        found = {}
        for square in self.touched(rect):
            found.update(self.squares.get(square, {}))
        return found.items()


def mistakes(picture):
    """Yield what is wrong with a picture."""
    every = list(picture.boxes.items())
    near = Near(picture.boxes)
    yield from _overlapping(every)
    frame = Rect(0, 0, picture.size.width, picture.size.height)
    for name, rect in [*every, *picture.groups.items()]:
        if not frame.holds(rect):
            yield f"{name} is outside"
    yield from _groups(picture)
    seen = set()
    for source, target, points in picture.edges:
        if (source, target) in seen:
            yield f"{source} to {target} is drawn twice"
        seen.add((source, target))
        yield from _edge(picture, source, target, points, near, frame)
    yield from _covered(picture)
    for text in picture.texts:
        rect = text_rect(text)
        if not frame.holds(rect):
            yield f"text {text.words!r} is outside"
        for name, other in near(rect):
            if rect.overlaps(other) and not (name == text.owner and other.holds(rect, 1)):
                yield f"text {text.words!r} of {text.owner} meets {name}"


def _overlapping(every):
    ordered = sorted(every, key=lambda item: item[1].y)
    for place, (name, rect) in enumerate(ordered):
        for other, beside in ordered[place + 1 :]:
            if beside.y >= rect.bottom:
                break
            if rect.overlaps(beside):
                yield f"{name} overlaps {other}"


def _groups(picture):
    for name, rect in picture.groups.items():
        for other, inside in [*picture.boxes.items(), *picture.groups.items()]:
            if other == name:
                continue
            belongs = other.startswith(f"{name}/")
            if belongs and not rect.holds(inside):
                yield f"{other} leaves {name}"
            if not belongs and rect.overlaps(inside) and not name.startswith(f"{other}/"):
                yield f"{other} overlaps {name}"


def _edge(picture, source, target, points, near, frame):
    called = f"edge {source} to {target}"
    if not touches(picture.boxes[source], points[0]):
        yield f"{called} does not begin at its box"
    if not touches(picture.boxes[target], points[-1]):
        yield f"{called} does not end at its box"
    for first, second in pairwise(points):
        if not frame.holds(Rect(*first, 0, 0)):
            yield f"{called} is outside"
        (left, right), (top, bottom) = (sorted(pair) for pair in zip(first, second, strict=True))
        for name, rect in near(Rect(left, top, right - left, bottom - top)):
            own = name in (source, target)
            if crosses(rect, first, second, 1.5 if not own else 2.5):
                yield f"{called} goes through {name}"


def _covered(picture):
    """Yield edges that run along one another, though they have neither their beginning nor their end in common."""
    lines = {}
    for source, target, points in picture.edges:
        for (x1, y1), (x2, y2) in pairwise(points):
            if abs(x1 - x2) < 0.1:
                lines.setdefault(("x", round(x1, 1)), []).append((*sorted((y1, y2)), source, target))
            elif abs(y1 - y2) < 0.1:
                lines.setdefault(("y", round(y1, 1)), []).append((*sorted((x1, x2)), source, target))
    for line in lines.values():
        line.sort()
        for place, (_, end, source, target) in enumerate(line):
            for start, other_end, other_source, other_target in line[place + 1 :]:
                if start >= end - 3:
                    break
                if source != other_source and target != other_target and min(end, other_end) - start > 3:
                    yield f"edges {source} to {target} and {other_source} to {other_target} cover one another"
