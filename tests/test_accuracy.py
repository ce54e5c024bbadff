"""Which published accuracy belongs to one pass over one image."""

from __future__ import annotations

from fractions import Fraction

import pytest

import archcalc
from archcalc.analyses.accuracy import MORE_WORK, NOT_SAID, ONE_CROP, accuracy, has_other, how, percent, tops


@pytest.mark.parametrize(
    ("protocol", "measured"),
    [
        ("1-crop validation", ONE_CROP),
        ("Caffe's replication, 1 crop, validation set", ONE_CROP),
        ("BVLC's replication, center crop", ONE_CROP),
        ("validation, 1 crop of 224", ONE_CROP),
        ("1 model, 1 crop, validation", ONE_CROP),
        ("", NOT_SAID),
        ("validation set, one scale, S = Q = 256", NOT_SAID),
        ("1 network, validation set", NOT_SAID),
        ("10-crop validation", MORE_WORK),
        ("144 crops, validation", MORE_WORK),
        ("multi-scale validation", MORE_WORK),
        ("validation set, multi-crop and dense", MORE_WORK),
        ("7 models, 144 crops, validation", MORE_WORK),
        ("test set, six networks of different depth together", MORE_WORK),
        ("ensemble, test", MORE_WORK),
        ("1-crop validation at 320x320", MORE_WORK),
        ("1-crop validation at 224x224", ONE_CROP),
    ],
)
def test_what_protocols_say(protocol, measured):
    assert how(protocol, archcalc.load("resnet50").analyze()) == measured


@pytest.mark.parametrize(
    ("network", "top", "value", "printed"),
    [
        ("alexnet", "top1", "57.1", "57.1%"),  # not 40.7% error, of ten crops
        ("resnet50", "top1", "75.3", "24.7%"),  # not 22.85% error, of ten
        ("resnet152", "top5", "93.3", "6.7%"),  # not 3.57% error, of six networks
        ("preresnet152", "top1", "78.9", "21.1%"),  # of a larger crop, for there is no other
        ("highway19", "", "92.46", "7.54%"),
        ("lenet5", "", "99.05", "0.95%"),
    ],
)
def test_the_accuracy_of_one_crop_goes_first(network, top, value, printed):
    found = accuracy(archcalc.load(network).analyze(), top)
    assert found is not None
    assert found.percent == Fraction(value)
    assert found.figure.printed == printed


def test_an_accuracy_is_of_its_own_arguments_and_input():
    resnet34 = archcalc.load("resnet34")
    assert accuracy(resnet34.analyze(set={"shortcut": "A"}), "top1").figure.printed == "25.03%"
    assert accuracy(resnet34.analyze(set={"shortcut": "B"}), "top1").figure.printed == "26.73%"
    assert accuracy(resnet34.analyze(set={"n4": 23}), "top1") is None
    assert accuracy(resnet34.analyze(160), "top1") is None
    assert accuracy(resnet34.analyze(224), "top1") is not None
    assert has_other(resnet34.analyze(160), "top1")
    assert not has_other(resnet34.analyze(), "")
    assert tops(resnet34.analyze()) == ("top1", "top5")


SPEC = """
input: [3, 8, 8]
args: {width: 8}
layers: [{fc: =width}]
published:
  - {top1_error: 30%, cite: here}
  - {top1_error: 20%, cite: here, input: 16}
  - {top1_accuracy: 90%, cite: here, input: 3x32x16, set: {width: 16}}
  - {top1_error: low, cite: here}
sources: {here: {title: x}}
"""


def test_an_input_that_a_figure_names():
    network = archcalc.loads(SPEC)
    assert accuracy(network.analyze(), "top1").percent == 70
    assert accuracy(network.analyze(16), "top1").percent == 80
    assert accuracy(network.analyze((32, 16)), "top1") is None
    assert accuracy(network.analyze((32, 16), set={"width": 16}), "top1").percent == 90


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("24.7%", "24.7"),
        ("7.72±0.16%", "7.72"),
        ("7.72% ± 0.16", "7.72"),
        ("about 80%", "80"),
        ("73.2", "73.2"),
        ("101%", None),
        ("low", None),
        ("", None),
    ],
)
def test_rates_are_read(printed, value):
    assert percent(printed) == (None if value is None else Fraction(value))
