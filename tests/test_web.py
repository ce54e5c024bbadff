"""The report page: the figures of the commands, one file that loads nothing, and strangers' words as words."""

from __future__ import annotations

import csv
import io
import re
from json import dumps

import pytest
from html_pages import VOID, Page, faults, hashed
from running import run, run_apart
from test_draw_formats import contrast

import archcalc
from archcalc.analyses.row_tree import row_tree
from archcalc.analyses.rows import rows
from archcalc.web.markup import EMPTY, Html, json_in_html, tag

TITLE = """</title></script><script>alert("1")</script><!-- & 'quotes' ]]> --> <svg onload=x>"""
NAMES = ['"><img src=x onerror=1>', "<!--<script>", "end; a --> b", "名前 ×1", "x' y=\"z"]
HOSTILE = f"""
name: hostile
title: {dumps(TITLE)}
cite: {{key: x, title: {dumps(TITLE)}, year: 2020, url: 'javascript:alert(1)//https://x"'}}
input: [3, 8, 8]
notes: [{dumps(TITLE)}]
blocks:
  pair: {{layers: [{{conv: {{filters: 4, kernel: 1}}}}, {{conv: {{filters: 8, kernel: 1}}}}]}}
layers:
  - {{name: {dumps(NAMES[0])}, conv: {{filters: 8, kernel: 1}}}}
  - {{name: {dumps(NAMES[1])}, custom: {{what: '</script><b onclick="x">bold</b>', params: 3}}}}
  - {{name: {dumps(NAMES[2])}, pair: }}
  - {{name: {dumps(NAMES[3])}, relu: }}
  - {{name: {dumps(NAMES[4])}, max_pool: 3}}  # </script><script>alert(2)</script>
published:
  - {{params: 1M, cite: x, where: {dumps(TITLE)}, unexplained: {dumps(TITLE)}}}
"""


def page_of(*arguments, **options):
    done = run("report", *arguments, **options)
    assert done.exit_code == 0, done.stderr
    return Page(done.stdout)


@pytest.fixture(scope="module")
def resnet():
    return run("report", "resnet50").stdout


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    file = tmp_path_factory.mktemp("web") / "hostile.yaml"
    file.write_text(HOSTILE, encoding="utf-8")
    return str(file)


def cells(text):
    """Return the rows of the layer table that show at first, as texts of cells without marks of folding."""
    table = text[text.index('class="layers"') :].partition("</table>")[0]
    seen = [row for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL) if " hidden" not in row.partition(">")[0]]
    return [[re.sub("<.*?>", "", cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in seen[1:]]


# One file that loads nothing.


@pytest.mark.parametrize(
    "arguments",
    [["vgg16"], ["googlenet", "--si", "--count", "flops"], ["faster-rcnn-vgg16"], ["vit-b16", "unet"],
     ["alexnet", "vgg16", "--convention", "thop"], ["alexnet", "--input", "224", "--batch", "3"]],
    ids=" ".join,
)  # fmt: skip
def test_a_page_is_well_formed_and_loads_nothing(arguments):
    assert not list(faults(page_of(*arguments)))


def test_the_reader_of_pages_sees_faults():
    text = run("report", "lenet5").stdout
    for old, new in (("</style>", "x</style>"), ("<main>", '<main onclick="x">'), ("<main>", '<main style="x">'),
                     ("<main>", '<main src="https://x">'), ('rel="icon" href="data:,"', 'href="x"'),
                     ("<main>", "<main><!-- x -->"), ("(function start", " (function start"),
                     ("<main>", '<main><a href="javascript:1"></a>')):  # fmt: skip
        assert old in text
        assert list(faults(Page(text.replace(old, new)))), new
    with pytest.raises(AssertionError):
        Page(text.replace("</main>", ""))


def test_resnet_stays_small(resnet):
    assert len(resnet.encode()) < 400_000


def test_the_same_network_gives_the_same_bytes(resnet):
    assert run_apart("report", "resnet50", PYTHONHASHSEED="7").stdout == resnet


def test_words_of_strangers_are_no_markup(hostile):
    page = page_of(hostile)
    plain = page_of("lenet5")
    assert not list(faults(page))
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in plain.elements} | {"small", "section"}
    assert len(page.inline["script"]) == len(plain.inline["script"]) == 2
    assert hashed(page.inline["script"][1]) == hashed(plain.inline["script"][1])
    assert TITLE in page.texts
    links = [at["href"] for tag, at in page.elements if tag == "a"]
    assert not [link for link in links if not link.startswith(("#", "https://"))]
    names = {layer[0] for layer in page.data["networks"][0]["layers"]}
    assert {*NAMES} - {NAMES[2]} <= names
    boxes = {at["data-layer"] for _, at in page.elements if "data-layer" in at}
    assert {NAMES[0], NAMES[1], NAMES[4]} <= boxes


def test_data_in_a_script_ends_none():
    text = json_in_html({"</script>": ["<!--", "&", "\u2028", "\ud800", "é·"]})
    assert not re.search("[<>&\u2028\ud800]", text)
    assert "é·" in text


def test_children_are_escaped_unless_they_are_markup():
    assert tag("p", "<b>&", tag("b", '"'), Html("<i></i>")) == "<p>&lt;b&gt;&amp;<b>&quot;</b><i></i></p>"
    assert tag("a", class_='x"y', data_v=3, hidden=True, id=None, title=False) == (
        '<a class="x&quot;y" data-v="3" hidden></a>'
    )
    assert tag("br") == "<br>"
    assert EMPTY == VOID


def colours(rule):
    """Return the colours that a rule of the style names."""
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})\b", rule))


