"""The page with an editor: a spec on the left, and on the right what the report has of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.web.document import document, masthead
from archcalc.web.markup import Html, tag
from archcalc.zoo import every_family

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCRIPTS = ("dom.js", "table.js", "picture.js", "sheet.js", "page.js", "link.js", "editor.js", "play.js")
"""The scripts of the page, without the one that finds its engine."""

DTYPES = ("float32", "float16", "bfloat16", "int8", "float64", "int4")

START = """\
name: my_net
input: [3, 32, 32]
layers:
  - {name: conv1, conv: {filters: 32, kernel: 3, pad: 1}}
  - relu
  - {name: pool1, max_pool: {kernel: 2, stride: 2}}
  - name: sum
    add:
      - - {name: conv2, conv: {filters: 32, kernel: 3, pad: 1}}
        - bn
        - relu
      - []  # an empty branch is the identity
  - {name: pool2, global_avg_pool}
  - {name: fc, fc: 10}
"""
"""The spec of a page that is opened for none."""


def play_page(engine: str, settings: Mapping[str, Any], policy: Mapping[str, str]) -> str:
    """Return the page; ``engine`` is the script that answers, ``settings`` what it and the page start with.

    ``settings`` have ``text`` and ``name``, the spec to start with. ``policy`` says what the engine may load.
    """
    data = {"zoo": list(_zoo()), "dtypes": DTYPES, "text": START, "name": "", **settings}
    tools = tag("div", id="tools", class_="tools")
    body = tag(
        "div",
        masthead(tools),
        tag("div", _editor(), _result(), class_="sides"),
        tag("aside", id="sheet", class_="sheet", aria_label="Derivation", tabindex="-1", hidden=True),
        class_="page play",
    )
    return document("archcalc play", body, data, (*SCRIPTS, engine, "start_play.js"), ("play.css",), policy)


def _editor() -> Html:
    area = tag("textarea", id="spec", wrap="off", spellcheck="false", autocomplete="off", autocapitalize="off",
               aria_label="Spec", aria_describedby="mistakes keys")  # fmt: skip
    layers = (tag("pre", class_=kind, aria_hidden="true") for kind in ("marks", "colours"))
    return tag(
        "section",
        tag("div", id="choices", class_="choices"),
        tag("div", tag("pre", class_="numbers", aria_hidden="true"), tag("div", *layers, area, class_="code"),
            class_="editor"),
        tag("div", id="mistakes", class_="mistakes", role="status", aria_live="polite"),
        tag("p", "Tab indents; Escape, then Tab leaves the editor.", id="keys", class_="hint"),
        class_="source-side",
        aria_label="Editor",
    )  # fmt: skip


def _result() -> Html:
    waiting = tag("p", "The engine starts …", class_="waiting")
    return tag("main", tag("div", waiting, id="result"), aria_label="Result")


def _zoo() -> Iterator[dict[str, Any]]:
    """Yield the families of the zoo with the names of their networks, and what else these are called."""
    for _, specs in every_family():
        yield {"title": specs[0].family.title, "names": [[spec.name, *spec.aliases] for spec in specs]}
