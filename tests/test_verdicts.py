"""Verdicts, one by one, on a network of hand-made numbers; readings, remarks, and the reports that figures share."""

from __future__ import annotations

import json
from fractions import Fraction
from xml.etree import ElementTree as Xml

import pytest
from running import runner

import archcalc
from archcalc.cli import cli
from archcalc.errors import SpecError
from archcalc.published.check import check
from archcalc.published.quantities import numbers
from archcalc.published.reports import Reports
from archcalc.published.verdicts import STATUSES
from archcalc.render.findings import comments, failure, verdict
from archcalc.units import read_printed

HEAD = """name: net
input: [3, 8, 8]
args: {width: 4, bias: true, wide: false}
layers:
  - {name: conv1, conv: {filters: =width, kernel: "=5 if wide else 3", pad: same, bias: =bias}}
  - {name: bn1, bn: }
  - {name: pool1, max_pool: {kernel: [2, 4], stride: 2, pad: [0, 1]}}
  - {name: fc, fc: 10}
sources: {s: {title: A source}}
"""
"""Parameters: 4·(3·3·3 + 1) = 112, 2·4 = 8 of batch norm, 10·(4·4·4 + 1) = 650: 770 (756 without biases).

MACs: 4·27·64 = 6,912 and 640: 7,552. Values: 192 + 256 + 256 + 64 + 10 = 778. With width 8: 224 + 16 + 1,290 = 1,530.
"""


def findings(*entries: str, head: str = HEAD):
    lines = "".join(f"  - {{{entry}, cite: s}}\n" for entry in entries)
    return check(archcalc.loads(f"{head}published:\n{lines}").spec)


