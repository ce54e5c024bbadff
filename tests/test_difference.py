"""What diff says of two networks: aligned as a person would, and every difference of the totals accounted for."""

from __future__ import annotations

import json
import random
from itertools import pairwise

import pytest
from making import spec
from running import run, soon

import archcalc
from archcalc.analyses.alignment import Key, align
from archcalc.analyses.difference import difference
from archcalc.analyses.difference_rows import rows


def changes(before, after):
    """Return what changed between two specs, as (change, name, what), and check that it adds up."""
    reports = [archcalc.loads(text).analyze() for text in (before, after)]
    found = difference(*reports)
    accounted(found)
    return [(row.status, row.label, row.what) for row in rows(found)]


def accounted(found):
    for word in ("params", "macs", "memory_bytes"):
        total = getattr(found.after, word) - getattr(found.before, word)
        assert sum(getattr(change, word) for change in found.changes) == total
        assert sum(getattr(row, word) for row in rows(found)) == total
    for report, side in ((found.before, "before"), (found.after, "after")):
        layers = [getattr(change, side) for change in found.every if getattr(change, side) is not None]
        assert sorted(layer.position for layer in layers) == [layer.position for layer in report.layers]


def common(first, second):
    """Return the length of the longest common subsequence, by its definition."""
    above = [0] * (len(second) + 1)
    for each in first:
        line = [0]
        for number, other in enumerate(second):
            line.append(above[number] + 1 if each == other else max(above[number + 1], line[-1]))
        above = line
    return above[-1]


@pytest.mark.parametrize("seed", range(60))
def test_a_common_part_is_the_longest(seed):
    chance = random.Random(seed)
    first, second = ([chance.randrange(1 + seed % 9) for _ in range(chance.randrange(30))] for _ in range(2))
    pairs = align(len(first), len(second), [Key(first, second)])
    assert all(first[here] == second[there] for here, there in pairs)
    assert all(here < after and there < later for (here, there), (after, later) in pairwise(pairs))
    assert len(pairs) == common(first, second)


@pytest.mark.parametrize("seed", range(5))
def test_long_sequences_are_aligned_well_and_soon(seed):
    chance = random.Random(seed)
    first = [f"only {number}" if number % 7 == 0 else number % 5 for number in range(20_000)]
    second = [each for each in first if chance.random() > 0.01]
    with soon(5):
        pairs = align(len(first), len(second), [Key(first, second)])
    assert all(first[here] == second[there] for here, there in pairs)
    assert all(here < after and there < later for (here, there), (after, later) in pairwise(pairs))
    assert len(pairs) > 0.99 * len(second)


def test_long_sequences_of_few_words_are_no_trouble():
    with soon(5):
        pairs = align(9_000, 9_001, [Key([0, 1] * 4_500, [1, 0, 2] * 3_000 + [1])])
    assert len(pairs) >= 3_000


def test_later_keys_match_what_is_left_between():
    first, second = ["a", "B", "c", "d"], ["a", "b", "x", "d"]
    exact, folded = Key(first, second), Key([each.lower() for each in first], second)
    assert align(4, 4, [exact]) == [(0, 0), (3, 3)]
    assert align(4, 4, [exact, folded]) == [(0, 0), (1, 1), (3, 3)]
    assert align(4, 4, [exact, Key(*folded[:2], share=0.6)]) == [(0, 0), (3, 3)]  # one of two is chance


PLAIN = [
    "{name: a, conv: {filters: 8, kernel: 3}}",
    "relu",
    "{name: b, conv: {filters: 8, kernel: 3}}",
    "{name: c, fc: 4}",
]


def test_nothing_changed():
    assert changes(spec(*PLAIN), spec(*PLAIN)) == []


