"""Keras models of both forms, worked out by hand from the layers' definitions."""

from __future__ import annotations

import json

import pytest
from model_files import archive, keras
from reading_models import lines, only, read, words

from archcalc.errors import ModelError, RequestError

IMAGE = {"cls": "InputLayer", "batch_shape": [None, 9, 12, 3]}


def sequence(*layers: dict, image: dict = IMAGE, **sizes):
    return read(keras([image, *layers]), "made.json", **sizes)


def conv(**settings):
    return {"cls": "Conv2D", "filters": 8, "kernel_size": [3, 3], **settings}


@pytest.mark.parametrize(
    ("settings", "shape"),
    [({}, (8, 7, 10)), ({"padding": "same"}, (8, 9, 12)), ({"padding": "same", "strides": [2, 2]}, (8, 5, 6))],
)
def test_a_convolution(settings, shape):
    found = only(sequence(conv(**settings)))
    assert (found.word, found.shape, found.params) == ("conv", shape, 224)
    assert found.settings.get("pad") == settings.get("padding")


def test_activations_inside_layers():
    assert words(sequence(conv(activation="relu"), conv(activation="linear"))) == ["conv", "relu", "conv"]
    assert words(sequence({"cls": "ReLU", "max_value": 6.0}, {"cls": "Activation", "activation": "swish"})) == [
        "relu6",
        "swish",
    ]


def test_separable_convolution_is_two_with_one_bias():
    found = sequence({"cls": "SeparableConv2D", "filters": 8, "kernel_size": [3, 3], "depth_multiplier": 2})
    assert lines(found) == [
        ("depthwise_conv", {"kernel": 3, "bias": False, "multiplier": 2}, (0,), (6, 7, 10)),
        ("conv", {"filters": 8, "kernel": 1}, (1,), (8, 7, 10)),
    ]
    assert found.params == 6 * 9 + 6 * 8 + 8


@pytest.mark.parametrize(
    ("settings", "shape"),
    [
        ({"strides": [2, 2], "padding": "same"}, (8, 18, 24)),
        ({"strides": [2, 2]}, (8, 19, 25)),
        ({"strides": [4, 4]}, (8, 36, 48)),
        ({"strides": [4, 4], "padding": "same"}, (8, 36, 48)),
    ],
)
def test_transposed_convolution(settings, shape):
    found = only(sequence({"cls": "Conv2DTranspose", "filters": 8, "kernel_size": [3, 3], **settings}))
    assert (found.shape, found.params, found.macs) == (shape, 224, 9 * 12 * 3 * 8 * 9)


def test_batch_norm_may_lack_its_halves():
    found = sequence({"cls": "BatchNormalization"}, {"cls": "BatchNormalization", "scale": False, "axis": [3]})
    assert lines(found) == [("bn", {}, (0,), (3, 9, 12)), ("bn", {"scale": False}, (1,), (3, 9, 12))]
    assert (found.params, sum(node.buffers for node in found.nodes)) == (9, 12)


def test_maps_of_other_sizes():
    found = sequence(
        {"cls": "ZeroPadding2D", "padding": [[0, 1], [2, 3]]},
        conv(strides=[2, 2]),
        {"cls": "ZeroPadding2D", "padding": [1, 1]},
        {"cls": "MaxPooling2D", "pool_size": [3, 3], "strides": [2, 2]},
        {"cls": "UpSampling2D", "size": [2, 3], "interpolation": "bilinear"},
        {"cls": "Cropping2D", "cropping": [[1, 0], [0, 2]]},
    )
    assert lines(found) == [
        (
            "conv",
            {"filters": 8, "kernel": 3, "stride": 2, "pad": {"top": 0, "bottom": 1, "left": 2, "right": 3}},
            (0,),
            (8, 4, 8),
        ),
        ("max_pool", {"kernel": 3, "stride": 2, "pad": 1}, (1,), (8, 2, 4)),
        ("upsample", {"factor": [2, 3], "mode": "bilinear"}, (2,), (8, 4, 12)),
        ("crop", {"height": 3, "width": 10, "top": 1}, (3,), (8, 3, 10)),
    ]


def test_global_pooling_reshape_and_dense():
    found = sequence(
        {"cls": "GlobalAveragePooling2D"},
        {"cls": "Reshape", "target_shape": [1, 1, 3]},
        conv(kernel_size=[1, 1]),
        {"cls": "Flatten"},
        {"cls": "Dense", "units": 5, "use_bias": False},
    )
    assert lines(found) == [
        ("global_avg_pool", {}, (0,), (3, 1, 1)),
        ("conv", {"filters": 8, "kernel": 1}, (1,), (8, 1, 1)),
        ("fc", {"out_features": 5, "bias": False}, (2,), (5, 1, 1)),
    ]


