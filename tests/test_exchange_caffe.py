"""Caffe networks: the text format, phases, and the rules of Caffe's layers, worked out by hand."""

from __future__ import annotations

import pytest
from reading_models import lines, only, read

import archcalc
from archcalc.errors import RequestError, SpecError
from archcalc.exchange.importing import import_graph
from archcalc.exchange.readers.caffe.prototext import parse
from archcalc.exchange.tensors import TextFault

INPUT = 'name: "made"\ninput: "data"\ninput_shape { dim: 10 dim: 3 dim: 14 dim: 14 }\n'


def layer(type: str, bottom: str, top: str, more: str = "", name: str = "") -> str:
    bottoms = " ".join(f'bottom: "{word}"' for word in bottom.split())
    tops = " ".join(f'top: "{word}"' for word in top.split())
    return f'layer {{ name: "{name or top.split()[0]}" type: "{type}" {bottoms} {tops} {more} }}\n'


def caffe(*layers: str, head: str = INPUT, **sizes):
    return read(head + "".join(layers), "made.prototxt", **sizes)


def test_the_text_format():
    found = parse("""
        # a comment
        a: 1 b { c: "x" 'y' c: 2.5e-1 } d < e: 0x10 > f: [1, 2, -3]; g: TRUE, h: true
        [some.extension]: 1 m: -inf n { }""")
    assert found.whole("a") == 1
    assert found.message("b").all("c") == ["xy", 0.25]
    assert found.message("d").whole("e") == 16
    assert found.wholes("f") == [1, 2, -3]
    assert (found.text("g"), found.flag("h", False)) == ("TRUE", True)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a: }", 0, 3), ("a {\n b: 1\n", 2, 0), ("a 1", 0, 2), ("\n\n  ?", 2, 2), ("a: [1, 2", 0, 8), ("a: 1 }", 0, 5)],
)
def test_a_broken_text_has_a_place(text, line, column):
    with pytest.raises(TextFault) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_small_network_for_one_image():
    found = caffe(
        layer("Convolution", "data", "c", "convolution_param { num_output: 8 kernel_size: 3 pad: 1 group: 1 }"),
        layer("ReLU", "c", "c", name="r"),
        layer("Pooling", "c", "p", "pooling_param { kernel_size: 3 stride: 2 }"),
        layer("InnerProduct", "p", "f", "inner_product_param { num_output: 5 bias_term: false }"),
        layer("Softmax", "f", "s"),
    )
    assert lines(found) == [
        ("conv", {"filters": 8, "kernel": 3, "pad": 1}, (0,), (8, 14, 14)),
        ("relu", {}, (1,), (8, 14, 14)),
        ("max_pool", {"kernel": 3, "stride": 2, "round": "caffe"}, (2,), (8, 7, 7)),
        ("fc", {"out_features": 5, "bias": False}, (3,), (5, 1, 1)),
        ("softmax", {}, (4,), (5, 1, 1)),
    ]
    assert found.remarks == ("the file is for 10 images at a time; the figures are for one",)
    assert found.name == "made"


@pytest.mark.parametrize(
    ("settings", "shape"),
    [
        ("kernel_size: 2 stride: 2 pad: 1", 8),  # 15 / 2 rounded up, and one window more; none starts in the padding
        ("kernel_size: 3 stride: 2", 7),
        ("kernel_size: 3 stride: 2 ceil_mode: false", 6),
        ("kernel_size: 3 stride: 2 round_mode: FLOOR", 6),
        ("kernel_size: 1 stride: 3", 6),  # 13 / 3 rounded up is 5: the sixth window starts behind the map, at 15
        ("global_pooling: true", 1),
    ],
)
def test_pooling_rounds_up(settings, shape):
    assert only(caffe(layer("Pooling", "data", "p", f"pooling_param {{ {settings} }}"))).shape == (3, shape, shape)


def test_separate_sizes_for_height_and_width():
    text = (
        "convolution_param { num_output: 4 kernel_h: 1 kernel_w: 5 pad_h: 0 pad_w: 2 stride: 1 stride: 2 dilation: 2 }"
    )
    found = only(caffe(layer("Convolution", "data", "c", text.replace("dilation: 2", ""))))
    assert found.settings == {"filters": 4, "kernel": [1, 5], "stride": [1, 2], "pad": [0, 2]}
    assert found.shape == (4, 14, 7)


def test_batch_norm_and_scale_are_one_layer():
    found = caffe(layer("BatchNorm", "data", "b"), layer("Scale", "b", "b", "scale_param { bias_term: true }", "s"))
    assert lines(found) == [("bn", {}, (0,), (3, 14, 14))]
    assert (found.params, found.nodes[1].buffers) == (6, 6)


def test_halves_of_a_batch_norm_alone():
    assert lines(caffe(layer("BatchNorm", "data", "b"))) == [
        ("bn", {"scale": False, "shift": False}, (0,), (3, 14, 14))
    ]
    assert lines(caffe(layer("Scale", "data", "b"))) == [("scale", {}, (0,), (3, 14, 14))]


