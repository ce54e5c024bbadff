"""Sources for Keras: the functional API, a function for each block, Keras' own padding and axes."""

from __future__ import annotations

import ast

import pytest
from running import run

SMALL = """
name: small
input: [3, 32, 48]
blocks:
  block:
    args: {width: , stride: 1}
    layers:
      - add:
          - - {name: conv1, conv: {filters: =width, kernel: 3, stride: =stride, pad: 1, bias: false}}
            - bn
            - relu
          - [{when: =stride > 1 or in_channels != width, name: shortcut, conv: {filters: =width, stride: =stride}}]
      - relu
  head:
    layers: [global_avg_pool, {name: fc, fc: 10}, softmax]
layers:
  - {name: stem, conv: {filters: 16, kernel: 3, pad: same, stride: 2}}
  - {name: stage1, block: 16, repeat: 2}
  - {name: stage2, block: [32, 2]}
  - {name: pool, max_pool: {kernel: 3, stride: 2, pad: 1}}
  - {name: head, head: }
"""

GOLDEN = '''"""small.

Input: N x 32 x 48 x 3. Parameters: 10,666.
"""

import keras
from keras import layers, ops


def pad_lowest(x, padding):
    """Padding for max pooling, below every value."""
    return ops.pad(x, ((0, 0), *padding, (0, 0)), constant_values=float("-inf"))


def block(x, width, stride=1):
    in_channels = x.shape[-1]
    a = layers.ZeroPadding2D(1)(x)
    a = layers.Conv2D(width, 3, strides=stride, use_bias=False)(a)
    a = layers.ReLU()(layers.BatchNormalization()(a))
    x = layers.Conv2D(width, 1, strides=stride)(x) if stride > 1 or in_channels != width else x
    return layers.ReLU()(layers.Add()([a, x]))


def head(x):
    x = layers.Dense(10)(layers.GlobalAveragePooling2D()(x))
    return layers.Softmax()(x)


def small():
    x = keras.Input((32, 48, 3))
    inputs = x
    x = layers.Conv2D(16, 3, strides=2, padding="same", name="stem")(x)
    for _ in range(2):
        x = block(x, 16)  # stage1
    x = block(x, 32, stride=2)  # stage2
    x = pad_lowest(x, ((1, 1), (1, 1)))
    outputs = head(layers.MaxPooling2D(3, strides=2, name="pool")(x))  # head
    return keras.Model(inputs, outputs, name="small")
'''


def written(tmp_path, layers, *, more="", input="[3, 16, 16]"):
    place = tmp_path / "net.yaml"
    place.write_text(f"name: net\ninput: {input}\n{more}\nlayers:\n{layers}")
    return place


def source(*arguments):
    result = run("export", *arguments, "--to", "keras")
    assert result.exit_code == 0, result.stderr
    ast.parse(result.stdout)
    return result.stdout


def test_the_source_of_a_small_network(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL)
    assert source(tmp_path / "small.yaml") == GOLDEN


LINES = [
    ("conv: {filters: 6, kernel: 3, pad: 1}", 'layers.Conv2D(6, 3, padding="same")'),
    ("conv: {filters: 6, kernel: 3, pad: 1, stride: 2}", "layers.ZeroPadding2D(1)"),
    ("conv: {filters: 6, kernel: 3, pad: same, stride: 2}", 'layers.Conv2D(6, 3, strides=2, padding="same")'),
    ("conv: {filters: 6, kernel: 2, pad: same_lower}", "layers.ZeroPadding2D(((1, 0), (1, 0)))"),
    ("conv: {filters: 6, kernel: [1, 3], groups: 3, bias: false}",
     "layers.Conv2D(6, (1, 3), groups=3, use_bias=False)"),
    ("conv: {filters: 6, kernel: 3, dilation: 2}", "layers.Conv2D(6, 3, dilation_rate=2)"),
    ("depthwise_conv: {kernel: 3, multiplier: 2}", "layers.DepthwiseConv2D(3, depth_multiplier=2)"),
    ("conv_transpose: {filters: 4, kernel: 3, stride: 2, pad: 1, output_pad: 1}",
     "layers.Cropping2D(((1, 0), (1, 0)))"),
    ("max_pool: 2", "layers.MaxPooling2D(2)"),
    ("max_pool: {kernel: 3, stride: 2, round: ceil}", 'layers.MaxPooling2D(3, strides=2, padding="same")'),
    ("avg_pool: {kernel: 3, stride: 1, pad: 1}", "layers.ZeroPadding2D(1)"),
    ("avg_pool: {kernel: 3, stride: 1, pad: 1, count_include_pad: false}",
     'layers.AveragePooling2D(3, strides=1, padding="same")'),
    ("bn: {scale: false}", "layers.BatchNormalization(scale=False)"),
    ("layer_norm: {shift: false}", "layers.LayerNormalization(center=False)"),
    ("layer_norm: {over: map}", "layers.LayerNormalization(axis=(1, 2, 3))"),
    ("group_norm: 3", "layers.GroupNormalization(3)"),
    ("upsample: {scale: 2, mode: bilinear}", 'layers.UpSampling2D(2, interpolation="bilinear")'),
    ("crop: {size: 8, offset: [1, 2]}", "layers.Cropping2D(((1, 7), (2, 6)))"),
    ("pad: {bottom: 1}", "layers.ZeroPadding2D(((0, 1), (0, 0)))"),
    ("leaky_relu: 0.1", "layers.LeakyReLU(0.1)"),
    ("swish", 'layers.Activation("silu")'),
    ("dropout: 0.4", "layers.Dropout(0.4)"),
    ("prelu: channel", "layers.PReLU(shared_axes=[1, 2])"),
    ("channel_slice: {channels: 1, start: 1}", "x[..., 1:2]"),
    ("lrn: 5", "local_response_norm(x, 5)"),
    ("adaptive_avg_pool: [4, 8]", "layers.AveragePooling2D((4, 2))"),
    ("fc: {out_features: 3, bias: false}", "layers.Dense(3, use_bias=False)(layers.Flatten()(x))"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "line"), LINES)
