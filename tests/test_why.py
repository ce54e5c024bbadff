"""Why a reported figure differs: what explains it, how likely a coincidence is, and terms that add up."""

from __future__ import annotations

import itertools
import json
import random
from functools import cache

import pytest
from click.testing import CliRunner

import archcalc
from archcalc.analyses.why.candidates import Candidate, candidates, is_namesake
from archcalc.analyses.why.chance import MOST, Window, chance, window
from archcalc.analyses.why.classifier import classes_of, with_classes, without_classifier
from archcalc.analyses.why.ledger import look_up
from archcalc.analyses.why.reported import read_reported
from archcalc.analyses.why.search import MAX_TRIED, MAX_TRIED_LAYERS, Outcome, search
from archcalc.analyses.why.terms import PARAMS, WORK, Interpretation, difference, interpretation
from archcalc.cli import cli
from archcalc.conventions.convention import conventions, find
from archcalc.engine.count import count
from archcalc.engine.count import setup as counted_for  # pytest 7 would run a module's setup
from archcalc.engine.expand import expand
from archcalc.zoo import find as network


def run(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(cli, ["why", *arguments], env={"COLUMNS": "120", "NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    return result.output


def data(*arguments: str, status: int = 0) -> dict:
    return json.loads(run(*arguments, "--format", "json", status=status))


def terms(found: dict) -> dict[str, int]:
    return {each["name"]: each["amount"] for each in found["terms"]}


def searched(name: str, figure: str) -> Outcome:
    """Search without the ledger."""
    return search(read_reported(figure), Candidate(0, network(name), None, False), tuple(conventions().values()))


def test_the_commonest_question() -> None:
    text = run("resnet50", "4.09G")
    assert text.startswith("4.09G is MACs of resnet50-v1.5 (3x224x224): 4,089,184,256 = 4.09G\n")
    assert "resnet50-v1.5: ResNet-50 v1.5 (stride on the 3x3)" in text
    assert "the chance of a coincidence." in text
    found = data("resnet50", "--reported", "4.09G")
    assert terms(found) == {"resnet50-v1.5 (stride_on 3x3)": 231_211_008}
    assert found["chance"] < 0.01


def test_a_figure_may_be_several_words() -> None:
    assert data("resnet50", "8.21", "GFLOPs")["answer"]["convention"] == "calflops"
    assert data("resnet50", "25.6M", "params")["answer"]["quantity"] == "params"


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
        ("resnet50", "25636712 params", ("resnet50", "biased-convolutions-and-statistics", "params", False, 1000)),
        ("resnet50", "25,530,472", ("resnet50", "onnx-tool", "params", False, 1000)),
        ("resnet50", "102MB", ("resnet50", None, "model size", False, 1000)),
        ("resnet50", "98MB", ("resnet50", "keras", "model size", False, 1024)),
        ("vgg16", "93MB", ("vgg16", "conv-in-out", "memory", False, 1024)),
        ("vgg16", "58MB", ("vgg16", None, "memory", False, 1024)),
        ("vgg16", "24M values", ("vgg16", "conv-in-out", "stored values", False, 1000)),
        ("vgg16", "219 MiB", ("vgg16", "torchsummary", "memory", False, 1024)),
        ("vgg16", "15.523226G", ("vgg16-torchvision", "ptflops", "work", False, 1000)),
        ("vgg16", "14.41G", ("vgg16", None, "work", False, 1024)),
        ("vgg16", "15.5G", ("vgg16", None, "work", False, 1000)),
        ("vgg16", "138M", ("vgg16", None, "params", False, 1000)),
        ("googlenet", "7M", ("googlenet", None, "params", False, 1000)),
        ("mobilenet-v2", "300M", ("mobilenet-v2", None, "work", False, 1000)),
        ("mobilenet-v2", "3.4M", ("mobilenet-v2", "no-normalisation", "params", False, 1000)),
        ("mobilenet-v2", "615,292,208", ("mobilenet-v2", "tf-profiler", "work", False, 1000)),
        ("convnext-tiny", "322M", ("convnext-tiny", "torchinfo", "work", False, 1000)),
        ("alexnet", "0.714G", ("alexnet-owt", None, "work", False, 1000)),
    ],
)
def test_what_explains_a_figure(name: str, figure: str, answer: tuple) -> None:
    found = data(name, figure)["answer"]
    assert (found["network"], found["convention"], found["quantity"], found["doubled"], found["k"]) == answer
    assert found["classes"] is None


@pytest.mark.parametrize(
    ("name", "figure", "classes", "convention"),
    [
        ("resnet50", "23.53M params", 10, None),
        ("resnet50", "23,712,932", 100, None),
        ("resnet50", "23,583,845", 37, None),
        ("resnet50", "23,508,032", 0, None),
        ("resnet50", "23,587,712", 0, "biased-convolutions-and-statistics"),
        ("resnet18", "11.2M", 10, None),
        ("vgg16", "14,714,688", 0, None),
        ("vgg16", "15.3G", 0, None),
        ("vgg16", "134,301,514", 10, None),
        ("mobilenet-v2", "2,257,984", 0, "keras"),
        ("squeezenet1.0", "735,424", 0, None),
    ],
)
def test_another_number_of_classes(name: str, figure: str, classes: int, convention: str | None) -> None:
    found = data(name, figure)["answer"]
    assert (found["classes"], found["convention"]) == (classes, convention)


def test_classes_are_named() -> None:
    text = run("resnet50", "23.53M params")
    assert text.startswith("23.53M is params of resnet50 with 10 classes (3x224x224): 23,528,522 = 23.53M\n")
    assert "10 classes" in text
    assert "-2,028,510" in text  # 990 outputs of 2048 weights and a bias
    assert "10 classes: CIFAR-10, MNIST" in text


@pytest.mark.parametrize("name", ["resnet50", "vgg16", "squeezenet1.0", "mobilenet-v2", "unet", "resnet20-cifar"])
def test_a_network_with_other_classes_is_the_network(name: str) -> None:
    """With as many classes as it has it comes out as it was, whatever is counted of it."""
    whole = expand(network(name))
    classes = classes_of(whole)
    assert classes is not None
    fewer = with_classes(whole, classes + 1)
    assert fewer is not None
    again = with_classes(fewer, classes)
    assert again is not None
    first, last = (count(each, counted_for()) for each in (whole, again))
    assert first.totals == last.totals
    assert [layer.output for layer in first.layers] == [layer.output for layer in last.layers]


def test_auxiliary_classifiers_get_as_many_classes() -> None:
    """Torchvision's Inception v3 for 10 classes, with its auxiliary head: by hand, two fc layers of 2048 and 768."""
    whole = with_classes(expand(network("inception-v3")), 10)
    assert whole is not None
    assert count(whole, counted_for(), training=True).params == 27_161_264 - 990 * (2048 + 1) - 990 * (768 + 1)


@pytest.mark.parametrize("name", ["basic-block", "inception-naive", "faster-rcnn-vgg16", "zfnet-deconv"])
def test_what_is_no_classifier_is_left(name: str) -> None:
    whole = expand(network(name))
    assert classes_of(whole) is None
    assert with_classes(whole, 10) is None
    assert without_classifier(whole) is None


def test_auxiliary_heads() -> None:
    found = data("googlenet", "13,378,280")
    assert found["answer"]["training"] is True
    assert terms(found) == {"auxiliary heads": 6_379_728}


@pytest.mark.parametrize("size", [256, 448])
def test_another_input_size(size: int) -> None:
    found = data("vgg16-torchvision", str(archcalc.load("vgg16-torchvision").analyze(size).macs))
    assert found["answer"]["input"] == [3, size, size]
    assert [each["name"] for each in found["terms"]] == [f"input 3 x {size} x {size}"]


@pytest.mark.parametrize(
    ("name", "figure", "cite", "status"),
    [
        ("vgg16", "13.6G", "eecs498", "misprint"),
        ("googlenet", "5M", "cs231n-summary", "misprint"),
        ("mobilenet-v2", "3.4M", "sandler2018", None),
        ("resnet50", "3.8G", "cnn-advanced", None),
        ("resnet50", "4.1G", "xie2016", "agrees"),
        ("googlenet", "1.5G", "szegedy2015", "agrees-under"),
    ],
)
def test_the_ledger_is_asked_first(name: str, figure: str, cite: str, status: str | None) -> None:
    found = data(name, figure)
    published = {each["cite"]: each for each in found["published"]}
    assert cite in published
    assert status in (None, published[cite]["status"])
    assert cite in run(name, figure)


def test_what_the_ledger_calls_a_misprint_is_not_explained_away() -> None:
    found = data("vgg16", "13.6G")
    assert found["answer"] is None
    text = run("vgg16", "13.6G")
    assert text.startswith("13.6G was published of vgg16\n")
    assert "without conv3_3" in text


def test_what_was_published_of_layers_and_relatives_is_only_named_beside() -> None:
    found = data("resnet50", "44.5M")
    assert {each["network"] for each in found["published"]} == {"resnet101"}
    assert "Also published: resnet101" in run("resnet50", "44.5M")
    own = look_up(read_reported("3.2M values"), network("vgg16"))
    assert not own.whole
    assert all(finding.figure.at for finding in own.others)


def test_what_nothing_gives() -> None:
    found = data("resnet50", "5.55G", status=1)
    assert found["answer"] is None
    assert found["perhaps"] == []
    assert 2 <= len(found["nearest"]) <= 4
    text = run("resnet50", "5.55G", status=1)
    assert "nothing that was tried on resnet50 gives it. The nearest:" in text
    assert " is " not in text.splitlines()[0]


@pytest.mark.parametrize(
    ("name", "figure"),
    [("mobilenet-v3-large", "239M"), ("vgg16", "29.4G"), ("densenet121", "2.88G"), ("resnet50", "16G")],
)
def test_a_likely_coincidence_is_not_named(name: str, figure: str) -> None:
    found = data(name, figure, status=1)
    assert found["answer"] is None
    assert found["chance"] > MOST
    assert not run(name, figure, status=1).startswith(f"{figure} is ")


def test_the_chance_of_a_coincidence_by_hand() -> None:
    """Of the 616 figures from 2.05 to 8.20 in hundredths, three different ones are 3 / 616."""
    among = window(read_reported("4.10G"))
    assert among == Window(205, 820)
    assert among.figures == 616
    assert chance([409, 410, 410, 820, 204, 821], among) == 3 / 616
    assert chance([], among, further=308) == 0.5
    assert chance(range(10_000), among) == 1


def test_a_search_reports_the_chance_of_what_it_tried() -> None:
    """The own count of ResNet-50, 3.86G, is one of 580 figures from 1.93G to 7.72G; its FLOPs, 7.72G, come second."""
    assert searched("resnet50", "3.86G").chance == 1 / 580
    assert searched("resnet50", "7.72G").chance == 2 / 1159


RANDOM = (
    "vgg16", "mobilenet-v2", "resnet50", "googlenet", "alexnet", "mobilenet-v3-large", "squeezenet1.0", "resnet18",
)  # fmt: skip


def test_random_figures_are_not_explained() -> None:
    """Figures that nobody printed, of 3, 4 and 5 digits, from half to twice the true ones: under 5 % are explained."""
    dice = random.Random(7)
    digits = itertools.cycle((3, 4, 5))
    named = []
    for name in RANDOM:
        report = archcalc.load(name).analyze()
        for true, of in ((report.macs, ""), (report.params, " params")):
            figure = int(dice.uniform(0.5, 2) * true)
            place = 10 ** (len(str(figure)) - next(digits))
            text = f"{round(figure / place) * place / 10**6:.{max(0, 7 - len(str(place)))}f}M{of}"
            if searched(name, text).answer is not None:
                named.append((name, text))
    assert named == []  # of 16


@cache
def googlenet(size: int | None, *, training: bool) -> Interpretation:
    chosen = None if size is None else (size,)
    return interpretation(Candidate(0, network("googlenet"), chosen, training))


@pytest.mark.parametrize("name", conventions())
@pytest.mark.parametrize("quantity", ["work", "params", "memory", "stored values", "model size"])
def test_terms_add_up(name: str, quantity: str) -> None:
    first = googlenet(None, training=False)._replace(quantity=quantity)
    last = googlenet(256, training=True)._replace(quantity=quantity, convention=find(name), doubled=True)
    for start, end in ((first, last), (last, first)):
        assert start.value + sum(term.amount for term in difference(start, end)) == end.value
    assert all(term.amount for term in difference(first, last))


def test_terms_of_another_network_size_and_classes_add_up() -> None:
    first = interpretation(Candidate(0, network("alexnet"), None, False), WORK)
    last = interpretation(Candidate(0, network("alexnet-owt"), (256,), False, 10), WORK)
    found = difference(first, last)
    assert [term.name for term in found][1:] == ["input 3 x 256 x 256", "10 classes"]
    assert first.value + sum(term.amount for term in found) == last.value
    params = difference(first._replace(quantity=PARAMS), last._replace(quantity=PARAMS))
    assert params[-1] == ("10 classes", -990 * 4097)


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


def test_biases_of_a_rule_that_counts_parameters(tmp_path) -> None:
    """Each parameter at each place of the output: 9·3·4 weights and 4 biases at 64 places."""
    rules, path = tmp_path / "own.yaml", tmp_path / "net.yaml"
    rules.write_text(
        "mine:\n  title: t\n  says: s\n  source: s\n  cost: {conv: =params*out_height*out_width, default: =0}\n"
    )
    path.write_text("name: n\ninput: [3, 8, 8]\nlayers: [{conv: {filters: 4, kernel: 3, pad: 1}}]\n")
    assert terms(data(str(path), "--to", "mine", "--convention", str(rules))) == {"bias additions": 4 * 64}


def test_conventions_of_ones_own(tmp_path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("third:\n  title: t\n  says: s\n  source: s\n  cost: {default: =3*mac}\n")
    found = data("vgg16", "46.411G", "--convention", str(path))
    assert found["answer"]["convention"] == "third"


@pytest.mark.parametrize("end", ["--from", "--to"])
def test_what_is_read_is_not_written_over(end: str, tmp_path) -> None:
    spec, rule = tmp_path / "own.yaml", tmp_path / "rule.yaml"
    spec.write_text("name: own\ninput: [3, 8, 8]\nlayers: [{conv: {filters: 4, kernel: 3}}]\n")
    rule.write_text("third:\n  title: t\n  says: s\n  source: s\n  cost: {default: =3*mac}\n")
    other = [] if end == "--to" else ["--to", "thop"]
    for file, arguments in ((spec, [end, str(spec), *other]), (rule, ["15.5G", "--convention", str(rule)])):
        before = file.read_text()
        assert "is an input of this command" in run("vgg16", *arguments, "-f", "json", "-o", str(file), status=2)
        assert file.read_text() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("vgg16",), "write a FIGURE, or --to B"),
        (("vgg16", "--reported", "4G", "--to", "thop"), "write a FIGURE, or --to B"),
        (("vgg16", "--reported", "much"), "is not a figure such as"),
        (("vgg16", "--reported", "<4G"), "is a bound"),
        (("vgg16", "--to", "fvcor"), "no convention 'fvcor' (did you mean 'fvcore'?)"),
        (("vgg16", "4G", "--reported", "4G"), "write a FIGURE, or --to B"),
        (("vgg16", "thop"), "'thop' is not a figure such as"),
        (("vgg16", "0"), "expected a figure"),
        (("vgg16", "--from", "1.234567G", "--to", "thop"), "nothing that was tried on vgg16 explains it"),
        (("vgg16", "--from", "29.4G", "--to", "thop"), "nothing that was tried on vgg16 explains it"),
    ],
)
def test_a_wrong_request_is_told(arguments: tuple[str, ...], message: str) -> None:
    assert message in run(*arguments, status=2)


