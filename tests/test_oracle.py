"""Tiny random layers against a reference too dumb to be wrong: it lists every window, weight and multiplication."""

from __future__ import annotations

from random import Random

import pytest
from making import analyse, only_layer


def starts(length, reach, stride, before, behind):
    """List where the windows of an axis start, counted from the input's first place."""
    first, last = -before, length + behind - reach
    return [place for place in range(first, last + 1) if (place - first) % stride == 0]


def windows(shape, kernel, stride, pad, dilation):
    """List for each output place the places that its window reads, those in the padding included."""
    _, height, width = shape
    top, bottom, left, right = pad
    rows = starts(height, dilation * (kernel[0] - 1) + 1, stride[0], top, bottom)
    columns = starts(width, dilation * (kernel[1] - 1) + 1, stride[1], left, right)
    return [
        [
            [(row + dilation * i, column + dilation * j) for i in range(kernel[0]) for j in range(kernel[1])]
            for column in columns
        ]
        for row in rows
    ]


def tally(places, filters, sees, kernel):
    """Carry out a convolution; return its distinct weights, its multiplications and the values it makes.

    ``sees`` gives the input channels of a filter. A weight is known by its filter, channel and tap.
    """
    weights, multiplications, outputs = set(), 0, 0
    taps = [(i, j) for i in range(kernel[0]) for j in range(kernel[1])]
    for row in places:
        for window in row:
            for filter in range(filters):
                outputs += 1
                for channel in sees(filter):
                    for tap, _place in zip(taps, window, strict=True):
                        weights.add((filter, channel, tap))
                        multiplications += 1
    return len(weights), multiplications, outputs


def draw_window(random, height, width):
    """Draw a window that fits: kernel, stride, padding of the four sides, dilation."""
    while True:
        kernel = (random.randint(1, 3), random.randint(1, 3))
        dilation = random.choice([1, 1, 2])
        pad = tuple(random.randint(0, 2) for _ in range(4))
        fits = all(
            dilation * (k - 1) + 1 <= length + before + behind
            for k, length, before, behind in ((kernel[0], height, *pad[:2]), (kernel[1], width, *pad[2:]))
        )
        if fits:
            return kernel, (random.randint(1, 3), random.randint(1, 3)), pad, dilation


def written(kernel, stride, pad, dilation):
    sides = ", ".join(f"{side}: {value}" for side, value in zip(("top", "bottom", "left", "right"), pad, strict=True))
    return f"kernel: {list(kernel)}, stride: {list(stride)}, pad: {{{sides}}}, dilation: {dilation}"


def flag(value):
    return "true" if value else "false"


@pytest.mark.parametrize("seed", range(120))
def test_conv(seed):
    random = Random(f"conv {seed}")
    groups = random.choice([1, 1, 2, 3])
    shape = (groups * random.randint(1, 2), random.randint(1, 6), random.randint(1, 6))
    filters, bias, window = groups * random.randint(1, 3), random.random() < 0.5, draw_window(random, *shape[1:])
    places = windows(shape, *window)
    each_in, each_out = shape[0] // groups, filters // groups

    def sees(filter):
        group = filter // each_out
        return range(group * each_in, (group + 1) * each_in)

    weights, multiplications, outputs = tally(places, filters, sees, window[0])
    layer = only_layer(
        f"{{conv: {{filters: {filters}, {written(*window)}, groups: {groups}, bias: {flag(bias)}}}}}", input=shape
    )
    assert layer.output == (filters, len(places), len(places[0]))
    assert layer.params == weights + (filters if bias else 0)
    assert layer.macs == multiplications
    assert layer.ops == {"mac": multiplications} | ({"bias": outputs} if bias else {})
    assert layer.memory_bytes == 4 * outputs


@pytest.mark.parametrize("seed", range(60))
def test_conv_with_connections(seed):
    random = Random(f"connections {seed}")
    shape = (random.randint(1, 4), random.randint(1, 5), random.randint(1, 5))
    table = [sorted(random.sample(range(shape[0]), random.randint(1, shape[0]))) for _ in range(random.randint(1, 4))]
    window = draw_window(random, *shape[1:])
    weights, multiplications, outputs = tally(windows(shape, *window), len(table), table.__getitem__, window[0])
    numbers = [len(channels) for channels in table]
    layer = only_layer(f"{{conv: {{filters: {len(table)}, {written(*window)}, connections: {numbers}}}}}", input=shape)
    assert layer.params == weights + len(table)
    assert layer.ops == {"mac": multiplications, "bias": outputs}


