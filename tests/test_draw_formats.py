"""What pictures are written as: words of strangers stay words, colours can be told apart, files are what they say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from itertools import combinations
from json import dumps
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from running import run, run_apart
from svg_geometry import mistakes, read

import archcalc
from archcalc.draw.formats import ENDINGS, FORMATS
from archcalc.draw.metrics import fitted, width
from archcalc.draw.theme import GROUND, KINDS, PLAIN, SCALE, share_of
from archcalc.errors import RequestError
from archcalc.operations import OPERATIONS

TEXTS = ("svg", "dot", "mermaid", "tikz")
TITLE = """</title><script>alert("1")</script> & 'quotes' ]]> \\ `code` \\input{x} $x_1^2$ #1 %c ~ "; </svg> <!--"""
NAMES = ['"><img src=x onerror=1>', "&lt;b&gt; \\N\\G", "{}$_^#%&~\\", "end; a --> b", "名前 ×1"]
HOSTILE = f"""
name: hostile
title: {dumps(TITLE)}
input: [3, 8, 8]
blocks:
  pair: {{layers: [{{conv: 4}}, {{conv: 4}}, {{conv: 8}}]}}
layers:
  - {{name: {dumps(NAMES[0])}, conv: 8}}
  - {{name: {dumps(NAMES[1])}, custom: {{what: '<b onclick="x">bold</b>', params: 3}}}}
  - {{name: {dumps(NAMES[2])}, pair: }}
  - {{name: {dumps(NAMES[3])}, relu: }}
  - {{name: {dumps(NAMES[4])}, relu: }}
"""


@pytest.fixture(scope="module")
def hostile():
    return archcalc.loads(HOSTILE).analyze()


def test_words_of_strangers_are_no_markup(hostile):
    for options in ({}, {"depth": 1}, {"color": "params"}):
        svg = hostile.draw(**options).svg
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
        assert tags <= {"svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "tspan", "g"}
        attributes = {key for element in ElementTree.fromstring(svg).iter() for key in element.attrib}
        assert not {key for key in attributes if key.startswith("on") or "href" in key}
        picture = read(svg)
        assert not list(mistakes(picture))
        assert '"><img src=x onerror=1>' in picture.boxes
        assert ElementTree.fromstring(svg).find("{http://www.w3.org/2000/svg}title").text == hostile.title


def test_characters_that_xml_does_not_allow_are_replaced():
    from archcalc.draw.formats.svg import escaped

    assert escaped('a\x00b\x1bc\ufffe\ud800<&>"') == "a\ufffdb\ufffdc\ufffd\ufffd&lt;&amp;&gt;&quot;"


def test_dot_strings_hold_nothing_but_text():
    from archcalc.draw.formats.dot import quoted

    assert quoted('a"b\\N&lt;', "c\nd") == '"a\\"b\\\\N&amp;lt;\\nc d"'


def test_mermaid_texts_hold_no_markup():
    from archcalc.draw.formats.mermaid import quoted

    assert quoted('<b>"#`', "x_1") == '"#60;b#62;#34;#35;#96;<br/>x_1"'


def test_tex_has_no_commands_of_strangers(hostile):
    from archcalc.draw.formats.tikz import escaped

    assert escaped(r"\input{a}_$%") == r"\textbackslash{}input\{a\}\_\$\%"
    text = hostile.draw().to("tikz")
    assert text.count("\\begin{tikzpicture}") == text.count("\\end{tikzpicture}") == 1
    unescaped = re.sub(r"\\[{}]", "", text)
    assert unescaped.count("{") == unescaped.count("}")
    assert "\\input{x}" not in text


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs graphviz")
@pytest.mark.parametrize("network", ["googlenet", "faster-rcnn-vgg16", "hostile"])
def test_graphviz_reads_the_same_graph(network, hostile):
    report = hostile if network == "hostile" else archcalc.load(network).analyze()
    picture = read(report.draw().svg)
    done = subprocess.run(
        ["dot", "-Tplain"], input=report.draw().to("dot"), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == ""
    lines = [line.split()[0] for line in done.stdout.splitlines()]
    assert lines.count("node") == len(picture.boxes)
    assert lines.count("edge") == len(picture.edges)


def test_mermaid_has_the_same_graph():
    report = archcalc.load("googlenet").analyze()
    text, picture = report.draw().to("mermaid"), read(report.draw().svg)
    assert len(re.findall(r"^ *n\d+[\[(]", text, re.M)) == len(picture.boxes)
    assert len(re.findall(r"^ *n\d+ --> n\d+$", text, re.M)) == len(picture.edges)
    assert text.count("subgraph ") == len(re.findall(r"^ *end$", text, re.M)) == len(picture.groups)


def test_tikz_draws_the_same_boxes_and_edges():
    report = archcalc.load("squeezenet1.0").analyze()
    text, picture = report.draw().to("tikz"), read(report.draw().svg)
    assert len(re.findall(r"\(n\d+\) at", text)) == len(picture.boxes)
    assert text.count("\\draw[->") == len(picture.edges)


# Colours.


def channels(colour):
    """Return red, green and blue as linear light."""
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]


def luminance(colour):
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), channels(colour), strict=True))


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_text_can_be_read_on_every_colour():
    """WCAG 2, level AA: at least 4.5 to 1."""
    tones = [(kind.light, GROUND[0][1]) for kind in KINDS.values()] + [
        (kind.dark, GROUND[1][1]) for kind in KINDS.values()
    ]
    tones += [(both[dark], GROUND[dark][1]) for both in SCALE for dark in (0, 1)] + [(PLAIN, GROUND[0][1])]
    for tone, text in tones:
        assert contrast(tone.text or text, tone.fill) >= 4.5, tone
    for ground, text, soft, line, *_ in GROUND:
        assert min(contrast(text, ground), contrast(soft, ground)) >= 4.5
        assert contrast(line, ground) >= 3