@pytest.mark.parametrize("name", ["resnet-1202", "efficientnet-b7", "densenet201"])
def test_a_search_is_bounded(name: str) -> None:
    """Where nothing matches, everything is tried, and that is not more than the limits."""
    own = len(archcalc.load(name).analyze().layers)
    found = searched(name, "123.456789T")
    assert found.answer is None
    assert own < MAX_TRIED_LAYERS
    assert 0 < found.tried < 2 * MAX_TRIED


def test_networks_are_tried_in_the_order_of_what_people_do() -> None:
    tried = candidates(Candidate(0, network("resnet50"), None, False))
    assert [each.penalty for each in tried] == sorted(each.penalty for each in tried)
    assert tried[0].spec.name == "resnet50"
    first = {each.spec.name: number for number, each in reversed(list(enumerate(tried)))}
    assert first["resnet50-v1.5"] < first["resnet101"]
    sizes = [each.input for each in tried if each.input is not None]
    assert sizes[0] == (448,)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("resnet50", "resnet50-v1.5", True),
        ("vgg16", "vgg16-torchvision", True),
        ("alexnet", "alexnet-owt", True),
        ("resnet50", "resnet101", False),
        ("mobilenet-v2", "mobilenet-v2-1.4", False),
        ("mobilenet-v1", "mobilenet-v3-large", False),
        ("efficientnet-b0", "efficientnet-b1", False),
    ],
)
def test_what_is_another_definition_of_a_network(one: str, other: str, same: bool) -> None:
    assert is_namesake(network(one), network(other)) is same
    assert is_namesake(network(other), network(one)) is same


@pytest.mark.parametrize("format", ["table", "plain", "markdown", "csv", "tsv", "latex", "html"])
def test_every_format(format: str) -> None:
    number = "4132436968" if format in ("csv", "tsv") else "4,132,436,968"
    assert number in run("resnet50", "--reported", "4.132G", "--format", format)


@pytest.mark.parametrize(
    ("name", "figure", "model"),
    [
        ("squeezenet1.1", "349,151,936", "torchvision:squeezenet1_1"),
        ("efficientnet-b2", "1.0875G", "torchvision:efficientnet_b2"),
        ("resnext101-32x4d", "88,791,336 params", "torchvision:resnext101_32x8d"),
    ],
)
def test_the_very_models_of_libraries_are_tried(name: str, figure: str, model: str) -> None:
    found = searched(name, figure).answer
    assert found is not None
    assert found.interpretation.report.name == model