def test_text_can_be_read_on_every_ground():
    """WCAG 2, level AA: at least 4.5 to 1."""
    (style,) = page_of("lenet5").inline["style"]
    light, dark = themes = {}, {}
    for rule in re.findall(r":root(?:\[data-theme=dark\])?\{[^}]*\}", style):
        for theme in [dark] if "data-theme=dark" in rule else themes:
            theme.update(colours(rule))
    assert light.keys() == dark.keys()
    assert themes[0]["ground"] != themes[1]["ground"]
    for theme in themes:
        pairs = [(word, ground) for word in ("text", "soft", "accent", "warn") for ground in ("ground", "page")]
        pairs += [(word, f"{word}-soft") for word in ("accent", "warn", "good", "bad")]
        pairs += [("bad", "ground"), ("good", "ground"), ("text", "accent-soft")]
        for word, ground in pairs:
            assert contrast(theme[word], theme[ground]) >= 4.5, (word, ground, theme[word], theme[ground])


# The figures are those of the commands.


@pytest.mark.parametrize(
    "arguments",
    [["resnet50"], ["alexnet", "--input", "224"], ["vgg16", "--si", "--count", "flops", "--columns", "+macs_share"],
     ["googlenet", "--batch", "8", "--dtype", "float16"], ["alexnet", "--convention", "thop"]],
    ids=" ".join,
)  # fmt: skip
def test_the_table_is_that_of_show(arguments):
    shown = run("show", *arguments, "--format", "html").stdout
    table = re.findall(r"<tr[^>]*>(.*?)</tr>", shown, re.DOTALL)[1:]
    expected = [[re.sub("<.*?>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row)] for row in table]
    found = [[cell.strip() for cell in row] for row in cells(run("report", *arguments).stdout)]
    assert found == expected
    assert len(found) > 5


def test_notes_and_totals_are_those_of_show_and_compare():
    page = page_of("alexnet", "resnet50", "--batch", "2")
    said = "\n".join(page.texts)
    for line in run("show", "alexnet", "--batch", "2", "--format", "plain").stdout.splitlines():
        if line.startswith(("params ", "memory ")):
            assert line.partition("  ")[2].strip() in said
    row = next(csv.DictReader(io.StringIO(run("compare", "alexnet", "--batch", "2", "--format", "csv").stdout)))
    for word in ("params", "macs"):
        assert f"{int(row[word]):,}" in page.texts
    assert "1.45G" in page.texts, "724.41M MACs for each of two images"


@pytest.mark.parametrize(("network", "layer"), [("alexnet", "conv1"), ("resnet50", "conv3_x/bottleneck_1/conv2/conv_1"),
                                                ("vit-b16", "softmax_1"), ("lenet5", "input")])  # fmt: skip
def test_derivations_are_those_of_explain(network, layer):
    data = page_of(network).data["networks"][0]
    (found,) = [each for each in data["layers"] if each[0] == layer] or [data["layers"][-1]]
    lines = [[data["texts"][text] for text in data["steps"][step]] for step in found[2]]
    report = archcalc.load(network).analyze()
    (each,) = report.find(found[0])
    from archcalc.analyses.explain import derivations

    assert [(label.strip(), formula, numbers) for label, formula, numbers, _ in lines] == [
        (step.label, step.formula, " = ".join(step.numbers)) for step in derivations(each)
    ]
    assert [int(re.match("[0-9,]+", result)[0].replace(",", "")) for *_, result in lines] == [
        step.value for step in derivations(each)
    ]


def test_a_box_leads_to_its_layers():
    page = page_of("googlenet")
    data = page.data["networks"][0]
    report = archcalc.load("googlenet").analyze()
    assert [each.get("depth") for each in data["pictures"]] == [1, 2, None]
    for picture in data["pictures"]:
        for name, (first, count, *_) in picture["boxes"].items():
            assert {layer.name for layer in report.layers[first : first + count]} & {
                layer.name for layer in report.find(name)
            }
    conv1 = data["pictures"][0]["boxes"]["conv1"]
    assert conv1[2] == "conv"
    assert conv1[3] == "s4", "7x7x3x64 on 112x112 is 118M of 1.58G MACs: between 5 and 10%"


def test_every_box_of_a_picture_has_data_and_every_picture_its_own():
    page = page_of("resnet50")
    pictures = page.data["networks"][0]["pictures"]
    boxes = [at["data-layer"] for _, at in page.elements if "data-layer" in at]
    assert boxes == [name for picture in pictures for name in picture["boxes"]]
    assert sum(tag == "svg" and at.get("class") == "archcalc" for tag, at in page.elements) == len(pictures)


def test_charts_are_those_of_the_command():
    page, other = page_of("vgg16", "resnet50"), page_of("vgg16", "--convention", "thop")
    charts = [at["viewbox"] for tag, at in page.elements if tag == "svg" and at.get("class") == "chart"]
    sizes = [re.search('viewBox="(.*?)"', run("chart", *arguments).stdout)[1] for arguments in (
        ["compare", "vgg16", "resnet50"], ["layers", "vgg16"], ["memory", "vgg16"], ["layers", "resnet50"],
        ["memory", "resnet50"])]  # fmt: skip
    assert charts == sizes
    assert "Top-1 accuracy against MACs" in page.texts
    assert not [at for tag, at in other.elements if at.get("class") == "chart"], "they would contradict the table"


def test_what_a_chart_leaves_out_is_said():
    said = run("chart", "compare", "resnet50", "unet").stderr
    assert said.strip() in page_of("resnet50", "unet").texts


# Rows as a tree.


@pytest.mark.parametrize("network", ["resnet50", "googlenet", "fractalnet-20", "vit-b16", "faster-rcnn-vgg16"])
def test_rows_unfold_into_rows_that_add_up(network):
    report = archcalc.load(network).analyze()
    tree = row_tree(report)
    assert [each.row for each in tree if each.level == 1] == [row for row in rows(report, 1) if not row.heading]
    leaves = [each for each in tree if not each.inside]
    assert [each.row.layers[0] for each in leaves] == list(report.layers)
    for place, each in enumerate(tree):
        assert report.layers[each.first : each.first + len(each.row.layers)] == each.row.layers
        below = []
        for later in tree[place + 1 :]:
            if later.level <= each.level:
                break
            if later.level == each.level + 1:
                below.append(later)
        assert len(below) == each.inside
        if below:
            assert sum((later.row.layers for later in below), ()) == each.row.layers


# Published figures, and requests that cannot be.


def test_published_figures_have_their_verdicts():
    page = page_of("alexnet-eecs498")
    badges = [at["class"] for tag, at in page.elements if tag == "span" and at.get("class", "").startswith("badge")]
    assert badges.count("badge good") == 70
    assert badges.count("badge odd") == 1
    assert "71 published figures of 1 network: 71 checked, 0 measured. 70 agree, 1 misprint, 0 differ." in page.texts


def test_figures_are_of_the_network_as_published():
    page = page_of("resnet50", "--set", "n4=23")
    deeper = f"{archcalc.load('resnet50').analyze(set={'n4': 23}).params:,}"
    assert deeper in page.texts
    assert any(text.endswith(" 0 differ.") for text in page.texts)


def test_remarks_stand_out():
    page = page_of("alexnet", "--input", "224")
    remarks = [text for text in page.texts if text.startswith("conv1: (224 − 11)/4 + 1 = 54.25 is rounded down to 54")]
    assert len(remarks) == 1


def test_a_file_is_what_a_pipe_gets(tmp_path):
    file = tmp_path / "lenet.html"
    assert run("report", "lenet5", "-o", file).exit_code == 0
    assert file.read_bytes().decode() == run("report", "lenet5").stdout


def test_a_report_is_html(tmp_path):
    done = run("report", "lenet5", "-o", tmp_path / "lenet.pdf")
    assert done.exit_code == 2
    assert "call the file .html" in done.stderr
    assert not list(tmp_path.iterdir())


def test_no_page_for_a_terminal(monkeypatch):
    from archcalc.cli import streams
    from archcalc.errors import RequestError

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stdout", Terminal())
    with pytest.raises(RequestError, match="with -o"):
        streams.write_bytes(b"<html>")


def test_a_spec_is_never_written_over(tmp_path):
    file = tmp_path / "net.html"
    file.write_text("name: net\ninput: [1, 8, 8]\nlayers: [relu]\n", encoding="utf-8")
    done = run("report", f"{tmp_path}/./net.html", "-o", file)
    assert done.exit_code == 2
    assert file.read_text(encoding="utf-8").startswith("name: net")


def test_too_many_layers_for_a_page(tmp_path):
    file = tmp_path / "long.yaml"
    file.write_text("input: [1, 1, 1]\nlayers: [{repeat: 5000, layers: [{fc: 1}]}]\n", encoding="utf-8")
    done = run("report", file)
    assert done.exit_code == 2
    assert "5,001 layers; a page shows 5,000 at most" in done.stderr


def test_unknown_columns_are_refused():
    assert "no column 'kernal'" in run("report", "lenet5", "--columns", "kernal").stderr