@pytest.mark.parametrize("seed", range(60))
def test_depthwise_conv(seed):
    random = Random(f"depthwise {seed}")
    shape = (random.randint(1, 4), random.randint(1, 6), random.randint(1, 6))
    multiplier, bias, window = random.randint(1, 3), random.random() < 0.5, draw_window(random, *shape[1:])
    filters, places = shape[0] * multiplier, windows(shape, *window)
    weights, multiplications, outputs = tally(places, filters, lambda filter: [filter // multiplier], window[0])
    layer = only_layer(
        f"{{depthwise_conv: {{{written(*window)}, multiplier: {multiplier}, bias: {flag(bias)}}}}}", input=shape
    )
    assert layer.output == (filters, len(places), len(places[0]))
    assert layer.params == weights + (filters if bias else 0)
    assert layer.ops == {"mac": multiplications} | ({"bias": outputs} if bias else {})


@pytest.mark.parametrize("seed", range(40))
def test_fc(seed):
    random = Random(f"fc {seed}")
    shape = (random.randint(1, 5), random.randint(1, 4), random.randint(1, 4))
    out, bias = random.randint(1, 9), random.random() < 0.5
    values = [(c, h, w) for c in range(shape[0]) for h in range(shape[1]) for w in range(shape[2])]
    pairs = [(output, value) for output in range(out) for value in values]
    layer = only_layer(f"{{fc: {{out_features: {out}, bias: {flag(bias)}}}}}", input=shape)
    assert layer.output == (out, 1, 1)
    assert layer.params == len(pairs) + (out if bias else 0)
    assert layer.ops == {"mac": len(pairs)} | ({"bias": out} if bias else {})


@pytest.mark.parametrize("word", ["max_pool", "avg_pool", "subsampling"])
@pytest.mark.parametrize("seed", range(40))
def test_pool(word, seed):
    random = Random(f"{word} {seed}")
    shape = (random.randint(1, 4), random.randint(1, 6), random.randint(1, 6))
    window = draw_window(random, *shape[1:])
    places = windows(shape, *window)
    read = sum(len(one) for row in places for one in row for _ in range(shape[0]))
    layer = only_layer(f"{{{word}: {{{written(*window)}}}}}", input=shape)
    assert layer.output == (shape[0], len(places), len(places[0]))
    assert layer.ops["pool"] == read
    assert layer.params == (2 * shape[0] if word == "subsampling" else 0)
    assert layer.macs == 0


@pytest.mark.parametrize("seed", range(60))
def test_receptive_field(seed):
    """Walk back from one output value through all layers, and see how far apart what it reads stands."""
    random = Random(f"field {seed}")
    layers = [(random.randint(1, 4), random.randint(1, 3), random.randint(1, 2)) for _ in range(random.randint(1, 5))]
    items = [f"{{conv: {{filters: 1, kernel: {k}, stride: {s}, dilation: {d}}}}}" for k, s, d in layers]
    read = {0}
    for kernel, stride, dilation in reversed(layers):
        read = {place * stride + tap * dilation for place in read for tap in range(kernel)}
    report = analyse(*items, input=(1, 2000, 2000))
    assert report.layers[-1].receptive_field == (max(read) - min(read) + 1,) * 2
    steps = {0, 1}
    for _, stride, _ in reversed(layers):
        steps = {place * stride for place in steps}
    assert report.layers[-1].effective_stride == (max(steps) - min(steps),) * 2


@pytest.mark.parametrize("seed", range(40))
def test_totals_are_the_sums_of_layers(seed):
    random = Random(f"network {seed}")
    kinds = [
        lambda: f"{{conv: {{filters: {random.randint(1, 9)}, kernel: 3, pad: 1}}}}",
        lambda: "{depthwise_conv: {kernel: 3, pad: same, stride: 2}}",
        lambda: "{add: [[{conv: 4}, bn], [{conv: {filters: 4, bias: false}}]]}",
        lambda: f"{{concat: [[{{conv: {random.randint(1, 5)}}}, relu], []]}}",
        lambda: f"{{repeat: {random.randint(0, 3)}, conv: 6}}",
        lambda: f"{{times: {random.randint(1, 3)}, conv: 5}}",
        lambda: "bn",
        lambda: "lrn",
        lambda: "{dropout: 0.5}",
    ]
    items = [random.choice(kinds)() for _ in range(random.randint(1, 12))]
    batch = random.randint(1, 4)
    report = analyse(*items, input=(2, 8, 8), batch=batch)
    assert report.params == sum(layer.params for layer in report.layers)
    assert report.macs == sum(layer.macs for layer in report.layers)
    assert report.memory_bytes == sum(layer.memory_bytes for layer in report.layers)
    assert report.totals.buffers == sum(layer.buffers for layer in report.layers)
    for kind, value in report.ops.items():
        assert value == sum(layer.ops.get(kind, 0) for layer in report.layers)
