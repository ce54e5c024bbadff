"""The JSON Schema of the spec format: right specs validate against it, and typical mistakes do not."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from running import runner

from archcalc.cli import cli
from archcalc.language import family, items
from archcalc.operations import OPERATIONS, operation
from archcalc.render.schema import ABOUT_ITEMS, MODELINE, SAYS, schema
from archcalc.text.source import Source, read_file
from archcalc.text.tree import Mapping, Node, Scalar, Sequence, read_tree
from archcalc.zoo import spec_files

SCHEMA = schema()


def plain(node: Node) -> Any:
    """Return what an editor makes of a YAML value: by the core schema of YAML 1.2."""
    if isinstance(node, Mapping):
        return {key.value: plain(value) for key, value in zip(node.keys, node.values, strict=True)}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    text = node.value
    if not node.plain:
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


@pytest.fixture(scope="module")
def validator():
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("path", spec_files())
def test_specs_of_the_zoo_validate(path, validator):
    errors = list(validator.iter_errors(plain(read_tree(read_file(path)))))
    assert not errors, [f"{list(error.absolute_path)}: {error.message[:300]}" for error in errors]


def spec(text: str) -> Any:
    """Return a spec with these lines; what is missing is added."""
    for word, value in {"name": "x", "input": "[3, 8, 8]", "layers": "[relu]"}.items():
        if f"\n{word}:" not in f"\n{text}":
            text += f"\n{word}: {value}"
    return plain(read_tree(Source("x.yaml", text)))


RIGHT = [
    "",
    "layers: [relu, {conv: 64}, {conv: =2*n}, {fc: {out_features: 10, bias: false}}, dropout, {dropout: 0.5}]",
    "layers: [{name: 3a, concat: [[], [{conv: 8}], {from: 1, layers: [], when: =in_height > 3, survival: 0.5}]}]",
    "layers: [{conv: {filters: =n, kernel: [1, =k], pad: {top: 1, left: =k // 2}, stride: [2, 1]}}]",
    "layers: [{conv: {filters: 3, pad: same}}, {conv: {filters: 3, pad: [1, =k]}}, {max_pool: {kernel: [3, 2]}}]",
    "layers: [my_block, {my_block: }, {my_block: [1, =x]}, {my_block: {a: 1}, name: b, repeat: =n}]",
    "layers: [{use: =b, with: {a: 1}}, {use: b}]",
    "layers: [{training: [{fc: 10}], name: aux}, {times: 300, fc: 10, when: true}]",
    "blocks: {b: {args: {a: , b: 3}, layers: [{conv: =a}]}}\nargs: {w: 0.5, n: 3, head: fc}",
    "variants: {a: , b: {set: {w: 3}, title: 3, aliases: [c], expect: {params: <= 5M}}}",
    "published: [{params: 138M, macs: 15.5G, cite: k, where: 2}, {year: {print: 2014, cite: k}}]",
    "published: [{cite: k, columns: [output, {params: {bias: false}}], rows: {a: [1x1, 35K]}}]",
    "published: [{cite: k, columns: [macs, params], rows: {b: [-, {print: 3, misprint: a slip}], c: [3, 4]}}]",
    'expect: {params: <= 5M, depth: [">= 3", < 1K], memory: "> 1,000.5 KB", macs: == 3G}',
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_specs_validate(text, validator):
    assert [error.message for error in validator.iter_errors(spec(text))] == []


WRONG = [
    "laiers: []",
    "input: []",
    "input: 224",
    "name: ",
    "layers: {conv: 3}",
    "layers: [{conv: {filters: 3, kernal: 3}}]",
    "layers: [{conv: {filters: ten}}]",
    "layers: [{conv: {filters: 0}}]",
    "layers: [{conv: {filters: 1.5}}]",
    "layers: [{conv: {kernel: 3}}]",
    "layers: [{conv: [8, 3, 2]}]",
    "layers: [{conv: }]",
    "layers: [{conv: {filters: 3, bias: yes}}]",
    "layers: [{conv: {filters: 3, round: up}}]",
    "layers: [{conv: {filters: 3, pad: [1, 2, 3]}}]",
    "layers: [{conv: {filters: 3, pad: {upper: 3}}}]",
    "layers: [{conv: 3, max_pool: 2}]",
    "layers: [{conv: 3, stride: 2}]",
    "layers: [{nmae: a, conv: 3}]",
    "layers: [{conv: 3, with: {a: 1}}]",
    "layers: [{name: a}]",
    "layers: [{name: a, repeat: -1, conv: 3}]",
    "layers: [{survival: 2, conv: 3}]",
    "layers: [{relu: 3}]",
    "layers: [[relu]]",
    "layers: [=x]",
    "layers: [{crop: [3, 3]}]",
    "layers: [{reshape: 3}]",
    "layers: [{reshape: [3, 0, 3]}]",
    "layers: [{add: [{conv: 3}, [], {layer: []}]}, {add: []}]",
    "layers: [{add: {layers: []}}]",
    "blocks: {b: {args: {a: }}}",
    "blocks: {b: {layers: [], arguments: {}}}",
    "variants: {a: {sets: {}}}",
    "variants: [a, b]",
    "cite: {title: A paper}",
    "cite: {key: a, title: A paper, author: Me}",
    "published: [{params: 138M}]",
    "published: [{parms: 138M, cite: k}]",
    "published: [{params: 138M, cite: k, k: 1001}]",
    "published: [{params: 138M, cite: k, unit: words}]",
    "published: {params: 138M, cite: k}",
    "published: [{cite: k, columns: [parms], rows: {a: [3]}}]",
    "published: [{cite: k, rows: {a: [3]}}]",
    "expect: {parms: <= 5M}",
    "expect: {params: 5M}",
    "expect: {params: =< 5M}",
    "expect: {top1_error: < 5%}",
    "expect: [params]",
]


@pytest.mark.parametrize("text", WRONG)
def test_typical_mistakes_do_not_validate(text, validator):
    assert list(validator.iter_errors(spec(text)))


def test_every_word_is_in_the_schema_and_nothing_else_is():
    assert set(SCHEMA["properties"]) == set(family.FILE_WORDS)
    assert set(SCHEMA["$defs"]["variant"]["properties"]) == set(family.VARIANT_WORDS)
    assert set(SAYS) == {*family.FILE_WORDS, *family.VARIANT_WORDS, *family.BLOCK_WORDS}
    assert set(ABOUT_ITEMS) == {*items.MODIFIERS, *items.BRANCH_WORDS, *items.SPECIAL}
    item = SCHEMA["$defs"]["item"]["anyOf"][-1]
    assert set(item["properties"]) == {*OPERATIONS, *items.MODIFIERS, *items.SPECIAL}


@pytest.mark.parametrize("word", [word for word in OPERATIONS if operation(word).settings])
def test_every_setting_is_in_the_schema(word):
    (by_name,) = (form for form in SCHEMA["$defs"][f"op_{word}"]["anyOf"] if form.get("type") == "object")
    assert [name for name in by_name["properties"] if name != "branches"] == list(operation(word).settings)
    assert all(each["description"] for each in by_name["properties"].values())


@pytest.mark.parametrize("word", OPERATIONS)
def test_worked_examples_validate(word, validator):
    for example in operation(word).examples:
        if not operation(word).has_branches:
            item = f"{{{word}: {example.settings}}}" if example.settings else word
            assert not list(validator.iter_errors(spec(f"layers: [{item}]"))), item


def test_the_command_writes_it(tmp_path):
    printed = runner().invoke(cli, ["schema"])
    assert printed.exit_code == 0
    assert json.loads(printed.output) == SCHEMA
    file = tmp_path / "archcalc.schema.json"
    assert runner().invoke(cli, ["schema", "-o", str(file)]).exit_code == 0
    assert json.loads(file.read_text(encoding="utf-8")) == SCHEMA


def test_the_line_for_editors_is_said():
    assert MODELINE in runner().invoke(cli, ["schema", "--help"]).output
    assert MODELINE in SCHEMA["description"]
