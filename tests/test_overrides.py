"""Errors that the command line causes: what --input and --set do to a network that is right by itself."""

from __future__ import annotations

import pytest
from making import spec
from running import run

import archcalc
from archcalc.errors import SpecError


def refused(*arguments):
    """Run a command that the command line itself makes fail; return what it says."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "specs/" not in result.stderr
    assert result.stderr.count("\n") == 1
    return result.stderr


def fits(network, *size):
    try:
        archcalc.load(network).analyze(size)
    except SpecError:
        return False
    return True


@pytest.mark.parametrize(
    ("network", "given", "least"),
    [
        ("vgg16", 8, 32),  # halved five times
        ("vgg16", 31, 32),
        ("lenet5", 8, 32),  # its last convolution is as large as what flows in
        ("inception-v3", 8, 75),
        ("unet", 100, 188),
    ],
)
def test_the_least_input_that_fits(network, given, least):
    assert not any(fits(network, size) for size in range(given, least))
    assert fits(network, least)
    said = refused("show", network, "-i", given)
    assert said.startswith(f"--input {given}: {network} needs an input of at least {least}x{least} (")


@pytest.mark.parametrize("command", ["show", "compare", "memory", "explain", "time", "conventions", "why"])
def test_every_command_says_it(command):
    more = ["15.5G"] if command == "why" else []
    assert "vgg16 needs an input of at least 32x32" in refused(command, "vgg16", *more, "-i", 8)


def test_sizes_by_the_names_of_inputs(tmp_path):
    file = tmp_path / "net.yaml"
    text = "name: net\ninput: {left: [3, 8, 8], right: [3, 8, 8]}\nlayers:\n  - {from: left, name: a, max_pool: 4}\n"
    file.write_text(
        f"{text}  - {{from: right, max_pool: 4}}\n  - {{concat: , from: [a, max_pool_1]}}\n", encoding="utf-8"
    )
    assert run("show", file, "-i", "left=9 right=9").exit_code == 0
    said = refused("show", file, "-i", "left=3 right=8")
    assert said.startswith("--input left=3 right=8: net: a: its 4 x 4 window is larger than its padded input")
    assert refused("show", file, "-i", "left=3").startswith("--input left=3: net: a: its 4 x 4 window")


def test_the_least_input_of_two_unequal_sides():
    assert "--input 8x224: vgg16 needs an input of at least 32x32" in refused("show", "vgg16", "-i", "8x224")


def test_the_least_input_with_channels():
    assert "--input 1x8x8: vgg16 needs an input of at least 1x32x32" in refused("show", "vgg16", "-i", "1x8x8")


def test_an_input_between_those_that_fit():
    said = refused("show", "yolov3", "-i", 400)
    assert said.startswith("--input 400: yolov3: ")
    assert said.endswith("; 384x384 and 409x409 fit\n")
    # a map that is halved, rounded up, and doubled again has to be as large as before
    assert [size for size in range(384, 449) if fits("yolov3", size)] == [384, *range(409, 417), *range(441, 449)]


def test_a_size_that_nothing_near_fits():
    said = refused("show", "vgg16", "-i", 10**15 - 1)
    assert said.startswith("--input 999999999999999: vgg16: flatten: its output,")


@pytest.mark.parametrize(
    ("network", "size"), [("vgg16", "224x224x3"), ("resnet50", "224X320X3"), ("lenet5", "32x32x1")]
)
def test_channels_come_first(network, size):
    height, width, channels = size.lower().split("x")
    assert refused("show", network, "-i", size) == (
        f"--input {size}: channels come first: {channels}x{height}x{width}\n"
    )


def test_another_number_of_channels_is_not_taken_for_a_mistake():
    assert run("show", "resnet50", "-i", "3x224x3").exit_code == 0
    assert run("show", "resnet50", "-i", "6x224x224").exit_code == 0


@pytest.mark.parametrize(
    ("network", "settings", "said"),
    [
        ("resnet50", ["n4=abc"], "--set n4=abc: '=blocks-1' needs a number, but blocks is 'abc'; n4 is 6 in resnet50"),
        ("resnet50", ["n2=2", "n4=abc"], "--set n4=abc: '=blocks-1' needs a number, but blocks is 'abc'; n4 is 6"),
        ("resnet50", ["block=none"], "--set block=none: no block 'none'"),
        ("swin-t", ["heads=5"], "--set heads=5: each head takes an equal part of the width (width % heads == 0; here"),
        ("vit-b-16", ["patch=7", "resolution=225"], "--set resolution=225: the patches must tile the image"),
    ],
)
def test_set_is_named_with_what_the_argument_is(network, settings, said):
    assert refused("show", network, *(f"--set={setting}" for setting in settings)).startswith(said)


def test_settings_that_only_fail_together(tmp_path):
    file = tmp_path / "net.yaml"
    head = "args: {a: 1, b: 1}\nrequire: {'=a + b < 4': too much}"
    file.write_text(spec("{conv: =a*b}", head=head), encoding="utf-8")
    said = refused("show", file, "--set", "a=2", "--set", "b=2")
    place = f"at {file}:4:11"
    assert said == f"--set a=2 --set b=2: too much (a + b < 4; here a 2, b 2) {place}; a is 1, b is 1 in made\n"


def test_set_goes_before_input(tmp_path):
    assert refused("show", "resnet50", "-i", "224", "--set", "n4=abc").startswith("--set n4=abc: ")


def test_values_in_a_name():
    assert refused("show", "resnet21-cifar").startswith("resnet21-cifar: ")


def test_a_spec_that_is_wrong_by_itself_is_told_as_ever(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(spec("{conv: {filters: 8, kernel: 9}}", head="args: {a: 1}"), encoding="utf-8")
    for options in ([], ["-i", "7"], ["--set", "a=2"]):
        result = run("show", file, *options)
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr.startswith(f"{file}:5:5: conv_1: its 9 x 9 window")


def test_an_argument_without_a_value_is_not_the_cause(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(spec("{conv: {filters: 8, kernel: =k}}", "{max_pool: 4}", head="args: {k: }"), encoding="utf-8")
    assert run("show", file).exit_code == 3
    assert run("show", file, "--set", "k=99").exit_code == 3
    assert "made needs an input of at least 6x6" in refused("show", file, "--set", "k=3", "-i", "4")


def test_a_sequence_has_a_length(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text("name: net\ninput: [1, 100]\nlayers:\n  - {conv: {filters: 4, kernel: 9}}\n", encoding="utf-8")
    assert "--input 3: net needs an input of at least 9 (" in refused("show", file, "-i", "3")
    assert "--input 1x3: net needs an input of at least 1x9 (" in refused("show", file, "-i", "1x3")


def test_a_measurement_at_a_size_that_cannot_be():
    said = refused("time", "vgg16", "--device", "t4", "--measured", "vgg16@8=1ms")
    assert said.startswith("--measured vgg16@8=1ms: pool4: its 2 x 2 window")
