"""Networks beside classification, piece by piece: sizes, memory and receptive fields by hand."""

from __future__ import annotations

import pytest
from making import analyse, only_layer

import archcalc
from archcalc.analyses.explain import derivations
from archcalc.analyses.unseen import remarks
from archcalc.errors import SpecError


def fields(report):
    """Return field and stride of each layer but the image, in rows."""
    return [
        (layer.receptive_field and layer.receptive_field[0], layer.effective_stride and layer.effective_stride[0])
        for layer in report.layers[1:]
    ]


def test_three_fine_places_come_from_two_coarse_ones():
    conv = "{conv: {filters: 8, kernel: 3, stride: 2, pad: 1}}"
    report = analyse(conv, "{upsample: 2}", "{conv: {filters: 8, kernel: 3, pad: 1}}", input=(3, 64, 64))
    assert fields(report) == [(3, 2), (3, 1), (5, 1)]


def test_bilinear_upsampling_reads_two_coarse_places():
    conv = "{conv: {filters: 8, kernel: 3, stride: 2, pad: 1}}"
    report = analyse(conv, "{upsample: {scale: 2, mode: bilinear}}", input=(3, 64, 64))
    assert fields(report) == [(3, 2), (5, 1)]


def test_space_to_depth_reads_a_square():
    report = analyse("{pixel_unshuffle: 2}", "{conv: {filters: 8, kernel: 3, pad: 1}}", input=(3, 64, 64))
    assert fields(report) == [(2, 2), (6, 2)]
    report = analyse("{pixel_unshuffle: 2}", "{pixel_shuffle: 2}", input=(3, 64, 64))
    assert fields(report) == [(2, 2), (2, 1)]


PYRAMID = """
input: [2048, 60, 60]
blocks:
  bin:
    args: {n: }
    layers:
      - {adaptive_avg_pool: =n}
      - {conv: {filters: 512, bias: false}}
      - bn
      - relu
      - {resize: {like: in, mode: bilinear}}
layers:
  - {name: bins, concat: [[], [{bin: 1}], [{bin: 2}], [{bin: 3}], [{bin: 6}]]}
  - {name: conv, conv: {filters: 512, kernel: 3, pad: 1, bias: false}}
  - bn
  - relu
  - {conv: 21}
"""


def test_pyramid_pooling_sees_the_whole_map_and_no_more():
    report = archcalc.loads(PYRAMID).analyze()
    assert report.params == 23_084_565  # Zhao et al. 2017, figure 3, with the classifier of 21 classes
    by_name = {layer.name: layer for layer in report.layers}
    assert by_name["bins/bin_2/resize_1"].receptive_field == (60, 60)
    assert by_name["bins/bin_4/resize_1"].receptive_field == (20, 20)
    for name in ("bins/concat_1", "conv"):
        assert by_name[name].receptive_field == (60, 60)
        assert by_name[name].effective_stride == (1, 1)


def test_a_pooled_image_beside_dilated_convolutions_is_the_whole_image():
    """DeepLabv3's image pooling: with it each place sees the image, whatever the others reach into the padding."""
    text = """
input: [3, 65, 65]
layers:
  - {name: aspp, concat: [
      [{conv: {filters: 4, kernel: 3, dilation: 24, pad: 24}}],
      [global_avg_pool, {conv: 4}, {resize: {size: 65, mode: bilinear}}]]}
  - {name: after, conv: {filters: 4, kernel: 3, pad: 1}}
"""
    report = archcalc.loads(text).analyze()
    assert [layer.receptive_field for layer in report.layers[-2:]] == [(65, 65), (65, 65)]
    alone = analyse("{conv: {filters: 4, kernel: 3, dilation: 24, pad: 24}}", input=(3, 65, 65))
    assert alone.layers[-1].receptive_field == (49, 49)


