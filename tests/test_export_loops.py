"""Layers as SCALE-Sim's rows and Timeloop's loops, held against those programs' own formulas."""

from __future__ import annotations

import math
import re

import pytest
import yaml
from making import analyse, worked
from running import run

import archcalc
from archcalc.errors import RequestError
from archcalc.export.targets import export
from archcalc.operations import OPERATIONS, operation

HEADER = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,"

ZOO = (
    "alexnet", "googlenet", "resnet50", "resnext50-32x4d", "mobilenet-v1-1.0-224", "efficientnet-b0", "unet", "zfnet",
    "zfnet-deconv", "faster-rcnn-vgg16", "convnext-tiny", "vit-b-16", "swin-t", "swin-v2-t", "maxvit-t",
    "regnet-y-400mf", "siamfc",
)  # fmt: skip


def topology(text):
    """Return the rows as SCALE-Sim reads them: a row whose name holds DP once for each of its channels."""
    head, *lines = text.splitlines()
    assert head == HEADER
    rows = []
    for line in lines:
        assert line.endswith(",")
        name, *cells = (cell.strip() for cell in line[:-1].split(","))
        height, width, kernel_h, kernel_w, channels, filters, stride = map(int, cells)
        assert kernel_h <= height and kernel_w <= width, name  # which SCALE-Sim insists on
        copies, channels = (channels, 1) if "DP" in name else (1, channels)
        rows += [(name, height, width, kernel_h, kernel_w, channels, filters, stride)] * copies
    return rows


def macs_of_scalesim(text):
    """Add up what SCALE-Sim computes: rows and columns of the output are rounded up."""
    return sum(
        math.ceil((height - kernel_h + stride) / stride) * math.ceil((width - kernel_w + stride) / stride)
        * kernel_h * kernel_w * channels * filters
        for _, height, width, kernel_h, kernel_w, channels, filters, stride in topology(text)
    )  # fmt: skip


def problems(text):
    return [document["problem"] for document in yaml.safe_load_all(text)]


def macs_of_timeloop(text):
    """Add up the products of all dimensions."""
    found = 0
    for line in re.findall(r"^  instance: \{(.*)\}$", text, re.MULTILINE):  # as YAML it takes long to read
        numbers = dict(pair.split(": ") for pair in line.split(", "))
        found += math.prod(int(numbers[dimension]) for dimension in "GCMRSNPQ")
    return found


def rows(*items, **more):
    return export(analyse(*items, **more), "scalesim").data.splitlines()[1:]


def instances(*items, **more):
    return [problem["instance"] for problem in problems(export(analyse(*items, **more), "timeloop").data)]


@pytest.mark.parametrize("name", ZOO)
def test_a_network_of_the_zoo(name):
    report = archcalc.load(name).analyze()
    text = export(report, "scalesim").data
    assert macs_of_scalesim(text) == report.macs
    names = [line.partition(",")[0] for line in text.splitlines()]
    assert len(set(names)) == len(names)
    assert macs_of_timeloop(export(report, "timeloop").data) == report.macs


@pytest.mark.parametrize("word", sorted(set(OPERATIONS) - {"custom"}))
def test_worked_examples(word):
    for example in operation(word).examples:
        report = worked(word, example)
        if not report.macs:
            for target in ("scalesim", "timeloop"):
                with pytest.raises(RequestError, match="none of its layers has multiplications"):
                    export(report, target)
            continue
        assert macs_of_scalesim(export(report, "scalesim").data) == report.macs
        assert macs_of_timeloop(export(report, "timeloop").data) == report.macs


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        # 3 x 8 x 8, padded to 10: windows of 3 reach all of it at stride 1
        ("{name: c, conv: {filters: 4, kernel: 3, pad: 1}}", ["c, 10, 10, 3, 3, 3, 4, 1,"]),
        # three windows of 4 at stride 2 reach 8 of the 9 padded rows; with 9 SCALE-Sim would find a fourth
        ("{name: c, conv: {filters: 4, kernel: 4, stride: 2, pad: {top: 1, bottom: 0, left: 0, right: 0}}}",
         ["c, 8, 8, 4, 4, 3, 4, 2,"]),
        ("{name: c, conv: {filters: 6, kernel: 3, groups: 3}}",
         ["c_DP, 8, 8, 3, 3, 3, 2, 1,"]),
        ("{name: c, depthwise_conv: {kernel: 3, multiplier: 2}}", ["c_DP, 8, 8, 3, 3, 3, 2, 1,"]),
        ("{name: c, conv: {filters: 4, kernel: 3, dilation: 2}}", ["c, 6, 6, 3, 3, 3, 4, 1,"]),
        # two strides: 3 x 6 places, of 3·3·3 products each, for 4 filters
        ("{name: c, conv: {filters: 4, kernel: 3, stride: [2, 1]}}", ["c, 18, 27, 1, 27, 1, 4, 1,"]),
        ("{name: c, conv: {filters: 4, kernel: [8, 3], stride: [2, 1]}}", ["c, 8, 8, 8, 3, 3, 4, 1,"]),
        ("{name: c, fc: 10}", ["c, 1, 1, 1, 1, 192, 10, 1,"]),
        ("{name: c, conv_transpose: {filters: 4, kernel: 2, stride: 2}}", ["c, 8, 8, 1, 1, 3, 16, 1,"]),
        ("{name: c, locally_connected: {filters: 2, kernel: 7}}", ["c_DP, 1, 147, 1, 147, 4, 2, 1,"]),
        ("{name: DPN, conv: {filters: 4, kernel: 1}}", ["DpN, 8, 8, 1, 1, 3, 4, 1,"]),
        ("{name: r, times: 5, layers: [{name: c, fc: 10}]}", ["r_c, 5, 192, 1, 192, 1, 10, 1,"]),
        ("{name: c, conv: {filters: 3, kernel: 2, connections: [1, 3, 1]}}",
         ["c_of_1_channels, 8, 8, 2, 2, 1, 2, 1,", "c_of_3_channels, 8, 8, 2, 2, 3, 1, 1,"]),
    ],
)  # fmt: skip
def test_rows_of_scalesim(item, expected):
    assert rows(item) == expected


