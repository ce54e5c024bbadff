"""What comes out can be used: one table a CSV with numbers, trees and styles kept, LaTeX that compiles, pictures."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from html.parser import HTMLParser
from shutil import which
from xml.etree import ElementTree

import pytest
from running import run

import archcalc
from archcalc.render.formats.latex_math import formula
from archcalc.render.formats.latex_text import escaped

PAGES = [
    ("show", "googlenet", "--depth", "2"), ("compare", "alexnet", "vgg16"),
    ("compare", "--layers", "vgg11", "resnet18"), ("explain", "alexnet", "conv1"),
    ("explain", "lenet5", "--convention", "thop"), ("explain", "squeezenet1.0", "fire2"),
    ("check", "vgg16"), ("memory", "resnet50", "--fit", "8GB"), ("conventions", "lenet5"), ("conventions",),
    ("why", "resnet50", "4.1G"), ("time", "lenet5", "--device", "t4"), ("list", "vgg"), ("operations", "conv"),
]  # fmt: skip
ids = pytest.mark.parametrize("arguments", PAGES, ids=" ".join)

KOREAN = 'name: n\ntitle: "합성곱 수업, Größe ½ Łódź ə"\ninput: [3, 8, 8]\nlayers: [conv: 4]\n'


@ids
def test_csv_is_one_table(arguments) -> None:
    rows = list(csv.reader(io.StringIO(run(*arguments, "-f", "csv").stdout)))
    assert len({len(row) for row in rows}) == 1
    assert len(set(rows[0])) == len(rows[0])
    assert rows[0] not in rows[1:]


@ids
def test_csv_has_numbers_as_numbers(arguments) -> None:
    for row in csv.DictReader(io.StringIO(run(*arguments, "-f", "csv").stdout)):
        row.pop("memory", None)  # the card or size that was asked for
        for cell in row.values():
            if arguments[0] not in ("check", "operations", "why"):  # figures as printed; settings; names of terms
                assert not re.fullmatch(r"[\d.,]+ ?(%|x|[KMGT]i?B)", cell), cell


def test_tables_of_a_page_are_told_apart() -> None:
    rows = list(csv.DictReader(io.StringIO(run("memory", "resnet50", "--fit", "8GB", "-f", "csv").stdout)))
    data = json.loads(run("memory", "resnet50", "--fit", "8GB", "-f", "json").stdout)
    assert list(dict.fromkeys(row["table"] for row in rows)) == ["layers", "sums", "peak", "training", "fit"]
    assert {row["sum"]: int(row["bytes"]) for row in rows if row["table"] == "sums"} == {
        total["rule"]: total["bytes"] for total in data["sums"]
    }
    assert sum(int(row["bytes"]) for row in rows if row["table"] == "training") == data["training"]["total_bytes"]
    assert all(row["bytes"] == row["part"] == "" for row in rows if row["table"] == "layers")


def test_padding_is_never_a_word() -> None:
    """EfficientNet's stem at 224: 3x3 with stride 2 and same, so 1 below and 1 to the right."""
    for name in ("efficientnet-b0", "inception-v3", "yolov2"):
        rows = csv.DictReader(io.StringIO(run("show", name, "--all", "-c", "layer,pad", "-f", "csv").stdout))
        assert all(re.fullmatch(r"\d*|\d+,\d+,\d+,\d+", row["pad"]) for row in rows)
    spec = "name: n\ninput: [3, 224, 224]\nlayers: [{name: c, conv: {filters: 8, kernel: 3, stride: 2, pad: same}}]\n"
    assert 'n,c,"0,1,0,1",1' in run("show", "-", "-c", "layer,pad", "-f", "csv", input=spec).stdout
    layers = json.loads(run("show", "-", "-f", "json", input=spec).stdout)["layers"]
    assert layers[1]["padding"] == [0, 1, 0, 1] and layers[1]["settings"]["pad"] == "same"
    odd = spec.replace("[3, 224, 224]", "[3, 9, 9]").replace("stride: 2", "stride: 1")
    assert "n,c,1,1" in run("show", "-", "-c", "layer,pad", "-f", "csv", input=odd).stdout