def test_gates_of_rows_and_columns_do_not_widen_what_they_gate():
    report = analyse(
        "{conv: {filters: 8, kernel: 3, pad: 1}}",
        "{multiply: [[], [{adaptive_avg_pool: [12, 1]}, {conv: 8}], [{adaptive_avg_pool: [1, 12]}, {conv: 8}]]}",
        input=(3, 12, 12),
    )
    gated = report.layers[-1]
    assert (gated.output, gated.receptive_field, gated.whole_image) == ((8, 12, 12), (3, 3), True)


def test_a_gate_of_places_widens_what_it_gates():
    """CBAM's spatial attention: 64 x 32 x 32, 4,160 + 3,137 parameters."""
    report = analyse(
        "{conv: 64}", "{multiply: [[], [{conv: {filters: 1, kernel: 7, pad: 3}}, sigmoid]]}", input=(64, 32, 32)
    )
    gated = report.layers[-1]
    assert (gated.output, report.params) == ((64, 32, 32), 7_297)
    assert (gated.receptive_field, gated.whole_image) == ((7, 7), False)
    told = {each.label: (each.formula, each.value) for each in derivations(gated)}
    assert told["uses of each value of 1 x 32 x 32"] == ("C_out", 64)


@pytest.mark.parametrize("word", ["group_norm: 4", "instance_norm", "layer_norm: map"])
def test_statistics_of_a_map_see_all_of_it_beside_the_field(word):
    report = analyse("{conv: {filters: 8, kernel: 3}}", word, "{conv: {filters: 8, kernel: 3}}", input=(3, 12, 12))
    assert [layer.receptive_field for layer in report.layers[1:]] == [(3, 3), (3, 3), (5, 5)]
    assert [layer.whole_image for layer in report.layers[1:]] == [False, True, True]


@pytest.mark.parametrize("word", ["bn", "layer_norm", "rms_norm", "l2_norm"])
def test_statistics_of_a_place_see_the_place(word):
    report = analyse(word, input=(3, 12, 12))
    assert (report.layers[-1].receptive_field, report.layers[-1].whole_image) == ((1, 1), False)


ACTIVATIONS = (
    *("leaky_relu", "prelu", "elu", "selu", "celu", "hard_tanh", "mish", "softplus", "softsign", "elementwise: exp"),
    *("relu", "gelu", "log_softmax"),
)


@pytest.mark.parametrize("word", ACTIVATIONS)
def test_activations_work_in_place(word):
    report = analyse("{conv: {filters: 8, kernel: 3, pad: 1}}", word, input=(3, 16, 16))
    assert report.memory_values == 8 * 16 * 16 + 3 * 16 * 16 == 2_816


def test_a_reshape_loses_nothing():
    report = analyse("{fc: 6272}", "{reshape: [128, 7, 7]}", input=(64, 1, 1))
    assert report.layers[-1].output == (128, 7, 7)
    assert report.layers[-1].memory_bytes == 0
    with pytest.raises(SpecError, match="the 6,272 values of 6272 x 1 x 1 cannot be 100 x 7 x 7, which has 4,900"):
        analyse("{fc: 6272}", "{reshape: [100, 7, 7]}", input=(64, 1, 1))
    with pytest.raises(SpecError, match=r"cannot be \? x 5 x 5: 25 does not divide them"):
        analyse("{fc: 6272}", "{reshape: [-1, 5, 5]}", input=(64, 1, 1))
    with pytest.raises(SpecError, match="only one side"):
        analyse("{reshape: [-1, -1, 5]}", input=(64, 1, 1))


def test_what_a_custom_view_loses_is_pointed_out():
    reshape = "{name: r, custom: {what: reshape, shape: [100, 7, 7], stores: false}}"
    report = analyse("{fc: 6272}", reshape, input=(64, 1, 1))
    (remark,) = remarks(report)
    assert "makes 4,900 values (100 x 7 x 7) of 6,272 (6272 x 1 x 1)" in remark.text
    assert not remarks(analyse("{fc: 4900}", reshape, input=(64, 1, 1)))


