"""The literature: nothing differs, every figure of the lecture documents is recorded once, accusations hold; claims."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from archcalc.conventions.convention import conventions
from archcalc.errors import SpecError
from archcalc.published import claims
from archcalc.published.check import Checker, check, depends
from archcalc.published.claims import check_claims
from archcalc.published.figure import Reading, readings
from archcalc.published.figures import figures
from archcalc.published.quantities import kind_of
from archcalc.published.reports import Reports
from archcalc.published.stats import distinct, source_stats
from archcalc.published.verdicts import (
    AGREES,
    AGREES_UNDER,
    APPROXIMATE,
    DIFFERS,
    MISPRINT,
    NO_NETWORK,
    OTHER,
    REMARKED,
    UNEXPECTED,
    UNEXPLAINED,
    agreement,
)
from archcalc.text.tree import NodeError
from archcalc.zoo import every_family, every_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archcalc.language.networks import NetworkSpec
    from archcalc.published.figure import Figure
    from archcalc.published.verdicts import Finding

FIGURES = {"cnn-advanced": 237, "resnet-talk": 90, "cs231n-summary": 47, "study-slides": 19, "vision-advanced": 160}
"""How many figures each of the lecture documents prints."""


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    specs = list(every_spec())
    return [finding for spec in specs for finding in check(spec)] + check_claims(specs)


def test_nothing_differs(findings: list[Finding]) -> None:
    assert [finding for finding in findings if finding.fails] == []


def test_every_figure_of_the_lecture_documents_is_recorded_once(findings: list[Finding]) -> None:
    found = source_stats(findings)
    assert {cite: found[cite].figures for cite in FIGURES} == FIGURES
    assert sum(FIGURES.values()) == 553
    for stats in found.values():
        judged = stats.agree + stats.agree_under + stats.approximate + stats.other + stats.unexplained
        assert judged + stats.misprints + stats.differ == stats.checked
        assert stats.checked + stats.measured + stats.remarks + stats.of_no_network == stats.figures


def test_a_figure_of_a_family_counts_once(findings: list[Finding]) -> None:
    table = [each for each in findings if each.figure.cite == "resnet-talk" and each.figure.where == "table 1"]
    sizes = [each for each in table if each.figure.quantity == "output"]
    assert len(sizes) > len(distinct(sizes)) == 6


def test_what_is_called_wrong_says_why_in_sentences(findings: list[Finding]) -> None:
    for finding in findings:
        if finding.status in (MISPRINT, UNEXPLAINED, OTHER):
            figure = finding.figure
            reason = figure.misprint or figure.unexplained or figure.other
            assert reason[0].isupper() or reason[0].isdigit(), reason
            assert reason.endswith("."), reason


def test_the_accusations_that_are_left(findings: list[Finding]) -> None:
    """A misprint is added here by hand, after its author could have read the reason."""
    accused: dict[str, list[str]] = {}
    for finding in distinct(findings):
        if finding.status == MISPRINT:
            accused.setdefault(finding.network, []).append(finding.figure.printed)
    assert accused == {
        "alexnet": ["253,440"],
        "alexnet-96": ["224x224x3", "16.8 MB"],
        "alexnet-eecs498": ["145M"],
        "googlenet": ["380K", "364K", "437K", "463K", "580K", "840K", "1072K", "54M", "1388K", "5M", "0KB"],
        "vgg16": ["2", "7", "13.6G"],
        "bn-inception": ["1"],
        "resnet1202-cifar": ["10.2M"],
        "plain34": ["2"],
        "stochastic-depth1202": ["10.2M"],
        "squeezenet1.0": ["224x224x3"],
        "mobilenet-v1": ["2", "1.19%", "34M"],
        "convnext-base": ["47.0G"],
        "several networks": ["12x", "holds", "holds"],
    }


def test_what_explains_other_figures(findings: list[Finding]) -> None:
    by_status = {
        status: {(each.network, each.figure.printed) for each in findings if each.status == status}
        for status in (AGREES_UNDER, APPROXIMATE, OTHER, UNEXPLAINED)
    }
    assert by_status[APPROXIMATE] == {
        ("resnext50-32x4d", "~4.1G"), ("resnext101-32x4d", "~7.8G"), ("resnext101-64x4d", "~15.6G"),
    }  # fmt: skip
    assert by_status[OTHER] == {
        ("preresnet200", "519MB"), ("inception-v3", "84MB"), ("inception-v3", "42"), ("inception-v3", "5G"),
        ("googlenet", "0"), ("bn-inception", "28x28x576"), ("bn-inception", "14x14x1024"),
        ("several networks", "27C"), ("several networks", "49C"),
        ("ssd300", "8732"), ("deeplab-largefov", "224"),
    }  # fmt: skip
    assert by_status[UNEXPLAINED] == {
        ("efficientnet-b1", "0.70B"), ("efficientnet-b2", "9.2M"), ("efficientnet-b4", "4.2B"),
        ("efficientnet-b5", "9.9B"), ("efficientnet-v2-l", "119.5M"), ("mobilenet-v3-large", "219M"),
        ("mobilenet-v3-small", "66M"), ("bn-inception", "13.6M"), ("shufflenet-v1-x1.0-g3", "138M"),
        ("pointnet", "440M"), ("ssd300", "33.1M"), ("segnet", "286.03G"), ("pspnet101", "256.4G"),
        ("deeplabv3-resnet101", "81.02B"), ("deeplabv3-resnet101", "276.18B"),
        ("deeplabv3plus-resnet101", "101.28B"), ("deeplabv3plus-resnet101", "297.92B"),
    }  # fmt: skip
    assert {
        ("alexnet", "224x224x3"), ("googlenet", "2.7K"), ("googlenet", "34M"), ("googlenet", "1.5G"),
        ("bn-inception", "14x14x576"), ("shufflenet-v2-x0.5", "41M"), ("efficientnet-v2-m", "24.7B"),
        ("efficientnet-v2-l", "56.3B"), ("mobilenet-v1", "233M"), ("mobilenet-v1", "162M"), ("mobilenet-v1", "104M"),
        ("mobilenet-v1-0.75-224", "317M"), ("vgg16", "93MB"), ("vgg16", "24M"), ("vgg16", "15.3G"),
    } <= by_status[AGREES_UNDER]  # fmt: skip


_COINCIDENCES = {
    ("googlenet", "380K"),  # with biases, but then 3a would make 160 and the linear layer 1001
    ("mobilenet-v1", "34M"),  # as thop counts, but the rows beside it are multiply-accumulates
    ("efficientnet-b1", "0.70B"),  # one operation for each normalised value, but then B3 would have 1.9
    ("efficientnet-b2", "9.2M"),  # with running statistics, but then B1 would have 7.9
}
"""Figures that a reading gives which the figures beside them in their table refuse."""


def test_no_argument_or_convention_of_archcalc_gives_a_misprint(findings: list[Finding]) -> None:
    """What archcalc's own words explain is no slip of an author."""
    specs = {spec.name: (spec, own) for _, own in every_family() for spec in own}
    accused = [each for each in distinct(findings) if each.status in (MISPRINT, UNEXPLAINED)]
    checker, explained = Checker(Reports()), set()
    for finding in accused:
        if finding.network not in specs:  # a claim
            continue
        spec, family = specs[finding.network]
        for options in _readings(family, finding.figure):
            reading = Reading(finding.figure.node, options).of(finding.figure)
            with suppress(NodeError, SpecError):  # an argument that does not fit this network
                if agreement(reading, checker.value(spec, reading)) == "rounded":
                    explained.add((finding.network, finding.figure.printed))
    assert explained == _COINCIDENCES


