"""Charts: everything is where its value says, nothing collides, and words of strangers stay words."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from itertools import pairwise
from json import dumps, loads
from xml.etree import ElementTree

import pytest
from chart_geometry import NS, Chart, mistakes, mistakes_of_bubbles, where
from running import environment, run, run_apart

import archcalc
from archcalc.analyses.rows import rows
from archcalc.charts import make
from archcalc.charts.axis import BYTES, COUNT, NUMBER, PERCENT, SECONDS, YEAR, axis, from_zero, round_below
from archcalc.charts.bubbles import Bubble, BubbleChart
from archcalc.charts.winners import winners
from archcalc.errors import RequestError, SpecError

LECTURE = [
    "alexnet", "vgg16", "vgg19", "googlenet", "inception-v3", "inception-v4", "resnet18", "resnet34", "resnet50",
    "resnet101", "resnet152", "densenet121", "mobilenet-v1", "bn-inception",
]  # fmt: skip


def reports(*names):
    return [archcalc.load(name).analyze() for name in names]


@pytest.fixture(scope="module")
def lecture():
    return reports(*LECTURE)


def bubbles(*places, **more):
    """Return a chart of bubbles at (x, y, area)."""
    shown = tuple(
        Bubble(f"network-{number}", x, y, area, "conv", dashed=number % 2 == 1, tooltip="")
        for number, (x, y, area) in enumerate(places)
    )
    words = {"title": "t", "subtitle": "", "description": "", "notes": (), "remarks": (), **more}
    return BubbleChart(
        **words, bubbles=shown, across=("MACs", COUNT), upwards=("Accuracy", PERCENT), areas=("Params", COUNT)
    )


def test_bubbles_stand_where_the_ticks_say(lecture):
    chart = Chart(make.compare(lecture).svg)
    x, y = chart.ticks("x"), chart.ticks("y")
    assert len(x) >= 3
    assert len(y) >= 3
    accuracies = {"alexnet": 57.1, "resnet50": 75.3, "googlenet": 68.7, "inception-v4": 80.0}  # as printed for one crop
    for report in lecture:
        bubble = chart.bubbles[report.name]
        assert abs(bubble.x - where(x, report.macs)) < 1
        if report.name in accuracies:
            assert abs(bubble.y - where(y, accuracies[report.name])) < 1


def test_areas_are_as_parameters(lecture):
    chart = Chart(make.compare(lecture).svg)
    by_area = [chart.bubbles[report.name].radius ** 2 / report.params for report in lecture]
    assert max(by_area) < 1.01 * min(by_area)


@pytest.mark.parametrize("names", [LECTURE, ["vgg16"], ["vgg16", "resnet50"], ["vgg16", "vgg-d", "vgg16"]], ids=len)
def test_nothing_collides_in_real_sets(names):
    chart = Chart(make.compare(reports(*names)).svg)
    assert not mistakes(chart)
    assert not mistakes_of_bubbles(chart)
    assert len(chart.labels) == len(dict.fromkeys(names)) - ("vgg-d" in names)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_collides_in_random_sets(seed):
    dice = random.Random(seed)
    count = dice.choice([2, 5, 12, 30, 50])
    middles = [(dice.uniform(8, 10), dice.uniform(60, 80)) for _ in range(dice.choice([1, 3, 20]))]
    places = []
    for _ in range(count):
        x, y = dice.choice(middles)
        places.append((10 ** dice.gauss(x, 0.4), min(99.0, dice.gauss(y, 3)), 10 ** dice.uniform(5, 8)))
    chart = Chart(bubbles(*places).picture().svg())
    assert not mistakes(chart)
    assert not mistakes_of_bubbles(chart)
    assert len(chart.labels) == count


def test_networks_in_one_place_share_a_label():
    chart = Chart(bubbles(*[(1e9, 70.0, 1e7)] * 3, (2e9, 75.0, 1e7)).picture().svg())
    assert set(chart.labels) == {"network-0, network-1, network-2", "network-3"}
    crowd = bubbles(*[(1e9, 70.0, 1e7)] * 40).picture().svg()
    assert "In one place: network-0, network-1" in crowd
    assert "network-39." in crowd


def test_names_that_find_no_room_are_said():
    crowd = [(1e9 * (1 + number * 1e-7), 70.0 + number * 1e-7, 1e7) for number in range(40)]
    chart = Chart(bubbles(*crowd).picture().svg())
    assert not mistakes(chart)
    (said,) = [" ".join(each.text for each in chart.texts if "network" in each.text).partition("No room")[2]]
    without = set(re.findall(r"network-[0-9]+", said))
    assert len(without) + len(chart.labels) == 40
    assert not without & set(chart.labels)


def test_what_is_left_out_is_said():
    chart = make.compare(reports("unet", "resnet50", "lenet5"))
    assert set(Chart(chart.svg).bubbles) == {"resnet50"}
    assert chart.remarks == (
        "unet is left out: no top-1 accuracy is recorded for it",
        "lenet5 is left out: no top-1 accuracy is recorded for it; there is --y accuracy",
    )
    with pytest.raises(RequestError, match="no network is left to compare\nunet is left out"):
        make.compare(reports("unet"))
    other = archcalc.load("resnet50").analyze(160)
    with pytest.raises(RequestError, match="was published for another input or other arguments"):
        make.compare([other])


def test_protocols_stand_below(lecture):
    text = make.compare(lecture).svg
    said = " ".join(each.text for each in Chart(text).texts)
    assert "1-crop validation: resnet18, resnet34 (fb-resnet-torch), resnet50, resnet101, resnet152 (msra" in said
    assert "protocol not said: vgg16, vgg19 (torchvision)" in said
    assert "Input 3×224×224, but inception-v3, inception-v4 3×299×299; alexnet 3×227×227." in said
    dashed = {each.get("data-network") for each in Chart(text).groups("network") if "dashed" in each[1].get("class")}
    assert dashed == {"vgg16", "vgg19"}


@pytest.mark.parametrize(
    ("network", "options"),
    [("vgg16", {}), ("googlenet", {"depth": 2}), ("resnet50", {"every": True}), ("faster-rcnn-vgg16", {"depth": 3})],
)
def test_bars_are_as_long_as_their_values(network, options):
    report = archcalc.load(network).analyze()
    chart = Chart(make.layers(report, **options).svg)
    found = rows(report, options.get("depth", 1), every=options.get("every", False))
    assert [each.get("data-row") for each in chart.groups("row")] == [row.path for row in found]
    for panel, amount in (("memory", "memory_bytes"), ("params", "params"), ("macs", "macs")):
        values = [0 if row.heading else getattr(row, amount) for row in found]
        widths = chart.bars(panel)
        for value, wide in zip(values, widths, strict=True):
            assert wide == pytest.approx(max(widths) * value / max(values), abs=0.02)
    assert not mistakes(chart)


def test_times_add_up_to_the_estimate():
    report = archcalc.load("resnet50").analyze(batch=8)
    chart = Chart(make.time(report.time("rtx3090"), depth=2).svg)
    widths = chart.bars("time")
    longest = report.time("rtx3090")
    shown = [each.text for each in chart.texts if re.fullmatch(r"[0-9.]+ (ms|µs|ns)", each.text)]
    scale = {"ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
    seconds = [float(each.split()[0]) * scale[each.split()[1]] for each in shown]
    assert sum(seconds) == pytest.approx(longest.seconds, rel=0.005)
    assert max(widths) / sum(widths) == pytest.approx(max(seconds) / sum(seconds), rel=0.005)


SKIP = """
input: [4, 8, 8]
layers:
  - add: [[{name: a, conv: {filters: 8, kernel: 1}}, {name: b, conv: {filters: 4, kernel: 1}}], []]
  - {name: c, conv: {filters: 2, kernel: 1}}
