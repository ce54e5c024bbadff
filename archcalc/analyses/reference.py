"""What there is to know of an operation itself: its settings, formulas, worked examples, and its words elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.language.items import ItemReader
from archcalc.language.synonyms import normal, synonyms
from archcalc.operations import OPERATIONS, operation
from archcalc.operations.base import Example, Operation, Shape, compute, parameters_of
from archcalc.text.source import Source
from archcalc.text.tree import Sequence, read_tree
from archcalc.trace import Quantity, quantity, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.errors import Mistake


class Symbols(NamedTuple):
    """A formula in symbols, and what it gives."""

    of: str
    formula: str


class Word(NamedTuple):
    """What a framework calls an operation, and how its settings are said."""

    framework: str
    names: tuple[str, ...]
    note: str


def describes(type: type[Operation]) -> list[str]:
    """Return the lines that describe an operation."""
    return [line.strip() for line in (type.__doc__ or "").strip().splitlines()]


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


def formulas_of(type: type[Operation]) -> Iterator[Symbols]:
    """Yield the formulas of the example with the most of them, without numbers."""
    best = max(type.examples, key=lambda example: len(list(example_of(type, example).formulas())))
    each = example_of(type, best)
    inputs = tuple(Shape(*shape) for shape in best.inputs)
    for step in each.intermediate_formulas(inputs):
        yield Symbols(step.says, _traced(step.formula).names())
    counts = list(each.formulas())
    params = [_traced(count.formula) for count in counts if count.of == "params"]
    if len(params) > 1:
        yield Symbols("params", total(params).names())
    for count in counts:
        yield Symbols(_of(count.of, count.kind), _traced(count.formula).names())
    if not each.stores:
        yield Symbols("memory", "nothing: it works in place, or only views its input")


def _of(of: str, kind: str) -> str:
    return {"params": f"params ({kind})", "buffers": "buffers (running statistics)", "ops": f"ops ({kind})"}[of]


def _traced(formula: Any) -> Quantity:
    names = parameters_of(formula)
    symbols = {name: Quantity("H" if name == "L" else "P" if name == "Q" else name) for name in names}
    return quantity(compute(formula, symbols))


def words_of(operation: str) -> list[Word]:
    """Return what each framework calls an operation."""
    return [
        Word(framework, each.names, each.operations[operation])
        for framework, classes in synonyms().frameworks.items()
        for each in classes
        if operation in each.operations
    ]


def operations_by(word: str) -> list[str]:
    """Return the operations that a word means, which may be one that a framework has; none if it means none."""
    plain = normal(word)
    table = synonyms()
    own = [name for name in OPERATIONS if normal(name) == plain]
    said = [ours for name, ours in table.words.items() if normal(name) == plain]
    classes = [
        ours
        for of_framework in table.frameworks.values()
        for each in of_framework
        if plain in map(normal, each.names)
        for ours in each.operations
    ]
    return [name for name in dict.fromkeys(own or said or classes) if name in OPERATIONS]


def every_operation() -> list[type[Operation]]:
    """Return all operations, in the order of the reference."""
    return [operation(word) for word in OPERATIONS]