def test_a_custom_layer_says_what_it_sees_and_what_its_parameters_are():
    lstm = (
        "{custom: {what: bidirectional LSTM, weights: 1572864, biases: 4096, macs: 40894464, window: map, saves: none}}"
    )
    layer = only_layer(lstm, input=(512, 26, 1))
    assert (layer.params, layer.params_by_kind) == (1_576_960, {"weight": 1_572_864, "bias": 4_096})
    assert layer.receptive_field == (26, 1)
    halved = "{custom: {what: halved, shape: [4, 8, 8], window: 3, stride: 2}}"
    report = analyse(halved, "{conv: {filters: 4, kernel: 3}}", input=(4, 16, 16))
    assert fields(report) == [(3, 2), (7, 2)]
    unknown = only_layer("{custom: {what: halved, shape: [4, 8, 8]}}", input=(4, 16, 16))
    assert (unknown.receptive_field, unknown.effective_stride) == (None, None)


def test_sizes_follow_another_layer():
    text = """
input: [3, {height}, {width}]
layers:
  - {{name: enc, conv: {{filters: 8, kernel: 3}}}}
  - {{name: pool, max_pool: {{kernel: 3, stride: 2, pad: same}}}}
  - {{name: back, max_unpool: {{kernel: 3, stride: 2, pad: same, like: enc}}}}
  - {{name: up, from: pool, resize: {{like: enc, mode: bilinear}}}}
  - {{name: cut, from: input, crop: {{like: enc, offset: [2, 0]}}}}
  - {{name: all, from: [back, up, cut], concat: }}
"""
    for height, width in ((9, 12), (10, 31)):
        report = archcalc.loads(text.format(height=height, width=width)).analyze()
        assert report.layers[-1].output == (19, height - 2, width - 2)


@pytest.mark.parametrize(("height", "width"), [(16, 16), (17, 19), (9, 8)])
def test_padding_to_the_size_of_another_layer(height, width):
    """As PyTorch's F.pad(x, [d // 2, d - d // 2]): the map in the middle, the larger part behind."""
    text = f"""
input: [3, {height}, {width}]
layers:
  - {{max_pool: 4}}
  - {{name: up, upsample: 4}}
  - {{name: back, pad: {{like: input}}}}
  - {{name: all, from: [back, input], concat: }}
"""
    layers = archcalc.loads(text).analyze().layers
    assert layers[-1].output == (6, height, width)
    back = next(layer for layer in layers if layer.name == "back")
    above, below, left, right = back.operation.added(back.inputs[0])
    assert (above, left) == ((height % 4) // 2, (width % 4) // 2)
    assert (above + below, left + right) == (height % 4, width % 4)


def test_transposed_convolution_with_same_is_the_input_times_the_stride():
    """Keras' deconv_length; keras issue 10246 asks for the kernel of 4 at stride 1."""
    for kernel in range(1, 6):
        for stride in range(1, 5):
            layer = only_layer(
                f"{{conv_transpose: {{filters: 3, kernel: {kernel}, stride: {stride}, pad: same}}}}", (1, 8, 5)
            )
            assert layer.output == (3, 8 * stride, 5 * stride)
            assert layer.params == 3 * kernel**2 + 3
    told = derivations(only_layer("{conv_transpose: {filters: 3, kernel: 4, stride: 2, pad: same}}", (1, 8, 8)))
    assert (told[0].label, told[0].formula, told[0].value) == ("output height, width", "H·S", 16)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (
            "{conv_transpose: {filters: 3, kernel: 4, stride: 2, pad: same, output_pad: 1}}",
            "which fixes the output size",
        ),
        ("{conv_transpose: {filters: 3, kernel: 4, pad: 2, output_pad: 1}}", "less than the stride or the dilation"),
        ("{crop: {height: 3, size: 3}}", "needs one of size, like, and height or width"),
        ("crop", "needs one of size, like, and height or width"),
        ("{crop: {height: 3, offset: [6, 0]}}", "3 x 8 cannot be cut out of 3 x 8 x 8 from row 6, column 0 on"),
        ("{resize: {size: 3, scale: 2}}", "needs one of size, like and scale"),
        ("{resize: {scale: 0}}", "a scale has to be above 0"),
        ("{resize: {scale: 0.1}}", "nothing is left of 3 x 8 x 8"),
        ("{upsample: {scale: 2, align_corners: true}}", "align_corners with mode: nearest"),
        (
            "{pad: {sides: 8, mode: reflect}}",
            "8 rows of padding on 3 x 8 x 8; with mode: reflect less than the map's 8",
        ),
        ("{pad: {left: 1, like: input}}", "needs sides or like, not both"),
        ("{pad: {sides: 1, like: input}}", "needs sides or like, not both"),
        ("{layers: [{conv: {filters: 3, pad: 1}}, {pad: {like: input}}]}", "3 x 10 x 10 is larger than 8 x 8; crop"),
        ("{pad: {left: 9, mode: circular}}", "9 columns of padding on 3 x 8 x 8; .* no more than the map's 8"),
        ("{pixel_shuffle: 2}", "3 channels cannot be laid out in squares of 2 x 2"),
        ("{pixel_unshuffle: 3}", "squares of 3 x 3 do not tile 8 x 8"),
        ("{group_norm: 2}", "3 channels cannot be split into 2 groups"),
        ("group_norm", "3 channels cannot be split into 32 groups"),
        ("glu", "3 channels cannot be split into two halves"),
        ("{hard_tanh: {low: 1, high: 1}}", "low: 1 is not below high: 1"),
        ("{elementwise: tan}", "expected exp, .* got 'tan'"),
        ("{subtract: [[], [], []]}", "3 branches, expected two"),
        ("{add: [[], [{max_pool: 2}]]}", "its branches do not fit: 3 x 8 x 8 and 3 x 4 x 4"),
        ("{concat: {axis: height, branches: [[], [{conv: 4}]]}}", "its branches do not fit: 3 x 8 x 8 and 4 x 8 x 8"),
        ("{conv: [8, 3]}", "a list could mean anything"),
        ("{max_pool: [3, 2]}", "a list could mean anything"),
    ],
)
def test_what_contradicts_itself_or_does_not_fit_is_refused(item, message):
    with pytest.raises(SpecError, match=message):
        analyse(item)