"""


def test_memory_is_what_is_alive_by_hand():
    """256 values of 4 bytes flow in: a KiB; a writes 2 KiB beside it, b 1 KiB beside both, and so on."""
    kib = 1024
    by_hand = {"input": (0, 0, 1), "a": (0, 1, 2), "b": (1, 2, 1), "add_1": (0, 2, 1), "c": (0, 1, 0.5)}
    chart = archcalc.loads(SKIP).analyze().chart("memory")
    steps = {step.name: tuple(amount / kib for amount in step.amounts) for step in chart.content.steps}
    assert steps == by_hand
    assert chart.content.says == "peak 4.0 KiB while b runs"


@pytest.mark.parametrize("network", ["vgg16", "unet", "googlenet"])
def test_steps_are_as_high_as_what_is_alive(network):
    report = archcalc.load(network).analyze()
    made = make.memory(report)
    chart = Chart(made.svg)
    ticks, steps = chart.ticks("y"), made.content.steps
    areas = [each.find(f"{NS}path").get("d") for each in chart.groups("area")]
    left, right = (float(each) for each in (areas[0].split("M")[1].split(" ")[0], max(_xs(areas[0]))))
    for number, step in enumerate(steps):
        middle = left + (right - left) * (number + 0.5) / len(steps)
        for part, path in enumerate(areas):
            top, bottom = _span(path, middle)
            assert abs(bottom - where(ticks, sum(step.amounts[:part]))) < 0.7
            assert abs(top - where(ticks, sum(step.amounts[: part + 1]))) < 0.7
    peak = max(range(len(steps)), key=lambda number: sum(steps[number].amounts))
    assert chart.groups("peak")[0].get("data-peak") == steps[peak].name
    assert not mistakes(chart)


def _corners(path):
    """Return the corners of an outline of horizontal and vertical lines."""
    corners = []
    for letter, first, second in re.findall(r"([MHV])([0-9.]+)(?: ([0-9.]+))?", path):
        x, y = corners[-1] if corners else (0.0, 0.0)
        at = float(first)
        corners.append((at, float(second)) if letter == "M" else (at, y) if letter == "H" else (x, at))
    return [*corners, corners[0]]


def _xs(path):
    return [x for x, _ in _corners(path)]


def _span(path, x):
    """Return where an outline is above and below at a place."""
    found = [y1 for (x1, y1), (x2, y2) in pairwise(_corners(path)) if y1 == y2 and min(x1, x2) <= x < max(x1, x2)]
    return min(found), max(found)


def test_winners_have_the_depths_that_are_known():
    known = {"SuperVision": 8, "Clarifai": 8, "VGG (2nd)": 19, "GoogLeNet": 22, "MSRA": 152}
    made = make.errors()
    assert {each.team: each.depth for each in made.content.columns if each.depth} == known
    chart = Chart(made.svg)
    assert not mistakes(chart)
    heights = {
        each.get("data-entry"): float(each.find(f"{NS}g[@data-bar='error']/{NS}rect").get("height"))
        for each in chart.groups("entry")
    }
    by_error = [heights[winner.team] / float(winner.error) for winner in winners().winners]
    assert max(by_error) < 1.001 * min(by_error)


def test_a_file_of_winners_is_checked():
    from archcalc.charts.winners import read_winners
    from archcalc.text.source import Source

    start = "sources: {a: {title: A}}\nhuman: {top5_error: 5%, cite: a}\nwinners:\n  - "
    for entry, message in (
        ("{year: 2012, team: x, top5_error: 5%, cite: b, network: y}", "expected a"),
        ("{year: 2012, team: x, top5_error: low, cite: a, network: y}", "expected an error such as 16.4%"),
        ("{year: 2012, team: x, top5_error: 5%, cite: a}", "a winner has a network"),
        ("{year: 2012, team: x, top5_error: 5%, network: y}", "'cite' is missing"),
        ("{year: 2012, team: x, top5_error: 5%, cite: a, net: y}", "no 'net' is known here"),
        ("12", "expected {word: value}"),
    ):
        with pytest.raises(SpecError, match=re.escape(message)):
            read_winners(Source("w.yaml", start + entry))


@pytest.mark.parametrize("kind", [COUNT, BYTES, SECONDS, PERCENT, NUMBER, YEAR])
def test_ticks_are_round_apart_and_within(kind):
    dice = random.Random(kind)
    for _ in range(300):
        low = 10 ** dice.uniform(-8, 1) if kind == SECONDS else int(10 ** dice.uniform(0, 9))
        high = low * 10 ** dice.uniform(0, 5)
        if kind == PERCENT:
            low, high = sorted((dice.uniform(0, 100), dice.uniform(0, 100)))
        if kind == YEAR:
            low, high = sorted((dice.randrange(1980, 2030), dice.randrange(1980, 2030)))
        if kind in (COUNT, BYTES, NUMBER):
            high = int(high)
        made = axis("t", kind, [low, high], 700, pad=40, apart=54)
        assert len(made.ticks) >= 2, (low, high, made)
        assert len({tick.label for tick in made.ticks}) == len(made.ticks)
        places = [made.at(tick.value) for tick in made.ticks]
        assert min(places) >= -1e-9
        assert max(places) <= 1 + 1e-9
        assert min(after - before for before, after in pairwise(places)) * 700 >= 50
        for tick in made.ticks:
            assert len(re.sub(r"[^0-9]", "", tick.label).strip("0")) <= 4
        assert 40 / 700 - 0.01 <= made.at(low) <= made.at(high) <= 1 - 40 / 700 + 0.01


def test_bars_begin_at_zero():
    made = from_zero("t", BYTES, 61 * 2**20, 300, room=36, apart=44)
    assert made.at(0) == 0
    assert made.at(61 * 2**20) == pytest.approx(264 / 300)
    assert [tick.label for tick in made.ticks] == ["0", "20 MiB", "40 MiB", "60 MiB"]
    assert round_below(138_357_544, COUNT) == 100_000_000
    assert round_below(61 * 2**20, BYTES) == 50 * 2**20


@pytest.mark.parametrize("arguments", ["compare vgg16 resnet50", "layers lenet5", "memory lenet5", "errors"])
def test_the_bytes_are_the_same_whatever_the_hashes(arguments):
    first, second = (run_apart("chart", *arguments.split(), PYTHONHASHSEED=seed).stdout for seed in ("1", "2"))
    assert first == second
    assert first.startswith("<svg")


NAMES = ['"><img src=x onerror=1>', "&lt;b&gt; \\N\\G", "{}$_^#%&~\\", "名前 ×1 " + "long_name_" * 9]
HOSTILE = f"""
name: {dumps('x"><script>y<!--')}
title: {dumps("</title><script>alert(1)</script> " + "very long " * 30)}
input: [3, 32, 32]
published: [{{top1_error: 25%, cite: {dumps("<a>")}, protocol: {dumps("</text><script>")}}}]
sources: {{{dumps("<a>")}: {{title: x}}}}
blocks: {{pair: {{layers: [{{conv: {{filters: 4, kernel: 3}}}}, {{conv: {{filters: 4, kernel: 3}}}}]}}}}
layers:
  - {{name: {dumps(NAMES[0])}, conv: {{filters: 8, kernel: 3}}}}
  - {{name: {dumps(NAMES[1])}, custom: {{what: '<b onclick="x">bold</b>', params: 3}}}}
  - {{name: {dumps(NAMES[2])}, pair: }}
  - {{name: {dumps(NAMES[3])}, relu: }}
