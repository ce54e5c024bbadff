"""Why a figure is what it is: the reading that gives it, and terms that add up."""

from __future__ import annotations

import json
from functools import cache

import pytest
from click.testing import CliRunner

import archcalc
from archcalc.analyses.why.candidates import Network
from archcalc.analyses.why.search import MAX_TRIED_LAYERS, read_reported, search
from archcalc.analyses.why.terms import Interpretation, difference
from archcalc.cli import cli
from archcalc.conventions.convention import conventions, find
from archcalc.conventions.rules import GroupedReport, grouped
from archcalc.zoo import find as network


def run(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(cli, ["why", *arguments], env={"COLUMNS": "120", "NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    return result.output


@cache
def googlenet(size: int | None, *, training: bool) -> GroupedReport:
    return grouped(archcalc.load("googlenet").analyze(size, training=training))


def data(*arguments: str, status: int = 0) -> dict:
    return json.loads(run(*arguments, "--format", "json", status=status))


def terms(found: dict) -> dict[str, int]:
    return {each["name"]: each["amount"] for each in found["terms"]}


def test_the_commonest_question() -> None:
    text = run("resnet50", "--reported", "4.09G")
    assert text.startswith("4.09G is MACs of resnet50-v1.5 (3x224x224): 4,089,184,256 = 4.09G\n")
    assert "resnet50-v1.5: ResNet-50 v1.5 (stride on the 3x3)" in text
    found = data("resnet50", "--reported", "4.09G")
    assert terms(found) == {"resnet50-v1.5 (stride_on 3x3)": 231_211_008}


@pytest.mark.parametrize(
    ("name", "figure", "answer"),
    [
        ("resnet50", "3.86G", ("resnet50", None, "work", False, 1000)),
        ("resnet50", "3.8G", ("resnet50", None, "work", False, 1000)),
        ("resnet50", "4,133,742,592", ("resnet50-v1.5", "thop", "work", False, 1000)),
        ("resnet50", "4.11G", ("resnet50-v1.5", "fvcore", "work", False, 1000)),
        ("resnet50", "4.132437 GMac", ("resnet50-v1.5", "ptflops", "work", False, 1000)),
        ("resnet50", "8.21 GFLOPs", ("resnet50-v1.5", "calflops", "work", False, 1000)),
        ("resnet50", "8.18G", ("resnet50-v1.5", None, "work", True, 1000)),
        ("resnet50", "8.267G", ("resnet50-v1.5", "thop", "work", True, 1000)),
        ("resnet50", "25.6M params", ("resnet50", None, "params", False, 1000)),
        ("resnet50", "25.6M", ("resnet50", None, "params", False, 1000)),
        ("resnet50", "25,610,152", ("resnet50", "keras", "params", False, 1000)),
        ("resnet50", "102MB", ("resnet50", None, "model size", False, 1000)),
        ("resnet50", "98MB", ("resnet50", "keras", "model size", False, 1024)),
        ("vgg16", "93MB", ("vgg16", "conv-in-out", "memory", False, 1024)),
        ("vgg16", "58MB", ("vgg16", None, "memory", False, 1024)),
        ("vgg16", "24M values", ("vgg16", "conv-in-out", "stored values", False, 1000)),
        ("vgg16", "219 MiB", ("vgg16", "torchsummary", "memory", False, 1024)),
        ("vgg16", "15.523226G", ("vgg16-torchvision", "ptflops", "work", False, 1000)),
        ("vgg16", "14.41G", ("vgg16", None, "work", False, 1024)),
        ("alexnet", "0.714G", ("alexnet-owt", None, "work", False, 1000)),
    ],
)
def test_what_gives_a_figure(name: str, figure: str, answer: tuple) -> None:
    found = data(name, "--reported", figure)["answer"]
    assert (found["network"], found["convention"], found["quantity"], found["doubled"], found["k"]) == answer


def test_auxiliary_heads() -> None:
    found = data("googlenet", "--reported", "13,378,280")
    assert found["answer"]["training"] is True
    assert terms(found) == {"auxiliary heads": 6_379_728}


def test_another_input_size() -> None:
    found = data("vgg16-torchvision", "--reported", str(archcalc.load("vgg16-torchvision").analyze(256).macs))
    assert found["answer"]["input"] == [3, 256, 256]
    assert [each["name"] for each in found["terms"]] == ["input 3 x 256 x 256"]


def test_what_nothing_gives() -> None:
    found = data("resnet50", "--reported", "5.55G", status=1)
    assert found["answer"] is None
    assert 2 <= len(found["nearest"]) <= 4
    text = run("resnet50", "--reported", "5.55G", status=1)
    assert "nothing that was tried on resnet50 gives it. The nearest:" in text


@pytest.mark.parametrize("name", conventions())
@pytest.mark.parametrize("quantity", ["work", "params", "memory", "stored values", "model size"])
def test_terms_add_up(name: str, quantity: str) -> None:
    first = Interpretation(googlenet(None, training=False), quantity)
    last = Interpretation(googlenet(256, training=True), quantity, find(name), doubled=True)
    for start, end in ((first, last), (last, first)):
        assert start.value + sum(term.amount for term in difference(start, end)) == end.value
    assert all(term.amount for term in difference(first, last))


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("torchinfo", {"bias additions": 1_000, "normalisation": 53_120}),
        ("fvcore", {"normalisation": 22_227_968, "pooling": 100_352}),
        ("calflops", {"doubling": 4_089_184_256, "bias additions": 0, "normalisation": 22_227_968,
                      "activations": 9_608_704, "pooling": 903_168 - 200_704 + 200_704}),
    ],
)  # fmt: skip
def test_a_difference_by_name(goal: str, expected: dict[str, int]) -> None:
    found = terms(data("resnet50-v1.5", "--to", goal))
    assert found == {name: amount for name, amount in expected.items() if amount}


def test_a_transposed_convolution_counted_otherwise(tmp_path) -> None:
    path = tmp_path / "up.yaml"
    path.write_text("name: up\ninput: [8, 16, 16]\nlayers: [{conv_transpose: {filters: 4, kernel: 2, stride: 2}}]\n")
    assert terms(data(str(path), "--to", "thop")) == {"counted otherwise": 131_072 - 32_768}
    assert terms(data(str(path), "--to", "ptflops")) == {"bias additions": 4 * 32 * 32}


def test_from_one_convention_to_another() -> None:
    found = data("resnet50-v1.5", "--from", "fvcore", "--to", "thop")
    assert found["from"]["value"] == 4_111_512_576
    assert found["difference"] == 4_133_742_592 - 4_111_512_576
    assert terms(found) == {"normalisation": 22_227_968, "pooling": 2_048}


def test_from_one_network_to_another() -> None:
    found = data("resnet50", "--from", "3.8G", "--to", "resnet50-v1.5:ptflops")
    assert found["from"]["network"] == "resnet50"
    assert found["to"]["value"] == 4_132_436_968
    assert "resnet50-v1.5 (stride_on 3x3)" in terms(found)


def test_what_a_convention_counts_is_what_is_compared() -> None:
    assert data("vgg16", "--to", "conv-in-out")["from"]["quantity"] == "memory"
    assert terms(data("resnet50", "--to", "keras")) == {"running statistics": 53_120}
    found = data("vgg16", "--from", "torchinfo", "--to", "torchsummary", "--of", "memory")
    assert found["from"]["convention"] == "torchinfo"


def test_conventions_of_ones_own(tmp_path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("third:\n  title: t\n  says: s\n  source: s\n  cost: {default: =3*mac}\n")
    found = data("vgg16", "--reported", "46.41G", "--convention", str(path))
    assert found["answer"]["convention"] == "third"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("vgg16",), "write --reported FIGURE"),
        (("vgg16", "--reported", "4G", "--to", "thop"), "write --reported FIGURE"),
        (("vgg16", "--reported", "much"), "is not a figure such as"),
        (("vgg16", "--reported", "<4G"), "is a bound"),
        (("vgg16", "--to", "fvcor"), "no convention 'fvcor' (did you mean 'fvcore'?)"),
        (("vgg16", "--from", "1.234567G", "--to", "thop"), "nothing that was tried on vgg16 gives it"),
    ],
)
def test_a_wrong_request_is_told(arguments: tuple[str, ...], message: str) -> None:
    assert message in run(*arguments, status=2)


@pytest.mark.parametrize("name", ["resnet-1202", "efficientnet-b7", "densenet201"])
def test_a_search_is_bounded(name: str) -> None:
    """Where nothing matches, everything is tried, and that is not more than the limit."""
    asked = Network(0, network(name), None, training=False)
    own = len(archcalc.load(name).analyze().layers)
    found = search(read_reported("123.456789T"), asked, tuple(conventions().values()))
    assert not found.answers
    assert own < MAX_TRIED_LAYERS


@pytest.mark.parametrize("format", ["table", "plain", "markdown", "csv", "tsv", "latex", "html"])
def test_every_format(format: str) -> None:
    number = "4132436968" if format in ("csv", "tsv") else "4,132,436,968"
    assert number in run("resnet50", "--reported", "4.132G", "--format", format)
