"""The part of the JSON Schema for published figures and expectations."""

from __future__ import annotations

from typing import Any

from archcalc.published.expect import PATTERN
from archcalc.published.figure import OPTIONS
from archcalc.published.figures import REMARKS
from archcalc.published.quantities import QUANTITIES, of_networks

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """Point to a definition."""
    return {"$ref": f"#/$defs/{name}"}


def definitions() -> dict[str, Schema]:
    """Return what the schema defines for ``published`` and ``expect``."""
    return {"figure": _figure(), "entry": _entry(), "column": _column(), "expect": _expect()}


def _options() -> dict[str, Schema]:
    return {word: {"description": label, **reader.schema} for word, (reader, label) in OPTIONS.items()}


def _quantities(value: Schema) -> dict[str, Schema]:
    return {word: {"description": quantity.label, **value} for word, quantity in QUANTITIES.items()}


def _figure() -> Schema:
    """A figure as printed, or with words of its own."""
    words = {"print": ref("text"), **_options()}
    own = {"type": "object", "properties": words, "required": ["print"], "additionalProperties": False}
    return {"anyOf": [ref("text"), own]}


def _entry() -> Schema:
    cells = {"type": "array", "items": {"anyOf": [ref("figure"), {"type": "null"}]}}
    table = {
        "columns": {"description": "quantities of a table's columns", "type": "array", "items": ref("column")},
        "rows": {"description": "layer to figures", "type": "object", "additionalProperties": cells},
    }
    of_figures = {"type": "object", "required": ["cite"]}
    all_cited = {"type": "object", "properties": dict.fromkeys((*QUANTITIES, *REMARKS), of_figures)}
    remark = {"description": "a setting of training or a fact that no calculator can check", **ref("figure")}
    quantities = {**_quantities(ref("figure")), **dict.fromkeys(REMARKS, remark), **table}
    options = {word: schema for word, schema in _options().items() if word not in quantities}
    return {
        "type": "object",
        "properties": {**quantities, **options},
        "additionalProperties": False,
        "anyOf": [{"required": ["cite"]}, {"required": ["rows"]}, all_cited],
        "allOf": [
            {"if": {"required": ["rows"]}, "then": {"required": ["columns"]}},
            {"if": {"required": ["columns"]}, "then": {"required": ["rows"]}},
        ],
    }


def _column() -> Schema:
    options = {"type": "object", "properties": _options(), "additionalProperties": False}
    by_name = {
        "type": "object",
        "properties": _quantities(options),
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    }
    return {"anyOf": [{"enum": list(QUANTITIES)}, by_name]}


def _expect() -> Schema:
    bound = {"type": "string", "pattern": f"^\\s*{PATTERN}\\s*$", "description": "<=, >=, ==, < or > and a figure"}
    one = {"anyOf": [bound, {"type": "array", "items": bound}]}
    properties = {word: {"description": QUANTITIES[word].label, **one} for word in of_networks()}
    return {"type": "object", "properties": properties, "additionalProperties": False}