def judge(entry: str) -> str:
    """Return the verdict on a figure, with a comma and ``cut`` where it is cut."""
    (finding,) = findings(entry)
    return f"{finding.status}{', cut' if finding.cut else ''}"


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        # agrees: rounded to the printed digits, half either way, or cut
        ("params: 770", "agrees"),
        ("params: 0.8K", "agrees"),
        ("params: 0.7K", "agrees, cut"),
        ("params: 0.77K", "agrees"),
        ("params: 0.76K", "differs"),
        ("macs: 7.55K", "agrees"),
        ("macs: 7.5K", "agrees, cut"),
        ("macs: 7.6K", "agrees"),
        ("params: 800, to: 100", "agrees"),
        ("params: 700, to: 100", "agrees, cut"),
        ("params: 0.7K, round: down", "agrees"),
        ("params: 0.8K, round: down", "differs"),
        ("macs: 7.5K, round: up", "differs"),
        ("macs: 7.6K, round: up", "agrees"),
        ("macs: 7.7K, round: up", "differs"),
        # options say how it was counted
        ("params: 756, bias: false", "agrees"),
        ("params: 762, norm: false", "agrees"),
        ("params: 778, buffers: true", "agrees"),
        ("params: 112, at: conv1", "agrees"),
        ("params: 650, without: conv1 bn1", "agrees"),
        ("params: 8, at: conv1 bn1, without: conv1", "agrees"),
        ("memory: 778, unit: values", "agrees"),
        ("memory: 10, unit: values, at: fc", "agrees"),
        ("depth: 2", "agrees"),
        ("depth: 1, at: input conv1", "agrees"),
        ("depth: 1, at: fc", "agrees"),
        ("memory: 3112 B", "agrees"),
        ("macs: 7818, convention: connections", "agrees"),
        ("params: 1530, set: {width: 8}", "agrees"),
        ("macs: 30208, input: 16", "agrees"),
        # about, over, under
        ("params: ~735", "approximate"),
        ("params: ~731", "differs"),
        ("params: ≈800", "approximate"),
        ("params: about 0.8K", "agrees"),
        ("params: about 0.7K", "differs"),
        ("params: over 700", "approximate"),
        ("params: more than 770", "differs"),
        ("params: <0.8 thousand", "agrees"),
        ("params: fewer than 1 million", "approximate"),
        ("params: nearly 700", "differs"),
        # under: computed, never taken on trust
        ("params: 1.5K, under: {set: {width: 8}}", "agrees-under"),
        ("params: 1.6K, under: {set: {width: 8}}", "differs"),
        ("macs: 7818, under: {convention: connections}", "agrees-under"),
        ("macs: 30.2K, under: {input: 16}", "agrees-under"),
        ("macs: 30.1K, under: {input: 16}", "differs"),
        ("params: 650, under: {without: conv1 bn1}", "agrees-under"),
        ("params: 658, under: {without: conv1}", "agrees-under"),
        ("params: 659, under: {without: conv1}", "differs"),
        ("macs: 7.6K, under: {round: up}", "agrees"),
        ("macs: 7553, under: {round: up}", "differs"),
        ("macs: 7.5K, under: {round: up}", "differs"),
        ("params: 1.54K, under: {is: =2*params}", "agrees-under"),
        ("params: 1.55K, under: {is: =2*params}", "differs"),
        ("params: 773, under: {is: =params + 2 + depth - 1}", "agrees-under"),
        ("params: 61706, under: {network: lenet5-full}", "agrees-under"),
        ("params: 61706, at: conv1, set: {width: 2}, input: 16, under: {network: lenet5-full}", "agrees-under"),
        ("params: 1.5K, under: {set: {width: 8}, round: down}", "agrees-under"),
        ("input: 3x16x16, under: {input: 16}", "agrees-under"),
        ("output: 8x8x8, at: conv1, under: {set: {width: 8}}", "agrees-under"),
        ("output: 9x8x8, at: conv1, under: {set: {width: 8}}", "differs"),
        # what agrees without it agrees, but the reading has to give it too
        ("params: 770, under: {convention: keras}", "differs"),
        ("params: 0.8K, under: {convention: keras}", "agrees"),
        ("params: 0.7K, under: {norm: false}", "agrees-under, cut"),
        ("macs: 7.5K, under: {norm: false, round: down}", "agrees-under"),
        # something else, with or without a computed proof
        ("params: 1.54K, other: Of both halves.", "other"),
        ("params: 1.54K, other: Of both halves., under: {is: =2*params}", "other"),
        ("params: 1.55K, other: Of both halves., under: {is: =2*params}", "differs"),
        ("params: 770, other: Of another network with as many.", "other"),
        # unexplained and misprints have to keep disagreeing
        ("params: 900, unexplained: Nobody knows.", "unexplained"),
        ("params: 770, unexplained: Nobody knows.", "unexpected"),
        ("params: 900, unexplained: Nobody knows., tried: {bias: false}", "unexplained"),
        ("params: 756, unexplained: Nobody knows., tried: [{norm: false}, {bias: false}]", "unexpected"),
        ("params: 1.4K, unexplained: Nobody knows., tried: {is: =2*params - 50}", "unexpected"),  # 1,490, cut
        ("params: 900, misprint: A slip.", "misprint"),
        ("params: 770, misprint: A slip.", "unexpected"),
        ("params: 0.7K, misprint: A slip.", "unexpected"),
        ("params: ~750, misprint: A slip.", "unexpected"),
        ("params: 900, misprint: A slip., under: {is: =9*10**2}", "misprint"),
        ("params: 900, misprint: A slip., under: {is: =9*10}", "differs"),
        ("params: 770, misprint: A slip., under: {bias: true}", "unexpected"),
        # never checked
        ("top1_error: 99%", "measured"),
        ("remark: 99%", "remark"),
        ("chosen: dropout 0.5", "remark"),
        ("rank: 1st", "remark"),
        ("year: 2012", "remark"),
        ("fact: it is small", "remark"),
    ],
)
def test_verdict(entry, status):
    assert judge(entry) == status


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ("output: 4x8x8, at: conv1", "agrees"),
        ("output: 8x8x4, at: conv1", "differs"),
        ("output: 8x8x4, order: hwc, at: conv1", "agrees"),
        ("output: 8x8, at: conv1", "agrees"),
        ("output: 8×8, at: conv1", "agrees"),
        ("output: 4x8, at: conv1", "differs"),
        ("output: 10, at: fc", "agrees"),
        ("output: 4, at: conv1", "differs"),
        ("kernels: 3x3, at: conv1", "agrees"),
        ("kernels: 3x4, at: conv1", "differs"),
        ("weight_shape: 4x3x3x3, at: conv1", "agrees"),
        ("weight_shape: 3x3, at: conv1", "differs"),
        ("kernel: 3, at: conv1", "agrees"),
        ("kernel: 2, at: pool1", "differs"),  # it is 2 x 4
        ("pad: 1, at: conv1", "differs"),  # it is 'same'
    ],
)
def test_shapes_and_settings(entry, status):
    assert judge(entry) == status


