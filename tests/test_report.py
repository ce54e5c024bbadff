"""Reports: layers and composites by their paths."""

from __future__ import annotations

import csv
import io

import pytest
from making import analyse
from running import run

import archcalc
from archcalc.errors import RequestError

BLOCK = """blocks:
  pair:
    layers: [{name: conv1, conv: 4}, relu, {name: conv10, conv: 4}]"""


def found(report, path):
    return [layer.name for layer in report.find(path)]


def test_layers_and_composites_are_found_by_their_paths():
    report = analyse("{name: conv1, conv: 4}", "{name: stage, pair: , repeat: 2}", head=BLOCK)
    assert found(report, "input") == ["input"]
    assert found(report, "conv1") == ["conv1"], "not what merely begins or ends alike"
    assert found(report, "stage/2") == ["stage/2/conv1", "stage/2/relu_1", "stage/2/conv10"]
    assert found(report, "stage") == found(report, "stage/1") + found(report, "stage/2")
    assert report.names == (
        "input", "conv1",
        "stage", "stage/1", "stage/1/conv1", "stage/1/relu_1", "stage/1/conv10",
        "stage/2", "stage/2/conv1", "stage/2/relu_1", "stage/2/conv10",
    )  # fmt: skip
    assert all(report.find(name) for name in report.names)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("CONV1", " (did you mean 'conv1'?)"),
        ("stag", " (did you mean 'stage'?)"),
        ("conv10", " (did you mean 'stage/1/conv10' or 'stage/2/conv10'?)"),
        ("stage/1/con", " (did you mean 'stage/1/conv1' or 'stage/1/conv10'?)"),
        ("zzz", "; archcalc show made --all names its layers"),
        ("", "; archcalc show made --all names its layers"),
        ("stage/3", " (did you mean 'stage/1'?)"),
    ],
)
def test_a_path_that_is_not_there_gets_the_nearest(path, hint):
    report = analyse("{name: conv1, conv: 4}", "{name: stage, pair: , repeat: 2}", head=BLOCK)
    with pytest.raises(RequestError) as caught:
        report.find(path)
    assert str(caught.value) == f"made has no layer '{path}'{hint}"


def test_many_names_that_are_alike_are_cut():
    with pytest.raises(RequestError, match=r"\(did you mean 'conv1_1', 'conv1_2', .* \.\.\.\?\)$"):
        archcalc.load("vgg16").analyze().find("conv")


def test_a_name_that_is_not_there_cannot_drive_a_terminal():
    with pytest.raises(RequestError) as caught:
        archcalc.load("lenet5").analyze().find("\x1b[31m" + "x" * 10_000)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_branches_for_training_are_found_but_count_only_where_they_are_asked_for():
    head = "blocks:\n  part: {layers: [{name: conv1, conv: 4}, {training: [{name: aux, fc: 2}]}, relu]}"
    plain, training = (analyse("{name: part, part: }", head=head, training=flag) for flag in (False, True))
    assert found(plain, "part/training_1/aux") == found(training, "part/training_1/aux") == ["part/training_1/aux"]
    assert "part/training_1/aux" in plain.names
    assert "part/training_1/aux" not in found(plain, "part")
    assert "part/training_1/aux" in found(training, "part")
    for report in (plain, training):
        assert sum(layer.params for layer in report.find("part")) == report.params


def test_rows_are_those_of_the_table():
    report = archcalc.load("googlenet").analyze(batch=2)
    for depth in (1, 2, 9):
        table = csv.DictReader(io.StringIO(run("show", "googlenet", "--batch", "2", "-d", depth, "-f", "csv").stdout))
        shown = [(row["layer"], *(int(row[word]) for word in ("params", "macs", "memory_bytes"))) for row in table]
        rows = report.rows(depth)
        assert [(row.name, row.params, row.macs, row.memory_bytes) for row in rows] == shown
        assert sum(row.layers for row in rows) == len(report.layers)


def test_a_row_is_what_its_layers_come_to():
    report = analyse("{name: conv1, conv: 4}", "relu", "{name: stage, pair: , repeat: 2}", head=BLOCK)
    image, conv1, stage = report.rows()
    assert image == ("input", "input", 1, (3, 8, 8), (3, 8, 8), 0, 0, 768, (1, 1))
    assert conv1 == ("conv1", "conv relu", 2, (3, 8, 8), (4, 8, 8), 16, 768, 1024, (1, 1))
    assert stage == ("stage", "conv relu", 6, (4, 8, 8), (4, 8, 8), 80, 4096, 4096, (1, 1))
    assert stage._fields[:3] == ("name", "op", "layers")
    assert [row.name for row in report.rows(2)] == ["input", "conv1", "stage/1", "stage/2"]


def test_what_runs_twice_says_so_in_json():
    once, twice = analyse("relu", "{times: 2, relu: }").to_json()["layers"][1:]
    assert once.keys().isdisjoint({"times", "survival", "training", "whole_image"})
    assert twice["times"] == 2
    assert "survival" not in twice


def test_an_activation_of_another_block_is_no_part_of_the_row_before():
    head = """blocks:
  one: {layers: [{name: z, conv: 2}, {name: a, conv: 2}]}
  two: {layers: [relu, {name: b, conv: 2}, {name: c, conv: 2}]}"""
    report = analyse("{name: x, one: }", "{name: y, two: }", head=head)
    assert [row.name for row in report.rows(2)] == ["input", "x/z", "x/a", "y/relu_1", "y/b", "y/c"]


def test_what_a_spec_describes_itself_is_marked(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text("input: [3, 8, 8]\nlayers: [{custom: {what: a thing, macs: 5}}, relu]\n", encoding="utf-8")
    assert "custom_1 (custom) +relu " in run("show", path).stdout


def test_kinds_in_json_add_up():
    totals = archcalc.load("resnet18").analyze().totals_to_json()
    assert sum(totals["params_by_kind"].values()) == totals["params"]
    assert totals["ops"]["lrn"] == totals["params_by_kind"]["custom"] == 0
