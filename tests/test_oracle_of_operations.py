"""Each operation by itself, with random settings, against the reference of the random networks.

What its places read is found out by joining it with a branch whose places are known; what cannot be has to be refused.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from making import analyse
from reading import Sees, sees
from test_random_networks import MERGES, SINGLE, Impossible, conv, merged, resized, settings

import archcalc
from archcalc.errors import SpecError
from archcalc.operations import operation
from archcalc.operations.base import Shape

WINDOWED = (
    *("conv", "depthwise_conv", "locally_connected", "max_pool", "avg_pool", "subsampling", "conv_transpose"),
    *("max_unpool", "adaptive_avg_pool", "adaptive_max_pool", "global_avg_pool", "global_max_pool", "roi_pool", "fc"),
    *("flatten", "upsample", "resize", "pixel_shuffle", "pixel_unshuffle", "crop", "pad", "pad_channels", "custom"),
    *("reshape", "lrn", "relu", "bn"),
)
"""Operations that read more than their own place, and two that do not."""


def drawn(random, word, shape, tries=60):
    """Draw settings that can be; return them, how they are written, and what comes out."""
    for _ in range(tries):
        try:
            said, text = settings(random, word, shape)
            return said, text, SINGLE[word](shape, said)[0]
        except Impossible:
            continue
    return None


def seen_by(stages, axis, image):
    """Return what the last of some stages sees: each has a word, its settings, shapes, output and what it reads."""
    found = {}
    for name, (word, said, shapes, output, sources) in stages.items():
        inputs = [found[source] for source in sources] if sources else [Sees(None)]
        found[name] = sees(word, said, shapes, output, inputs, axis, image)
    return found[name]


@pytest.mark.parametrize("word", WINDOWED)
def test_what_an_operation_reads(word):
    """A convolution, the operation beside a nearest resizing to its size, and a convolution of both."""
    random = Random(f"reads {word}")
    checked = 0
    for _ in range(40):
        image = (4, random.randint(4, 14), random.randint(4, 14))
        first = {"filters": 4, "kernel": (2, 3), "stride": (random.randint(1, 2), 1), "pad": (0, 0, 1, 0)}
        first |= {"dilation": (1, 1), "groups": 1, "bias": True}
        shape = conv(image, first)[0]
        found = drawn(random, word, shape)
        if found is None:
            continue
        said, text, output = found
        kernel = (min(3, output[1]), min(2, output[2]))
        last = {**first, "kernel": kernel, "stride": (1, 1), "pad": (0, 0, 0, 0)}
        nearest = {"size": list(output[1:]), "mode": "nearest", "align_corners": False}
        other, joined = resized(shape, nearest)[0], merged("concat", [output, (4, *output[1:])])[0]
        report = analyse(
            f"{{conv: {{filters: 4, kernel: [2, 3], stride: [{first['stride'][0]}, 1], pad: {{left: 1}}}}}}",
            f"{{concat: [[{{{word}: {{{text}}}}}], [{{resize: {{size: {list(output[1:])}}}}}]]}}",
            f"{{conv: {{filters: 4, kernel: {list(kernel)}}}}}",
            input=image,
        )
        stages = {
            "conv": ("conv", first, (image,), shape, ()),
            "operation": (word, said, (shape,), output, ("conv",)),
            "nearest": ("resize", nearest, (shape,), other, ("conv",)),
            "concat": ("concat", "channels", (output, other), joined, ("operation", "nearest")),
            "last": ("conv", last, (joined,), conv(joined, last)[0], ("concat",)),
        }
        seen = [seen_by(stages, axis, image[1 + axis]) for axis in (0, 1)]
        layer = report.layers[-1]
        assert layer.output == stages["last"][3]
        if NotImplemented not in seen:
            lengths = zip(seen, layer.output[1:], strict=True)
            expected = None if None in seen else tuple(each.most(length) for each, length in lengths)
            assert layer.receptive_field == expected, (word, text, shape)
            checked += expected is not None
    assert checked >= 15


@pytest.mark.parametrize(
    ("length", "settings", "places"),
    [
        (9, {"scale": (Fraction(2, 5), 1)}, [(0, 0), (2, 2), (5, 5)]),
        (4, {"size": (6, 1)}, [(0, 0), (0, 0), (1, 1), (2, 2), (2, 2), (3, 3)]),
        (3, {"size": (6, 1), "mode": "bilinear"}, [(0, 0), (0, 1), (0, 1), (1, 2), (1, 2), (2, 2)]),
        (3, {"size": (1, 1), "mode": "bilinear", "align_corners": True}, [(0, 0)]),
        (3, {"size": (5, 1), "mode": "bilinear", "align_corners": True}, [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)]),
        (4, {"size": (2, 1), "mode": "bicubic"}, [(0, 2), (1, 3)]),
        (5, {"size": (5, 1), "mode": "bicubic"}, [(place, place) for place in range(5)]),
        (3, {"scale": (Fraction(6, 5), 1)}, [(0, 0), (1, 1), (2, 2)]),
    ],
)
def test_a_resizing_reads_what_pytorch_reads(length, settings, places):
    """The inputs that weigh anything in the output of torch.nn.functional.interpolate (2.14), from first to last."""
    reads, _ = operation("resize").make(settings).reads(Shape(1, length, 1))
    found = [divmod(place, reads.period) for place in range(len(places))]
    ends = [
        (reads.first[rest] + reads.shift * rounds, reads.last[rest] + reads.shift * rounds) for rounds, rest in found
    ]
    assert [(max(first, 0), min(last, length - 1)) for first, last in ends] == places  # beyond the border is padding


@pytest.mark.parametrize("word", SINGLE)
def test_what_cannot_be_is_refused(word):
    random = Random(f"refused {word}")
    for _ in range(40):
        shape = (random.randint(1, 4), random.randint(1, 6), random.randint(1, 6))
        said, text = settings(random, word, shape)
        item = f"{{{word}: {{{text}}}}}" if text else word
        try:
            output = SINGLE[word](shape, said)[0]
        except Impossible:
            with pytest.raises(SpecError):
                analyse(item, input=shape)
        else:
            assert analyse(item, input=shape).layers[-1].output == output


@pytest.mark.parametrize("word", MERGES)
def test_branches_that_do_not_fit_are_refused(word):
    random = Random(f"branches {word}")
    for _ in range(60):
        shapes = [tuple(random.choice((1, 2, 2, 3)) for _ in range(3)) for _ in range(random.randint(2, 3))]
        axis = random.choice(("channels", "height", "width")) if word == "concat" else "channels"
        held = f"{{axis: {axis}}}" if word == "concat" else ""
        inputs = ", ".join(f"x{number}: {list(shape)}" for number, shape in enumerate(shapes))
        names = ", ".join(f"x{number}" for number in range(len(shapes)))
        text = f"input: {{{inputs}}}\nlayers: [{{from: [{names}], {word}: {held}}}]"
        try:
            output, _, _, work = merged(word, shapes, axis)
        except Impossible:
            with pytest.raises(SpecError, match=r"do not fit|expected two"):
                archcalc.loads(text).analyze()
        else:
            layer = archcalc.loads(text).analyze().layers[-1]
            assert (layer.output, layer.ops) == (output, work)


@pytest.mark.parametrize(
    ("kernel", "stride", "places"),
    [
        (3, 2, [[0], [0], [0, 1], [1], [1, 2], [2]]),
        (4, 1, [[0, 1], [0, 1, 2], [0, 1, 2]]),
        (2, 3, [[0], [0], [], [1], [1], [], [2], [2], []]),
        (5, 2, [[0], [0, 1], [0, 1], [0, 1, 2], [1, 2], [1, 2]]),
    ],
)
def test_a_transposed_convolution_reads_what_keras_reads(kernel, stride, places):
    """The inputs that reach each output of Conv2DTranspose(padding="same") of Keras 3.15 on a length of 3."""
    made = operation("conv_transpose").make({"filters": 1, "kernel": (kernel, 1), "stride": (stride, 1), "pad": "same"})
    reads, _ = made.reads(Shape(1, 3, 1))
    found = []
    for place in range(len(places)):
        rounds, rest = divmod(place, reads.period)
        ends = (reads.first[rest] + reads.shift * rounds, reads.last[rest] + reads.shift * rounds)
        found.append([each for each in range(ends[0], ends[1] + 1, reads.step) if each in range(3)])
    assert found == places
    assert made.output(Shape(1, 3, 1)).height == len(places)