@pytest.mark.parametrize(
    ("text", "options", "value", "place"),
    [
        ("138M", {}, 138_000_000, 10**6),
        ("2.7K", {"k": 1024}, Fraction(27 * 1024, 10), Fraction(1024, 10)),
        ("2.7M", {"k": 1024}, 2_700_000, 100_000),  # k is what K stands for; M and G stay decimal in counts
        ("2.7G", {"k": 1024}, 2_700_000_000, 10**8),
        ("2B", {}, 2 * 10**9, 10**9),
        ("2T", {}, 2 * 10**12, 10**12),
        ("93MB", {"is_bytes": True}, 93 * 1024**2, 1024**2),
        ("93MB", {"is_bytes": True, "k": 1000}, 93_000_000, 10**6),
        ("93M", {"is_bytes": True}, 93 * 1024**2, 1024**2),
        ("93 MiB", {"is_bytes": True, "k": 1000}, 93 * 1024**2, 1024**2),
        ("1,301.376 KB", {"is_bytes": True, "k": 1000}, 1_301_376, 1),
        ("60 million", {}, 60_000_000, 10**6),
        ("1.5 Billion", {}, 1_500_000_000, 10**8),
        ("5 thousand", {"k": 1024}, 5_000, 1_000),
        ("800K", {"to": "100K"}, 800_000, 100_000),
        ("7.3%", {}, Fraction(73, 10), Fraction(1, 10)),
    ],
)
def test_reading_what_is_printed(text, options, value, place):
    printed = read_printed(text, **options)
    assert (printed.value, printed.place) == (value, place)


def test_at_the_edges_of_rounding():
    for text, exact, expected in (
        ("3", Fraction(5, 2), "rounded"), ("2", Fraction(5, 2), "rounded"), ("3", Fraction(7, 2), "rounded"),
        ("3", Fraction(36, 10), "cut"), ("3", 4, ""), ("3", Fraction(24, 10), ""), ("3", 3, "rounded"),
        ("~100", 96, "about"), ("~100", 95, ""), ("~95", 100, "about"), ("~94", 100, ""), ("~100", 105, "about"),
        ("~100", 106, ""),
        ("<3", 3, ""), (">3", 3, ""), ("<3", 2, "about"), (">3", 4, "about"),
    ):  # fmt: skip
        assert read_printed(text).agrees(exact) == expected, (text, exact)
    for exact, up, down in ((3, "rounded", "rounded"), (Fraction(29, 10), "rounded", ""), (2, "", ""),
                            (Fraction(39, 10), "", "rounded"), (4, "", "")):  # fmt: skip
        assert read_printed("3").agrees(exact, direction="up") == up, exact
        assert read_printed("3").agrees(exact, direction="down") == down, exact


def test_cells_of_a_table_without_a_figure():
    found = findings("columns: [params, macs], rows: {conv1: [-, 3], fc: [~, 4]}")
    assert [(each.figure.quantity, each.figure.printed) for each in found] == [("macs", "3"), ("macs", "4")]


