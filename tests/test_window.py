"""The window formulas agree with windows that are laid along an axis one by one."""

from __future__ import annotations

from itertools import product

import pytest
from making import only_layer

from archcalc.operations.base import Shape, ShapeError
from archcalc.operations.conv import Conv
from archcalc.operations.max_pool import MaxPool


def span(kernel, dilation):
    """Return how many places a kernel reaches over, from its first tap to its last."""
    taps = [tap * dilation for tap in range(kernel)]
    return taps[-1] - taps[0] + 1


def count_floor(length, kernel, stride, before, behind, dilation):
    places = range(length + before + behind)
    starts = [start for start in places if start % stride == 0]
    return len([start for start in starts if start + span(kernel, dilation) <= len(places)])


def count_covering(length, kernel, stride, before, behind, dilation):
    """Go on until a window reaches the end, or past it."""
    start, output_length = 0, 1
    while start + span(kernel, dilation) < length + before + behind:
        start += stride
        output_length += 1
    return output_length


def count_ceil(length, kernel, stride, before, behind, dilation):
    """Count as ceil_mode of PyTorch and ONNX: without the last window where it would start behind the input."""
    starts = [stop * stride for stop in range(count_covering(length, kernel, stride, before, behind, dilation))]
    return len(starts[:-1] if starts[-1] >= before + length else starts)


def count_caffe(length, kernel, stride, before, behind, dilation):
    """Count until the end is reached, without windows that start in the padding behind, where there is padding."""
    output_length = count_covering(length, kernel, stride, before, behind, dilation)
    if not before and not behind:
        return output_length
    return len([stop for stop in range(output_length) if stop * stride < before + length])


def count_same(length, stride):
    """Count a window for each stride-th place of the input."""
    return len(range(0, length, stride))


def same_padding(length, kernel, stride, dilation):
    """Add one place after the other, until the last window fits."""
    last = (count_same(length, stride) - 1) * stride + span(kernel, dilation)
    padding = 0
    while length + padding < last:
        padding += 1
    return padding


COUNTS = {"floor": count_floor, "ceil": count_ceil, "caffe": count_caffe}
AXES = list(product(range(1, 14), range(1, 6), range(1, 5), range(3), range(3), range(1, 4)))


def pool(kernel, stride, pad, dilation=1, rounding="floor"):
    """Return a pooling with these settings for its height, and a window of one for its width."""
    settings = {"kernel": (kernel, 1), "stride": (stride, 1), "pad": pad, "dilation": (dilation, 1), "round": rounding}
    return MaxPool.make(settings)


@pytest.mark.parametrize("rounding", COUNTS)
def test_stops_agree_with_counting_them(rounding):
    for length, kernel, stride, before, behind, dilation in AXES:
        if span(kernel, dilation) > length + before + behind:
            continue
        if rounding == "caffe" and max(before, behind) >= kernel:
            continue  # Caffe itself refuses to pad by the kernel's size or more
        axis = (length, kernel, stride, before, behind, dilation)
        output = pool(kernel, stride, (before, behind, 0, 0), dilation, rounding).output(Shape(2, length, 5))
        assert output == (2, COUNTS[rounding](*axis), 5), axis


