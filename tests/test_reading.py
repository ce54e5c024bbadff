"""Tables are read well in any terminal: colours with a sign each, remarks first, widths in any script."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from running import run

import archcalc
from archcalc.analyses.blocks import stages
from archcalc.analyses.rows import rows
from archcalc.render.findings import SIGNS
from archcalc.render.formats.characters import fold
from archcalc.width import cut, left, right, width, wrap

KOREAN = """
name: "합성곱"
title: "합성곱 신경망 수업"
input: [3, 8, 8]
layers:
  - {name: "첫째층", conv: {filters: 4, kernel: 3, pad: 1}}
  - {name: e\u0301e\u0301, conv: {filters: 4, kernel: 3, pad: 1}}
  - {name: plain, fc: 10}
"""


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("합성곱", 6), ("한", 2), (unicodedata.normalize("NFD", "한"), 2), ("e\u0301", 1), ("Ａ", 2),
     ("×−⌊⌋…", 5), ("日本x", 5), ("a\u200bb", 2), ("", 0)],
)  # fmt: skip
def test_columns_of_a_text(text: str, columns: int) -> None:
    assert width(text) == columns
    assert width(left(text, 9)) == width(right(text, 9)) == 9


def test_widths_are_those_of_rich() -> None:
    cells = pytest.importorskip("rich.cells")
    for text in ("합성곱 신경망", "e\u0301", "日本語", "ＡＢ", "naïve", "⌊x⌋·×−→█▌✓≈"):
        assert width(text) == cells.cell_len(text)


@pytest.mark.parametrize("columns", range(1, 14))
def test_what_is_cut_or_wrapped_fits(columns: int) -> None:
    text = "합성곱 신경망 a e\u0301 long-word"
    assert width(cut(text, columns)) <= max(columns, 1)
    pieces = wrap(text, columns)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(width(piece) <= max(columns, 2) for piece in pieces)


def test_columns_stand_right_under_wide_characters() -> None:
    lines = run("show", "-", "-c", "layer,params,output", input=KOREAN, env={"COLUMNS": "80"}).stdout.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("─"))
    ends = {width(line) for line in lines[begin : begin + 5]}
    assert len(ends) == 1
    assert lines[0].startswith("합성곱 신경망 수업")


def test_carets_stand_right_under_wide_characters() -> None:
    spec = 'name: n\ninput: [3, 8, 8]\nlayers: [{name: "첫째층", con: 4}]\n'
    _, line, caret = run("show", "-", input=spec).stderr.splitlines()[:3]
    assert caret.endswith("^")
    assert width(line[: line.index("con:")]) == len(caret) - 1


@pytest.mark.parametrize(
    ("text", "folded"),
    [("한국", "??"), (unicodedata.normalize("NFD", "한국"), "??"), ("é", "e"), ("e\u0301", "e"), ("½", "1/2")],
)
def test_one_sign_for_a_character(text: str, folded: str) -> None:
    assert fold(text, "ascii") == folded


def test_ascii_tables_stand_right() -> None:
    lines = run("show", "-", "--ascii", "-c", "layer,params,output", input=KOREAN, env={"COLUMNS": "80"}).stdout
    assert lines.isascii()
    assert re.search(r"^\?\?\? +112 +4x8x8$", lines, re.MULTILINE)
    assert re.search(r"^ee +148 +4x8x8$", lines, re.MULTILINE)


def test_each_verdict_has_a_colour_and_a_sign_of_its_own() -> None:
    told = {status: SIGNS[status] for status in ("agrees", "approximate", "unexplained", "misprint", "differs")}
    assert len({sign for sign, _ in told.values()}) == len({tone for _, tone in told.values()}) == len(told)
    output = run("check", "vgg16", "--color", "--only", "agrees,misprint", env={"COLUMNS": "120"}).stdout
    assert re.search(r"\x1b\[32m *✓ agrees\x1b\[0m", output)
    assert re.search(r"\x1b\[35m *! misprint\x1b\[0m", output)
    plain = run("check", "vgg16", "--ascii", env={"COLUMNS": "120"}).stdout
    assert "+ agrees" in plain and "! misprint" in plain


@pytest.mark.parametrize("columns", ["60", "80", "140"])
def test_check_never_drops_a_source(columns: str) -> None:
    output = run("check", "resnet50", env={"COLUMNS": columns}).stdout
    assert "Left out" not in output
    data = json.loads(run("check", "resnet50", "-f", "json").stdout)
    flat = " ".join(output.split())
    for figure in data["figures"]:
        assert f"{figure['cite']}, {figure['where']}" in flat
    headings = [line.partition(",")[0] for line in output.splitlines() if re.match(r"\w[\w-]*, ", line)]
    assert len([cite for cite, before in zip(headings, [None, *headings], strict=False) if cite != before]) == len(
        {figure["cite"] for figure in data["figures"]}
    ), "the places of a source follow one another"


def test_check_in_short() -> None:
    whole, short = run("check", "vgg16", "--ascii").stdout, run("check", "vgg16", "--summary", "--ascii").stdout
    assert short.splitlines()[-1] == whole.splitlines()[-1]
    assert "conv1_1" not in short
    assert re.search(r"^simonyan2014 +5 +1 ", short, re.MULTILINE)


def test_remarks_come_before_totals_and_legends_last_and_faint() -> None:
    output = run("show", "alexnet", "--input", "224", "--color", env={"COLUMNS": "120"}).stdout
    remark, totals, legend = (output.index(text) for text in ("! conv1:", "\nparams  ", "1 MAC = 1"))
    assert remark < totals < legend
    assert output[output.rindex("\x1b[", 0, remark) : remark].startswith("\x1b[33m")
    assert output[output.rindex("\x1b[", 0, legend) : legend].startswith("\x1b[2m")
    assert re.search(r"conv1 \+relu !", re.sub(r"\x1b\[[0-9;]*m", "", output))


def test_legends_are_no_wider_than_their_table() -> None:
    lines = run("show", "vgg16", env={"COLUMNS": "200"}).stdout.splitlines()
    rule = next(len(line) for line in lines if line.startswith("─"))
    assert max(map(len, lines)) == rule < 120


@pytest.mark.parametrize("columns", ["30", "60", "80", "117"])
def test_a_narrow_explanation_loses_nothing(columns: str) -> None:
    narrow = run("explain", "alexnet", "conv1", env={"COLUMNS": columns}).stdout
    assert "Left out" not in narrow and "…" not in narrow
    squeezed = re.sub(r"[\s=]", "", narrow)
    data = json.loads(run("explain", "alexnet", "conv1", "-f", "json").stdout)
    for step in data["derivations"]:
        for text in (step["formula"], *step["numbers"]):
            assert re.sub(r"[\s=]", "", text) in squeezed


def test_memory_begins_with_its_answers() -> None:
    lines = run("memory", "resnet50", "--fit", "8GB", env={"COLUMNS": "140"}).stdout.splitlines()
    data = json.loads(run("memory", "resnet50", "--fit", "8GB", "-f", "json").stdout)
    run_in = data["run"]["weights_bytes"] + data["run"]["running_statistics_bytes"] + data["run"]["peak_bytes"]
    assert lines[1].startswith(f"runs in    {run_in / 2**20:.1f} MiB: ")
    assert lines[2].startswith(f"trains in  {data['training']['total_bytes'] / 2**20:.1f} MiB: ")
    running, training = (need["largest_batch"] for need in data["fit"][0]["needs"][:2])
    assert lines[3] == f"fits       batches of {running:,} (run) and {training:,} (trained) in 8GB"
    assert lines[4] == ""


def test_stored_values_as_a_column() -> None:
    data = list(archcalc.load("vgg16").analyze().layers)
    output = run("show", "vgg16", "--all", "-c", "values", "-f", "csv").stdout.split()
    assert [int(line.split(",")[1]) for line in output[1:]] == [layer.memory_values for layer in data]
    assert run("show", "vgg16", "-c", "layer,values", env={"COLUMNS": "80"}).stdout.count("3,211") == 2


def test_without_biases() -> None:
    """EECS 498's table of AlexNet: 256·6·6·4096 = 37,748,736 weights of fc6."""
    rows = run("show", "alexnet-eecs498", "--no-bias", "-c", "layer,params", "-f", "csv").stdout.split()
    assert "alexnet-eecs498,fc6,37748736,3" in rows
    report = archcalc.load("alexnet-eecs498").analyze()
    weights = report.params - report.totals.params_by_kind["bias"]
    assert sum(int(row.split(",")[2]) for row in rows[1:]) == weights
    text = run("show", "alexnet-eecs498", "--no-bias").stdout
    assert f"{weights:,} = " in text and "Params without biases" in text
    data = json.loads(run("show", "alexnet-eecs498", "--no-bias", "-f", "json").stdout)
    assert (data["totals"]["params"], data["totals"]["params_without_biases"]) == (report.params, weights)
    refused = run("show", "lenet5", "--no-bias", "--convention", "netscope")
    assert refused.exit_code == 2 and "--no-bias" in refused.stderr