NO_BIAS = "{name: b, conv: {filters: 8, kernel: 3, bias: false}}"
ONE_CHANGE = {
    "a layer less": (
        [*PLAIN[:2], PLAIN[3]],
        [("removed", "b", "conv, 8 x 6 x 6 → 8 x 4 x 4"), ("resized", "c", "input 8 x 4 x 4 → 8 x 6 x 6")],
    ),
    "another activation": (
        [PLAIN[0], "swish", *PLAIN[2:]],
        [("added", "swish_1", "swish, 8 x 6 x 6 → 8 x 6 x 6"), ("removed", "relu_1", "relu, 8 x 6 x 6 → 8 x 6 x 6")],
    ),
    "a setting": ([*PLAIN[:2], NO_BIAS, PLAIN[3]], [("changed", "b", "bias true → false")]),
    "another operation": (
        [*PLAIN[:2], "{name: b, fc: 8}", PLAIN[3]],
        [
            ("changed", "b", "conv → fc, output 8 x 4 x 4 → 8 x 1 x 1"),
            ("resized", "c", "input 8 x 4 x 4 → 8 x 1 x 1"),
        ],
    ),
    "one in front": (["bn", *PLAIN], [("added", "bn_1", "bn, 3 x 8 x 8 → 3 x 8 x 8")]),
    "one behind": ([*PLAIN, "softmax"], [("added", "softmax_1", "softmax, 4 x 1 x 1 → 4 x 1 x 1")]),
    "another name": ([PLAIN[0].replace("name: a", "name: first"), *PLAIN[1:]], []),
    "another order": (
        [PLAIN[0], PLAIN[2], "relu", PLAIN[3]],
        [("moved", "relu_1", "moved, input 8 x 6 x 6 → 8 x 4 x 4")],
    ),
}


@pytest.mark.parametrize(("after", "expected"), ONE_CHANGE.values(), ids=ONE_CHANGE)
def test_one_change(after, expected):
    assert changes(spec(*PLAIN), spec(*after)) == expected


def test_layers_without_names_are_not_confused_by_their_numbers():
    before = ["conv: {filters: 8, kernel: 3}", "relu", "conv: {filters: 16, kernel: 3}", "relu", "fc: 4"]
    wrap = ["{conv: {filters: 3, kernel: 1}}", "relu"]
    found = changes(spec(*map("{{{}}}".format, before[:1]), *_items(before[1:])), spec(*wrap, *_items(before)))
    assert found == [
        ("added", "conv_1", "conv, 3 x 8 x 8 → 3 x 8 x 8"), ("added", "relu_1", "relu, 3 x 8 x 8 → 3 x 8 x 8")
    ]  # fmt: skip


def _items(words):
    return [f"{{{word}}}" if ":" in word else word for word in words]


def test_an_edge_that_leads_elsewhere_is_a_change():
    items = [
        "{name: a, conv: {filters: 3, kernel: 1}}",
        "{name: b, conv: {filters: 3, kernel: 1}}",
        "{add: , from: [%s, b]}",
    ]
    before, after = (spec(*items[:2], items[2] % source) for source in ("a", "input"))
    assert changes(before, after) == [("changed", "add_1", "reads another layer")]


def test_shared_weights_and_times_are_changes():
    items = ["{name: a, conv: {filters: 3, kernel: 1}}", "{name: b, conv: {filters: 3, kernel: 1}}"]
    shared = [items[0], "{name: b, weights: a, conv: {filters: 3, kernel: 1}}"]
    assert changes(spec(*items), spec(*shared)) == [("changed", "b", "shared false → true")]
    assert changes(spec("{name: a, relu: }"), spec("{name: a, times: 3, relu: }")) == [("changed", "a", "times 1 → 3")]


def network_rows(before, after):
    found = difference(*(archcalc.load(name).analyze() for name in (before, after)))
    accounted(found)
    return [(row.status, row.label, len(row.names)) for row in rows(found)]