DEFICIENT = {  # Machado, Oliveira and Fernandes 2009, complete deficiency
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
}


def seen(colour, matrix):
    light = channels(colour)
    return [sum(weight * value for weight, value in zip(row, light, strict=True)) for row in matrix]


@pytest.mark.parametrize("deficiency", DEFICIENT)
def test_borders_of_common_kinds_differ_for_colour_blind_readers(deficiency):
    kinds = ("conv", "pool", "dense", "merge", "act")
    for first, second in combinations(kinds, 2):
        for tone in ("light", "dark"):
            colours = [seen(getattr(KINDS[kind], tone).stroke, DEFICIENT[deficiency]) for kind in (first, second)]
            distance = max(abs(a - b) for a, b in zip(*colours, strict=True))
            assert distance > 0.05, (first, second, tone)


def test_shares_grow_darker_on_white_and_lighter_on_black():
    light = [luminance(both[0].fill) for both in SCALE]
    dark = [luminance(both[1].fill) for both in SCALE]
    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)


@pytest.mark.parametrize(("value", "total", "number"), [(0, 9, 0), (1, 10**6, 1), (1, 100, 2), (199, 10000, 2),
                                                        (2, 100, 3), (5, 100, 4), (10, 100, 5), (20, 100, 6),
                                                        (5, 0, 0)])  # fmt: skip
def test_shares_have_colours(value, total, number):
    assert share_of(value, total) == number


def test_every_operation_has_a_kind():
    known = {word for kind in KINDS.values() for word in kind.words}
    assert set(OPERATIONS) <= known


def test_boxes_are_coloured_by_their_share_of_the_work():
    report = archcalc.load("alexnet").analyze()
    root = ElementTree.fromstring(report.draw(color="params").svg)
    svg = "{http://www.w3.org/2000/svg}"
    looks = {
        g.get("data-layer"): g.find(f"{svg}rect").get("class") for g in root.iter(f"{svg}g") if g.get("data-layer")
    }
    assert looks["fc6"] == "box s6"
    assert looks["pool1"] == "box s0"
    words = {text.words for text in read(report.draw(color="params").svg).texts}
    assert "37.75M params" in words
    assert "share of all parameters:" in ElementTree.tostring(root, encoding="unicode")


def test_readers_choose_light_or_dark():
    svg = archcalc.load("vgg16").analyze().draw().svg
    assert "@media(prefers-color-scheme:dark)" in svg
    assert 'role="img"' in svg
    assert "<desc>24 boxes and 23 edges, from input 3×224×224 to softmax 1000×1×1.</desc>" in svg


def test_tooltips_say_what_boxes_come_to():
    root = ElementTree.fromstring(archcalc.load("resnet50").analyze().draw().svg)
    svg = "{http://www.w3.org/2000/svg}"
    said = {g.get("data-layer"): g.find(f"{svg}title").text for g in root.iter(f"{svg}g") if g.get("data-layer")}
    assert said["conv1"].splitlines() == [
        "conv1: 7×7 conv /2 (conv bn relu)",
        "3×224×224 → 64×112×112",
        "9,536 params, 118,013,952 MACs, 6.1 MiB",
    ]


# Words.


def test_texts_are_about_as_wide_as_in_helvetica():
    assert width("64×112×112", 10) == pytest.approx(10 * (8 * 0.556 + 2 * 0.584))
    assert width("名前", 10) == 20
    assert width("e\u0301", 10) == width("e", 10)
    assert fitted("a text that is long", 10, 40).endswith("…")
    assert width(fitted("a text that is long", 10, 40), 10) <= 40
    assert fitted("short", 10, 400) == "short"


# The command.