def test_flatten_of_channels_last_needs_no_operation():
    assert words(sequence(conv(), {"cls": "Flatten"}, {"cls": "Dense", "units": 5})) == ["conv", "fc"]


def test_a_sequence_of_vectors():
    words_in = {"cls": "InputLayer", "batch_shape": [None, 20]}
    found = sequence(
        {"cls": "Embedding", "input_dim": 100, "output_dim": 16},
        {"cls": "Conv1D", "filters": 8, "kernel_size": [5]},
        {"cls": "GlobalMaxPooling1D"},
        {"cls": "Dense", "units": 2},
        image=words_in,
    )
    assert [(node.word, node.shape, node.params) for node in found.nodes] == [
        ("input", (1, 20, 1), 0),
        ("embedding", (16, 20, 1), 1600),
        ("conv", (8, 16, 1), 5 * 16 * 8 + 8),
        ("global_max_pool", (8, 1, 1), 0),
        ("fc", (2, 1, 1), 18),
    ]


@pytest.mark.parametrize(
    ("layer", "params"),
    [
        ({"cls": "LSTM", "units": 8}, 4 * (16 * 8 + 8 * 8 + 8)),
        ({"cls": "GRU", "units": 8}, 3 * (16 * 8 + 8 * 8 + 2 * 8)),
        ({"cls": "GRU", "units": 8, "reset_after": False}, 3 * (16 * 8 + 8 * 8 + 8)),
        ({"cls": "Bidirectional", "layer": {"class_name": "LSTM", "config": {"units": 8}}}, 8 * (16 * 8 + 8 * 8 + 8)),
    ],
)
def test_recurrent_layers(layer, params):
    found = sequence(layer, image={"cls": "InputLayer", "batch_shape": [None, 20, 16]})
    assert found.params == params
    assert found.nodes[-1].shape == (16 if "layer" in layer else 8, 1, 1)


def functional(layers: list[dict], inputs: list, outputs: list) -> str:
    return json.dumps(
        {
            "class_name": "Functional",
            "config": {"name": "f", "layers": layers, "input_layers": inputs, "output_layers": outputs},
        }
    )


def tensor(layer: str, call: int = 0, shape=None) -> dict:
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": shape, "dtype": "float32", "keras_history": [layer, call, 0]},
    }


def entry(name: str, cls: str, *calls, **config) -> dict:
    module = config.pop("module", "keras.layers")
    return {
        "name": name,
        "class_name": cls,
        "module": module,
        "config": {"name": name, **config},
        "inbound_nodes": [{"args": list(args), "kwargs": {}} for args in calls],
    }


def test_a_layer_called_twice_shares_its_weights():
    text = functional(
        [
            entry("a", "InputLayer", batch_shape=[None, 8, 8, 3]),
            entry("b", "InputLayer", batch_shape=[None, 8, 8, 3]),
            entry("c", "Conv2D", [tensor("a")], [tensor("b")], filters=4, kernel_size=[3, 3]),
            entry("m", "Concatenate", [[tensor("c", 0), tensor("c", 1)]], axis=-1),
        ],
        [["a", 0, 0], ["b", 0, 0]],
        [["m", 0, 0]],
    )
    found = read(text, "made.json")
    assert lines(found) == [
        ("conv", {"filters": 4, "kernel": 3}, (0,), (4, 6, 6)),
        ("conv", {"filters": 4, "kernel": 3}, (1,), (4, 6, 6)),
        ("concat", {}, (2, 3), (8, 6, 6)),
    ]
    assert found.params == 4 * 28
    assert [node.settings["name"] for node in found.inputs] == ["a", "b"]