def test_merges_splits_and_moves():
    found = caffe(
        layer("Slice", "data", "a b", "slice_param { slice_point: 1 }"),
        layer("Concat", "b a", "c"),
        layer("Eltwise", "c data", "e", "eltwise_param { operation: MAX }"),
        layer("Permute", "e", "p", "permute_param { order: 0 order: 2 order: 3 order: 1 }"),
        layer("Flatten", "p", "f"),
        layer("InnerProduct", "f", "i", "inner_product_param { num_output: 2 }"),
    )
    assert [(word, shape) for word, _, _, shape in lines(found)] == [
        ("channel_slice", (1, 14, 14)),
        ("channel_slice", (2, 14, 14)),
        ("concat", (3, 14, 14)),
        ("max", (3, 14, 14)),
        ("fc", (2, 1, 1)),
    ]


def test_layers_of_segmentation_and_detection():
    found = caffe(
        layer(
            "Deconvolution",
            "data",
            "d",
            "convolution_param { num_output: 3 group: 3 kernel_size: 4 stride: 2 bias_term: false }",
        ),
        layer("Crop", "d data", "c", "crop_param { axis: 2 offset: 1 }"),
        layer("Interp", "c", "i", "interp_param { zoom_factor: 2 }"),
        layer("Interp", "i", "j", "interp_param { height: 9 width: 8 }"),
        layer("Normalize", "j", "n", "norm_param { channel_shared: false }"),
        layer("PReLU", "n", "r"),
    )
    assert [(word, shape) for word, _, _, shape in lines(found)] == [
        ("conv_transpose", (3, 30, 30)),
        ("crop", (3, 14, 14)),
        ("resize", (3, 27, 27)),
        ("resize", (3, 9, 8)),
        ("l2_norm", (3, 9, 8)),
        ("prelu", (3, 9, 8)),
    ]
    assert found.nodes[2].settings == {"height": 14, "width": 14, "top": 1, "left": 1}
    assert found.params == 3 * 16 + 3 + 3
    assert found.nodes[1].macs == 3 * 14 * 14 * 16


def test_layers_with_the_same_parameter_share_it():
    conv = 'param {{ name: "{}" }} convolution_param {{ num_output: 3 kernel_size: 1 bias_term: false }}'
    found = caffe(layer("Convolution", "data", "a", conv.format("w")), layer("Convolution", "a", "b", conv.format("w")))
    assert found.params == 9
    assert found.macs == 2 * 9 * 196


TRAINING = """
layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN } transform_param { crop_size: 12 } }
layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST } transform_param { crop_size: 10
  mean_value: 1 mean_value: 2 mean_value: 3 } data_param { batch_size: 50 } }
layer { name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 4 kernel_size: 3 } }
layer { name: "aux" type: "InnerProduct" bottom: "c" top: "aux" inner_product_param { num_output: 7 } }
layer { name: "aux_loss" type: "SoftmaxWithLoss" bottom: "aux" bottom: "label" top: "l1" loss_weight: 0.3 }
layer { name: "drop" type: "Dropout" bottom: "c" top: "c" }
layer { name: "fc" type: "InnerProduct" bottom: "c" top: "fc" inner_product_param { num_output: 7 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "l2" }
layer { name: "acc" type: "Accuracy" bottom: "fc" bottom: "label" top: "acc" include { phase: TEST } }
"""


def test_a_network_for_training_runs_in_the_test_phase():
    found = caffe(TRAINING, head="")
    assert [(node.word, node.shape, node.training) for node in found.nodes] == [
        ("input", (3, 10, 10), False),
        ("conv", (4, 8, 8), False),
        ("fc", (7, 1, 1), True),
        ("fc", (7, 1, 1), False),
    ]
    assert [(output.name, output.training) for output in found.outputs] == [("fc", False), ("aux", True)]
    assert found.params == 4 * 28 + 7 * 257
    for flat in (False, True):
        imported = import_graph(found, flat=flat)
        assert "training: [{" in imported.text or "training:\n" in imported.text
        report = archcalc.loads(imported.text).analyze()
        assert (report.params, report.training_totals.params) == (4 * 28 + 7 * 257, 7 * 257)


@pytest.mark.parametrize(
    ("rules", "size"),
    [
        (('phase: TEST stage: "first"', 'phase: TEST stage: "second"'), 8),
        (('stage: "train"', 'stage: "deploy"'), 12),
        (("phase: TRAIN", "phase: TEST"), 12),
        (("phase: TRAIN", "phase: TRAIN"), 8),
    ],
)
def test_stages_that_nobody_asks_for(rules, size):
    """Of several data layers one runs: the deployed one, or the first that tests."""
    data = "".join(
        f'layer {{ name: "data" type: "Input" top: "data" include {{ {rule} }} '
        f"input_param {{ shape {{ dim: 1 dim: 3 dim: {side} dim: {side} }} }} }}\n"
        for rule, side in zip(rules, (8, 12), strict=True)
    )
    found = caffe(data + 'layer { name: "r" type: "ReLU" bottom: "data" top: "r" }\n', head="")
    assert found.nodes[-1].shape == (3, size, size)


