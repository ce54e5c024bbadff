"""The ledger: claims about several networks hold, and every figure of the lecture documents is accounted for once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archcalc.errors import SpecError
from archcalc.published import claims as ledger
from archcalc.published.check import AGREES, CUT, DIFFERS, MEASURED, MISPRINT, NO_NETWORK, UNEXPECTED, check
from archcalc.published.claims import check_claims
from archcalc.published.stats import distinct, source_stats
from archcalc.zoo import every_spec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archcalc.published.check import Finding

FIGURES = {"cnn-advanced": 237, "resnet-talk": 90, "cs231n-summary": 47, "study-slides": 19, "vision-advanced": 160}
"""How many figures each of the lecture documents prints."""


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    specs = list(every_spec())
    return [finding for spec in specs for finding in check(spec)] + check_claims(specs)


def test_nothing_differs(findings: list[Finding]) -> None:
    assert [each for each in findings if each.fails] == []


def test_every_figure_of_the_lecture_documents_is_recorded_once(findings: list[Finding]) -> None:
    found = source_stats(findings)
    assert {cite: found[cite].figures for cite in FIGURES} == FIGURES
    assert sum(FIGURES.values()) == 553
    for account in found.values():
        assert account.checked + account.measured + account.of_no_network == account.figures


def test_a_figure_of_a_family_counts_once(findings: list[Finding]) -> None:
    table = [each for each in findings if each.figure.cite == "resnet-talk" and each.figure.where == "table 1"]
    sizes = [each for each in table if each.figure.quantity == "output"]
    assert len(sizes) > len(distinct(sizes)) == 6


def test_misprints_say_why_in_sentences(findings: list[Finding]) -> None:
    for each in findings:
        if each.status == MISPRINT:
            reason = each.figure.misprint
            assert reason[0].isupper() or reason[0].isdigit(), reason
            assert reason.endswith("."), reason


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Finding]]:
    """Hold a ledger that is written on the spot."""
    monkeypatch.setattr(ledger, "folder", lambda: str(tmp_path))

    def hold(text: str) -> list[Finding]:
        (tmp_path / "_ledger.yaml").write_text(text, encoding="utf-8")
        return check_claims()

    return hold


def claim(words: str) -> str:
    return f"- {{claim: A claim, cite: resnet-talk, {words}}}\n"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("is: =2*3, print: 6", AGREES),
        ("is: =27/10, print: 2", CUT),
        ("is: =27/10, print: 3", AGREES),
        ("is: =27/10, print: 4", DIFFERS),
        ("is: =27/10, print: 4, misprint: Too much.", MISPRINT),
        ("is: =27/10, print: 3, misprint: Too much.", UNEXPECTED),
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
    ],
)
def test_claims(held: Callable[[str], list[Finding]], words: str, status: str) -> None:
    (finding,) = held(claim(words))
    assert finding.status == status


def test_a_figure_of_no_network(held: Callable[[str], list[Finding]]) -> None:
    (finding,) = held("- {of: ImageNet, fact: 1.2 million images, cite: cnn-advanced}\n")
    assert (finding.network, finding.status, finding.figure.at) == (NO_NETWORK, MEASURED, ("ImageNet",))
    assert source_stats([finding])["cnn-advanced"].of_no_network == 1


def test_a_figure_that_fails_for_one_of_a_family_differs(findings: list[Finding]) -> None:
    first = next(each for each in findings if each.status == AGREES)
    account = source_stats([first, first._replace(status=DIFFERS), first])[first.figure.cite]
    assert (account.figures, account.agree, account.differ) == (1, 0, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1", "where a claim is wanted"),
        ("- {claim: A claim, cite: nobody, is: =1}", "no source 'nobody'"),
        ("- {fact: x, cites: cnn-advanced, cite: cnn-advanced}", "has no 'cites'"),
        (claim("prints: 5, is: =1"), "a claim has no 'prints' (did you mean 'print'?)"),
        (claim("is: 5"), "is: =formula"),
        (claim("is: =1, print: one"), "'one' is no figure"),
        (claim("is: =a, from: {a: vgg61 params}"), "no network 'vgg61' (did you mean"),
        (claim("is: =a, from: {a: vgg16}"), "no quantity ''"),
        (claim("is: =a, from: {a: vgg16 parms}"), "no quantity 'parms' (did you mean 'params'?)"),
        (claim("is: =a, from: {a: vgg16 conv9 params}"), "no layer 'conv9'"),
        (claim("is: =a, from: {a: vgg16 output}"), "is no single number"),
        (claim("is: =a, from: {a: {of: vgg16, quantity: params, sets: x}}"), "a term has no 'sets'"),
        (claim("is: =a, from: {a: [vgg16]}"), "a term is"),
        (claim("is: =b, from: {a: vgg16 params}"), "unknown name 'b'"),
        (claim("is: =a, from: {a: vgg16 top5_error}"), "0 figures of top5_error"),
        (claim("is: =a, from: {a: resnet110-cifar error}"), "2 figures of error"),
        (claim("is: =n, for: n"), "is wanted"),
        (claim("is: =n, for: {n: []}"), "no number"),
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
