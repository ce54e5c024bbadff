"""The HTML document: everything inline, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import os
from typing import TYPE_CHECKING, Any

from archcalc import __version__
from archcalc.draw.theme import GROUND
from archcalc.text.source import read_file
from archcalc.web import charts, pictures
from archcalc.web.markup import Html, join, json_in_html, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HERE = os.path.dirname(os.path.abspath(__file__))

POLICY = {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}
"""What a page may load: nothing but a picture that is written in it; scripts and styles are named by their hashes."""


def document(
    title: str,
    body: Html,
    data: Any,
    scripts: Iterable[str],
    styles: Iterable[str] = (),
    policy: Mapping[str, str] | None = None,
) -> str:
    """Return a page: its body, the data that its scripts read, and scripts and styles of this folder by their names."""
    script = "".join(map(asset, scripts))
    style = f"{_ground()}{''.join(map(asset, ('page.css', *styles)))}{pictures.STYLE}{charts.STYLE}"
    allowed = {
        **POLICY,
        "script-src": _hash(script),
        "style-src": _hash(style),
        **(policy or {}),
    }
    content = "; ".join(f"{word} {sources}" for word, sources in allowed.items())
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=content),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="generator", content=f"archcalc {__version__}"),
        tag("title", title),
        tag("link", rel="icon", href="data:,"),
        Html(f"<style>{style}</style>"),
    )
    whole = tag(
        "body",
        body,
        tag("script", json_in_html(data), type="application/json", id="data"),
        Html(f"<script>{script}</script>"),
    )
    html = tag("html", head, "\n", whole, lang="en")
    return f"<!DOCTYPE html>\n{html}\n"


def asset(name: str) -> str:
    """Return the text of a script or style of this folder."""
    return read_file(os.path.join(_HERE, "assets", name)).text


def masthead(*more: Html) -> Html:
    """Return what stands at the top of a page."""
    return tag("div", tag("span", tag("b", "archcalc"), f" {__version__}", class_="brand"), *more, class_="masthead")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _ground() -> str:
    """Return the theme's colours of ground, text and lines, as names for the style of the page."""
    names = ("ground", "text", "soft", "line", "group", "border")
    light, dark = (";".join(f"--{name}:{tone}" for name, tone in zip(names, tones, strict=True)) for tones in GROUND)
    return (
        f":root{{{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f"@media screen{{:root[data-theme=dark]{{{dark}}}}}"
    )


def tabs(names: Iterable[str]) -> Html:
    """Return links to the parts of several networks, which the script makes tabs of."""
    links = (tag("a", name, href=f"#network-{number}") for number, name in enumerate(names))
    return tag("nav", *links, class_="tabs", aria_label="Networks")


def main(*parts: Html) -> Html:
    """Return what the page is about, and the sheet that shows derivations."""
    sheet = tag("aside", id="sheet", class_="sheet", aria_label="Derivation", tabindex="-1", hidden=True)
    return join([tag("main", *parts), sheet])
