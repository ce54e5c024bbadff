"""Totals without layers are those of the layers: for the whole zoo, at random, and where only layers can say."""

from __future__ import annotations

import sys
from fractions import Fraction
from random import Random

import pytest

import archcalc
from archcalc.engine import summing, sums
from archcalc.engine.count import count
from archcalc.engine.count import setup as counted_for  # pytest 7 would run a module's setup
from archcalc.engine.expand import expand
from archcalc.engine.known import MAX_PIECES, known_of
from archcalc.engine.sums import analyse
from archcalc.errors import ArchcalcError
from archcalc.zoo import every_spec, find, library_models

SPECS = {spec.name: spec for spec in every_spec()}

VALUES = (0, 1, 2, 3, 4, 5, 8, 10, 16, 24, 32, 40, 64, True, False, Fraction(1, 4), Fraction(3, 4), Fraction(7, 5))
"""Values of arguments, possible and impossible ones."""


def totals(report):
    """Return all that a report says without its layers; kinds of which there are none may be there or not."""
    of = report.totals
    kinds = [{kind: value for kind, value in each.items() if value} for each in (of.params_by_kind, of.ops)]
    own = (of.params, of.buffers, of.stored, of.skipped_macs, report.depth, report.layer_count)
    return (*own, *kinds, report.inputs, report.macs, report.memory_bytes, report.model_bytes, report.expected_macs)


def result(make):
    """Return totals, or what is wrong."""
    try:
        return totals(make())
    except ArchcalcError as error:
        return str(error)


def both(spec, size=None, training=False):
    """Return what the two ways come to."""
    layers = result(lambda: count(expand(spec, size), counted_for(), training=training))
    return result(lambda: analyse(spec, size, counted_for(), training=training)), layers


def built(report) -> bool:
    """Whether the layers of a report have been built."""
    return "_counted" in vars(report)


def test_the_whole_zoo_comes_to_the_same_and_most_of_it_takes_no_layers(monkeypatch):
    expanded = set()
    monkeypatch.setattr(sums, "expand", lambda spec, size: expanded.add(spec.name) or expand(spec, size))
    assert all(fast == plain for fast, plain in map(both, SPECS.values()))
    assert expanded == {spec.name for spec in SPECS.values() if known_of(spec.family).plain}
    assert len(expanded) < 0.3 * len(SPECS)


def test_branches_for_training_come_to_the_same():
    with_branches = [spec for spec in SPECS.values() if analyse(spec, None, counted_for()).training_totals is not None]
    assert len(with_branches) > 5
    for spec in with_branches[::3]:
        fast, plain = both(spec, training=True)
        assert fast == plain


def test_models_of_libraries_come_to_the_same():
    every = library_models().items()
    models = [f"{library}:{name}" for library, known in every for name, model in known.items() if model.set]
    for name in Random(5).sample(models, 15):
        fast, plain = both(find(name))
        assert fast == plain, name


def small() -> list:
    """Return the networks that are quick to expand."""
    return [spec for spec in SPECS.values() if analyse(spec, None, counted_for()).layer_count < 130]


def test_random_arguments_and_inputs_come_to_the_same():
    random, specs, possible = Random(11), small(), 0
    for _ in range(1000):
        spec = random.choice(specs)
        changed = [name for name in spec.family.arguments if random.random() < 0.3]
        spec = spec.replace(values={**spec.values, **{name: random.choice(VALUES) for name in changed}})
        sides = random.randrange(16, 300), random.randrange(16, 300)
        size = random.choice([None, sides[:1], sides, (random.randrange(1, 5), *sides)])
        fast, plain = both(spec, size if len(spec.input) == 1 else None)
        assert fast == plain, (spec.name, spec.values, size)
        possible += fast.__class__ is tuple
    assert possible > 400


HEAD = """
args: {n: 3, width: 8, stride: 1, side: 3}
blocks:
  unit:
    args: {filters: , stride: 1, side: =side}     # side is the file's
    layers:
      - conv: {filters: =filters, kernel: =side, stride: =stride, pad: =side//2}
      - bn
      - relu
  residual:
    args: {filters: =in_channels}
    layers:
      - add:
          - [{unit: [=filters]}, {unit: [=filters]}]
          - {when: =filters != in_channels, layers: [{conv: {filters: =filters, kernel: 1}}]}
          - {when: =filters == in_channels}
      - multiply: [[], [global_avg_pool, {fc: =in_channels}, {reshape: [=in_channels, 1, 1]}]]
"""

