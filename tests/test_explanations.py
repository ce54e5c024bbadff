"""What an explanation prints can be worked out by hand, and comes to the number that it explains."""

from __future__ import annotations

import re

import pytest

import archcalc
from archcalc.analyses.explain import derivations, derivations_under
from archcalc.conventions.convention import find

ROUNDED = re.compile(r"([⌊⌈])([^⌊⌋⌈⌉]*) / ([^⌊⌋⌈⌉]*)[⌋⌉]")


def work_out(text):
    """Work out a printed expression, such as ⌊(227 + 2·0 − 11) / 4⌋ + 1."""
    text = re.sub(r",(?=\d{3})", "", text).replace("·", "*").replace("−", "-").replace(" B", "")
    while ROUNDED.search(text):
        text = ROUNDED.sub(lambda found: f"({_divided(*found.groups())})", text)
    assert re.fullmatch(r"[0-9+\-*/(), maxin]*", text), text
    return eval(text.replace("/", "//").replace("////", "//"), {"__builtins__": {}, "max": max, "min": min})


def _divided(bracket, above, below):
    return f"({above}) // ({below})" if bracket == "⌊" else f"-(-({above}) // ({below}))"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("⌊(227 + 2·0 − 11) / 4⌋ + 1", 55),
        ("⌈7 / 2⌉", 4),
        ("96·(3·11·11 + 1)", 34_944),
        ("12/2·3", 18),
        ("max(3 − 5, 0)", 0),
    ],
)
def test_working_out(text, value):
    assert work_out(text) == value


@pytest.mark.parametrize(
    "network", ["lenet5", "alexnet", "vgg16", "googlenet", "resnet50", "mobilenet-v2", "densenet121"]
)
def test_every_number_follows_from_what_is_printed(network):
    seen = set()
    for layer in archcalc.load(network).analyze(training=True).layers:
        for each in derivations(layer):
            for printed in each.numbers:
                if (printed, each.value) not in seen:
                    seen.add((printed, each.value))
                    assert work_out(printed) == each.value, f"{layer.name}: {each.label} = {printed}"
    assert len(seen) > 20


def test_what_a_convention_counts_is_derived_in_its_name():
    """By ptflops, a convolution's MACs (64 filters of 3·3·3 at 224·224 places) and an addition for each bias."""
    (work,) = derivations_under(archcalc.load("vgg16").analyze().layers[1], find("ptflops"))
    assert (work.label, work.formula, work.value) == ("ptflops: MACs", "mac + bias", 64 * 224 * 224 * 28)
    assert work_out(work.numbers[0]) == work.value


def test_how_often_a_value_is_used_that_is_added_everywhere():
    """One value added to each of 2·3·4."""
    text = "input: {map: [2, 3, 4], one: [1, 1, 1]}\nlayers: [{from: [map, one], add: }]"
    layer = archcalc.loads(text).analyze().layers[-1]
    (uses,) = [each for each in derivations(layer) if each.label.startswith("uses of")]
    assert uses.value == 2 * 3 * 4
    assert work_out(uses.numbers[-1]) == 24