def test_what_papers_say_of_their_families():
    assert network_rows("vgg16", "vgg19") == [("added", f"conv{stage}_4", 1) for stage in (3, 4, 5)]
    assert network_rows("vgg16", "vgg-16") == []
    assert network_rows("resnet50", "resnet101") == [("added", "conv4_x/bottleneck_7 … bottleneck_23", 17)]
    assert network_rows("resnet110-cifar", "resnet1202-cifar") == [
        ("added", f"stage{stage}/basic_19 … basic_200", 182) for stage in (1, 2, 3)
    ]
    assert network_rows("densenet121", "densenet201")[0] == ("added", "dense3/25 … 48", 24)
    strides = [row for row in network_rows("resnet50", "resnet50-v1.5") if row[0] == "changed"]
    assert [label.split("/")[0] for _, label, _ in strides] == [f"conv{stage}_x" for stage in (3, 3, 4, 4, 5, 5)]


@pytest.mark.parametrize(
    ("before", "after"),
    [("alexnet", "vgg16"), ("googlenet", "resnet50"), ("mobilenet-v1", "mobilenet-v2"), ("unet", "densenet121"),
     ("vit-b-16", "swin-t"), ("inception-v3", "inception-v4"), ("efficientnet-b0", "efficientnet-b7")],
)  # fmt: skip
def test_differences_of_any_two_networks_add_up(before, after):
    found = difference(*(archcalc.load(name).analyze() for name in (before, after)))
    back = difference(found.after, found.before)
    for each in (found, back):
        accounted(each)
    assert not found.same


def files(folder, before, after):
    paths = folder / "old.yaml", folder / "new.yaml"
    for path, text in zip(paths, (before, after), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_the_command(tmp_path):
    old, new = files(tmp_path, spec(*PLAIN), spec(*PLAIN, "softmax"))
    result = run("diff", old, new)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith(f"from {old} to {new}\n")  # both are called made
    assert "softmax_1" in result.stdout
    assert "Layers: 1 added; 5 as they were." in result.stdout
    same = run("diff", old, old)
    assert same.exit_code == 0
    assert "are the same network, layer by layer." in same.stdout
    piped = run("diff", "-", new, input=old.read_text(encoding="utf-8"))
    assert piped.exit_code == 1
    assert run("diff", old, tmp_path / "none.yaml").exit_code == 2
    assert run("diff", old).exit_code == 2


def test_the_formats(tmp_path):
    old, new = files(tmp_path, spec(*PLAIN), spec(*PLAIN[:3], "{name: c, fc: 5}"))
    data = json.loads(run("diff", old, new, "-f", "json").stdout)
    assert data["changes"] == [
        {"change": "changed", "before": "c", "after": "c", "op": "fc",
         "what": "out_features 4 → 5; output 4 x 1 x 1 → 5 x 1 x 1",
         "params": 129, "macs": 128, "memory_bytes": 4}
    ]  # fmt: skip
    assert data["totals"]["params"]["difference"] == 129
    assert data["same"] is False
    rows = run("diff", old, new, "-f", "csv").stdout.splitlines()
    assert rows == [
        "change,before,after,op,what,params,macs,memory_bytes",
        "changed,c,c,fc,out_features 4 → 5; output 4 x 1 x 1 → 5 x 1 x 1,129,128,4",
    ]
    for format in ("markdown", "html", "latex", "plain"):
        assert "+129" in run("diff", old, new, "-f", format).stdout


def test_input_and_type_hold_for_both(tmp_path):
    old, new = files(tmp_path, spec(*PLAIN), spec(*PLAIN, "softmax"))
    data = json.loads(run("diff", old, new, "-i", 16, "--dtype", "float16", "--batch", 2, "-f", "json").stdout)
    report = archcalc.loads(spec(*PLAIN)).analyze(16, batch=2, dtype="float16")
    assert data["totals"]["memory_bytes"]["before"] == report.memory_bytes
    assert data["totals"]["macs"]["before"] == report.macs


def test_names_alone_make_no_difference(tmp_path):
    old, new = files(tmp_path, spec(*PLAIN), spec(*(item.replace("name: ", "name: layer_") for item in PLAIN)))
    result = run("diff", old, new)
    assert result.exit_code == 0
    assert "3 have another name, which counts as no difference." in result.stdout
