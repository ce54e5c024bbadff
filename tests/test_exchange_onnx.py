"""ONNX files: the format's corners, worked out by hand from its operator definitions."""

from __future__ import annotations

import pytest
from model_files import attribute, field, graph, node, onnx, tensor, value
from reading_models import lines, only, read, words

from archcalc.errors import ModelError, RequestError

W = tensor("w", [16, 3, 3, 3])
B = tensor("b", [16])


def conv(**attributes):
    return onnx([node("Conv", "x w b", "y", **attributes)], weights=[W, B])


def test_a_convolution():
    (found,) = lines(read(conv(pads=[1, 1, 1, 1], strides=[2, 2])))
    assert found == ("conv", {"filters": 16, "kernel": 3, "stride": 2, "pad": 1}, (0,), (16, 4, 4))
    assert only(read(conv())).params == 16 * 27 + 16
    assert only(read(conv())).macs == 16 * 27 * 36


@pytest.mark.parametrize(
    ("attributes", "pad", "shape"),
    [
        ({"auto_pad": "SAME_UPPER", "strides": [2, 2]}, "same", (16, 4, 4)),
        ({"auto_pad": "SAME_LOWER", "strides": [2, 2]}, {"top": 1, "bottom": 0, "left": 1, "right": 0}, (16, 4, 4)),
        ({"auto_pad": "VALID"}, None, (16, 6, 6)),
        ({"pads": [0, 1, 2, 3]}, {"top": 0, "bottom": 2, "left": 1, "right": 3}, (16, 8, 10)),
    ],
)
def test_padding(attributes, pad, shape):
    found = only(read(conv(**attributes)))
    assert found.settings.get("pad") == pad
    assert found.shape == shape


def test_a_convolution_with_a_group_for_each_channel_is_depthwise():
    data = onnx([node("Conv", "x w", "y", group=3)], weights=[tensor("w", [6, 1, 3, 3])])
    assert lines(read(data)) == [("depthwise_conv", {"kernel": 3, "bias": False, "multiplier": 2}, (0,), (6, 6, 6))]


@pytest.mark.parametrize(("length", "found"), [(4, 3), (5, 3), (6, 4), (7, 4)])
def test_ceil_mode_drops_a_window_that_starts_in_the_padding_behind(length, found):
    """A window of 2 at steps of 2, padded by 1: of 5 places, a fourth window would start at the sixth, in padding."""
    data = onnx(
        [node("MaxPool", "x", "y", kernel_shape=[2, 2], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)],
        {"x": [1, 3, length, length]},
    )
    assert only(read(data)).shape == (3, found, found)
    assert only(read(data)).settings == {"kernel": 2, "pad": 1, "round": "ceil"}


def test_the_batch_is_one_whatever_the_file_has():
    data = onnx(
        [node("Conv", "x w", "c"), node("Reshape", "c s", "f"), node("Gemm", "f m", "y", transB=1)],
        {"x": [64, 3, 8, 8]},
        weights=[W, tensor("s", [2], [64, -1]), tensor("m", [10, 576])],
    )
    found = read(data)
    assert [node.shape for node in found.nodes] == [(3, 8, 8), (16, 6, 6), (10, 1, 1)]
    assert found.remarks == ("the file is for 64 inputs at a time; the figures are for one",)


def test_open_sizes_are_asked_for_in_the_words_of_the_file():
    data = onnx([node("Conv", "x w", "y")], {"x": ["N", 3, "height", "width"]}, weights=[W])
    with pytest.raises(RequestError, match=r"'x' is 3 x height x width, and leaves height and width open.*--input"):
        read(data)
    assert only(read(data, any=(3, 20, 30))).shape == (16, 18, 28)
    assert only(read(data, x=(20, 30))).shape == (16, 18, 28)
    assert only(read(data, any=(20,))).shape == (16, 18, 18)
    with pytest.raises(RequestError, match="the file fixes 3, where --input says 4"):
        read(data, any=(4, 20, 30))