def test_the_form_of_keras_2():
    text = json.dumps(
        {
            "class_name": "Functional",
            "keras_version": "2.9.0",
            "config": {
                "name": "old",
                "layers": [
                    {
                        "class_name": "InputLayer",
                        "name": "i",
                        "config": {"batch_input_shape": [None, 8, 8, 3], "name": "i"},
                        "inbound_nodes": [],
                    },
                    {
                        "class_name": "Conv2D",
                        "name": "c",
                        "config": {"name": "c", "filters": 3, "kernel_size": [1, 1]},
                        "inbound_nodes": [[["i", 0, 0, {}]]],
                    },
                    {
                        "class_name": "Add",
                        "name": "s",
                        "config": {"name": "s"},
                        "inbound_nodes": [[["i", 0, 0, {}], ["c", 0, 0, {}]]],
                    },
                    {
                        "class_name": "TFOpLambda",
                        "name": "r",
                        "config": {"name": "r", "function": "nn.relu6"},
                        "inbound_nodes": [["s", 0, 0, {"name": None}]],
                    },
                ],
                "input_layers": [["i", 0, 0]],
                "output_layers": [["r", 0, 0]],
            },
        }
    )
    assert lines(read(text, "made.json")) == [
        ("conv", {"filters": 3, "kernel": 1}, (0,), (3, 8, 8)),
        ("add", {}, (0, 1), (3, 8, 8)),
        ("relu6", {}, (2,), (3, 8, 8)),
    ]


def test_models_inside_models_are_written_out():
    inner = json.loads(keras([{"cls": "InputLayer", "batch_shape": [None, 9, 12, 3]}, conv(name="c")], "inner"))
    outer = functional(
        [
            entry("i", "InputLayer", batch_shape=[None, 9, 12, 3]),
            {**entry("inner", "Sequential", [tensor("i")]), "config": inner["config"]},
        ],
        [["i", 0, 0]],
        [["inner", 0, 0]],
    )
    found = only(read(outer, "made.json"))
    assert (found.word, found.origin.name) == ("conv", "inner/c")


def test_attention():
    text = functional(
        [
            entry("i", "InputLayer", batch_shape=[None, 10, 16]),
            entry("a", "MultiHeadAttention", [tensor("i"), tensor("i")], num_heads=2, key_dim=8),
        ],
        [["i", 0, 0]],
        [["a", 0, 0]],
    )
    found = read(text, "made.json")
    assert words(found) == ["conv", "conv", "conv", "concat", "attention", "conv"]
    assert found.params == 4 * (16 * 16 + 16)
    assert found.nodes[5].macs == 2 * 10 * 10 * 16


def test_code_is_taken_for_the_size_that_its_reader_was_built_for():
    text = functional(
        [
            entry("i", "InputLayer", batch_shape=[None, 8, 8, 3]),
            entry("l", "Lambda", [tensor("i")], function="code"),
            entry("c", "Conv2D", [tensor("l", shape=[None, 4, 4, 6])], filters=2, kernel_size=[1, 1]),
        ],
        [["i", 0, 0]],
        [["c", 0, 0]],
    )
    found = read(text, "made.json")
    assert lines(found)[0] == ("custom", {"what": "Lambda", "shape": [6, 4, 4]}, (0,), (6, 4, 4))
    assert "Lambda is not known" in found.remarks[0]


def test_a_keras_file_is_an_archive():
    data = archive(
        {"metadata.json": b"{}", "config.json": keras([IMAGE, conv()]).encode(), "model.weights.h5": b"x" * 99}
    )
    assert only(read(data, "made.keras")).shape == (8, 7, 10)


def test_open_sizes_are_asked_for_by_name():
    image = {"cls": "InputLayer", "name": "photo", "batch_shape": [None, None, None, 3]}
    with pytest.raises(RequestError, match="'photo' is height x width x 3, and leaves height and width open"):
        sequence(conv(), image=image)
    assert only(sequence(conv(), image=image, any=(3, 20, 30))).shape == (8, 18, 28)
    assert only(sequence(conv(), image=image, any=(20, 30))).shape == (8, 18, 28)


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"cls": "Conv3D", "filters": 8, "kernel_size": [3, 3, 3]}, "kernel_size is .* where 2 whole numbers"),
        (
            {"cls": "Conv2D", "filters": 8, "kernel_size": [10, 3]},
            r"l1 \(Conv2D, node 0\): its 10 x 3 window is larger",
        ),
        ({"cls": "Wavelet"}, "does not know the class Wavelet"),
        ({"cls": "Conv2D", "nb_filter": 8}, "written by Keras 1"),
        ({"cls": "Conv2D", "filters": "many", "kernel_size": [1, 1]}, "filters is 'many'"),
    ],
)
def test_mistakes_name_the_layer(layer, message):
    with pytest.raises(ModelError, match=message):
        sequence(layer)


def held(cls, size=None, **config):
    """Return a layer inside the configuration of another one, as serialize_keras_object writes it."""
    found = {"module": "keras.layers", "class_name": cls, "config": config, "registered_name": None}
    return {**found, "build_config": {"input_shape": [None, *size]}} if size else found


