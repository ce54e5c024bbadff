"""The reference page of operations, written from the operations themselves: settings, formulas, examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.language.items import ItemReader
from archcalc.operations import OPERATIONS, operation
from archcalc.operations.base import Example, Operation, Shape, compute, parameters_of
from archcalc.text.source import Source
from archcalc.text.tree import Sequence, read_tree
from archcalc.trace import Quantity, quantity, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.errors import Mistake

INTRODUCTION = """# Operations

Written from the operations by `python docs/generate.py`; do not edit it by hand.

An operation is a key of an item in `layers`, with its settings as the value: `{conv: {filters: 64, kernel: 3}}`. A
single value is the first setting: `{conv: 64}`; without settings, the word alone is enough: `relu`. Merges have a list
of branches instead, and their settings beside `branches`.

In the formulas, the input is C_in x H x W and the output C_out x H' x W'; K_h x K_w is the kernel, S the stride, P the
padding on one side, D the dilation, G the groups, N the number of inputs. H stands for either axis. Parameters and
work are counted by kind, see [conventions](conventions.md). A dash means that the default depends on something else.
"""


def example_of(type: type[Operation], example: Example) -> Operation:
    """Build the operation of a worked example, through the readers of the spec language."""
    text = f"{{from: [a, b], {type.word}: {example.settings}}}"
    mistakes: list[Mistake] = []
    reader = ItemReader({}, mistakes)
    source = Source(f"example of {type.word}", f"- {text}")
    tree = read_tree(source)
    assert isinstance(tree, Sequence)
    item: Any = reader.items(tree, ())
    if mistakes:
        raise source.error(mistakes)
    built: Operation = item[0].operation
    return built


def page() -> str:
    """Return the whole page as Markdown."""
    return "\n".join([INTRODUCTION, *(line for word in OPERATIONS for line in _section(operation(word)))]) + "\n"


def _section(type: type[Operation]) -> Iterator[str]:
    yield f"## {type.word}"
    yield ""
    doc = (type.__doc__ or "").strip()
    yield from (line.strip() for line in doc.splitlines())
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
        default = "required" if each.required else _default(each.default)
        yield f"| `{name}` | {each.says} | {each.type.expected} | {default} |"
    yield ""


def _default(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return f"`{value[0]}`" if len(set(value)) == 1 else f"`{list(value)}`"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def _formulas(type: type[Operation]) -> Iterator[str]:
    """Write the formulas of the example with the most of them, without numbers."""
    best = max(type.examples, key=lambda example: len(list(example_of(type, example).formulas())))
    each = example_of(type, best)
    inputs = tuple(Shape(*shape) for shape in best.inputs)
    lines = [f"{step.says} = {_symbols(step.formula)}" for step in each.intermediate_formulas(inputs)]
    counts = list(each.formulas())
    params = [_traced(count.formula) for count in counts if count.of == "params"]
    if len(params) > 1:
        lines.append(f"params = {total(params).names()}")
    lines += [f"{_of(count.of, count.kind)} = {_symbols(count.formula)}" for count in counts]
    if not each.stores:
        lines.append("memory = nothing: it works in place, or only views its input")
    if lines:
        yield "```text"
        yield from lines
        yield "```"
        yield ""


def _of(of: str, kind: str) -> str:
    return {"params": f"params ({kind})", "buffers": "buffers (running statistics)", "ops": f"ops ({kind})"}[of]


def _traced(formula: Any) -> Quantity:
    names = parameters_of(formula)
    symbols = {name: Quantity("H" if name == "L" else "P" if name == "Q" else name) for name in names}
    return quantity(compute(formula, symbols))


def _symbols(formula: Any) -> str:
    return _traced(formula).names()


def _examples(type: type[Operation]) -> Iterator[str]:
    yield "| example | in | out | params | ops | from |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for example in type.examples:
        spec = f"{type.word}: {example.settings}" if example.settings else type.word
        shapes = ", ".join(" x ".join(map(str, shape)) for shape in example.inputs)
        out = " x ".join(map(str, example.output))
        ops = ", ".join(f"{kind} {value:,}" for kind, value in example.ops.items()) or "–"
        yield f"| `{spec}` | {shapes} | {out} | {example.params:,} | {ops} | {example.source} |"
    yield ""
