"""What a spec expects of its own network, and how ``check`` enforces it."""

from __future__ import annotations

import json
from xml.etree import ElementTree as Xml

import pytest
from running import runner

import archcalc
from archcalc.cli import cli
from archcalc.errors import SpecError
from archcalc.published.check import check
from archcalc.published.expect import BOUNDS
from archcalc.published.quantities import QUANTITIES, of_networks
from archcalc.render.findings import failure

HEAD = "name: net\ninput: [3, 8, 8]\nlayers:\n  - {name: conv1, conv: {filters: 4, kernel: 3, pad: 1}}\n  - {fc: 10}\n"
"""112 + 2,570 parameters, 6,912 + 2,560 MACs, 192 + 256 + 10 values = 1,832 bytes, depth 2."""


def findings(expect: str, more: str = ""):
    return check(archcalc.loads(f"{HEAD}expect: {expect}\n{more}").spec)


def statuses(expect: str) -> list[str]:
    return [each.status for each in findings(expect)]


@pytest.mark.parametrize(
    ("expect", "status"),
    [
        ("{params: <= 2682}", "expected"),
        ("{params: <= 2681}", "broken"),
        ('{params: "< 2,683"}', "expected"),
        ("{params: < 2682}", "broken"),
        ('{params: ">= 2682"}', "expected"),
        ('{params: ">= 2.683K"}', "broken"),
        ('{params: "> 2681"}', "expected"),
        ('{params: "> 2682"}', "broken"),
        ("{params: == 2682}", "expected"),
        ("{params: == 2.7K}", "expected"),
        ("{params: == 2.6K}", "broken"),
        ("{params: <=3K}", "expected"),
        ("{macs: <= 9472}", "expected"),
        ("{macs: < 9.472K}", "broken"),
        ("{memory: <= 1832}", "expected"),
        ("{memory: <= 1831}", "broken"),
        ("{memory: <= 1.8KB}", "expected"),
        ("{memory: < 2K}", "expected"),
        ("{model_size: < 10.4 KiB}", "broken"),
        ('{depth: ">= 3"}', "broken"),
        ("{depth: == 2}", "expected"),
        ("{receptive_field: <= 10}", "expected"),
        ("{fc_layers: == 1}", "expected"),
    ],
)
def test_a_bound_holds_exactly(expect, status):
    assert statuses(expect) == [status]


def test_several_bounds_on_one_quantity():
    assert statuses('{params: ["> 2K", "<= 2.5K"], depth: == 2}') == ["expected", "broken", "expected"]
    assert statuses("") == []


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ("{params: <= 2.5K}", "net: params is 2,682, expected <= 2.5K: 182 over (7.3%)"),
        ("{macs: == 10K}", "net: macs is 9,472, expected == 10K: 528 short (5.3%)"),
        ("{memory: <= 1KB}", "net: memory is 1,832 B, expected <= 1KB: 808 B over (78.9%)"),
        ('{depth: "> 2"}', "net: depth is 2, expected > 2: exactly that"),
    ],
)
def test_an_error_says_by_how_much(expect, says):
    (finding,) = findings(expect)
    assert failure(finding) == says


@pytest.mark.parametrize("word", of_networks())
def test_every_quantity_of_a_network_can_be_expected(word):
    (finding,) = findings(f'{{{word}: ">= 0"}}')
    assert finding.status == "expected"


@pytest.mark.parametrize("word", sorted(set(QUANTITIES) - set(of_networks())))
def test_other_quantities_cannot(word):
    with pytest.raises(SpecError, match=r"measured, not computed|not a single number"):
        findings(f"{{{word}: <= 1}}")


@pytest.mark.parametrize("bound", BOUNDS)
def test_every_bound_can_be_written(bound):
    assert len(statuses(f'{{params: "{bound} 3K"}}')) == 1