def test_an_input_without_a_size_is_asked_for():
    data = onnx([node("Conv", "x w", "y")], {"x": None}, weights=[W])
    with pytest.raises(RequestError, match="'x' has no size in the file"):
        read(data)
    assert only(read(data, x=(3, 9, 9))).shape == (16, 7, 7)


def test_shape_arithmetic_is_computed_by_value():
    """x.view(x.size(0), -1) as exporters spell it."""
    data = onnx(
        [
            node("Shape", "x", "s"),
            node("Constant", "", "zero", value=tensor("", [], [0])),
            node("Gather", "s zero", "n"),
            node("Unsqueeze", "n axes", "n1"),
            node("Concat", "n1 rest", "target", axis=0),
            node("Reshape", "x target", "f"),
            node("MatMul", "f m", "y"),
        ],
        weights=[tensor("axes", [1], [0]), tensor("rest", [1], [-1]), tensor("m", [192, 10])],
    )
    assert lines(read(data)) == [("fc", {"out_features": 10, "bias": False}, (0,), (10, 1, 1))]


@pytest.mark.parametrize(
    "makes",
    [
        [node("ConstantOfShape", "ws", "w")],
        [node("Constant", "", "w", value=tensor("", [16, 3, 3, 3]))],
        [node("Transpose", "t", "w", perm=[3, 2, 0, 1])],
        [node("Identity", "i", "w")],
        [node("DequantizeLinear", "i scale", "w")],
    ],
)
def test_weights_may_be_made_by_nodes(makes):
    weights = [
        tensor("ws", [4], [16, 3, 3, 3]),
        tensor("t", [3, 3, 3, 16]),
        tensor("i", [16, 3, 3, 3]),
        tensor("scale", [], [0.5]),
    ]
    found = only(read(onnx([*makes, node("Conv", "x w", "y")], weights=weights)))
    assert (found.word, found.params, found.shape) == ("conv", 432, (16, 6, 6))


def test_weights_may_be_inputs_without_values():
    data = onnx([node("Conv", "x w b", "y")], {"x": [1, 3, 8, 8], "w": [16, 3, 3, 3], "b": [16]})
    found = read(data)
    assert len(found.inputs) == 1
    assert only(found).params == 448


def test_nodes_may_stand_in_any_order():
    data = onnx([node("Relu", "c", "y"), node("Conv", "x w", "c")], weights=[W])
    assert words(read(data)) == ["conv", "relu"]


def test_a_weight_in_two_places_is_counted_once():
    data = onnx(
        [node("Conv", "x w", "a"), node("Conv", "z w", "c"), node("Add", "a c", "y")],
        {"x": [1, 3, 8, 8], "z": [1, 3, 8, 8]},
        weights=[W],
    )
    found = read(data)
    assert [row.shared for row in found.table()] == [False, True]
    assert found.params == 432
    assert found.macs == 2 * 432 * 36
    assert [each.settings["name"] for each in found.inputs] == ["x", "z"]


SWISH = [node("Sigmoid", "x", "s"), node("Mul", "x s", "y")]
HARD_SWISH = [
    node("Add", "x three", "a"),
    node("Clip", "a zero six", "c"),
    node("Mul", "x c", "m"),
    node("Div", "m six", "y"),
]
HARD_SIGMOID = [*HARD_SWISH[:2], node("Div", "c six", "y")]
MISH = [node("Softplus", "x", "p"), node("Tanh", "p", "t"), node("Mul", "x t", "y")]
GELU = [
    node("Div", "x root", "d"),
    node("Erf", "d", "e"),
    node("Add", "e one", "a"),
    node("Mul", "x a", "m"),
    node("Mul", "m half", "y"),
]
GELU_TANH = [
    node("Pow", "x three", "p"),
    node("Mul", "p c1", "q"),
    node("Add", "x q", "r"),
    node("Mul", "r c2", "t"),
    node("Tanh", "t", "u"),
    node("Add", "u one", "v"),
    node("Mul", "half x", "h"),
    node("Mul", "h v", "y"),
]
LAYER_NORM = [
    node("ReduceMean", "x", "m", axes=[-1]),
    node("Sub", "x m", "d"),
    node("Pow", "d two", "p"),
    node("ReduceMean", "p", "v", axes=[-1]),
    node("Add", "v eps", "e"),
    node("Sqrt", "e", "r"),
    node("Div", "d r", "n"),
    node("Mul", "n g", "s"),
    node("Add", "s h", "y"),
]
SCALARS = [
    tensor(name, [], [each])
    for name, each in {
        "three": 3.0,
        "zero": 0.0,
        "six": 6.0,
        "root": 2**0.5,
        "one": 1.0,
        "half": 0.5,
        "c1": 0.044715,
        "c2": 0.7978845608,
        "two": 2.0,
        "eps": 1e-5,
    }.items()
]


