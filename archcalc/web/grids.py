"""Tables for people as HTML, with their notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.web.markup import Html, join, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archcalc.render.page import Grid, Head


def heading(head: Head, **more: str | int | bool | None) -> Html:
    """Return the heading of a column, in as many lines as it has."""
    first, *others = head.text.split("\n")
    lines = (part for line in others for part in (tag("br"), line))
    return tag("th", first, *lines, scope="col", class_="left" if head.left else None, **more)


def table(grid: Grid, caption: str, badges: Mapping[int, str] = {}, badged: str = "") -> Html:
    """Return a table as HTML; ``badges`` are the classes, by row, of what is in the column headed ``badged``."""
    heads = grid.heads
    column = next((place for place, head in enumerate(heads) if head.text == badged), None)
    body = []
    for number, row in enumerate(grid.rows):
        if number in grid.headings and not any(row[1:]):
            body.append(tag("tr", tag("th", row[0], colspan=len(row), scope="rowgroup", class_="left")))
            continue
        parts = _cells(grid, row, number)
        if column is not None:
            parts[column] = tag("td", tag("span", row[column], class_=f"badge {badges[number]}"), class_="left")
        body.append(tag("tr", *parts, class_="warning" if number in grid.warnings else None))
    foot = [tag("tfoot", tag("tr", *cells(heads, grid.total)))] if grid.total else []
    head = tag("thead", tag("tr", *map(heading, heads)))
    return tag("div", tag("table", tag("caption", caption), head, tag("tbody", *body), *foot), class_="wide")


def cells(heads: Iterable[Head], texts: Iterable[str]) -> list[Html]:
    """Return the cells of a row."""
    return [tag("td", text, class_="left" if head.left else None) for head, text in zip(heads, texts, strict=True)]


def _cells(grid: Grid, row: tuple[str, ...], number: int) -> list[Html]:
    parts = cells(grid.heads, row)
    for column, amounts in grid.bars.items():
        share = amounts[number] / (max(amounts) or 1)
        parts[column] = tag("td", tag("span", row[column], class_="amount"), bar(share), class_="bars")
    return parts


def bar(share: float) -> Html:
    """Return a bar whose length is a share of its room."""
    drawn = tag("rect", width=f"{100 * share:.1f}", height="8")
    return tag("svg", drawn, viewBox="0 0 100 8", preserveAspectRatio="none", class_="bar", aria_hidden="true")


def notes(lines: Iterable[str]) -> Html:
    """Return notes as paragraphs: ``word  text`` is a word and what it comes to, ``! text`` a remark."""
    found: list[Html] = []
    for line in lines:
        word, gap, rest = line.partition("  ")
        if line.startswith("! "):
            found.append(tag("p", line[2:], class_="remark"))
        elif gap and re.fullmatch(r"\w*", word):
            found.append(tag("p", tag("b", word), " ", tag("span", rest.strip()), class_="sum"))
        else:
            found.append(tag("p", line))
    return join(found)