@pytest.mark.parametrize(
    ("expect", "column", "says"),
    [
        ("{parms: <= 5M}", 10, "no quantity 'parms' (did you mean 'params'?)"),
        ("{zzz: <= 5M}", 10, "there are params, macs"),
        ("{params: 5M}", 18, "expected <=, >=, ==, < or > and a figure, as in <= 5M, got '5M'"),
        ("{params: =< 5M}", 18, "got '=< 5M'"),
        ("{params: <= ~5M}", 18, "got '<= ~5M'"),
        ("{params: <= 5X}", 18, "'X' is not a unit"),
        ("{params: <= 5MB}", 18, "'5MB' is a size in bytes; params is a number"),
        ("{params: <= 5%}", 18, "got '<= 5%'"),
        ("{params: }", 18, "nothing"),
        ("{params: {}}", 18, "expected text, got a mapping"),
        ("[params]", 9, "expected {quantity: bound}"),
        ("<= 5M", 9, "expected {quantity: bound}"),
    ],
)
def test_what_cannot_be_read_is_an_error_at_its_place(expect, column, says):
    with pytest.raises(SpecError) as caught:
        findings(expect)
    (mistake,) = caught.value.mistakes
    assert says in mistake.message
    assert (mistake.line, mistake.column) == (5, column - 1)


def test_all_mistakes_are_said_at_once_with_those_of_figures():
    with pytest.raises(SpecError) as caught:
        findings("{parms: <= 5M, macs: 3}", "published: [{params: 3, cite: nobody}]")
    assert len(caught.value.mistakes) == 3


FAMILY = """name: family
input: [3, 8, 8]
args: {width: 4}
variants:
  small: {}
  large: {set: {width: 8}, expect: {params: <= 32}}
  wrong: {set: {width: 16}}
layers: [{conv: =width}]
expect: {params: <= 16, depth: == 1}
"""


@pytest.fixture
def family(tmp_path):
    path = tmp_path / "family.yaml"
    path.write_text(FAMILY, encoding="utf-8")
    return path


def run(*arguments: object):
    return runner().invoke(cli, list(map(str, arguments)))


def test_what_a_variant_expects_goes_before_what_its_file_does(family):
    data = json.loads(run("check", family, "--format", "json").stdout)
    found = [(each["network"], each["quantity"], each["expected"], each["status"]) for each in data["expectations"]]
    assert found == [
        ("small", "params", "<= 16", "expected"),
        ("small", "depth", "== 1", "expected"),
        ("large", "params", "<= 32", "expected"),
        ("large", "depth", "== 1", "expected"),
        ("wrong", "params", "<= 16", "broken"),
        ("wrong", "depth", "== 1", "expected"),
    ]
    assert data["expectations"][4]["excess"] == 48
    assert data["summary"]["expectations"] == 6
    assert (data["summary"]["expected"], data["summary"]["broken"], data["summary"]["ok"]) == (5, 1, False)
    assert data["figures"] == []


def test_a_broken_expectation_fails_and_says_where(family):
    result = run("check", family)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{family}:9:18: wrong: params is 64, expected <= 16: 48 over (300.0%)\n")
    assert "5 of 6 expectations hold, 1 broken." in result.stdout
    assert run("check", f"{family}:small").exit_code == 0
    assert run("validate", family).exit_code == 0, "an expectation that is broken does not make a spec wrong"


def test_quiet_and_only(family):
    quiet = run("check", family, "--quiet").stdout
    assert "BROKEN: 48 over" in quiet
    assert "as expected" not in quiet
    assert "as expected" in run("check", family, "--only", "expected").stdout


def test_a_convention_counts_figures_not_expectations(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(
        "name: net\ninput: [3, 8, 8]\nlayers: [{conv: {filters: 4, bias: false}}]\nsources: {s: {title: S}}\n"
        "published: [{params: 16, cite: s}]\nexpect: {params: == 12}\n",
        encoding="utf-8",
    )
    data = json.loads(run("check", path, "--convention", "paleo", "--format", "json").stdout)  # a bias for each filter
    assert [(each["computed"], each["status"]) for each in data["figures"]] == [(16, "agrees")]
    assert [(each["computed"], each["status"]) for each in data["expectations"]] == [(12, "expected")]


def test_junit_has_a_case_for_each(family):
    root = Xml.fromstring(run("check", family, "--format", "junit").stdout)
    assert (root.get("tests"), root.get("failures")) == ("6", "1")
    (failure,) = root.iter("failure")
    assert "48 over" in failure.get("message")


def test_another_network_of_a_pattern_has_no_expectations(tmp_path):
    path = tmp_path / "family.yaml"
    path.write_text(FAMILY + "pattern: net-{width}\n", encoding="utf-8")
    result = run("check", f"{path}:net-300")
    assert result.exit_code == 2
    assert "Nothing to check." in result.stdout