def test_words_of_a_verdict_and_what_stands_below_the_table():
    for entry, words, below in (
        ("params: 1.5K, under: {set: {width: 8}}", "agrees under width=8", ["1,530 under width=8"]),
        ("params: 658, under: {without: conv1}, note: a note", "agrees without conv1",
         ["658 without conv1", "a note"]),
        ("params: 1.5K, round: up, under: {set: {width: 8}, round: down}", "agrees rounded down, width=8",
         ["1,530 rounded down, width=8"]),
        ("params: 1.54K, under: {is: =2*params}", "agrees as 2*params", ["2*params = 1,540"]),
        ("params: 1.54K, other: Twice., under: {is: =2*params}", "of something else",
         ["Twice. (computed: 770; 2*params = 1,540)"]),
        ("params: 5, other: A file., under: {is: =5}", "of something else", ["A file. (computed: 770; 5)"]),
        ("params: 900, unexplained: Unknown., tried: [{bias: false}, {at: fc}]", "unexplained",
         ["Unknown. (computed: 770)", "tried: no biases: 756; at fc: 650"]),
        ("params: 900, misprint: A slip.", "misprint", ["A slip. (computed: 770)"]),
        ("params: 0.7K", "agrees, cut", []),
        ("params: ~735", "approximate", []),
        ("params: 770, misprint: A slip.", "UNEXPECTED: marked as a misprint, and agrees",
         ["A slip. (computed: 770)"]),
        ("params: 770, unexplained: Unknown.", "UNEXPECTED: marked as unexplained, and agrees",
         ["Unknown. (computed: 770)"]),
        ("params: 61706, under: {network: lenet5-full}", "agrees of lenet5-full", ["61,706 of lenet5-full"]),
        ("macs: 30.2K, under: {input: 16}", "agrees under input 16", ["30,208 under input 16"]),
        ("macs: 7.56K, under: {round: up}", "agrees rounded up", ["rounded up"]),
        ("params: 0.7K, under: {norm: false}", "agrees under no norm, cut", ["762 under no norm"]),
    ):  # fmt: skip
        (finding,) = findings(entry)
        assert (verdict(finding), list(comments(finding))) == (words, below)


def test_a_failure_says_what_differs_from_what():
    for entry, message in (
        ("params: 900, where: table 1", "net: total params is 770, printed 900 (s, table 1)"),
        ("params: 1.6K, under: {set: {width: 8}}",
         "net: total params is 770, printed 1.6K (s); under width=8 it is 1,530"),
        ("params: 770, misprint: A slip.",
         "net: total params is 770, printed 770 (s): marked as a misprint, and agrees"),
        ("output: 3x8x8, at: conv1", "net: conv1 output is 4x8x8, printed 3x8x8 (s)"),
    ):  # fmt: skip
        (finding,) = findings(entry)
        assert finding.fails
        assert failure(finding) == message


def run(*arguments: object, status: int = 0):
    result = runner().invoke(cli, list(map(str, arguments)))
    assert result.exit_code == status, result.output
    return result


ALL = """published:
  - {params: 770, cite: s}
  - {params: 0.7K, cite: s}
  - {params: 1.5K, cite: s, under: {set: {width: 8}}}
  - {params: ~735, cite: s}
  - {params: 1.54K, cite: s, other: Of both halves., under: {is: =2*params}}
  - {params: 900, cite: s, unexplained: Unknown., tried: {bias: false}}
  - {params: 901, cite: s, misprint: A slip.}
  - {params: 770, cite: s, misprint: A slip.}
  - {params: 903, cite: s}
  - {top1_error: 5%, cite: s}
  - {remark: dropout 0.5, cite: s, where: page 2}
expect: {params: <= 770, depth: == 3}
"""
"""Every verdict once, agrees twice."""