@pytest.mark.parametrize(
    ("nodes", "word"),
    [
        (SWISH, "swish"),
        (HARD_SWISH, "hard_swish"),
        (HARD_SIGMOID, "hard_sigmoid"),
        (MISH, "mish"),
        (GELU, "gelu"),
        (GELU_TANH, "gelu"),
    ],
)
def test_activations_that_are_spelt_out(nodes, word):
    assert lines(read(onnx(nodes, weights=SCALARS))) == [(word, {}, (0,), (3, 8, 8))]


def test_layer_norm_that_is_spelt_out():
    weights = [*SCALARS, tensor("g", [32]), tensor("h", [32])]
    data = onnx(
        [*LAYER_NORM[:-1], node("Add", "s h", "z"), node("MatMul", "z w", "y")],
        {"x": [1, 49, 32]},
        weights=[*weights, tensor("w", [32, 8])],
    )
    found = read(data)
    assert lines(found) == [
        ("layer_norm", {}, (0,), (32, 49, 1)),
        ("conv", {"filters": 8, "kernel": 1, "bias": False}, (1,), (8, 49, 1)),
    ]
    assert found.nodes[1].params == 64


def test_padding_in_front_of_a_window_is_part_of_it():
    data = onnx(
        [node("Pad", "x p", "q"), node("Conv", "q w", "y", pads=[1, 1, 0, 0])],
        weights=[W, tensor("p", [8], [0, 0, 0, 1, 0, 0, 2, 0])],
    )
    assert lines(read(data)) == [
        (
            "conv",
            {"filters": 16, "kernel": 3, "pad": {"top": 1, "bottom": 2, "left": 2, "right": 0}, "bias": False},
            (0,),
            (16, 9, 8),
        ),
    ]


def test_a_shuffle_of_channels():
    data = onnx(
        [
            node("Reshape", "x a", "r"),
            node("Transpose", "r", "t", perm=[0, 2, 1, 3, 4]),
            node("Reshape", "t b", "s"),
            node("Conv", "s w", "y"),
        ],
        {"x": [1, 12, 8, 8]},
        weights=[tensor("a", [5], [1, 3, 4, 8, 8]), tensor("b", [4], [1, 12, 8, 8]), tensor("w", [2, 12, 1, 1])],
    )
    assert lines(read(data))[0] == ("channel_shuffle", {"groups": 3}, (0,), (12, 8, 8))


@pytest.mark.parametrize(
    ("made", "word", "shape"),
    [
        (node("SpaceToDepth", "x", "s", blocksize=2), "pixel_unshuffle", (48, 4, 4)),
        (node("DepthToSpace", "x", "s", blocksize=2, mode="CRD"), "pixel_shuffle", (3, 16, 16)),
        (node("DepthToSpace", "x", "s", blocksize=2), "pixel_shuffle", (3, 16, 16)),
    ],
)
def test_blocks_of_places(made, word, shape):
    data = onnx([made, node("Conv", "s w", "y")], {"x": [1, 12, 8, 8]}, weights=[tensor("w", [2, shape[0], 1, 1])])
    assert lines(read(data))[0] == (word, {"factor": 2}, (0,), shape)