@pytest.mark.parametrize("op", ["conv_transpose", "max_unpool"])
def test_padding_of_what_makes_maps_larger(op) -> None:
    setting = "filters: 4, kernel: 4" if op == "conv_transpose" else "kernel: 3"
    spec = f"name: n\ninput: [4, 8, 8]\nlayers: [{{name: u, {op}: {{{setting}, stride: 2, pad: same}}}}]\n"
    row = run("show", "-", "-c", "layer,pad", "-f", "csv", input=spec).stdout.splitlines()[-1]
    assert row == ("n,u,1,1" if op == "conv_transpose" else 'n,u,"0,1,0,1",1')


def test_sides_are_numbers() -> None:
    spec = "name: n\ninput: [3, 8, 16]\nlayers: [{name: c, conv: {filters: 8, kernel: [1, 7], stride: [2, 1]}}]\n"
    words = "in_h,in_w,kernel_h,kernel_w,stride_h,stride_w,out_h,out_w"
    assert run("show", "-", "-c", words, "-f", "csv", input=spec).stdout.splitlines()[-1] == "n,8,16,1,7,2,1,4,10,1"


def test_csv_of_show_says_how_many_layers_a_row_stands_for() -> None:
    report = archcalc.load("resnet50").analyze()
    folded = list(csv.DictReader(io.StringIO(run("show", "resnet50", "-f", "csv").stdout)))
    assert sum(int(row["layers"]) for row in folded) == len(report.layers)
    assert [row["layers"] for row in folded if row["layer"] == "conv2_x"] == [str(len(report.find("conv2_x")))]
    every = list(csv.DictReader(io.StringIO(run("show", "resnet50", "--all", "-f", "csv").stdout)))
    assert {row["layers"] for row in every} == {"1"}


def test_bytes_as_columns() -> None:
    words = "layer,params_bytes,input_bytes,output_bytes,intensity"
    rows = run("show", "vgg16", "--dtype", "float16", "-c", words, "-f", "csv").stdout.splitlines()
    assert f"vgg16,fc8,8194000,8192,2000,{4096000 / 8204192},1" in rows
    assert "vgg16,pool5,0,200704,50176,,1" in rows


def test_markdown_keeps_the_tree() -> None:
    lines = run("show", "googlenet", "--depth", "2", "-f", "markdown").stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("| 3a "))
    assert [line.split("|")[1].strip() for line in lines[place + 1 : place + 3]] == [
        "&emsp;1x1 +relu", "&emsp;3x3\\_reduce +relu" if "\\_" in lines[place + 2] else "&emsp;3x3_reduce +relu",
    ]  # fmt: skip