def test_groups_are_rows_side_by_side():
    assert rows("{name: c, conv: {filters: 4, kernel: 3, groups: 2}}", input=(6, 8, 8)) == [
        "c_group1, 8, 8, 3, 3, 3, 2, 1,",
        "c_group2, 8, 8, 3, 3, 3, 2, 1,",
    ]


def test_attention_is_two_products_of_each_head_and_window():
    # 16 places in 4 windows of 4, 3 heads: 12 products of 4 x 2 by 2 x 4, and 12 of 4 x 4 by 4 x 2
    found = rows("{name: a, attention: {heads: 3, window: 2}}", input=(18, 4, 4))
    assert found == ["a_scores_DP, 4, 2, 1, 2, 12, 4, 1,", "a_values_DP, 4, 4, 1, 4, 12, 2, 1,"]
    first, second = instances("{name: a, attention: {heads: 3, window: 2}}", input=(18, 4, 4))
    assert (first["G"], first["Q"], first["C"], first["M"]) == (12, 4, 2, 4)
    assert (second["G"], second["Q"], second["C"], second["M"]) == (12, 4, 4, 2)


def test_steps_of_a_recurrent_layer_wait_for_one_another():
    found = rows("{name: l, lstm: {units: 2}}", input=(5, 7, 1))
    assert found == ["l_inputs, 7, 5, 1, 5, 1, 8, 1,", "l_states_DP, 1, 2, 1, 2, 7, 8, 1,"]


def test_dimensions_of_timeloop():
    item = "{name: c, conv: {filters: 6, kernel: [3, 1], stride: [2, 1], dilation: [1, 2], groups: 3}}"
    (found,) = instances(item, input=(3, 9, 5))
    assert found == {
        "C": 1, "M": 2, "P": 5, "Q": 4, "R": 1, "S": 3, "N": 1, "G": 3,
        "Hstride": 2, "Wstride": 1, "Hdilation": 1, "Wdilation": 2,
    }  # fmt: skip
    (problem,) = problems(export(analyse(item, input=(3, 9, 5)), "timeloop").data)
    shape = problem["shape"]
    assert {each["name"] for each in shape["coefficients"]} == {"Hstride", "Wstride", "Hdilation", "Wdilation"}
    inputs = next(space for space in shape["data_spaces"] if space["name"] == "Inputs")
    assert [["R", "Wdilation"], ["P", "Wstride"]] in inputs["projection"]
    assert [["S", "Hdilation"], ["Q", "Hstride"]] in inputs["projection"]
    named = {word for space in shape["data_spaces"] for part in space["projection"] for term in part for word in term}
    assert named == {*shape["dimensions"], "Hstride", "Wstride", "Hdilation", "Wdilation"}


@pytest.mark.parametrize("target", ["scalesim", "timeloop"])
def test_work_without_loops_is_refused(target):
    with pytest.raises(RequestError, match=r"has nothing for custom \(output\): the loops of its 840 MACs"):
        export(archcalc.load("lenet5").analyze(), target)
    found = analyse("{conv: {filters: 1}}", "{custom: {what: a function, ops: 64}}")  # no MACs, and so no row
    assert len(export(found, "scalesim").data.splitlines()) == 2


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{conv: {filters: 1, kernel: 3, dilation: 2}}", "has no dilation: the taps of conv_1 are side by side"),
        ("{conv: {filters: 1, kernel: 1, dilation: 2}}", None),
        (
            "{conv: {filters: 1, kernel: 3, stride: [2, 1]}}",
            "has a single stride: conv_1, with two, is written as the equivalent",
        ),
        ("{conv_transpose: {filters: 1}}", "products of each place with all taps: conv_transpose_1"),
        ("{name: r, times: 2, layers: [{fc: 2}]}", "one product of that many rows: r/fc_1"),
    ],
)
def test_what_scalesim_cannot_say_is_said(item, said):
    remarks = export(analyse(item), "scalesim").remarks
    assert (said is None and not remarks) or said in remarks[0]


def test_on_the_command_line(tmp_path):
    report = archcalc.load("googlenet").analyze()
    printed = run("export", "googlenet", "--to", "timeloop")
    assert printed.exit_code == 0
    assert printed.stderr == "! branches for training alone are left out: aux1 and aux2\n"
    assert macs_of_timeloop(printed.stdout) == report.macs
    assert run("export", "googlenet", "--to", "timeloop", "-o", f"{tmp_path}/layers/").exit_code == 0
    files = sorted((tmp_path / "layers").iterdir())
    assert len(files) == 58  # 57 convolutions and an fc
    assert files[0].name == "01_conv1.yaml"
    assert "---\n".join(file.read_text() for file in files) == printed.stdout
    run("export", "fc-example", "--to", "timeloop", "-o", tmp_path)  # a folder that is there
    assert [file.name for file in tmp_path.glob("*.yaml")] == ["1_fc.yaml"]
    csv = run("export", "vgg16", "--to", "scalesim", "--input", "96")
    assert csv.stdout.splitlines()[1] == "conv1_1_conv_1, 98, 98, 3, 3, 3, 64, 1,"
    refused = run("export", "lenet5", "--to", "scalesim")
    assert (refused.exit_code, refused.stdout) == (2, "")