def test_same_agrees_with_counting():
    for length, kernel, stride, dilation in product(range(1, 20), range(1, 8), range(1, 5), range(1, 4)):
        operation = pool(kernel, stride, "same", dilation)
        assert operation.output(Shape(2, length, 5)) == (2, count_same(length, stride), 5)
        added = same_padding(length, kernel, stride, dilation)
        height, _ = operation.axes(Shape(2, length, 5))
        assert (height["P"], height["Q"]) == (added // 2, added - added // 2), (length, kernel, stride, dilation)


def test_same_is_floor_with_its_own_padding():
    for length, kernel, stride, dilation in product(range(1, 16), range(1, 6), range(1, 4), range(1, 3)):
        added = same_padding(length, kernel, stride, dilation)
        by_hand = pool(kernel, stride, (added // 2, added - added // 2, 0, 0), dilation)
        by_word = pool(kernel, stride, "same", dilation)
        assert by_hand.output(Shape(1, length, 3)) == by_word.output(Shape(1, length, 3))


@pytest.mark.parametrize("word", ["conv", "depthwise_conv", "max_pool", "avg_pool", "subsampling"])
def test_height_and_width_are_apart(word):
    first = "filters: 3, " if word == "conv" else ""
    layer = only_layer(f"{{{word}: {{{first}kernel: [3, 2], stride: [2, 1], pad: [1, 0]}}}}", input=(3, 9, 7))
    assert layer.output == (3, count_floor(9, 3, 2, 1, 1, 1), count_floor(7, 2, 1, 0, 0, 1))


@pytest.mark.parametrize(
    ("pad", "sides"),
    [
        ("2", (2, 2, 2, 2)),
        ("[1, 2]", (1, 1, 2, 2)),
        ("{top: 1}", (1, 0, 0, 0)),
        ("{bottom: 2, left: 1}", (0, 2, 1, 0)),
        ("{top: 1, bottom: 2, left: 3, right: 4}", (1, 2, 3, 4)),
    ],
)
def test_padding_per_side(pad, sides):
    top, bottom, left, right = sides
    layer = only_layer(f"{{conv: {{filters: 1, kernel: 3, stride: 2, pad: {pad}}}}}", input=(1, 7, 8))
    assert layer.operation.pad == sides
    assert layer.output == (1, count_floor(7, 3, 2, top, bottom, 1), count_floor(8, 3, 2, left, right, 1))


def test_stride_of_pooling_is_its_kernel_unless_given():
    assert only_layer("{max_pool: 3}", input=(1, 9, 9)).output == (1, 3, 3)
    assert only_layer("{max_pool: {kernel: 3, stride: 1}}", input=(1, 9, 9)).output == (1, 7, 7)
    assert only_layer("{conv: {filters: 1, kernel: 3}}", input=(1, 9, 9)).output == (1, 7, 7)


@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("rounding", ["floor", "ceil"])
def test_a_window_larger_than_its_padded_input_is_refused(dilation, rounding):
    conv = Conv.make(
        {"filters": 1, "kernel": (3, 1), "dilation": (dilation, 1), "pad": (1, 0, 0, 0), "round": rounding}
    )
    largest = span(3, dilation) - 1
    assert conv.output(Shape(1, largest, 4)) == (1, 1, 4)
    with pytest.raises(ShapeError, match=f"{largest + 1} x 1 window is larger than its padded input, {largest} x 4"):
        conv.output(Shape(1, largest - 1, 4))


def test_what_is_never_seen_agrees_with_marking_what_is():
    for length, kernel, stride, pad in product(range(1, 16), range(1, 6), range(1, 5), range(3)):
        if kernel < stride or kernel > length + 2 * pad or pad >= kernel:
            continue
        operation = pool(kernel, stride, (pad, pad, 0, 0))
        output_length = count_floor(length, kernel, stride, pad, pad, 1)
        seen = {stop * stride + tap - pad for stop in range(output_length) for tap in range(kernel)}
        missed = [place for place in range(length) if place not in seen]
        found = list(operation.unseen(Shape(1, length, 4)))
        assert [each.missed for each in found] == ([len(missed)] if missed else []), (length, kernel, stride, pad)
        for fit in (fit for each in found for fit in each.fits):
            assert (fit + 2 * pad - kernel) % stride == 0


def test_the_nearest_sizes_that_fit():
    """AlexNet's first layer on 224: (224 - 11) / 4 leaves 1 column; 220 / 4 and 216 / 4 are whole at 227 and 223."""
    image = (3, 224, 224)
    conv1 = only_layer("{conv: {filters: 96, kernel: 11, stride: 4}}", image).operation
    assert [each.fits for each in conv1.unseen(Shape(*image))] == [(223, 227), (223, 227)]
