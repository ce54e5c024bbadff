"""The JSON Schema of the spec format, written from the operations, their settings and the words of the language.

It describes what an editor can check without computing: words, settings and the kinds of their values. What depends on
the whole file (names of blocks, formulas, shapes) is left to ``archcalc validate``. Only keywords that the drafts 7 and
2020-12 share are used, since editors know one or the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.language.cite import CITE_WORDS, read_year
from archcalc.language.family import BLOCK_WORDS, FILE_WORDS, VARIANT_WORDS
from archcalc.language.items import BRANCH_WORDS, MODIFIERS, SPECIAL
from archcalc.operations import OPERATIONS, operation
from archcalc.render.schema_figures import Schema, definitions, ref
from archcalc.text import readers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.operations.base import Operation, Setting

MODELINE = "# yaml-language-server: $schema=archcalc.schema.json"
"""The line at the top of a spec that enables the schema in editors, with the name of the schema file."""

SAYS = {
    "name": "what the network is called on the command line",
    "title": "what it is called in tables",
    "cite": "where it was published",
    "year": "year of publication",
    "input": "shape of the input: [channels, height, width]",
    "args": "arguments that formulas use, with their defaults",
    "require": "conditions on arguments, and what to say where one does not hold",
    "variants": "the networks of a family, by name",
    "pattern": "names with arguments in them, as net-{width}",
    "aliases": "other names of the network",
    "blocks": "named pieces of network, with arguments",
    "layers": "the network: a list of items",
    "published": "figures printed of the network",
    "expect": "bounds that archcalc check enforces, as in params: <= 5M",
    "notes": "remarks for readers",
    "sources": "what figures cite: key to title, year, url",
    "set": "values of arguments",
}
"""Descriptions of the words of a file and of a variant."""

ABOUT_ITEMS = {
    "name": "what the layer is called",
    "from": "an earlier layer to take the input from",
    "repeat": "how many times in a row, each with weights of its own",
    "when": "whether the item is there",
    "with": "arguments of the block that use names",
    "times": "how many times it runs with the same weights",
    "survival": "how likely it runs while training",
    "weights": "an earlier layer or block call to share the weights of",
    "layers": "items that the words beside hold for together",
    "use": "a block that a formula names",
    "training": "items that exist in training only",
}
"""Descriptions of the modifiers of items and branches."""


def schema() -> Schema:
    """Return the whole schema as plain data."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "archcalc spec",
        "description": "A network, layer by layer. In a spec beside the schema, the first line turns it on in editors: "
        f"{MODELINE}",
        **_words(SAYS, _file(), FILE_WORDS),
        "required": ["input", "layers"],
        "$defs": {
            "formula": {"type": "string", "pattern": "^=", "description": "a formula, as in =4*width"},
            "text": readers.TEXT,
            "value": {"type": ["string", "number", "boolean", "array"]},
            "sizes": {"type": "array", "items": formulas(readers.whole(1).schema), "minItems": 1, "maxItems": 3},
            "shape": {"anyOf": [ref("sizes"), {"type": "object", "additionalProperties": ref("sizes")}]},
            "cite": _cite(("key", "title"), CITE_WORDS),
            "source": _cite(("title",), CITE_WORDS[1:]),
            "arguments": {"type": "object", "additionalProperties": ref("argument")},
            "argument": {"type": ["string", "number", "boolean", "array", "null"]},
            "names": {"anyOf": [ref("text"), {"type": "array", "items": ref("text"), "minItems": 1}]},
            "block": {**_words(SAYS, _block(), BLOCK_WORDS),
                      "required": ["layers"]},
            "variant": {**_words(SAYS, _variant(), VARIANT_WORDS), "type": ["object", "null"]},
            "items": {"type": "array", "items": ref("item")},
            "item": {"anyOf": [{"enum": _bare()}, {"type": "string", "pattern": "^[^=]"}, _item()]},
            "branch": {"anyOf": [ref("items"), _branch()]},
            "call": {"type": ["string", "number", "boolean", "array", "object", "null"],
                     "description": "arguments of a block: one, a list in order, or a mapping by name"},
            **{f"op_{word}": _operation(operation(word)) for word in OPERATIONS},
            **definitions(),
        },
    }  # fmt: skip


def _or_nothing(name: str) -> Schema:
    return {"anyOf": [ref(name), {"type": "null"}]}


def formulas(schema: Schema) -> Schema:
    """Allow a formula wherever a single value is allowed."""
    if "anyOf" in schema:
        return {"anyOf": [ref("formula"), *(_inside(part) for part in schema["anyOf"])]}
    inside = _inside(schema)
    return inside if schema.get("type") in ("array", "object") else {"anyOf": [ref("formula"), inside]}


def _inside(schema: Schema) -> Schema:
    inside = dict(schema)
    if "items" in inside:
        inside["items"] = formulas(inside["items"])
    if "properties" in inside:
        inside["properties"] = {word: formulas(part) for word, part in inside["properties"].items()}
    return inside


