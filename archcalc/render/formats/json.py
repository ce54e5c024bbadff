"""The data of a page as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.render.page import Page, Target


def write(page: Page, target: Target) -> str:
    """Write the data of a page as JSON: a line for each key, and for each object of a list."""
    from json import JSONEncoder

    dumps = JSONEncoder(ensure_ascii=False).encode

    def lines(value: Any, indent: str) -> str:
        inner = indent + "  "
        if isinstance(value, dict) and value and not indent[4:]:
            parts = [f"{inner}{dumps(key)}: {lines(part, inner)}" for key, part in value.items()]
            return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            deeper = [inner + (lines(part, inner) if not indent else dumps(part)) for part in value]
            return "[\n" + ",\n".join(deeper) + f"\n{indent}]"
        return dumps(value)

    return lines(page.data(), "")
