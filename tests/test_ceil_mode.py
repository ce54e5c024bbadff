"""``round: ceil`` is ceil_mode, as PyTorch and ONNX have it; figures of theirs, and what is said where it changed."""

from __future__ import annotations

import pytest
from making import analyse, only_layer, spec

import archcalc
import archcalc.analyses.unseen

PYTORCH = [  # length, kernel, stride, pad, output of MaxPool2d(kernel, stride, pad, ceil_mode=True)
    (5, 2, 2, 1, 3),  # tracel-ai/burn#5791
    (32, 1, 2, 0, 16),  # pytorch#57178
    (112, 3, 2, 0, 56),
    (4, 3, 2, 1, 3),
    (6, 1, 3, 0, 2),
    (7, 2, 4, 0, 2),
    (5, 3, 3, 1, 2),
]


@pytest.mark.parametrize(("length", "kernel", "stride", "pad", "expected"), PYTORCH)
def test_ceil_is_ceil_mode(length, kernel, stride, pad, expected):
    item = f"{{max_pool: {{kernel: {kernel}, stride: {stride}, pad: {pad}, round: ceil}}}}"
    assert only_layer(item, input=(1, length, length)).output == (1, expected, expected)


def test_a_layer_whose_size_changed_says_so():
    report = analyse("{name: p, max_pool: {kernel: 2, stride: 2, pad: 1, round: ceil}}", input=(1, 5, 5))
    (high, wide) = archcalc.analyses.unseen.remarks(report)
    assert high.text == (
        "p: round: ceil is the ceil_mode of PyTorch and ONNX since 0.2.0: 3 places high, where 0.1.0 had 4"
    )
    assert wide.text.endswith("3 places wide, where 0.1.0 had 4")


def test_a_layer_whose_size_is_as_before_says_nothing():
    report = analyse("{max_pool: {kernel: 3, stride: 2, round: ceil}}", input=(1, 112, 112))
    assert not archcalc.analyses.unseen.remarks(report)


def test_taps_that_meet_only_padding_are_pointed_out():
    report = analyse("{name: c, conv: {filters: 128, kernel: 3, pad: 1}}", input=(64, 1000, 1))
    (remark,) = archcalc.analyses.unseen.remarks(report)
    assert remark.text == (
        "c: its kernel is 3 wide on a map that is 1 wide: 2 of 3 columns of taps meet nothing but padding"
    )
    assert not archcalc.analyses.unseen.remarks(
        analyse("{conv: {filters: 128, kernel: [3, 1], pad: [1, 0]}}", input=(64, 1000, 1))
    )


def test_a_vector_is_no_map_that_a_kernel_is_too_wide_for():
    report = archcalc.loads(spec("{conv: {filters: 4, kernel: 3, pad: 1}}", input=(8, 1, 1))).analyze()
    assert not archcalc.analyses.unseen.remarks(report)
