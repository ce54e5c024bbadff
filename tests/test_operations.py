"""Every operation agrees with its own worked examples, and the table of operations is complete."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from making import worked

import archcalc.operations
from archcalc.analyses.explain import derivations
from archcalc.operations import KINDS_OF_PARAMS, KINDS_OF_WORK, OPERATIONS, operation
from archcalc.operations.base import Operation

FOLDER = Path(archcalc.operations.__file__).parent
EXAMPLES = [
    pytest.param(word, example, id=f"{word}-{number}")
    for word in OPERATIONS
    for number, example in enumerate(operation(word).examples, 1)
]


def layer_of(word, example):
    """Return the layer that an example describes."""
    return worked(word, example).layers[-1]


@pytest.mark.parametrize(("word", "example"), EXAMPLES)
def test_operation_agrees_with_its_examples(word, example):
    layer = layer_of(word, example)
    assert layer.op == word
    assert layer.inputs == example.inputs
    assert layer.output == example.output
    assert layer.params == example.params
    assert layer.ops == example.ops


@pytest.mark.parametrize(("word", "example"), EXAMPLES)
def test_kinds_are_those_of_the_contract(word, example):
    layer = layer_of(word, example)
    assert set(layer.ops) <= set(KINDS_OF_WORK)
    assert set(layer.params_by_kind) <= set(KINDS_OF_PARAMS)
    assert sum(layer.params_by_kind.values()) == layer.params
    assert layer.macs == sum(layer.ops.get(kind, 0) for kind in ("mac", "attention", "matmul"))
    assert layer.output_bytes == 4 * layer.output.values
    assert layer.memory_bytes in (0, layer.output_bytes)


@pytest.mark.parametrize(("word", "example"), EXAMPLES)
def test_explanation_gives_what_was_counted(word, example):
    layer = layer_of(word, example)
    derived = derivations(layer)
    whole = [each for each in derived if not each.part]
    assert sum(each.value for each in whole if each.unit == "ops") == sum(layer.ops.values())
    assert [each.value for each in whole if each.unit == "params"] == ([layer.params] if layer.params else [])
    assert [each.value for each in whole if each.label == "memory"] == [layer.memory_bytes]
    assert next(each.value for each in whole if each.label == "output values") == layer.output.values


@pytest.mark.parametrize("word", OPERATIONS)
def test_operation_is_described(word):
    type = operation(word)
    assert type.word == word
    assert issubclass(type, Operation)
    assert type.__module__ == f"archcalc.operations.{word}"
    assert type.__doc__ and type.__doc__.strip().endswith(".")
    assert type.examples, "an operation needs at least one worked example"
    assert all(example.source for example in type.examples)
    for name, setting in type.settings.items():
        assert setting.says, f"{word}: {name} is not described"
        assert setting.type.expected, f"{word}: {name} does not say what it wants"


def test_table_of_operations_is_complete():
    found = {}
    for file in FOLDER.glob("*.py"):
        module = import_module(f"archcalc.operations.{file.stem}")
        for name, value in vars(module).items():
            if isinstance(value, type) and value.__module__ == module.__name__ and "word" in vars(value):
                found[file.stem] = name
    assert found.pop("input") == "Input", "the image is no operation of specs"
    assert found == OPERATIONS


def test_an_operation_does_not_change():
    conv = operation("conv").make({"filters": 8})
    with pytest.raises(AttributeError, match="does not change"):
        conv.filters = 9