def _readings(family: list[NetworkSpec], figure: Figure) -> Iterator[dict[str, object]]:
    """Yield every way of counting that archcalc has a word for: settings of its own file, conventions, flags, K."""
    yield from ({"set": {name: value}} for name, value in sorted(_settings_used(family)))
    for convention in conventions().values():
        if depends(figure, convention):
            yield {"convention": convention.name}
    if kind_of(figure.quantity) != "shape":
        yield from ({"norm": not figure.norm}, {"buffers": True}, {"training": True})
        yield from ({"k": k, "bias": bias} for k in (1000, 1024) for bias in (False, True))


def _settings_used(family: list[NetworkSpec]) -> set[tuple[str, str]]:
    """Return the settings of a file's variants and figures, as --set takes them."""
    found = {(name, str(value).lower()) for spec in family for name, value in spec.values.items()}
    for figure in chain.from_iterable(map(figures, family)):
        for settings in (figure.set, *(reading.options.get("set", {}) for reading in readings(figure))):
            found.update(settings.items())
    return found


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Finding]]:
    """Check claims that are written on the spot."""
    monkeypatch.setattr(claims, "folder", lambda: str(tmp_path))

    def hold(text: str) -> list[Finding]:
        (tmp_path / claims.FILE).write_text(text, encoding="utf-8")
        return check_claims()

    return hold