class Tags(HTMLParser):
    """Checks that tags are balanced, and keeps them."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attributes) -> None:
        self.seen.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag


@ids
def test_html_is_a_whole_page_with_a_style(arguments) -> None:
    text = run(*arguments, "-f", "html").stdout
    assert text.startswith("<!doctype html>\n<html lang=")
    assert "prefers-color-scheme: dark" in text and "@media print" in text
    parser = Tags()
    parser.feed(text)
    assert parser.open == []
    assert [tag for tag, _ in parser.seen[:3]] == ["html", "head", "meta"]
    assert parser.seen[2][1] == {"charset": "utf-8"}
    assert not [tag for tag, attributes in parser.seen if "style" in attributes]
    assert re.search("<title>[^<]+</title>", text)


def test_html_keeps_trees_totals_and_numbers() -> None:
    text = run("show", "googlenet", "--depth", "2", "-f", "html").stdout
    assert '<th colspan="12">3a</th>' in text and '<td class="i1">1x1 +relu</td>' in text
    assert "<tfoot><tr><td>total</td>" in text and '<td class="n">138</td>' not in text
    assert '<td class="i1">weights</td>' in run("explain", "alexnet", "conv1", "-f", "html").stdout
    assert '<td class="good">✓ agrees</td>' in run("check", "vgg16", "-f", "html").stdout


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("⌊(H + 2·P − K) / S⌋ + 1", r"\lfloor (H + 2 \cdot P - K) / S \rfloor + 1"),
        ("C_out·H'·W'", r"C_{\mathrm{out}} \cdot H' \cdot W'"),
        ("K_h", "K_{h}"),
        ("290,400·4 B", r"290{,}400 \cdot 4\,\mathrm{B}"),
        ("params + values", r"\mathrm{params} + \mathrm{values}"),
        ("max(8, C_in)", r"\max(8, C_{\mathrm{in}})"),
        ("in place, or a view: nothing is stored", None),
        ("a & b", None),
        ("x^2", None),
    ],
)
def test_formulas_are_mathematics(text, written) -> None:
    assert formula(text) == written


def test_scripts_that_pdflatex_lacks() -> None:
    assert escaped("é ß Ł") == r"é ß \archcalcscript{Ł}{?}".replace(r"\archcalcscript{Ł}{?}", escaped("Ł"))
    assert escaped("수업 a") == r"\archcalcscript{수업}{??} a"
    assert escaped("3 × 4 → 12 %") == r"3 $\times$ 4 $\to$ 12 \%"


@ids
def test_latex_is_balanced_and_has_only_characters_that_pdflatex_has(arguments) -> None:
    text = run(*arguments, "-f", "latex").stdout
    assert text.startswith("% \\usepackage{booktabs}\n")
    assert text.count("\\begin{tabular}") == text.count("\\end{tabular}") == text.count("\\toprule")
    plain = re.sub(r"\\archcalcscript\{[^}]*\}", "", text)
    assert set(re.findall(r"[^\x00-\x7f]", plain)) <= set("–—‘’“”…§©éèäöüßñóçãåøłıæœáíúêâîôûàùÄÖÜÉ")
    body = re.sub(r"\\[{}$]", "", text)
    assert body.count("{") == body.count("}")
    assert body.count("$") % 2 == 0


def test_latex_has_a_bold_total_below_a_rule() -> None:
    lines = run("show", "vgg16", "-f", "latex").stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(r"\textbf{total}"))
    assert lines[place - 1] == r"\midrule" and lines[place + 1] == r"\bottomrule"
    assert r"\textbf{138,358}" in lines[place]


@pytest.mark.skipif(which("pdflatex") is None, reason="without pdfLaTeX")
def test_latex_compiles(tmp_path) -> None:
    parts = [run(*arguments, "-f", "latex").stdout for arguments in PAGES]
    parts.append(run("show", "-", "-f", "latex", input=KOREAN).stdout)
    (tmp_path / "all.tex").write_text(
        "\\documentclass{article}\\usepackage{booktabs}"
        "\\usepackage[paperwidth=150cm,paperheight=300cm]{geometry}\\begin{document}\n"
        + "\n\\newpage\n".join(parts)
        + "\n\\end{document}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]


@ids
def test_svg_is_the_same_on_every_run_and_shows_every_character(arguments) -> None:
    first = run(*arguments, "-f", "svg", env={"COLUMNS": "100"}).stdout
    assert first == run(*arguments, "-f", "svg", env={"COLUMNS": "100"}).stdout
    root = ElementTree.fromstring(first)
    shown = "".join("".join(element.itertext()) for element in root if element.tag.endswith("text"))
    table = run(*arguments, env={"COLUMNS": "100"}).stdout
    assert "".join(shown.split()) == "".join(table.split())
    pieces = [each.attrib for each in root if "textLength" in each.attrib]
    assert max(float(each["x"]) + float(each["textLength"]) for each in pieces) <= float(root.attrib["width"])


def test_svg_by_the_ending_of_a_file(tmp_path) -> None:
    assert run("show", "vgg16", "-o", tmp_path / "x.svg").exit_code == 0
    assert ElementTree.parse(tmp_path / "x.svg").getroot().tag.endswith("svg")
    ascii_only = run("show", "-", "-f", "svg", "--ascii", input=KOREAN).stdout
    assert ascii_only.isascii() and "합성곱" in "".join(ElementTree.fromstring(ascii_only).itertext())
