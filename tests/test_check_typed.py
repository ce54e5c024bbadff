"""Claims and expectations of the command line: what somebody says of a network, held against it."""

from __future__ import annotations

import json
import re

import model_files as models
import pytest
from running import run

HEAD = "name: net\ninput: [3, 8, 8]\nlayers:\n  - {name: conv1, conv: {filters: 4, kernel: 3, pad: 1}}\n  - {fc: 10}\n"
"""112 + 2,570 parameters, 6,912 + 2,560 MACs, 192 + 256 + 10 values = 1,832 bytes, depth 2."""


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(HEAD, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("claim", "agrees"),
    [
        ("params 2,682", True), ("params 2.7K", True), ("params 2.68K", True), ("params 2.69K", False),
        ("2.7K params", True), ("2.7K parameters", True), ("params: 2682", True), ("params=2682", True),
        ("Params 2682", True), ("macs 9.5K", True), ("9.5K MACs", True), ("9.5 KMACs", True), ("9.4KMACs", True),
        ("9.3KMACs", False), ("depth 2", True), ("layers 3", False), ("memory 1.8KB", True), ("memory 1.8 KB", True),
        ("memory 1.9KB", False), ("output 4x8x8 at conv1", True), ("output 8x8 at conv1", True),
        ("params 112 at conv1", True), ("params 113 at conv1", False), ("kernel 3 at conv1", True),
    ],
)  # fmt: skip
def test_a_claim_is_checked_at_its_own_precision(net, claim, agrees):
    result = run("check", net, "--claim", claim)
    assert result.exit_code == (0 if agrees else 1), result.output
    assert ("DIFFERS" in result.stdout) != agrees
    assert bool(result.stderr) != agrees


def test_several_claims_and_what_is_so_instead(net):
    result = run("check", net, "--claim", "params 2.6K", "--claim", "macs 9,472", "--claim", "depth 3", "-f", "json")
    assert result.exit_code == 1
    figures = json.loads(result.stdout)["figures"]
    assert [(each["quantity"], each["status"], each["computed"]) for each in figures] == [
        ("params", "agrees", 2682), ("macs", "agrees", 9472), ("depth", "differs", 2)
    ]  # fmt: skip
    assert figures[0]["cut"] is True
    assert result.stderr == "command line: net: total depth is 2, printed 3 (--claim)\n"


@pytest.mark.parametrize(
    ("network", "claim", "words"),
    [
        ("resnet50", "macs 4.1G", "it is MACs of resnet50-v1.5 (3x224x224): 4,089,184,256 = 4.09G"),
        ("vgg16", "macs 13.6G", "misprint"),
        ("resnet50", "params 25.5M", None),  # 25,557,032 cut: it agrees
    ],
)
def test_a_figure_that_differs_is_explained_as_why_would(network, claim, words):
    result = run("check", network, "--claim", claim)
    if words is None:
        assert (result.exit_code, result.stderr) == (0, "")
        assert "agrees, cut" in result.stdout
        return
    assert result.exit_code == 1
    assert words in result.stderr
    assert words in " ".join(result.stdout.split())


def test_nothing_else_is_checked(net):
    net.write_text(f"{HEAD}expect: {{params: <= 5}}\n", encoding="utf-8")
    assert run("check", net).exit_code == 1
    result = run("check", net, "--claim", "depth 2")
    assert result.exit_code == 0
    assert "1 published figure of 1 network" in result.stdout


@pytest.mark.parametrize(
    ("bound", "holds"),
    [("params <= 2682", True), ("params<=2681", False), ("params > 2.6K", True), ("depth == 2", True),
     ("memory < 1832", False), ("Params >= 2682", True), ("parameters <= 3K", True)],
)  # fmt: skip
def test_expectations(net, bound, holds):
    result = run("check", net, "--expect", bound)
    assert result.exit_code == (0 if holds else 1)
    assert ("as expected" in result.stdout) == holds


def test_a_model_file_of_another_program(tmp_path):
    path = tmp_path / "net.onnx"
    weights = [models.tensor("w", [8, 3, 3, 3])]
    path.write_bytes(models.onnx([models.node("Conv", "x w", "y")], weights=weights))
    params = json.loads(run("show", path, "-f", "json").stdout)["totals"]["params"]
    assert run("check", path, "--expect", f"params <= {params}").exit_code == 0
    broken = run("check", path, "--expect", f"params < {params}")
    assert broken.exit_code == 1
    assert broken.stderr.startswith("command line: ")
    assert run("check", path, "--claim", f"params {params}").exit_code == 0