def claim(words: str) -> str:
    return f"- {{claim: A claim, cite: resnet-talk, {words}}}\n"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("is: =2*3, print: 6", AGREES),
        ("is: =27/10, print: 2", AGREES),
        ("is: =27/10, print: 3", AGREES),
        ("is: =27/10, print: 4", DIFFERS),
        ("is: =27/10, print: ~2.6", APPROXIMATE),
        ("is: =27/10, print: 4, misprint: Too much.", MISPRINT),
        ("is: =27/10, print: 4, unexplained: Nobody knows.", UNEXPLAINED),
        ("is: =27/10, print: 4, other: Of something else.", OTHER),
        ("is: =27/10, print: 3, misprint: Too much.", UNEXPECTED),
        ("is: =27/10, print: 2, misprint: Too much.", UNEXPECTED),
        ("is: =27/10, print: 4, under: {is: =2*2}", AGREES_UNDER),
        ("is: =27/10, print: 4, under: {is: =2*3}", DIFFERS),
        ("is: =27/10, print: 3, under: {is: =2*3}", DIFFERS),
        ("is: =27/10, print: 4, misprint: Twice two., under: {is: =2*2}", MISPRINT),
        ("is: =27/10, print: 4, misprint: Twice three., under: {is: =2*3}", DIFFERS),
        ("is: =n > 2, for: {n: [1, 2]}, other: Of more., under: {is: =n > 0}", OTHER),
        ("is: =n > 2, for: {n: [1, 2]}, other: Of more., under: {is: =n > 1}", DIFFERS),
        ("is: =48.8, print: 50x, to: 10", AGREES),
        ("is: =2 > 1", AGREES),
        ("is: =1 > 2", DIFFERS),
        ("is: =n > 1, for: {n: [2, 3]}", AGREES),
        ("is: =n > 2, for: {n: [2, 3]}", DIFFERS),
        ("is: =n + m, for: {n: [2, 3], m: [0]}, print: 2", DIFFERS),
        ("is: =a > b, from: {a: vgg16 params, b: lenet5 C1 params}", AGREES),
        ("is: =p == 9*C*C, from: {p: {of: one-3x3, quantity: params, set: {filters: =C}}}, for: {C: [1, 5]}", AGREES),
        ("is: =h == 3*S, from: {h: {of: one-3x3, quantity: height, input: =3*S}}, for: {S: [1, 5]}", AGREES),
        ("is: =a > b, from: {a: plain34 top1_error, b: plain18 top1_error}", AGREES),
        ("is: =e, print: 25.03%, from: {e: {of: resnet34, quantity: top1_error, where: table 2}}", AGREES),
        ("is: =1, print: 3.6M, under: {from: {p: lenet5 C1 params}, is: =p}, misprint: A slip.", DIFFERS),
        ("is: =1, print: 156, under: {from: {p: lenet5 C1 params}, is: =p}", AGREES_UNDER),
    ],
)
def test_claims(held: Callable[[str], list[Finding]], words: str, status: str) -> None:
    (finding,) = held(claim(words))
    assert finding.status == status