def test_the_largest_rows_first() -> None:
    report = archcalc.load("resnet50").analyze()
    largest = sorted(report.layers, key=lambda layer: -layer.macs)[:7]
    rows = run("show", "resnet50", "--all", "--top", "7", "-c", "layer,macs", "-f", "csv").stdout.split()[1:]
    assert [int(row.split(",")[2]) for row in rows] == [layer.macs for layer in largest]
    text = run("show", "resnet50", "--all", "--top", "7", "-c", "layer,params,macs").stdout
    others = re.search(r"^(\d+) others +([\d,]+) +([\d,]+)$", text, re.MULTILINE)
    assert others and int(others[1]) == len(report.layers) - 7
    rest = report.macs - sum(layer.macs for layer in largest)
    assert others[3] == f"{round(rest / 10**6):,}"
    by_params = run("show", "vgg16", "--sort", "params", "-c", "layer,params", "-f", "csv").stdout.split()[1:]
    values = [int(row.split(",")[2]) for row in by_params]
    assert values == sorted(values, reverse=True) and len(values) == 24
    assert "did you mean 'params'" in run("show", "vgg16", "--sort", "parms").stderr


def test_shares_have_bars_where_there_is_room() -> None:
    wide = run("show", "vgg16", "-c", "layer,macs_share", env={"COLUMNS": "80"}).stdout
    assert re.search(r"12\.0% █{14}$", wide, re.MULTILINE)
    assert "█" not in run("show", "vgg16", "-c", "layer,macs_share", "--no-bars", env={"COLUMNS": "80"}).stdout
    narrow = run("show", "vgg16", "-c", "layer,macs_share", env={"COLUMNS": "30"}).stdout
    assert "█" not in narrow and "12.0%" in narrow