@pytest.mark.parametrize("ending", [ending for ending, word in ENDINGS.items() if word in TEXTS])
def test_the_ending_of_a_file_says_the_format(ending, tmp_path):
    file = tmp_path / f"net{ending}"
    assert run("draw", "lenet5", "-o", file).exit_code == 0
    assert file.read_text(encoding="utf-8") == run("draw", "lenet5", "--format", ENDINGS[ending]).stdout
    archcalc.load("lenet5").analyze().draw().save(str(tmp_path / f"same{ending}"))
    assert (tmp_path / f"same{ending}").read_bytes() == file.read_bytes()


def test_a_strange_ending_is_refused(tmp_path):
    result = run("draw", "lenet5", "-o", tmp_path / "net.gif")
    assert result.exit_code == 2
    assert ".svg" in result.stderr
    assert not (tmp_path / "net.gif").exists()
    with pytest.raises(RequestError, match="no format has this ending"):
        archcalc.load("lenet5").analyze().draw().save(str(tmp_path / "net.gif"))


def test_a_spec_is_never_written_over(tmp_path):
    file = tmp_path / "net.svg"
    file.write_text("name: net\ninput: [1, 8, 8]\nlayers: [relu]\n", encoding="utf-8")
    result = run("draw", f"{file}", "-o", file)
    assert result.exit_code == 2
    assert file.read_text(encoding="utf-8").startswith("name: net")


@pytest.mark.parametrize(
    "arguments", [["--block", "bottleneckk"], ["--depth", "0"], ["--direction", "up"], ["--color", "red"]]
)
def test_what_cannot_be_drawn_is_a_request_error(arguments):
    result = run("draw", "resnet50", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_an_unknown_block_names_those_that_there_are():
    assert "did you mean 'bottleneck'?" in run("draw", "resnet50", "--block", "bottleneckk").stderr
    assert "its blocks are conv_bn, stage, bottleneck, skip" in run("draw", "resnet50", "--block", "zzz").stderr
    assert "it has none" in run("draw", "alexnet", "--block", "zzz").stderr


@pytest.mark.parametrize(
    ("network", "asked", "block"),
    [
        ("resnet18", "residual block", "basic"),
        ("resnet50", "Residual-Block", "bottleneck"),
        ("googlenet", "inception module", "inception"),
        ("mobilenet-v2", "Inverted Residual", "inverted_residual"),
        ("densenet121", "dense layer", "dense_layer"),
        ("squeezenet", "fire module", "fire"),
        ("se-resnet50", "squeeze-and-excitation", "se"),
        ("efficientnet-b0", "squeeze-and-excitation", "squeeze_excite"),
    ],
)
def test_blocks_are_found_as_papers_call_them(network, asked, block):
    assert run("draw", network, "--block", asked).stdout == run("draw", network, "--block", block).stdout
    assert run("draw", "alexnet", "--block", asked).exit_code == 2


@pytest.mark.parametrize("options", [{"direction": "up"}, {"color": "red"}, {"depth": 0}, {"block": "zzz"}])
def test_the_api_refuses_the_same(options):
    with pytest.raises(RequestError):
        archcalc.load("resnet50").analyze().draw(**options).to("svg")
    with pytest.raises(RequestError, match="no format 'gif'"):
        archcalc.load("resnet50").analyze().draw().to("gif")


@pytest.mark.parametrize("format", ["png", "pdf"])
def test_pixels_need_a_package(format, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    result = run("draw", "lenet5", "--format", format)
    assert result.exit_code == 2
    assert f"{format} needs the package vl-convert-python: pip install 'archcalc[draw]'" in result.stderr


@pytest.mark.parametrize("format", ["png", "pdf"])
def test_pixels_are_made_of_the_svg(format, monkeypatch, tmp_path):
    made = []
    fake = SimpleNamespace(
        svg_to_png=lambda svg, scale: made.append(svg) or b"\x89PNG", svg_to_pdf=lambda svg: made.append(svg) or b"%PDF"
    )
    monkeypatch.setitem(sys.modules, "vl_convert", fake)
    assert run("draw", "lenet5", "-o", tmp_path / f"net.{format}").exit_code == 0
    assert made == [run("draw", "lenet5").stdout]
    assert (tmp_path / f"net.{format}").read_bytes() in (b"\x89PNG", b"%PDF")


def test_real_pixels():
    pytest.importorskip("vl_convert")
    drawing = archcalc.load("lenet5").analyze().draw()
    assert drawing.to("png").startswith(b"\x89PNG")
    assert drawing.to("pdf").startswith(b"%PDF")


def test_ascii_holds_for_every_text(hostile):
    for format in TEXTS:
        result = run("draw", "lenet5", "--ascii", "--format", format)
        assert result.stdout.isascii()
    assert read(run("draw", "lenet5", "--ascii").stdout) == read(run("draw", "lenet5").stdout)


def test_nothing_is_loaded_that_a_picture_does_not_need():
    done = run_apart("draw", "vgg16")
    assert done.returncode == 0
    assert done.stderr == ""


def test_every_format_is_offered():
    assert tuple(FORMATS) == ("svg", "png", "pdf", "dot", "mermaid", "tikz")
