"""The pages of ``operations``: the table of all, and what there is to know of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.analyses.reference import describes, formulas_of, words_of
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.operations.base import Example, Operation, Setting

SHOWN = ("PyTorch", "Keras", "Caffe", "ONNX")
"""Frameworks whose words have a column in the table; the page of an operation has those of all."""


class OperationsPage(Page):
    """All operations: what each does, and what frameworks call it."""

    operations: Sequence[type[Operation]]

    def grids(self) -> list[Grid]:
        """Return one table."""
        heads = (
            Head("operation", left=True),
            Head("what it does", left=True, least=40),
            *(Head(name, left=True, optional=len(SHOWN) - number) for number, name in enumerate(SHOWN)),
        )
        rows = tuple((type.word, describes(type)[0], *_elsewhere(type.word)) for type in self.operations)
        notes = (
            f"{len(rows)} operations; archcalc operations OPERATION describes one, by any of these words.",
            "What none of them is, `custom` describes in the spec itself.",
        )
        return [Grid("", heads, rows, notes=notes)]

    def tables(self) -> list[Table]:
        """Return the same table."""
        rows = ((type.word, describes(type)[0], *_elsewhere(type.word)) for type in self.operations)
        return [Table(("operation", "description", *SHOWN), rows)]

    def data(self) -> list[dict[str, Any]]:
        """Return all that is known of each."""
        return [_data(type) for type in self.operations]


class OperationPage(Page):
    """What there is to know of some operations: settings, formulas, examples, words elsewhere."""

    operations: Sequence[type[Operation]]

    def grids(self) -> list[Grid]:
        """Return the tables of each operation, those that have rows."""
        return [grid for type in self.operations for grid in _grids(type)]

    def tables(self) -> list[Table]:
        """Return the settings."""
        rows = (
            (type.word, name, each.says, each.type.expected, "required" if each.required else default_of(each))
            for type in self.operations
            for name, each in type.settings.items()
        )
        return [Table(("operation", "setting", "description", "values", "default"), rows)]

    def data(self) -> Any:
        """Return all that is known: an object for one operation, a list for several."""
        data = [_data(type) for type in self.operations]
        return data[0] if len(data) == 1 else data


def default_of(setting: Setting) -> str:
    """Write the default of a setting; nothing where it follows from elsewhere."""
    value = setting.default
    if value is None:
        return ""
    if isinstance(value, tuple):
        return str(value[0]) if len(set(value)) == 1 else str(list(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def spec_of(type: type[Operation], example: Example) -> str:
    """Write an example as a spec has it."""
    return f"{type.word}: {example.settings}" if example.settings else type.word


def _elsewhere(word: str) -> list[str]:
    words = words_of(word)
    return [", ".join(name for each in words if each.framework == framework for name in each.names)
            for framework in SHOWN]  # fmt: skip


def _grids(type: type[Operation]) -> list[Grid]:
    """Return the settings and the formulas, with the rest as notes below."""
    settings = tuple(_setting(name, each) for name, each in type.settings.items())
    formulas = tuple((each.of, each.formula) for each in formulas_of(type))
    heads = (Head("setting", left=True), Head("values", left=True, least=24), Head("default", left=True))
    grids = [Grid("", heads, settings, notes=_settings_said(type))] if settings else []
    grids.append(Grid("", (Head("", left=True), Head("formula", left=True)), formulas, notes=tuple(_rest(type))))
    title = f"{type.word}: {describes(type)[0]}"
    return [grids[0].replace(title=title), *grids[1:]]


def _setting(name: str, setting: Setting) -> tuple[str, str, str]:
    return name, setting.type.expected, "required" if setting.required else default_of(setting) or "–"


def _settings_said(type: type[Operation]) -> tuple[str, ...]:
    return tuple(f"  {name}: {each.says}" for name, each in type.settings.items())


def _rest(type: type[Operation]) -> Iterator[str]:
    """Yield what else describes an operation: the rest of its description, examples, what it is called elsewhere."""
    said = " ".join(describes(type)[1:]).strip()
    if said:
        yield said
    if type.has_branches:
        yield f"It takes a list of branches: {type.word}: [[], [{{conv: 64}}]]."
    yield "Examples:"
    for example in type.examples:
        inputs = ", ".join(" x ".join(map(str, shape)) for shape in example.inputs)
        counts = [f"{example.params:,} params" if example.params else "", *_work(example)]
        output = " x ".join(map(str, example.output))
        yield f"  {spec_of(type, example)}: {', '.join(filter(None, [f'{inputs} → {output}', *counts]))}"
    words = words_of(type.word)
    if words:
        yield "In other programs:"
    for each in words:
        yield f"  {each.framework} {', '.join(each.names)}{f': {each.note}' if each.note else ''}"


def _work(example: Example) -> list[str]:
    return [f"{kind} {value:,}" for kind, value in example.ops.items()]


def _data(type: type[Operation]) -> dict[str, Any]:
    return {
        "operation": type.word,
        "description": " ".join(filter(None, describes(type))),
        "branches": type.has_branches,
        "settings": {
            name: {
                "description": each.says,
                "values": each.type.expected,
                "required": each.required,
                "default": default_of(each) or None,
            }
            for name, each in type.settings.items()
        },
        "formulas": [each._asdict() for each in formulas_of(type)],
        "examples": [
            {
                "spec": spec_of(type, example),
                "inputs": [list(shape) for shape in example.inputs],
                "output": list(example.output),
                "params": example.params,
                "ops": dict(example.ops),
                "source": example.source,
            }
            for example in type.examples
        ],
        "elsewhere": [each._asdict() for each in words_of(type.word)],
    }