def test_the_older_form_of_layers():
    old = (
        'layers { name: "c" type: CONVOLUTION bottom: "data" top: "c" blobs_lr: 1 '
        "convolution_param { num_output: 4 kernel_size: 3 } }"
    )
    assert lines(caffe(old)) == [("conv", {"filters": 4, "kernel": 3}, (0,), (4, 12, 12))]


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        ('input: "data" input_dim: 1 input_dim: 3 input_dim: 6 input_dim: 7\n', (3, 6, 7)),
        (
            'layer { name: "d" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 6 dim: 7 } } }\n',
            (3, 6, 7),
        ),
        (
            'layer { name: "d" type: "MemoryData" top: "data" memory_data_param { channels: 3 height: 6 width: 7 } }\n',
            (3, 6, 7),
        ),
        (
            'layer { name: "d" type: "ImageData" top: "data" image_data_param { new_height: 6 new_width: 7 } }\n',
            (3, 6, 7),
        ),
    ],
)
def test_inputs(head, shape):
    assert caffe(layer("ReLU", "data", "r"), head=head).nodes[0].shape == shape


def test_open_sizes_are_asked_for():
    data = 'layer { name: "d" type: "Data" top: "data" data_param { source: "x" } }\n'
    with pytest.raises(RequestError, match="channels x height x width"):
        caffe(layer("ReLU", "data", "r"), head=data)
    assert caffe(layer("ReLU", "data", "r"), head=data, any=(1, 28, 28)).nodes[0].shape == (1, 28, 28)


def test_an_unknown_layer_ends_the_network_or_stops_it():
    found = caffe(layer("ReLU", "data", "r"), layer("DetectionOutput", "r", "out"))
    assert [output.name for output in found.outputs] == ["r"]
    assert "'out' (DetectionOutput) is not read" in found.remarks[0]
    with pytest.raises(SpecError, match=r":5:1: s \(ReLU, node 1\): its bottom 'w' comes from 'w' \(Wavelet\)"):
        caffe(layer("Wavelet", "data", "w"), layer("ReLU", "w", "s"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            layer("Convolution", "data", "c", "convolution_param { num_output: 4 }"),
            ":4:1: c .Convolution, node 0.: it has no kernel_size",
        ),
        (
            layer("Convolution", "data", "c", 'convolution_param { num_output: "x" kernel_size: 1 }'),
            "expected a whole number for num_output, got 'x'",
        ),
        (layer("ReLU", "nobody", "c"), "its bottom 'nobody' is no top of a layer before it"),
        (
            layer("Convolution", "data", "c", "convolution_param { num_output: 4 kernel_size: 3 group: 2 }"),
            "cannot be split into 2 groups",
        ),
        ("layer { name: 'x'\n", ":5:1: '}' is missing"),
        ("layers { layer { name: 'a' type: 'conv' } }\n", "the oldest form"),
    ],
)
def test_mistakes_have_a_line(text, message):
    with pytest.raises(SpecError, match=message):
        caffe(text)


def test_a_clip_is_what_its_bounds_make_it():
    def word(bounds):
        return only(caffe(layer("Clip", "data", "y", f"clip_param {{ {bounds} }}"))).word

    assert [word("min: 0 max: 6"), word("min: -1 max: 1"), word("min: 0 max: 4")] == ["relu6", "hard_tanh", "custom"]


def test_a_bias_covers_as_many_axes_as_it_says():
    def params(axes: str):
        return only(caffe(layer("Bias", "data", "y", f"bias_param {{ {axes} }}"))).params

    assert [params(""), params("axis: 1 num_axes: 3"), params("num_axes: -1")] == [3, 3 * 14 * 14, 3 * 14 * 14]


def test_what_is_silenced_is_no_output():
    found = caffe(
        layer("Slice", "data", "a b", "slice_param { slice_point: 1 }"),
        layer("Silence", "b", "", name="nowhere"),
        layer("Convolution", "a", "c", "convolution_param { num_output: 2 kernel_size: 1 }"),
    )
    assert [(node.word, node.shape) for node in found.nodes[1:]] == [
        ("channel_slice", (1, 14, 14)), ("conv", (2, 14, 14)),
    ]  # fmt: skip


def test_an_example_of_a_size_is_one_of_an_image():
    data = 'layer { name: "data" type: "Data" top: "data" }\n'
    with pytest.raises(RequestError, match="such as --input 3x224x224"):
        caffe(data + 'layer { name: "r" type: "ReLU" bottom: "data" top: "r" }\n', head="")