def test_every_second_row_and_column_side_by_side():
    """Focus of YOLOv5, patch merging of Swin: four slices and a concat."""
    slices = []
    for at, (row, column) in enumerate([(0, 0), (1, 0), (0, 1), (1, 1)]):
        slices += [
            node("Slice", f"x r{row} big two_ two", f"h{at}"),
            node("Slice", f"h{at} r{column} big three_ two", f"p{at}"),
        ]
    weights = [
        tensor(name, [1], [each])
        for name, each in {"r0": 0, "r1": 1, "big": 2**62, "two_": 2, "three_": 3, "two": 2}.items()
    ]
    nodes = [*slices, node("Concat", "p0 p1 p2 p3", "f", axis=1), node("Conv", "f w", "y")]
    found = read(onnx(nodes, weights=[*weights, tensor("w", [4, 12, 1, 1])]))
    assert lines(found)[0] == ("pixel_unshuffle", {"factor": 2}, (0,), (12, 4, 4))
    assert words(found) == ["pixel_unshuffle", "conv"]


def attention_nodes(heads=4, width=32):
    """softmax(q·kᵀ/√d)·v on tokens, its q, k and v from one matrix."""
    return [
        node("MatMul", "x wqkv", "qkv0"),
        node("Add", "qkv0 bqkv", "qkv"),
        node("Reshape", "qkv s5", "r"),
        node("Transpose", "r", "t", perm=[2, 0, 3, 1, 4]),
        *(node("Gather", f"t {n}", name, axis=0) for name, n in (("q", "zero"), ("k", "one"), ("v", "two"))),
        node("Transpose", "k", "kt", perm=[0, 1, 3, 2]),
        node("MatMul", "q kt", "a"),
        node("Mul", "a scale", "b"),
        node("Softmax", "b", "p", axis=-1),
        node("MatMul", "p v", "o"),
        node("Transpose", "o", "ot", perm=[0, 2, 1, 3]),
        node("Reshape", "ot s3", "c"),
        node("MatMul", "c wo", "y"),
    ]


ATTENTION = [
    tensor("wqkv", [32, 96]),
    tensor("bqkv", [96]),
    tensor("s5", [5], [1, -1, 3, 4, 8]),
    tensor("zero", [], [0]),
    tensor("one", [], [1]),
    tensor("two", [], [2]),
    tensor("scale", [], [0.35]),
    tensor("s3", [3], [1, -1, 32]),
    tensor("wo", [32, 32]),
]


def test_attention_in_its_products():
    found = read(onnx(attention_nodes(), {"x": [1, 50, 32]}, weights=ATTENTION))
    assert lines(found) == [
        ("conv", {"filters": 96, "kernel": 1}, (0,), (96, 50, 1)),
        ("attention", {"heads": 4}, (1,), (32, 50, 1)),
        ("conv", {"filters": 32, "kernel": 1, "bias": False}, (2,), (32, 50, 1)),
    ]
    assert [node.macs for node in found.nodes[1:]] == [50 * 32 * 96, 2 * 50 * 50 * 32, 50 * 32 * 32]


def test_a_product_of_two_tensors_is_work_without_weights():
    data = onnx([node("MatMul", "a b", "y")], {"a": [1, 7, 5], "b": [1, 5, 3]})
    found = only(read(data))
    assert (found.word, found.macs, found.params) == ("matmul", 7 * 5 * 3, 0)


def test_channels_last_as_tensorflow_writes_them():
    data = onnx(
        [
            node("Transpose", "x", "t", perm=[0, 3, 1, 2]),
            node("Conv", "t w", "c"),
            node("Transpose", "c", "y", perm=[0, 2, 3, 1]),
        ],
        {"x": [1, 10, 12, 3]},
        weights=[W],
    )
    assert [node.shape for node in read(data).nodes] == [(3, 10, 12), (16, 8, 10)]