@pytest.fixture
def every(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(HEAD + ALL, encoding="utf-8")
    return path


def test_every_verdict_in_json(every):
    data = json.loads(run("check", every, "--format", "json", status=1).stdout)
    shown = [each["status"] for part in ("figures", "expectations") for each in data[part]] + ["remark"]
    assert set(shown) == set(STATUSES)
    assert shown.count("agrees") == 2
    by_status = {each["status"]: each for each in data["figures"]}
    assert [each.get("cut") for each in data["figures"][:2]] == [None, True]
    assert by_status["agrees-under"]["under"] == {"how": "width=8", "computed": 1530}
    assert by_status["other"]["under"] == {"how": "as 2*params", "computed": 1540}
    assert by_status["other"]["other"] == "Of both halves."
    assert by_status["unexplained"]["tried"] == [{"how": "no biases", "computed": 756}]
    assert data["remarks"] == [{"network": "net", "at": None, "remark": "dropout 0.5", "cite": "s", "where": "page 2"}]
    summary = data["summary"]
    assert data["schema"] == 2
    assert (summary["figures"], summary["expectations"], summary["remarks"], summary["cut"]) == (10, 2, 1, 1)
    assert {status: summary[status] for status in STATUSES if status != "remark"} == {
        status: shown.count(status) for status in STATUSES if status != "remark"
    }
    assert summary["ok"] is False
    assert summary["sources"]["s"] == {
        "figures": 11, "agree": 2, "agree_under": 1, "approximate": 1, "other": 1, "unexplained": 1, "misprints": 1,
        "differ": 2, "measured": 1, "remarks": 1, "of_no_network": 0,
    }  # fmt: skip


def test_every_verdict_can_be_selected(every):
    for status in STATUSES:
        data = json.loads(run("check", every, "--format", "json", "--only", status, status=1).stdout)
        chosen = [*data["figures"], *data["expectations"], *({"status": "remark"} for _ in data["remarks"])]
        assert {each["status"] for each in chosen} == {status}
    for old, printed in (("cut", "0.7K"), ("news", "770")):
        data = json.loads(run("check", every, "--format", "json", "--only", old, status=1).stdout)
        assert [each["printed"] for each in data["figures"]] == [printed]
        assert data["expectations"] == data["remarks"] == []


def test_every_verdict_in_junit(every):
    root = Xml.fromstring(run("check", every, "--format", "junit", status=1).stdout)
    assert (root.get("tests"), root.get("failures")) == ("12", "3")
    assert [each.get("type") for each in root.iter("failure")] == ["unexpected", "differs", "broken"]
    assert [each.text for each in root.iter("system-out")] == [
        "agrees-under: 1,530 under width=8",
        "approximate",
        "other: Of both halves. (computed: 770; 2*params = 1,540)",
        "unexplained: Unknown. (computed: 770): tried: no biases: 756",
        "misprint: A slip. (computed: 770)",
    ]
    assert len(list(root.iter("skipped"))) == 1


def test_every_failure_is_reported_with_its_place(every):
    lines = [line for line in run("check", every, status=1).stderr.splitlines() if line.startswith(str(every))]
    assert lines == [
        f"{every}:18:14: net: total params is 770, printed 770 (s): marked as a misprint, and agrees",
        f"{every}:19:14: net: total params is 770, printed 903 (s)",
        f"{every}:22:33: net: depth is 2, expected == 3: 1 short (33.3%)",
    ]


def test_the_summary_counts_every_verdict(every):
    text = " ".join(run("check", every, status=1).stdout.split())
    assert text.endswith(
        "10 published figures of 1 network: 9 checked, 1 measured, 1 remark. 2 agree (1 cut, not rounded), 1 agrees "
        "under an argument or a convention, 1 approximate, 1 of something else, 1 unexplained, 1 misprint, 1 agrees "
        "unexpectedly, 1 differs. 1 of 2 expectations hold, 1 broken."
    )
    assert "remarks (s, page 2): dropout 0.5" in text


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        (["params: 770"], "1 published figure of 1 network: 1 checked, 0 measured. 1 agrees, 0 differ."),
        (["params: 1"], "1 checked, 0 measured. 0 agree, 1 differs."),
        (["params: 1", "params: 2"], "2 checked, 0 measured. 0 agree, 2 differ."),
        (["params: 1, misprint: A."], "0 agree, 1 misprint, 0 differ."),
        (["params: 1, misprint: A.", "params: 2, misprint: A."], "0 agree, 2 misprints, 0 differ."),
        (
            ["params: 0.7K", "params: 0.7K, under: {norm: false}"],
            "1 agrees (1 cut, not rounded), 1 agrees under an argument or a convention, 0 differ.",
        ),
        (["remark: a"], "0 published figures of 1 network: 0 checked, 0 measured, 1 remark. 0 agree, 0 differ."),
    ],
)
def test_the_summary_is_a_sentence(tmp_path, entries, says):
    path = tmp_path / "net.yaml"
    lines = "".join(f"  - {{{entry}, cite: s}}\n" for entry in entries)
    path.write_text(f"{HEAD}published:\n{lines}", encoding="utf-8")
    result = runner().invoke(cli, ["check", str(path)])
    assert says in " ".join(result.stdout.split())


