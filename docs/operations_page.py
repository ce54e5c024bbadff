"""The reference page of operations, written from the operations themselves: settings, formulas, examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.reference import describes, every_operation, formulas_of
from archcalc.render.operations import default_of, spec_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.operations.base import Operation

INTRODUCTION = """# Operations

Written from the operations by `python docs/generate.py`; do not edit it by hand.

An operation is a key of an item in `layers`, with its settings as the value: `{conv: {filters: 64, kernel: 3}}`. A
single value is the first setting: `{conv: 64}`; without settings, the word alone is enough: `relu`. Merges have a list
of branches instead, and their settings beside `branches`.

In the formulas, the input is C_in x H x W and the output C_out x H' x W'; K_h x K_w is the kernel, S the stride, P the
padding on one side, D the dilation, G the groups, N the number of inputs. H stands for either axis. Parameters and
work are counted by kind, see [conventions](conventions.md). A dash means that the default depends on something else.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    return "\n".join([INTRODUCTION, *(line for type in every_operation() for line in _section(type))]) + "\n"


def _section(type: type[Operation]) -> Iterator[str]:
    yield f"## {type.word}"
    yield ""
    yield from describes(type)
    yield ""
    yield from _settings(type)
    yield from _formulas(type)
    yield from _examples(type)


def _settings(type: type[Operation]) -> Iterator[str]:
    if not type.settings:
        yield "Takes a list of branches.\n" if type.has_branches else "No settings.\n"
        return
    yield "| setting | what it is | values | default |"
    yield "| --- | --- | --- | --- |"
    for name, each in type.settings.items():
        value = default_of(each)
        default = "required" if each.required else f"`{value}`" if value else "–"
        yield f"| `{name}` | {each.says} | {each.type.expected} | {default} |"
    yield ""


def _formulas(type: type[Operation]) -> Iterator[str]:
    lines = [f"{each.of} = {each.formula}" for each in formulas_of(type)]
    if lines:
        yield "```text"
        yield from lines
        yield "```"
        yield ""


def _examples(type: type[Operation]) -> Iterator[str]:
    yield "| example | in | out | params | ops | from |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for example in type.examples:
        shapes = ", ".join(" x ".join(map(str, shape)) for shape in example.inputs)
        out = " x ".join(map(str, example.output))
        ops = ", ".join(f"{kind} {value:,}" for kind, value in example.ops.items()) or "–"
        yield f"| `{spec_of(type, example)}` | {shapes} | {out} | {example.params:,} | {ops} | {example.source} |"
    yield ""
