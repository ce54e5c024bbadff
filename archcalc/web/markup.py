"""Making HTML: every text is escaped, unless it is markup already."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from archcalc.draw.formats.svg import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

EMPTY = frozenset({"meta", "link", "input", "br"})
"""Elements without an end tag."""


class Html(str):
    """A text that is markup already."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | int | bool | None) -> Html:
    """Return an element; children that are no markup are escaped, attributes always are.

    An underscore in the name of an attribute is a hyphen, one at its end does not count (``class_``); those that are
    None or False are left out, True is an attribute without a value.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if name in EMPTY:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{join(children)}</{name}>")


def _attribute(key: str, value: str | int | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is True or value is False:
        return f" {name}" if value else ""
    return f' {name}="{escaped(str(value))}"'


def join(children: Iterable[str]) -> Html:
    """Return several pieces as one; those that are no markup are escaped."""
    return Html("".join(child if isinstance(child, Html) else escaped(child) for child in children))


def json_in_html(data: Any) -> Html:
    """Return data as JSON that can stand in a script element: no character of it ends one, or begins a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Html(re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda char: f"\\u{ord(char[0]):04x}", text))