def test_a_claim_that_agrees_only_when_cut_says_so(held: Callable[[str], list[Finding]]) -> None:
    (cut, rounded) = held(claim("is: =27/10, print: 2") + claim("is: =27/10, print: 3"))
    assert (cut.cut, rounded.cut) == (True, False)


def test_figures_and_remarks_of_no_network(held: Callable[[str], list[Finding]]) -> None:
    remark, older, figure = held(
        "- {of: ImageNet, remark: 1.2 million images, cite: cnn-advanced}\n"
        "- {of: ImageNet, fact: 1.2 million images, cite: cnn-advanced}\n"
        "- {of: PReLU-net, top1_error: 21.59%, cite: cnn-advanced}\n"
    )
    assert (remark.network, remark.status, remark.figure.at) == (NO_NETWORK, REMARKED, ("ImageNet",))
    assert remark.figure.quantity == older.figure.quantity == "remark"
    assert source_stats([remark])["cnn-advanced"].of_no_network == 1
    assert source_stats([figure])["cnn-advanced"].of_no_network == 1


def test_a_figure_that_fails_for_one_of_a_family_differs(findings: list[Finding]) -> None:
    first = next(each for each in findings if each.status == AGREES)
    stats = source_stats([first, first._replace(status=DIFFERS), first])[first.figure.cite]
    assert (stats.figures, stats.agree, stats.differ) == (1, 0, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1", "expected a claim, got '1'"),
        ("- {claim: A claim, cite: nobody, is: =1}", "no source 'nobody'"),
        ("- {remark: x, cites: cnn-advanced, cite: cnn-advanced}", "has no 'cites'"),
        (claim("prints: 5, is: =1"), "a claim has no 'prints' (did you mean 'print'?)"),
        (claim("is: 5"), "is: =formula"),
        (claim("is: =1, print: one"), "'one' is not a figure"),
        (claim("is: =a, from: {a: vgg61 params}"), "no network 'vgg61' (did you mean"),
        (claim("is: =a, from: {a: vgg16}"), "no quantity ''"),
        (claim("is: =a, from: {a: vgg16 parms}"), "no quantity 'parms' (did you mean 'params'?)"),
        (claim("is: =a, from: {a: vgg16 conv9 params}"), "no layer 'conv9'"),
        (claim("is: =a, from: {a: vgg16 output}"), "is not a single number"),
        (claim("is: =a, from: {a: {of: vgg16, quantity: params, sets: x}}"), "a term has no 'sets'"),
        (claim("is: =a, from: {a: [vgg16]}"), "a term is"),
        (claim("is: =b, from: {a: vgg16 params}"), "unknown name 'b'"),
        (claim("is: =a, from: {a: vgg16 top5_error}"), "0 figures of top5_error"),
        (claim("is: =a, from: {a: resnet110-cifar error}"), "2 figures of error"),
        (claim("is: =n, for: n"), "expected {name: [number, ...]}, got 'n'"),
        (claim("is: =n, for: {n: []}"), "no number"),
        (claim("is: =1, under: =2"), "expected {from: , is: }, got '=2'"),
        (claim("is: =1, under: {is: =2, at: conv1}"), "what explains a claim has no 'at'"),
        (claim("is: =1, misprint: A slip., unexplained: Unknown."), "either 'unexplained' or 'misprint'"),
    ],
)
def test_mistakes(held: Callable[[str], list[Finding]], text: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        held(text)
    assert message in str(error.value)


def test_all_mistakes_are_told_at_once(held: Callable[[str], list[Finding]]) -> None:
    with pytest.raises(SpecError) as error:
        held(claim("is: =x") + claim("is: =1, print: 1") + claim("is: =y"))
    assert len(error.value.mistakes) == 2