def test_bounds_of_a_clip_and_the_default_axis_of_softmax_by_opset():
    old = onnx([node("Clip", "x", "y", min=0.0, max=6.0)], opset=9)
    assert words(read(old)) == ["relu6"]
    new = onnx([node("Clip", "x lo", "y")], weights=[tensor("lo", [], [0.0])])
    assert words(read(new)) == ["relu"]


def test_transposed_convolutions_and_their_output_shape():
    weights = [tensor("w", [3, 5, 4, 4])]
    data = onnx([node("ConvTranspose", "x w", "y", strides=[2, 2], pads=[1, 1, 1, 1])], weights=weights)
    assert lines(read(data)) == [
        ("conv_transpose", {"filters": 5, "kernel": 4, "stride": 2, "pad": 1, "bias": False}, (0,), (5, 16, 16))
    ]
    asked = onnx([node("ConvTranspose", "x w", "y", strides=[2, 2], output_shape=[17, 17])], weights=weights)
    assert only(read(asked)).shape == (5, 17, 17)
    assert only(read(data)).macs == 3 * 64 * 5 * 16


def test_folded_batch_norm_is_said():
    data = onnx(
        [node("Conv", "x onnx::Conv_12 onnx::Conv_13", "y")],
        weights=[tensor("onnx::Conv_12", [16, 3, 3, 3]), tensor("onnx::Conv_13", [16])],
        producer="pytorch",
    )
    (remark,) = read(data).remarks
    assert "folded" in remark
    assert "16 parameters more" in remark


def test_equal_biases_that_the_exporter_keeps_once_are_folded_twice():
    data = onnx(
        [
            node("Identity", "onnx::Conv_13", "onnx::Conv_16"),
            node("Conv", "x onnx::Conv_12 onnx::Conv_13", "y"),
            node("Conv", "y onnx::Conv_15 onnx::Conv_16", "z"),
        ],
        outputs={"z": None},
        weights=[
            tensor("onnx::Conv_12", [16, 3, 1, 1]),
            tensor("onnx::Conv_15", [16, 16, 1, 1]),
            tensor("onnx::Conv_13", [16]),
        ],
        producer="pytorch",
    )
    (remark,) = [each for each in read(data).remarks if "folded" in each]
    assert remark.startswith("2 convolutions hold")
    assert "32 parameters more" in remark


def test_module_paths_come_from_names():
    data = onnx(
        [
            node("Conv", "x layer1.0.conv1.weight", "y", name="/layer1/layer1.0/conv1/Conv"),
            node("Relu", "y", "z", name="/layer1/layer1.0/relu/Relu"),
        ],
        outputs={"z": None},
        weights=[tensor("layer1.0.conv1.weight", [4, 3, 1, 1])],
    )
    assert [each.origin.path for each in read(data).nodes[1:]] == ["layer1.0.conv1", "layer1.0.relu"]


def test_what_is_not_known_has_the_size_of_the_file_and_a_remark():
    data = onnx([node("Wavelet", "x", "w"), node("Relu", "w", "y")], described={"w": [1, 12, 4, 4]})
    found = read(data)
    assert found.nodes[1].settings == {"what": "Wavelet", "shape": [12, 4, 4]}
    assert "Wavelet is unknown" in found.remarks[0]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (node("Wavelet", "x", "y", name="odd"), r"odd \(Wavelet, node 0\): archcalc does not know Wavelet"),
        (node("Conv", "x w", "y", name="c", domain="my"), r"does not know my\.Conv"),
        (node("Loop", "x", "y", name="again"), r"again \(Loop, node 0\): Loop makes a graph within the graph"),
        (node("NonZero", "x", "y"), "as many values as the input happens to have"),
        (node("Conv", "x v", "y", name="c"), r"c \(Conv, node 0\): it slides over three dimensions of space"),
        (node("Conv", "x w", "y", kernel_shape=[3, 3], group=2), "cannot be split into 2 groups"),
        (node("Conv", "x w", "y", dilations=[9, 9]), "19 x 19 window is larger than its padded input, 8 x 8"),
        (node("Relu", "nobody", "y"), "reads 'nobody', which nothing before it makes"),
        (node("Reshape", "x s", "y"), "1 x 3 x 8 x 8 cannot be reshaped to 5 x 7"),
    ],
)
def test_what_stops_an_import_says_where(made, message):
    inputs = {"x": [1, 3, 8, 8, 8]} if b"v" in made[:8] else None
    weights = [W, tensor("v", [4, 3, 3, 3, 3]), tensor("s", [2], [5, 7])]
    with pytest.raises(ModelError, match=message) as caught:
        read(onnx([made], inputs, weights=weights))
    assert caught.value.exit_status == 3
    assert str(caught.value).startswith("made.onnx: ")