def test_settings_are_those_of_keras(tmp_path, item, line):
    assert line in source(written(tmp_path, f"  - {{{item}}}\n" if ":" in item else f"  - {item}\n"))


def test_merges_take_maps_and_vectors(tmp_path):
    layers = """
  - {name: left_end, from: left, conv: 8}
  - {name: gate, multiply: [[], [global_avg_pool, {fc: 8}, sigmoid]]}
  - {name: both, from: [right, gate], concat: }
  - {name: rows, from: [both, both], concat: {axis: height}}
"""
    text = source(written(tmp_path, layers, input="{left: [3, 16, 16], right: [3, 16, 16]}"))
    assert 'right = keras.Input((16, 16, 3), name="right")' in text
    assert "layers.Reshape((1, 1, -1))" in text
    assert "layers.Multiply()(" in text
    assert "layers.Concatenate()([right, " in text
    assert "layers.Concatenate(axis=1)(" in text


def test_shared_weights_are_one_layer(tmp_path):
    layers = "  - {name: c, conv: 3}\n  - relu\n  - {name: d, conv: 3, weights: c}\n"
    text = source(written(tmp_path, layers))
    assert text.count("layers.Conv2D") == 1
    assert '    c = layers.Conv2D(3, 1, name="c")\n' in text
    assert text.count("c(") == 2


def test_a_block_that_shares_its_weights_is_written_out(tmp_path):
    more = """blocks:
  unit: {args: {c: }, layers: [{conv: {filters: =c, kernel: 3}}, bn, relu]}
  embed: {layers: [{name: u1, unit: 8}, {name: u2, unit: 4}]}
"""
    layers = """
  - {name: one, from: a, embed: }
  - {name: two, from: b, embed: , weights: one}
  - {name: d, from: [one, two], subtract: }
"""
    text = source(written(tmp_path, layers, more=more, input="{a: [3, 16, 16], b: [3, 16, 16]}"))
    assert (text.count("layers.Conv2D("), text.count("layers.BatchNormalization(")) == (2, 2)
    assert (text.count("conv_1("), text.count("bn_1_2(")) == (2, 2)


def test_parameters_of_a_block_are_no_variables(tmp_path):
    more = "blocks:\n  b: {args: {a: , b: 2}, layers: [{name: sum, add: [[{conv: =a}], [{conv: =a*b}, {conv: =a}]]}]}"
    text = source(written(tmp_path, "  - {b: 4}\n", more=more))
    (block, _) = (each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef))
    assigned = {each.id for each in ast.walk(block) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    assert not assigned & {each.arg for each in block.args.args[1:]}


def test_stochastic_depth_is_dropout_of_images(tmp_path):
    text = source(written(tmp_path, "  - add: [[], [{survival: 0.75, layers: [{conv: 3}]}]]\n"))
    assert "layers.Dropout(0.25, noise_shape=(None, 1, 1, 1))" in text


REFUSED = [
    ("custom: {what: magic, params: 3}", "Keras has nothing for custom (custom_1): "),
    ("max_pool: {kernel: 2, dilation: 2}", "Keras has nothing for max_pool (max_pool_1): MaxPooling2D has no dilation"),
    ("bn: {statistics: false}", "Keras has nothing for bn (bn_1): "),
    ("conv_transpose: {filters: 3, kernel: 2, groups: 3}", "Keras has nothing for conv_transpose (conv_transpose_1): "),
]


@pytest.mark.parametrize(("item", "message"), REFUSED)
def test_what_keras_has_not_is_refused_by_name(tmp_path, item, message):
    result = run("export", written(tmp_path, f"  - {{{item}}}\n"), "--to", "keras")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["resnet50", "efficientnet-b0", "swin-t", "inception-v3", "shufflenet-v2-x1.0"])
def test_networks_of_the_zoo_are_functions_of_their_blocks(name):
    text = source(name)
    functions = [each.name for each in ast.parse(text).body if isinstance(each, ast.FunctionDef)]
    assert len(set(functions)) == len(functions)
    assert max(map(len, text.splitlines())) <= 120