def _words(descriptions: dict[str, str], given: dict[str, Schema], words: Iterable[str]) -> Schema:
    """Describe a mapping with certain words and no others; a word of the language that has no schema is an error."""
    properties = {word: {"description": descriptions[word], **given[word]} for word in words}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _file() -> dict[str, Schema]:
    return {
        **{word: ref("text") for word in ("name", "title", "pattern")},
        "cite": ref("cite"),
        "year": read_year.schema,
        "input": ref("shape"),
        "args": _or_nothing("arguments"),
        "require": _conditions(),
        "variants": {"type": "object", "additionalProperties": ref("variant")},
        "aliases": {"type": "array", "items": ref("text")},
        "blocks": {"type": "object", "additionalProperties": ref("block")},
        "layers": ref("items"),
        "published": {"type": ["array", "null"], "items": ref("entry")},
        "expect": ref("expect"),
        "notes": {"type": "array", "items": ref("text")},
        "sources": {"type": "object", "additionalProperties": ref("source")},
    }


def _variant() -> dict[str, Schema]:
    return {**_file(), "set": {"type": "object", "additionalProperties": ref("value")}}


def _block() -> dict[str, Schema]:
    return {"args": _or_nothing("arguments"), "require": _conditions(), "layers": ref("items")}


def _conditions() -> Schema:
    return {"type": "object", "propertyNames": {"pattern": "^="}, "additionalProperties": ref("text")}


def _cite(required: Iterable[str], words: Iterable[str]) -> Schema:
    given = {word: read_year.schema if word == "year" else ref("text") for word in words}
    return {"type": "object", "required": list(required), "properties": given, "additionalProperties": False}


def _bare() -> list[str]:
    """Return the operations that may be written as a bare word."""
    types = map(operation, OPERATIONS)
    return [
        type.word for type in types if not type.has_branches and not any(s.required for s in type.settings.values())
    ]


def _item() -> Schema:
    about = _about()
    properties = {word: {"description": ABOUT_ITEMS[word], **about[word]} for word in sorted(MODIFIERS)}
    properties |= {word: ref(f"op_{word}") for word in OPERATIONS}
    properties["use"] = {"description": ABOUT_ITEMS["use"], "type": "string"}
    properties["layers"] = {"description": ABOUT_ITEMS["layers"], **ref("items")}
    properties["training"] = {"description": ABOUT_ITEMS["training"], **ref("items")}
    return {
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "additionalProperties": ref("call"),
        "allOf": [*map(_alone, (*OPERATIONS, *SPECIAL)), _not_words_alone(), _with_use()],
    }


def _about() -> dict[str, Schema]:
    return {
        "name": ref("text"),
        "from": ref("names"),
        "weights": ref("text"),
        "repeat": formulas(readers.whole(0).schema),
        "when": formulas(readers.flag.schema),
        "with": ref("call"),
        "times": formulas(readers.whole(1).schema),
        "survival": formulas(readers.portion.schema),
    }


def _alone(word: str) -> Schema:
    """An item is one operation with modifiers, and nothing else."""
    words = sorted(MODIFIERS if word == "use" else MODIFIERS - {"with"})
    return {"if": {"required": [word]}, "then": {"propertyNames": {"enum": [word, *words]}}}


def _not_words_alone() -> Schema:
    return {"not": {"propertyNames": {"enum": sorted(MODIFIERS)}}}


def _with_use() -> Schema:
    return {"if": {"required": ["with"]}, "then": {"required": ["use"]}}


def _branch() -> Schema:
    about = _about()
    return _words(ABOUT_ITEMS, {**about, "layers": ref("items")}, BRANCH_WORDS)


def _operation(type: type[Operation]) -> Schema:
    summary = " ".join((type.__doc__ or "").partition("\n\n")[0].split())
    if type.has_branches:
        return _merge(type, summary)
    if not type.settings:
        return {"description": summary, "type": "null"}
    settings = {name: _setting(setting) for name, setting in type.settings.items()}
    required = [name for name, setting in type.settings.items() if setting.required]
    by_name = {
        "type": "object",
        "properties": settings,
        "required": required,
        "additionalProperties": False,
    }
    forms = [by_name]
    if len(required) <= 1:
        first = next(iter(settings.values()))
        forms.append(first if len(settings) == 1 else _single(first))
    if not required:
        forms.append({"type": "null"})
    return {"description": summary, "anyOf": forms}


def _merge(type: type[Operation], summary: str) -> Schema:
    """A list of branches; or settings with the branches among them; or nothing, where ``from`` names the inputs."""
    branches = {
        "description": "the branches that it joins",
        "type": "array",
        "minItems": 1,
        "items": ref("branch"),
    }
    settings = {name: _setting(setting) for name, setting in type.settings.items()}
    settings["branches"] = {"description": "the branches, where settings stand beside them", **branches}
    by_name = {"type": "object", "properties": settings, "additionalProperties": False}
    return {"description": summary, "anyOf": [branches, by_name, {"type": "null"}]}


def _setting(setting: Setting) -> Schema:
    described = {"description": setting.says, **formulas(setting.type.schema)}
    if setting.default.__class__ in (int, str, bool):
        described["default"] = setting.default
    return described


def _single(schema: Schema) -> Schema:
    """Return what a single value may be: a list is refused behind an operation, since it could mean anything."""
    if "anyOf" in schema:
        single = [part for part in schema["anyOf"] if part.get("type") not in ("array", "object")]
        return {"anyOf": single}
    return schema