MADE = {
    "one block again and again": "{repeat: =n, residual: }",
    "a shape that changes first": "{repeat: =n, residual: [=width]}",
    "a stride at every repetition": "{repeat: =n, unit: [8, 2]}",
    "the number of the repetition": "{repeat: =n, unit: [=8*index]}",
    "its number in one case of two": "{repeat: =n, unit: [=8 if width == 8 else 8*index]}",
    "a named repetition": "{name: body, repeat: =n, residual: }",
    "a repeated group": "{repeat: =n, layers: [{residual: }, relu]}",
    "a group with names, repeated": "{repeat: =n, layers: [{name: own, conv: {filters: 8, kernel: 1}}]}",
    "a named group with names": "{name: all, repeat: =n, layers: [{name: own, conv: {filters: 8, kernel: 1}}]}",
    "a repeated merge": "{repeat: =n, concat: [[{conv: {filters: 4, kernel: 1}}], []]}",
    "the block that a formula names": "{use: ='unit' if n > 1 else 'residual', with: {filters: =width}}",
    "blocks in a branch": "{concat: [[{repeat: =n, residual: }], {when: =n > 2, layers: [{unit: [4]}]}, [relu]]}",
    "nothing at all": "{repeat: =n-1, when: =width > 8, residual: }",
    "an unknown block": "{use: ='units', with: {filters: 8}}",
    "stochastic depth": "{repeat: =n, survival: 0.5, residual: }",
    "several runs": "{times: 3, residual: }",
    "a branch for training": "{training: [{unit: [8]}]}",
    "another layer's output": "{name: late, from: stem, unit: [8]}",
    "a field beyond measure": "{layers: [{repeat: 60, conv: {filters: 1, kernel: 1, stride: 2}}, "
    "{conv: {filters: 1, kernel: 3, dilation: 100000000000000, pad: 100000000000000}}]}",
    "a stride beyond measure": "{repeat: 110, conv: {filters: 1, kernel: 1, stride: 2}}",
}


@pytest.mark.parametrize("item", MADE.values(), ids=MADE)
@pytest.mark.parametrize("values", [{}, {"n": 1}, {"n": 2, "side": 5}, {"n": 6, "width": 12}, {"side": 4}], ids=str)
def test_made_networks_come_to_the_same(item, values):
    text = f"input: [3, 20, 24]\n{HEAD}\nlayers:\n  - {{name: stem, unit: [=width]}}\n  - {item}\n  - fc: 10\n"
    model = archcalc.loads(text)
    fast, plain = both(model.spec.replace(values=values))
    assert fast == plain
    again = model.spec.replace(values={**values, "n": values.get("n", 3)})
    assert both(again) == (fast, plain)


@pytest.mark.parametrize("limit", ["MAX_LAYERS", "MAX_STEPS", "MAX_BLOCK_NESTING", "MAX_REACH", "MAX_NUMBER"])
def test_what_comes_near_a_limit_is_left_to_its_layers(limit, monkeypatch):
    spec = archcalc.loads(f"input: [3, 20, 24]\n{HEAD}\nlayers: [{{unit: [8]}}, {{repeat: 2, residual: }}]\n").spec
    expanded = []
    monkeypatch.setattr(sums, "expand", lambda spec, size: expanded.append(spec.name) or expand(spec, size))
    analyse(spec, None, counted_for())
    assert expanded == []
    monkeypatch.setattr(summing, limit, 3)
    known_of(spec.family).pieces.clear()
    analyse(spec, None, counted_for())
    assert len(expanded) == 1


def test_blocks_are_kept_by_the_arguments_of_the_file_that_they_use():
    text = f"input: [3, 20, 24]\n{HEAD}\nlayers: [{{unit: [8]}}, {{residual: }}]\n"
    spec = archcalc.loads(text).spec
    assert known_of(spec.family).of_file == {"unit": ("side",), "residual": ("side",)}
    kernels = [analyse(spec.replace(values={"side": side}), None, counted_for()).params for side in (3, 5)]
    assert kernels[1] - kernels[0] == (25 - 9) * (3 + 8 + 8) * 8
    pieces = dict(known_of(spec.family).pieces)
    analyse(spec.replace(values={"side": 3, "n": 7}), None, counted_for())
    assert known_of(spec.family).pieces == pieces


def test_what_is_kept_is_bounded():
    spec = archcalc.loads("input: [3, 8, 8]\nlayers: [{conv: {filters: 8, kernel: 1}}]").spec
    before = totals(analyse(spec, None, counted_for()))
    known_of(spec.family).pieces.update((number, None) for number in range(MAX_PIECES))
    assert totals(analyse(spec, None, counted_for())) == before
    assert len(known_of(spec.family).pieces) == 1


def test_layers_are_built_when_they_are_asked_for():
    report = archcalc.load("resnet50").analyze()
    assert (report.params, report.depth, report.macs) == (25557032, 50, 3857973248)
    assert not built(report)
    assert len(report.layers) == report.layer_count == 176
    assert sum(layer.macs for layer in report.layers) == report.macs


def test_half_bytes_are_rounded_layer_by_layer():
    text = "input: [1, 1, 1]\nlayers: [{conv: {filters: 1, kernel: 1}}]"
    assert archcalc.loads(text).analyze(dtype="int4").memory_bytes == 2


def calls(work) -> int:
    """Count the calls of functions that some work makes."""
    made = 0

    def note(frame, event, arg):
        nonlocal made
        made += event == "call"

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return made


def test_a_variant_takes_a_tenth_of_the_work_of_its_layers():
    model = archcalc.load("resnet50")
    model.analyze()
    specs = [model.spec.replace(values={"n4": blocks}) for blocks in (20, 40, 60)]
    fast = sum(calls(lambda spec=spec: analyse(spec, None, counted_for())) for spec in specs)
    plain = sum(calls(lambda spec=spec: count(expand(spec), counted_for())) for spec in specs)
    assert 10 * fast < plain


def test_repeating_a_block_does_not_take_longer_for_more_of_it():
    text = f"input: [8, 20, 24]\n{HEAD}\nlayers: [{{repeat: =n, residual: }}]\n"
    spec = archcalc.loads(text).spec
    analyse(spec, None, counted_for())
    few, many = (calls(lambda n=n: analyse(spec.replace(values={"n": n}), None, counted_for())) for n in (10, 10000))
    assert few == many