def test_a_list_may_stand_for_the_only_setting():
    assert only_layer("{adaptive_avg_pool: [2, 3]}").output == (3, 2, 3)
    assert only_layer("{reshape: [-1, 4]}").output == (48, 4, 1)


def test_padding_around_a_single_tap_is_pointed_out():
    (remark,) = remarks(analyse("{name: c, conv: {filters: 8, pad: 1}}"))
    assert remark.text == "c: its kernel is 1 x 1 and its padding sees only zeros; was the kernel left out?"
    for item in ("{conv: 8}", "{conv: {filters: 8, stride: 2, pad: same}}", "{conv: {filters: 8, kernel: 3, pad: 1}}"):
        assert not remarks(analyse(item))


def test_rows_and_columns_that_no_window_reaches_are_told_apart():
    """(10 - 4) / 4 leaves 2 rows, and (11 - 4) / 4 leaves 3 columns."""
    item = "{conv: {filters: 2, kernel: 4, stride: 4}}"
    rows, columns = [each.text for each in remarks(analyse(item, input=(3, 10, 11)))]
    assert "the last 2 rows are" in rows
    assert "the last 3 columns are" in columns
    (both,) = [each.text for each in remarks(analyse(item, input=(3, 10, 10)))]
    assert "the last 2 rows and columns are" in both


def test_the_field_behind_a_merge_of_maps_at_different_paces():
    """Windows of 12/5 places and of 4 at steps of 2: 0-3, 2-5, 4-7, 6-9 and 8-11 together; two neighbours see 6."""
    report = analyse(
        "add: [[{adaptive_avg_pool: 5}], [{conv: {filters: 3, kernel: 4, stride: 2}}]]",
        "{conv: {filters: 1, kernel: 2}}",
        input=(3, 12, 12),
    )
    assert [layer.receptive_field for layer in report.layers[-2:]] == [(4, 4), (6, 6)]