"""


def test_words_of_strangers_are_no_markup():
    report = archcalc.loads(HOSTILE).analyze()
    known = {"svg", "title", "desc", "style", "path", "rect", "circle", "text", "g"}
    for made in (
        make.compare([report, *reports("resnet50")]),
        make.layers(report, depth=2),
        make.memory(report),
        make.time(report.time("t4")),
    ):
        root = ElementTree.fromstring(made.svg)
        assert {each.tag.rpartition("}")[2] for each in root.iter()} <= known
        attributes = {key for each in root.iter() for key in each.attrib}
        assert not {key for key in attributes if key.startswith("on") or "href" in key}
        chart = Chart(made.svg)
        assert not mistakes(chart)
        assert root.find(f"{NS}desc").text
        assert loads(made.to("vega"))["description"] == root.find(f"{NS}desc").text
    assert 'x"><script>y<!--' in Chart(make.compare([report]).svg).bubbles


@pytest.mark.parametrize("text", ["layers: [relu]", "layers: [{fc: 1}, softmax]", "layers: [flatten]"])
def test_small_networks_have_charts_too(text):
    report = archcalc.loads(f"input: [1, 1, 1]\n{text}").analyze()
    for made in (report.chart(), report.chart("memory"), report.chart("time", device="t4")):
        assert not mistakes(Chart(made.svg))
        assert loads(made.to("vega"))
    alone = archcalc.chart([report], x="params", y="macs", size="macs")
    assert not mistakes(Chart(alone.svg))
    assert loads(alone.to("vega"))


def test_everything_can_be_an_axis(lecture):
    words = ("macs", "params", "memory", "depth", "year", "time", "top1", "top5", "top1_error", "top5_error")
    for word in words:
        size = word if word in ("macs", "memory", "depth", "time") else "none"
        made = archcalc.chart(lecture[:4], x=word, y="macs", size=size, device="rtx3090")
        assert not mistakes(Chart(made.svg))
        assert len(Chart(made.svg).bubbles) == 4
    errors = Chart(archcalc.chart(lecture[:4], y="top1_error").svg)
    assert abs(errors.bubbles["alexnet"].y - where(errors.ticks("y"), 42.9)) < 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("chart compre vgg16", "no chart 'compre' (did you mean 'compare'?)"),
        ("chart compare", "Missing argument NET."),
        ("chart compare vgg16 --x flops", "Invalid value for '--x'"),
        ("chart compare vgg16 --x time", "a time needs a device: --device CARD"),
        ("chart compare unet", "no network is left to compare"),
        ("chart compare nothing", "nothing"),
        ("chart time vgg16", "Missing option '--device'"),
        ("chart layers vgg16 -o a.txt", "no format has the ending .txt (there are .svg, .png, .pdf, .json)"),
        ("chart layers vgg16 unet", "Got unexpected extra argument (unet)"),
        ("chart errors alexnet", "Got unexpected extra argument (alexnet)"),
    ],
)
def test_refusals(arguments, message):
    result = run(*arguments.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr


def test_refusals_in_python():
    report = archcalc.load("lenet5").analyze()
    with pytest.raises(RequestError, match="no chart 'layer' \\(did you mean 'layers'"):
        report.chart("layer")
    with pytest.raises(RequestError, match="a chart of times is of a device"):
        report.chart("time")
    with pytest.raises(RequestError, match="no quantity 'flops'"):
        archcalc.chart([report], x="flops")
    with pytest.raises(RequestError, match="no quantity 'year': params, macs"):
        archcalc.chart([report], size="year")
    with pytest.raises(RequestError, match="no format 'dot'"):
        report.chart().to("dot")


def test_a_file_and_what_is_left_out_go_apart(tmp_path):
    result = run("chart", "compare", "resnet50", "unet", "-o", tmp_path / "a.json")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "unet is left out: no top-1 accuracy is recorded for it\n"
    spec = loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert spec["$schema"] == "https://vega.github.io/schema/vega-lite/v5.json"
    assert [row["network"] for row in spec["data"]["values"]] == ["resnet50"]
    assert spec["data"]["values"][0]["y"] == 75.3


def test_vega_has_the_values_of_the_picture():
    report = archcalc.load("vgg16").analyze()
    layers = make.layers(report).vega()
    values = {(row["row"], row["panel"]): row["value"] for row in layers["data"]["values"]}
    assert values["fc6", "params"] == 102_764_544
    assert sum(value for (_, panel), value in values.items() if panel == "macs") == report.macs
    memory = make.memory(report).vega()
    assert max(row["high"] for row in memory["data"]["values"]) == 2 * 224 * 224 * 64 * 4
    assert len(make.errors().vega()["data"]["values"]) == len(winners().winners)


def test_vega_is_drawn_by_vega():
    convert = pytest.importorskip("vl_convert")
    report = archcalc.load("lenet5").analyze()
    for made in (make.compare(reports("resnet50")), make.layers(report), make.memory(report), make.errors()):
        assert convert.vegalite_to_svg(made.vega()).startswith("<svg")
        assert made.to("png").startswith(b"\x89PNG")


def test_charts_are_shown_and_saved(tmp_path):
    chart = archcalc.load("lenet5").analyze().chart("memory")
    assert chart._repr_svg_() == str(chart) == chart.svg
    chart.save(str(tmp_path / "a.svg"))
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == chart.svg
    with pytest.raises(RequestError, match="no format has this ending"):
        chart.save(str(tmp_path / "a.mmd"))


def test_one_style_serves_all_charts():
    report = archcalc.load("lenet5").analyze()
    made = (make.layers(report), make.memory(report), make.compare(reports("resnet50")), make.errors())
    styles = {ElementTree.fromstring(each.svg).find(f"{NS}style").text for each in made}
    assert len(styles) == 1
    assert "prefers-color-scheme:dark" in styles.pop()


def test_nothing_is_loaded_that_a_chart_does_not_need(tmp_path):
    code = "import sys; from archcalc.cli import cli; cli(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
    arguments = [sys.executable, "-c", code, "chart", "layers", "lenet5", "-o", str(tmp_path / "a.svg")]
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", env=environment(), check=True)
    loaded = set(done.stdout.split())
    assert "archcalc.charts.bars" in loaded
    assert (
        not {"archcalc.charts.bubbles", "archcalc.charts.formats.vega", "archcalc.published", "json", "rich"} & loaded
    )