def test_a_branch_that_sizes_decide_is_run():
    then = graph([node("Relu", "x", "t")], {}, {"t": None})
    other = graph([node("Sigmoid", "x", "e")], {}, {"e": None})
    nodes = [
        node("Shape", "x", "s"),
        node("Gather", "s one", "c"),
        node("Equal", "c three", "test"),
        node("If", "test", "y", then_branch=(then,), else_branch=(other,)),
    ]
    weights = [tensor("one", [], [1]), tensor("three", [], [3])]
    assert words(read(onnx(nodes, weights=weights))) == ["relu"]


def test_attributes_and_fields_that_are_not_known_are_passed_over():
    strange = node("Relu", "x", "y") + field(5, attribute("novel", 3)) + field(60, b"abc")
    assert words(read(onnx([strange]) + field(99, b"x"))) == ["relu"]


def marked(inputs: dict[str, tuple[list[int], str]], nodes, weights=()) -> bytes:
    """Write a file whose inputs say what they are, as archcalc's own do."""
    held = b"".join(field(1, each) for each in nodes) + field(2, "g")
    held += b"".join(field(5, each) for each in weights)
    held += b"".join(field(11, value(name, dims) + field(3, doc)) for name, (dims, doc) in inputs.items())
    return field(1, 8) + field(2, "archcalc") + field(7, held + field(12, value("y", None))) + field(8, field(2, 17))


def test_inputs_that_say_what_they_are_and_constants_that_nothing_learns():
    inputs = {
        "x": ([1, 4, 8, 8], ""),
        "s": ([1, 4, 1, 1], "weight of scale"),
        "b": ([4], "weight of norm"),
        "m": ([4], "fixed value of norm"),
        "v": ([4], "fixed value of norm"),
    }
    nodes = [node("Mul", "x s", "a"), node("BatchNormalization", "a ones b m v", "y")]
    found = read(marked(inputs, nodes, [tensor("ones", [4], [1.0] * 4)]))
    assert [(each.word, each.settings, each.params, each.buffers) for each in found.nodes[1:]] == [
        ("scale", {}, 4, 0),
        ("bn", {"scale": False}, 4, 8),
    ]
    assert len(found.inputs) == 1
    alone = read(marked({**inputs, "b": ([4], "fixed value of norm")}, nodes, [tensor("ones", [4], [1.0] * 4)]))
    assert alone.nodes[2].settings == {"scale": False, "shift": False}


def test_the_largest_of_channels_in_a_row_is_maxout():
    nodes = [
        node("Conv", "x w b", "c"),
        node("Reshape", "c five", "r"),
        node("ReduceMax", "r", "y", axes=[2], keepdims=0),
    ]
    found = read(onnx(nodes, weights=[W, B, tensor("five", [5], [1, 4, 4, 6, 6])]))
    assert lines(found)[1] == ("maxout", {"pieces": 4}, (1,), (4, 6, 6))
    apart = [*nodes[:2], node("ReduceMax", "r", "y", axes=[1], keepdims=0)]  # every fourth channel, which is none
    assert words(read(onnx(apart, weights=[W, B, tensor("five", [5], [1, 4, 4, 6, 6])])))[1] == "custom"