def own(name, source, shape, **config):
    """Return a layer of a user's own class, and what reads it."""
    block = entry(name, "Block", [tensor(source)], module=None, **config) | {"registered_name": "mine>Block"}
    return [block, entry(f"after_{name}", "ReLU", [tensor(name, shape=[None, *shape])])]


def made_of(*layers, last):
    return functional(
        [entry("i", "InputLayer", batch_shape=[None, 8, 8, 3]), *layers], [["i", 0, 0]], [[last, 0, 0]]
    )  # fmt: skip


def test_a_block_of_a_users_own_counts_the_layers_that_it_holds():
    inner = {"conv": held("Conv2D", [8, 8, 3], filters=8, kernel_size=[3, 3], padding="same")}
    inner["deeper"] = {"module": None, "class_name": "Pair", "registered_name": "mine>Pair"}
    inner["deeper"]["config"] = {"both": [held("BatchNormalization", [8, 8, 8]), held("Dense", [8], units=4)]}
    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}}
    inner["deeper"]["build_config"] = {"input_shape": [None, 8, 8, 8]}
    found = read(made_of(*own("b", "i", [8, 8, 8], dtype=policy, filters=8, **inner), last="after_b"), "made.json")
    block = found.nodes[1]
    assert (block.word, block.shape, block.params) == ("custom", (8, 8, 8), 224 + 16 + 36)
    assert block.macs == 216 * 64 + 32
    assert found.remarks[0].startswith(
        "the class Block is not known to archcalc: the weights and the work of conv (Conv2D), deeper/both/0 "
        "(BatchNormalization) and deeper/both/1 (Dense), which it holds, are counted; how they are joined"
    )


def test_what_cannot_be_counted_of_a_block_is_named():
    inner = {"conv": held("Conv2D", [8, 8, 3], filters=8, kernel_size=[3, 3]), "act": held("Dense", units=4)}
    found = read(made_of(*own("b", "i", [8, 8, 8], **inner), last="after_b"), "made.json")
    assert found.nodes[1].params == 224
    assert "; act (Dense), which it holds, cannot be counted, as the file has no size of their" in found.remarks[0]


def test_a_block_that_is_called_twice_has_its_weights_once():
    inner = {"conv": held("Conv2D", [8, 8, 3], filters=3, kernel_size=[1, 1])}
    twice = entry("b", "Block", [tensor("i")], [tensor("b", shape=[None, 8, 8, 3])], module=None, **inner)
    last = entry("r", "ReLU", [tensor("b", 1, shape=[None, 8, 8, 3])])
    found = read(made_of(twice | {"registered_name": "mine>Block"}, last, last="r"), "made.json")
    assert [row.shared for row in found.table()] == [False, True]


def test_a_model_of_a_users_own_class_is_a_model():
    conv = entry("c", "Conv2D", [tensor("j")], filters=4, kernel_size=[3, 3])
    inner = json.loads(functional([entry("j", "InputLayer", batch_shape=[None, 8, 8, 3]), conv], [["j", 0, 0]],
                                  [["c", 0, 0]]))  # fmt: skip
    del inner["config"]["name"]
    stem = entry("stem", "Stem", [tensor("i")], module=None, **inner["config"]) | {"registered_name": "mine>Stem"}
    listed = [held("InputLayer", batch_shape=[None, 6, 6, 4]), held("Flatten"), held("Dense", units=5)]
    head = entry("head", "Head", [tensor("stem")], module=None, layers=listed, build_input_shape=[None, 6, 6, 4])
    found = read(made_of(stem, head | {"registered_name": "mine>Head"}, last="head"), "made.json")
    assert [node.params for node in found.nodes if node.params] == [112, 725]
    assert not found.remarks
    whole = json.dumps({**json.loads(made_of(stem, last="stem")), "class_name": "Net"})
    assert [node.params for node in read(whole, "made.json").nodes if node.params] == [112]
    whole = {"class_name": "Net", "config": head["config"], "registered_name": "mine>Net"}
    assert [node.params for node in read(json.dumps(whole), "made.json").nodes if node.params] == [725]


def test_a_class_that_nothing_follows_stops_with_what_to_do():
    (block, _) = own("b", "i", [8, 8, 8])
    with pytest.raises(ModelError, match="does not say its output; write it with layers of Keras' own, or export"):
        read(made_of(block, last="b"), "made.json")