TABLE_1 = {
    "resnet18": ["7x7, 64 /2", "max pool 3x3 /2", *(f"[3x3, {w}; 3x3, {w}] x2" for w in (64, 128, 256, 512))],
    "resnet34": ["7x7, 64 /2", "max pool 3x3 /2",
                 *(f"[3x3, {w}; 3x3, {w}] x{n}" for w, n in ((64, 3), (128, 4), (256, 6), (512, 3)))],
    "resnet50": ["7x7, 64 /2", "max pool 3x3 /2",
                 *(f"[1x1, {w}; 3x3, {w}; 1x1, {4 * w}] x{n}" for w, n in ((64, 3), (128, 4), (256, 6), (512, 3)))],
    "resnet101": ["7x7, 64 /2", "max pool 3x3 /2",
                  *(f"[1x1, {w}; 3x3, {w}; 1x1, {4 * w}] x{n}" for w, n in ((64, 3), (128, 4), (256, 23), (512, 3)))],
}  # fmt: skip
"""He et al. 2015, table 1, without its last row: average pool, 1000-d fc, softmax."""


@pytest.mark.parametrize("name", TABLE_1)
def test_blocks_are_those_of_the_papers_table(name: str) -> None:
    report = archcalc.load(name).analyze()
    words = [stage.text for stage in stages(report)]
    assert words == [*TABLE_1[name], "global avg pool", "fc 1000", "softmax"]
    table = run("show", name, "--blocks", env={"COLUMNS": "100"}).stdout
    assert all(text in table for text in words)
    assert sum(layer.macs for stage in stages(report) for layer in stage.layers) == report.macs


def test_densenets_blocks() -> None:
    """Huang et al. 2016, table 1: 1x1 and 3x3 convolutions, 6, 12, 24 and 16 times."""
    words = [stage.text for stage in stages(archcalc.load("densenet121").analyze())]
    assert [text for text in words if "[" in text] == [f"[1x1, 128; 3x3, 32] x{n}" for n in (6, 12, 24, 16)]


def test_configurations_side_by_side() -> None:
    """Simonyan & Zisserman 2014, table 1, columns A, B, D and E: 8, 10, 13 and 16 convolutions, three fc layers."""
    lines = run("compare", "--layers", "vgg11", "vgg13", "vgg16", "vgg19", env={"COLUMNS": "120"}).stdout.splitlines()
    starts = [lines[1].index(name) for name in ("vgg11", "vgg13", "vgg16", "vgg19")]
    columns = [
        [line[start:end].strip() for line in lines[3:]] for start, end in zip(starts, [*starts[1:], 200], strict=True)
    ]
    assert [sum(cell.startswith("3x3,") for cell in column) for column in columns] == [8, 10, 13, 16]
    fcs = [[cell for cell in column if cell.startswith("fc")] for column in columns]
    assert fcs == [["fc 4096", "fc 4096", "fc 1000"]] * 4
    pools = [{number for number, cell in enumerate(column) if "pool" in cell} for column in columns]
    assert len(pools[0]) == 5 and all(places == pools[0] for places in pools), "pools stand beside one another"
    wide = columns[3].index("3x3, 256")
    assert [column[wide + 3] for column in columns] == ["", "", "", "3x3, 256"]


def test_what_a_view_of_blocks_does_not_take() -> None:
    assert run("show", "vgg16", "--blocks", "--sort", "macs").exit_code == 2
    assert run("compare", "vgg16", "--layers", "--device", "t4").exit_code == 2


def test_intensity_is_macs_for_each_byte_moved() -> None:
    """fc8 of VGG-16: 4,096,000 MACs; 4096 values in, 1000 out, 4,097,000 parameters, of 4 bytes each."""
    (row,) = [row for row in rows(archcalc.load("vgg16").analyze()) if row.path == "fc8"]
    assert (row.input_bytes, row.output_bytes, row.params_bytes) == (16384, 4000, 16388000)
    assert row.intensity == pytest.approx(4096000 / 16408384)


def test_what_flows_into_a_row_is_counted_once() -> None:
    """A residual stage reads one map, however many of its branches do; an addition of its own reads two."""
    stage = {row.path: row for row in rows(archcalc.load("resnet50").analyze(batch=2))}["conv3_x"]
    assert stage.input_bytes == 2 * 256 * 56 * 56 * 4
    every = {row.path: row for row in rows(archcalc.load("resnet50").analyze(), every=True)}
    assert every["conv3_x/bottleneck_2/add_1"].input_bytes == 2 * 512 * 28 * 28 * 4
