"""Compound scaling as the paper writes it, the nearest to a target, and the largest value within bounds."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil, log

import pytest
from making import spec
from running import run

import archcalc
from archcalc.analyses.scaling.compound import Factors, power, scaling
from archcalc.analyses.variants import Base
from archcalc.zoo import find

BY_NAME = {"width": None, "depth": None, "resolution": None}


def data(*arguments, **options):
    """Return the JSON of a command."""
    result = run(*arguments, "--format", "json", **options)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def scaled(network):
    return scaling(Base(find(network)), Factors(), BY_NAME)


def test_efficientnet_by_the_formula_of_the_paper():
    """Tan & Le 2019, equation 3, with the factors found for B0; layers and channels are rounded by the network."""
    found = data("scale", "efficientnet-b0", "--phi", "0..7")
    for phi, row in enumerate(found["rows"]):
        assert row["phi"] == phi
        assert row["network_depth"] > row["depth"]
        arguments = {"width": row["width"], "depth": row["depth"], "resolution": row["resolution"]}
        assert arguments == {
            "width": pytest.approx(1.1**phi), "depth": pytest.approx(1.2**phi), "resolution": round(224 * 1.15**phi),
        }  # fmt: skip
    decimals = {"width": "1.21", "depth": "1.44", "resolution": 296}
    assert found["rows"][2]["macs"] == archcalc.load("efficientnet-b0").analyze(set=decimals).macs
    assert found["factors"] == {"alpha": 1.2, "beta": 1.1, "gamma": 1.15}
    assert found["dimensions"] == {"width": ["width"], "depth": ["depth"], "resolution": ["resolution"]}


TABLE_OF_THE_CODE = {
    "efficientnet-b1": (1.0, 1.1, 240), "efficientnet-b2": (1.1, 1.2, 260), "efficientnet-b3": (1.2, 1.4, 300),
    "efficientnet-b4": (1.4, 1.8, 380), "efficientnet-b5": (1.6, 2.2, 456), "efficientnet-b6": (1.8, 2.6, 528),
    "efficientnet-b7": (2.0, 3.1, 600),
}  # fmt: skip
"""Width, depth and resolution of the released networks (efficientnet_builder.py of the authors)."""


def test_the_published_networks_stand_beside_with_the_phi_of_each_dimension():
    found = {each["network"]: each for each in data("scale", "efficientnet-b0", "--phi", "1")["published"]}
    assert list(found) == ["efficientnet-b0", *TABLE_OF_THE_CODE]
    for name, (width, depth, resolution) in TABLE_OF_THE_CODE.items():
        each = found[name]
        assert (each["width"], each["depth"], each["resolution"]) == (width, depth, resolution)
        assert each["params"] == archcalc.load(name).analyze().params
        assert each["phi"] == {
            "width": pytest.approx(log(width) / log(1.1)),
            "depth": pytest.approx(log(depth) / log(1.2)),
            "resolution": pytest.approx(log(resolution / 224) / log(1.15)),
        }
    text = run("scale", "efficientnet-b0", "--phi", "1,2").stdout
    assert "The published networks are not phi = 1, 2, 3 ...: efficientnet-b1, efficientnet-b3, " in text
    assert "phi = 1 has the parameters of efficientnet-b2, at resolution 258 instead of 260." in text
    assert data("scale", "mobilenet-v1", "--phi", "1")["published"] == [], "which were not scaled together"


def test_layers_are_rounded_up_and_channels_to_multiples_of_eight():
    text = spec("{conv: {filters: =width, kernel: 3, pad: 1}, repeat: =n1}", "{conv: =odd}",
                head="args: {width: 64, n1: 3, odd: 5}")  # fmt: skip
    rows = data("scale", "-", "--phi", "0..4", input=text)["rows"]
    for phi, row in enumerate(rows):
        assert row["n1"] == ceil(3 * Fraction(6, 5) ** phi)
        assert row["width"] == 8 * int(Fraction(8) * Fraction(11, 10) ** phi + Fraction(1, 2))
        assert row["input"] == round(8 * 1.15**phi)
    named = data("scale", "-", "--phi", "1", "--width", "odd,width", "--depth", "n1", input=text)
    assert named["dimensions"]["width"] == ["odd", "width"]
    assert (named["rows"][0]["odd"], named["rows"][0]["width"]) == (6, 72)


def test_an_argument_that_does_nothing_is_no_dimension():
    assert not scaled("resnet50").dimensions["width"].own
    assert list(scaled("resnet50").dimensions["depth"].own) == ["n2", "n3", "n4", "n5"]
    result = run("scale", "vgg16")  # whose argument depth chooses among its configurations
    assert result.exit_code == 2
    assert "vgg16 has no argument known as its width or depth; name them with --width ARG" in result.stderr


def test_powers_are_exact_while_arguments_can_hold_them():
    assert power(Fraction(23, 20), Fraction(7)) == Fraction(23, 20) ** 7
    for factor, phi in ((Fraction(6, 5), Fraction(1, 2)), (Fraction(23, 20), Fraction(19)), (Fraction(6, 5), -3)):
        found = power(factor, Fraction(phi))
        assert float(found) == pytest.approx(float(factor) ** float(phi), rel=1e-6)
        assert max(found.numerator, found.denominator) <= 10**12


SCALABLE = spec(
    "{conv: {filters: '=make_divisible(32*width, 8)', kernel: 3, pad: 1}, repeat: =ceil(3*depth)}",
    head="args: {width: 1, depth: 1, resolution: 40}",
).replace("input: [3, 8, 8]", "input: [3, =resolution, =resolution]")


@pytest.mark.parametrize("target", ["macs=100M", "params=30K", "memory=1MiB", "macs=19000000", "params=12000"])
def test_the_nearest_to_a_target_by_brute_force(target):
    name, amount = target.split("=")
    word = {"memory": "memory_bytes"}.get(name, name)
    value = {"100M": 10**8, "30K": 30_000, "1MiB": 2**20}.get(amount) or int(amount)
    (found,) = data("scale", "-", "--to", target, input=SCALABLE)["targets"]
    whole = scaling(Base(archcalc.loads(SCALABLE).spec), Factors(), BY_NAME)
    every = [whole.at(Fraction(step, 100)).quantities[word] for step in range(-400, 600)]
    assert abs(found["nearest"][word] - value) == min(abs(each - value) for each in every)
    assert found["below"][word] == max(each for each in every if each <= value)
    assert found["above"][word] == min(each for each in every if each > value)


def test_what_cannot_be_reached_is_said():
    result = run("scale", "efficientnet-b0", "--to", "macs=10")
    assert result.exit_code == 0
    assert "macs=10: the nearest is " in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--phi", "x"], "--phi x: write numbers separated by commas, or FROM..TO"),
        (["--phi", "0..99"], "each from -20 to 20"),
        (["--phi", "0..2:0.001"], "at most 1,000 steps"),
        (["--to", "macs"], "--to macs: write QUANTITY=AMOUNT"),
        (["--to", "mac=1G"], "no quantity 'mac' (did you mean 'macs'?)"),
        (["--to", "time=1ms"], "a target is one of params, macs"),
        (["--alpha", "0.9"], "--alpha 0.9: write a number from 1 to 4"),
        (["--width", "foo"], "efficientnet-b0 has no argument 'foo'"),
    ],
)
def test_mistakes_of_scale(arguments, says):
    result = run("scale", "efficientnet-b0", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_what_cannot_be_built_is_scaled_to_the_nearest_that_can():
    """Depths of 6n + 2, patches of 16 and heads that share a width, windows that tile every map, branches that fit."""
    depths = run("scale", "resnet20-cifar", "--phi", "0..3", "--depth", "depth", "--format", "json")
    # 20 layers times 1.2, 1.44 and 1.728 are 24, 28.8 and 34.56, rounded up
    assert [row["depth"] for row in json.loads(depths.stdout)["rows"]] == [20, 26, 32, 38]
    vit = json.loads(run("scale", "vit-b-16", "--phi", "0..3", "--format", "json").stdout)["rows"]
    # 768 times 1.1, 1.21 and 1.331 are 844.8, 929.3 and 1,022.2, to 768 + 24n; 257.6, 296.2 and 340.7 to 16n
    assert [(row["width"], row["resolution"]) for row in vit] == [(768, 224), (840, 256), (936, 304), (1032, 336)]
    for network in ("swin-t", "maxvit-t", "hrnet-w18", "regnet-y-400mf"):
        rows = json.loads(run("scale", network, "--phi", "0,1", "--format", "json").stdout)["rows"]
        assert rows[1]["macs"] > rows[0]["macs"], network
    said = run("scale", "vit-b-16", "--to", "macs=30G").stdout
    assert "width (in steps of 24); depth: depth; resolution: resolution (in steps of 16)" in said.replace("\n", " ")
    assert "30,034x as much" in run("scale", "efficientnet-b0", "--to", "macs=10").stdout


def test_a_dimension_that_stays_as_it_is():
    result = run("scale", "efficientnet-b0", "--phi", "1", "--gamma", "1", "--format", "json")
    assert json.loads(result.stdout)["rows"][0]["resolution"] == 224


def test_steps_that_cannot_be_built_are_said():
    text = spec("{conv: {filters: =width}}", head="args: {width: 8}\nrequire: {=width <= 9: nine at most}")
    result = run("scale", "-", "--phi", "0,8", "--gamma", "1", input=text)
    assert result.exit_code == 0
    assert "phi = 8 cannot be built: nine at most" in result.stdout


FITS = [
    ("resnet50", "input", "memory=2GiB,batch=32", lambda v: (v, 32, {}), "memory_bytes", 2**31, 165, 180),
    ("resnet18", "batch", "memory=1GiB", lambda v: (224, v, {}), "memory_bytes", 2**30, 1, 60),
    ("resnet18", "n4", "params=20M", lambda v: (224, 1, {"n4": v}), "params", 20 * 10**6, 1, 20),
    ("wrn-28-10", "k", "macs=1G", lambda v: (32, 1, {"k": v}), "macs", 10**9, 1, 12),
]


@pytest.mark.parametrize(("network", "argument", "under", "at", "word", "bound", "first", "last"), FITS)
def test_the_largest_that_fits_by_brute_force(network, argument, under, at, word, bound, first, last):
    model = archcalc.load(network)

    def amount(value):
        size, batch, values = at(value)
        return getattr(model.analyze(size, batch=batch, set=values), word)

    expected = max(value for value in range(first, last) if amount(value) <= bound)
    found = data("fit", network, argument, "--under", under)
    assert found["largest"]["value"] == expected
    assert found["largest"][word] == amount(expected)
    assert (found["next"]["value"], found["next"][word]) == (expected + 1, amount(expected + 1))
    assert found["next"]["breaks"] == [word]


def test_memory_to_run_and_train_are_those_of_the_memory_command():
    found = data("fit", "resnet18", "batch", "--under", "training=2GiB")
    (card,) = data("memory", "resnet18", "--fit", "2GiB")["fit"]
    largest = {need["what"]: need["largest_batch"] for need in card["needs"]}
    assert found["largest"]["value"] == largest["training"]


def test_values_at_a_distance():
    """Some networks take one size in sixteen, a Swin Transformer an input of 224n and a little more."""
    rule = "args: {s: 572}\nrequire: {=s >= 188 and s % 16 == 12: twelve more than a multiple of 16}"
    text = spec("{conv: {filters: 2, kernel: 3}}", head=rule).replace("[3, 8, 8]", "[3, =s, =s]")
    found = data("fit", "-", "s", "--under", "macs=50M", input=text)  # 54 · (s - 2)²: up to s = 964
    assert (found["step"], found["largest"]["value"], found["next"]["value"]) == (16, 956, 972)
    swin = data("fit", "swin-t", "resolution", "--under", "macs=20G")
    assert swin["largest"]["value"] in range(448, 456)
    assert swin["next"]["value"] > 600
    assert swin["next"]["breaks"] == ["macs"]


def test_multipliers_have_steps_of_a_hundredth():
    found = data("fit", "mobilenet-v1", "alpha", "--under", "macs=300M,resolution=192")
    assert (found["step"], found["fixed"]) == (0.01, {"resolution": 192})
    network = archcalc.load("mobilenet-v1")
    at = {v: network.analyze(set={"alpha": v, "resolution": 192}).macs for v in ("0.83", "0.84", "0.85", "0.86")}
    assert found["largest"]["value"] == float(max(v for v, macs in at.items() if macs <= 300 * 10**6))
    coarse = data("fit", "mobilenet-v1", "alpha", "--under", "macs=300M,resolution=192", "--step", "0.25")
    assert (coarse["largest"]["value"], coarse["next"]["value"]) == (0.75, 1)


def test_a_dip_behind_the_bound_does_not_hide_a_larger_value():
    text = spec("{conv: {filters: '=20 if k == 13 else k', bias: false}}", head="args: {k: 2}")
    found = data("fit", "-", "k", "--under", "params=48", input=text)
    assert found["largest"]["value"] == 16, "3 weights a filter: 13 takes 60, 14 to 16 fit again"


def test_several_bounds_and_a_device():
    found = data("fit", "resnet18", "batch", "--under", "time=10ms,memory=1GiB,dtype=float16", "--device", "rtx3090")
    assert found["dtype"] == "float16"
    largest = found["largest"]
    report = archcalc.load("resnet18").analyze(batch=largest["value"], dtype="float16")
    assert largest["time"] == pytest.approx(report.time("rtx3090").seconds, rel=1e-6)
    assert largest["time"] <= 0.01
    assert largest["memory_bytes"] <= 2**30
    assert found["next"]["breaks"]


@pytest.mark.parametrize(
    ("argument", "under", "says"),
    [
        ("input", "params=60M", "params=60M still holds at input = 2,097,"),
        ("batch", "params=6M", "no batch fits params=6M: at batch = 1 params would be 25,557,032"),
        ("batch", "mem=2GiB", "no quantity 'mem'"),
        ("batch", "memory=2GiB,batch=3", "batch is what fit looks for"),
        ("batch", "memory=2ms", "ms is no unit of memory; write KB, MB,"),
        ("batch", "macs=2GiB", "GiB is no unit of macs; write K, M, G, T or none"),
        ("batch", "memory=2 apples", "'2 apples' is not an amount"),
        ("batch", "input=32", "--under needs a bound"),
        ("batch", "memory", "write QUANTITY=AMOUNT"),
        ("batch", "memory=1GiB,memory=2GiB", "memory is given twice"),
        ("batch", "memory=1GiB,input=32,64", "write QUANTITY=AMOUNT"),
        ("batch", "time=1ms", "a time needs a device: --device CARD"),
        ("batch", "top1=3", "no quantity 'top1'"),
        ("block", "memory=1GiB", "block of resnet50 is not a number"),
        ("foo", "memory=1GiB", "resnet50 has no argument 'foo'"),
    ],
)
def test_mistakes_of_fit(argument, under, says):
    result = run("fit", "resnet50", argument, "--under", under)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


@pytest.mark.parametrize("format", ["table", "markdown", "csv", "latex", "html", "plain", "tsv"])
@pytest.mark.parametrize("arguments", ["scale resnet18 --phi 0,1", "fit resnet18 n4 --under params=20M"])
def test_every_format(arguments, format):
    result = run(*arguments.split(), "--format", format)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "n4" in result.stdout