def test_input_and_arguments_are_those_of_the_claim():
    assert run("check", "resnet50", "--claim", "macs 5.0G", "-i", 256).exit_code == 0
    assert run("check", "resnet50", "--claim", "macs 5.0G").exit_code == 1
    assert run("check", "resnet50", "--claim", "depth 101", "-s", "n4=23").exit_code == 0
    assert run("check", "vgg16", "--expect", "depth == 16", "-i", 8).stderr.startswith(
        "--input 8: vgg16 needs an input of"
    )


def test_claims_under_a_convention():
    assert run("check", "resnet50", "--claim", "macs 4.1G", "--convention", "thop").exit_code in (0, 1)
    found = json.loads(run("check", "resnet50", "--claim", "macs 4.1G", "--convention", "thop", "-f", "json").stdout)
    assert found["figures"][0]["convention"] == "thop"


@pytest.mark.parametrize(
    ("option", "text", "words"),
    [
        ("--claim", "params", "write QUANTITY FIGURE, as in params 25.6M"),
        ("--claim", "25.6M", "write QUANTITY FIGURE"),
        ("--claim", "", "write QUANTITY FIGURE"),
        ("--claim", "parms 25.6M", "did you mean 'params'?"),
        ("--claim", "params 25.6Q", "25.6Q"),
        ("--claim", "8.2 GFLOPs", "FLOPs are counted in many ways"),
        ("--claim", "top5_error 7.3%", "top5_error is measured, not computed"),
        ("--claim", "params 7 at conv9", "net has no layer 'conv9'"),
        ("--expect", "params 5M", "write QUANTITY BOUND FIGURE, as in params <= 5M"),
        ("--expect", "params <= x", "expected <=, >=, ==, < or > and a figure"),
        ("--expect", "kernel <= 3", "not a single number of a network"),
        ("--expect", "prams <= 3", "did you mean 'params'?"),
    ],
)
def test_what_cannot_be_read(net, option, text, words):
    result = run("check", net, option, text)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert words in result.stderr
    assert result.stderr.startswith(f"{option} '")


def test_what_they_are_about_is_needed():
    assert "are about a NET" in run("check", "--claim", "params 5M").stderr
    for option, value in (("-i", "8"), ("-s", "n4=3")):
        result = run("check", "lenet5", option, value)
        assert result.exit_code == 2
        assert "are for --claim and --expect" in result.stderr


def test_annotations(tmp_path):
    net = tmp_path / "a,b.yaml"
    net.write_text(f"{HEAD}expect:\n  params: <= 5\n  depth: == 2\n", encoding="utf-8")
    result = run("check", net, "-f", "github")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    file = str(net).replace(",", "%2C")
    says = "net: params is 2,682, expected <= 5: 2,677 over (53,540.0%25)"
    assert lines[0] == f"::error file={file},line=7,col=11,title=archcalc::{says}"
    assert not [line for line in lines[1:] if line.startswith("::")]
    assert "line=" not in run("check", net, "--claim", "depth 3", "-f", "github").stdout
    net.write_text(HEAD, encoding="utf-8")
    nothing = run("check", net, "-f", "github")
    assert nothing.exit_code == 2
    assert f"::warning file={file},title=archcalc::no published, no expect\n" in nothing.stdout


def test_annotations_of_validate(tmp_path):
    net = tmp_path / "net.yaml"
    net.write_text(HEAD.replace("filters: 4", "filtres: 4").replace("fc: 10", "fc: x"), encoding="utf-8")
    result = run("validate", net, "--format", "github")
    assert result.exit_code == 3
    found = [
        re.match(r"::error file=(.*),line=(\d+),col=(\d+),title=archcalc::", line)
        for line in result.stdout.splitlines()
    ]
    assert [each and each.groups() for each in found] == [
        (str(net), "4", "26"), (str(net), "4", "26"), (str(net), "5", "10")
    ][-len(found):]  # fmt: skip
    net.write_text(HEAD.replace("[3, 8, 8]", "[3, 8, 8]\nargs: {a: 1}"), encoding="utf-8")
    assert f"::notice file={net},title=archcalc::no formula uses" in run("validate", net, "-f", "github").stdout