def test_nothing_to_check_says_so(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(HEAD, encoding="utf-8")
    says = f"nothing to check in {path} (no published, no expect)\n"
    for options in ([], ["--quiet"], ["--format", "junit"]):
        assert run("check", path, *options, status=2).stderr == says
        assert run("check", path, "--allow-nothing", *options).stderr == says
    assert run("check", path, status=2).stdout.strip() == "Nothing to check."
    assert run("check", path, "lenet5").stderr == says
    path.write_text(f"{HEAD}published:\n  - {{top5_error: 9%, remark: dropout, cite: s}}\n", encoding="utf-8")
    measured = run("check", path, status=2).stderr
    assert measured == f"nothing to check in {path} (only measured figures and remarks)\n"
    path.write_text(HEAD, encoding="utf-8")
    nothing = run("check", "fractalnet20", status=2).stderr
    assert nothing == "nothing to check in fractalnet20 (no published, no expect)\n"


@pytest.mark.parametrize("word", [word for word in numbers() if word != "pad"])  # conv1's is the word same
def test_every_number_can_be_used_in_a_formula(word):
    (plain, twice) = findings(f"{word}: 1, at: conv1", f"{word}: 1, at: conv1, under: {{is: =2*{word}}}")
    assert twice.explained == 2 * plain.computed


def test_reports_are_shared_and_the_least_recently_used_let_go():
    spec = archcalc.loads(HEAD).spec
    one = len(archcalc.loads(HEAD).analyze().layers)
    first, second, third = (each.figure for each in findings(*(f"params: 1, set: {{width: {n}}}" for n in (1, 2, 3))))
    reports = Reports(kept=2 * one)
    made = [reports.report(spec, figure) for figure in (first, second, first, third)]
    assert made[0] is made[2], "made once"
    assert reports.report(spec, first) is made[0], "used since"
    assert reports.report(spec, second) is not made[1], "let go for the third"
    small = Reports(kept=1)
    assert small.report(spec, first) is small.report(spec, first), "the last one is always kept"


def test_many_names_and_many_reports_cost_what_they_count(monkeypatch):
    import archcalc.published.check

    monkeypatch.setattr(archcalc.published.check, "MAX_LOOKED", 50)
    assert len(findings("params: 1", "params: 1")) == 2
    for entry in ("params: 1, at: conv1 bn1 pool1 fc", "params: 1, under: {is: =params + macs + memory}"):
        with pytest.raises(SpecError, match="more than 50 layers"):
            findings(*[entry] * 6)