def test_a_class_token_may_stand_in_front_of_a_map_one_wide():
    nodes = [node("Concat", "t x", "y", axis=2)]
    found = read(onnx(nodes, {"x": [1, 8, 9, 1]}, weights=[tensor("t", [1, 8, 2, 1])]))
    assert lines(found) == [("class_token", {"tokens": 2}, (0,), (8, 11, 1))]


def cosine(hidden: int = 5):
    """Scaled cosine attention of 2 heads in windows of 2 x 2 on 4 x 4, its biases made by a network of ``hidden``."""

    def apart(name: str, shape: str, order: list[int]):
        return [node("Reshape", f"{name} tiles", f"{name}t"), node("Transpose", f"{name}t", f"{name}p", perm=order),
                node("Reshape", f"{name}p {shape}", f"{name}h")]  # fmt: skip

    def length(name: str, axis: int):
        return [node("ReduceL2", name, f"{name}l", axes=[axis]), node("Clip", f"{name}l tiny", f"{name}c"),
                node("Div", f"{name} {name}c", f"{name}n")]  # fmt: skip

    rows_first, turned = [0, 3, 5, 1, 4, 6, 2], [0, 3, 5, 1, 2, 4, 6]
    nodes = [
        node("Conv", "x wqkv", "qkv"),
        *(node("Slice", f"qkv at{at} at{at + 1} one", name) for at, name in enumerate("qkv")),
        *apart("q", "rows", rows_first), *apart("k", "columns", turned), *apart("v", "rows", rows_first),
        *length("qh", 4), *length("kh", 3),
        node("MatMul", "qhn khn", "a"), node("Mul", "a temperature", "b"),
        node("MatMul", "offsets first", "h0"), node("Add", "h0 shift", "h"), node("MatMul", "h second", "table"),
        node("Gather", "table pairs", "g"), node("Reshape", "g square", "s"),
        node("Transpose", "s", "sp", perm=[2, 0, 1]), node("Reshape", "sp biases", "e"), node("Add", "b e", "f"),
        node("Softmax", "f", "p", axis=-1), node("MatMul", "p vh", "o"), node("Reshape", "o back", "ot"),
        node("Transpose", "ot", "op", perm=[0, 3, 6, 1, 4, 2, 5]), node("Reshape", "op map", "y"),
    ]  # fmt: skip
    whole = {
        "tiles": [1, 2, 3, 2, 2, 2, 2], "rows": [1, 4, 2, 4, 3], "columns": [1, 4, 2, 3, 4], "one": [1],
        "square": [4, 4, 2], "biases": [1, 2, 4, 4], "back": [1, 2, 2, 2, 2, 2, 3], "map": [1, 6, 4, 4],
        "pairs": [0, 1, 2, 3] * 4, **{f"at{at}": [6 * at] for at in range(4)},
    }  # fmt: skip
    held = [tensor(name, [len(values)], values) for name, values in whole.items()]
    learned = {"wqkv": [18, 6, 1, 1], "temperature": [2, 1, 1], "first": [2, hidden], "shift": [hidden],
               "second": [hidden, 2]}  # fmt: skip
    inputs = {"x": ([1, 6, 4, 4], ""), **{name: (dims, f"weight of {name}") for name, dims in learned.items()}}
    return read(marked(inputs, nodes, [*held, tensor("tiny", [], [1e-12]), tensor("offsets", [9, 2], [0.5] * 18)]))


def test_scaled_cosine_attention_with_a_network_of_positions_is_one_layer():
    found = cosine()
    assert words(found) == ["conv", "attention"]
    layer = found.nodes[-1]
    assert layer.settings == {"heads": 2, "window": 2, "bias_network": 5, "temperature": True}
    assert layer.macs == 2 * 16 * 4 * 6 + 9 * (2 * 5 + 5 * 2)
    assert layer.params == 2 + 2 * 5 + 5 + 5 * 2
