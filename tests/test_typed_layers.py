"""Layers that are typed in place of a network: explained without a file, and pointed at where they are wrong."""

from __future__ import annotations

import json

import pytest
from running import run


def explained(*arguments):
    result = run("explain", *arguments, "-f", "json")
    assert result.exit_code == 0, result.stderr
    data = json.loads(result.stdout)
    return data if isinstance(data, list) else [data]


def numbers(layer):
    return {step["quantity"]: step["value"] for step in layer["derivations"]}


def test_the_first_layer_of_the_lecture():
    (layer,) = explained("--input", "3x227x227", "conv: {filters: 96, kernel: 11, stride: 4}")
    assert (layer["inputs"], layer["output"]) == ([[3, 227, 227]], [96, 55, 55])
    found = numbers(layer)
    assert (found["params of one filter"], found["params"]) == (364, 34_944)
    assert found["MACs"] == 96 * 55 * 55 * 3 * 11 * 11
    assert found["memory"] == 1_161_600


@pytest.mark.parametrize(
    "text",
    [
        "[conv: {filters: 8, kernel: 3}, relu, max_pool: 2]",
        "- conv: {filters: 8, kernel: 3}\n- relu\n- max_pool: 2",
        "\n- conv: {filters: 8, kernel: 3}\n- relu\n- max_pool: 2\n",
    ],
)
def test_several_layers(text):
    layers = explained(text, "-i", "3x10x10")
    assert [(layer["op"], layer["output"]) for layer in layers] == [
        ("conv", [8, 8, 8]), ("relu", [8, 8, 8]), ("max_pool", [8, 4, 4])
    ]  # fmt: skip
    (pool,) = explained(text, "max_pool_1", "-i", "3x10x10")
    assert pool == layers[2]


def test_names_formulas_branches_and_bare_words():
    (layer,) = explained("{name: c1, conv: {filters: =2*in_channels, kernel: 1}}", "-i", "5x4x4")
    assert (layer["layer"], layer["output"]) == ("c1", [10, 4, 4])
    assert [layer["op"] for layer in explained("add: [[], [relu]]", "-i", "5x4x4")] == ["relu", "add"]
    (layer,) = explained("relu", "--input", "5x4x4")
    assert layer["output"] == [5, 4, 4]


def test_two_sizes_are_a_sequence():
    (layer,) = explained("conv: {filters: 8, kernel: 3}", "-i", "4x100")
    assert (layer["output"], numbers(layer)["params"]) == ([8, 98, 1], 8 * (4 * 3 + 1))


def test_other_commands_take_them_too():
    shown = json.loads(run("show", "[conv: {filters: 8, kernel: 3}, relu]", "-i", "3x10x10", "-f", "json").stdout)
    assert shown["totals"]["params"] == 8 * (3 * 9 + 1)


@pytest.mark.parametrize(
    ("text", "size", "place", "words"),
    [
        ("conv: {filter: 96, kernel: 11}", "3x227x227", "1:8", "did you mean 'filters'?"),
        ("[relu, conv: {filters: 96, kernel: 11}]", "3x7x7", "1:8", "window is larger"),
        ("- relu\n- conv: {filters: x}", "3x7x7", "2:19", "'x'"),
        ("conv: {filters: 96", "3x7x7", "1:7", "not YAML"),
        ("dence: 10", "3x7x7", "1:1", "unknown operation"),
    ],
)
def test_a_mistake_is_pointed_at_in_what_was_typed(text, size, place, words):
    result = run("explain", text, "-i", size)
    assert (result.exit_code, result.stdout) == (2, "")
    head, line, caret = result.stderr.splitlines()
    assert head.startswith(f"command line:{place}: ")
    assert words in head
    row, column = map(int, place.split(":"))
    assert line.strip() == text.splitlines()[row - 1]
    assert len(caret) == 4 + column


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["conv: 8"], "'conv: 8' needs the size of its input: --input CxHxW"),
        (["relu"], "needs the size of its input"),
        (["conv: 8", "-i", "224"], "as in 3x224x224, not 224"),
        (["conv: 8", "-i", "227x227x3"], "--input 227x227x3: channels come first: 3x227x227"),
    ],
)
def test_the_size_of_the_input_is_needed(arguments, words):
    result = run("explain", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_file_of_that_name_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "relu").write_text("input: [3, 4, 4]\nlayers: [{conv: {filters: 2, kernel: 1}}]\n", encoding="utf-8")
    assert json.loads(run("show", "relu", "-f", "json").stdout)["totals"]["params"] == 8


def test_layers_as_people_write_them():
    several = explained("vgg16", "CONV1_1", "conv1_2")
    assert [layer["layer"] for layer in several] == [f"conv1_{n}/{op}_1" for n in (1, 2) for op in ("conv", "relu")]
    assert explained("densenet121", "dense1.1") == explained("densenet121", "dense1/1")
    assert [layer["layer"] for layer in explained("vgg16", "conv1_1", "conv1_1")] == [
        "conv1_1/conv_1",
        "conv1_1/relu_1",
    ]


@pytest.mark.parametrize(
    ("network", "name", "words"),
    [
        ("vgg16", "conv1", "did you mean 'conv1_1' or 'conv1_2'?"),
        ("googlenet", "inception_3a", "did you mean '3a'?"),
        ("resnet50", "layer1.0.conv1", "; archcalc show resnet50 --all names its layers"),
        ("vgg16", "layer", "; archcalc show vgg16 --all names its layers"),
    ],
)
def test_unknown_layers(network, name, words):
    result = run("explain", network, name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_network_that_is_called_like_an_operation_is_that_network():
    assert json.loads(run("show", "maxout", "-f", "json").stdout)["network"] == "maxout"
    assert run("explain", "relu").stderr == "'relu' needs the size of its input: --input CxHxW, as in 3x224x224\n"
