"""Two ways to say the same come to the same."""

from __future__ import annotations

import pytest
from making import analyse, costs, only_layer, totals

from archcalc.errors import SpecError

SMALL = (4, 9, 9)


def same(first, second):
    assert costs(first) == costs(second)
    assert totals(first) == totals(second)
    assert first.memory_bytes == second.memory_bytes


@pytest.mark.parametrize("bias", ["true", "false"])
def test_a_convolution_as_large_as_its_input_is_an_fc(bias):
    conv = only_layer(f"{{conv: {{filters: 4096, kernel: 7, bias: {bias}}}}}", input=(512, 7, 7))
    fc = only_layer(f"{{fc: {{out_features: 4096, bias: {bias}}}}}", input=(512, 7, 7))
    flat = analyse("flatten", f"{{fc: {{out_features: 4096, bias: {bias}}}}}", input=(512, 7, 7)).layers[-1]
    for other in (fc, flat):
        assert other.output == conv.output == (4096, 1, 1)
        assert other.params_by_kind == conv.params_by_kind
        assert other.ops == conv.ops
        assert other.memory_bytes == conv.memory_bytes
        assert other.receptive_field == conv.receptive_field == (7, 7)


@pytest.mark.parametrize("multiplier", [1, 3])
@pytest.mark.parametrize(
    "window", ["kernel: 3, pad: 1", "kernel: [1, 5], stride: 2", "kernel: 3, dilation: 2, pad: same"]
)
def test_as_many_groups_as_channels_is_depthwise(window, multiplier):
    grouped = only_layer(f"{{conv: {{filters: {8 * multiplier}, groups: 8, {window}}}}}", input=(8, 16, 16))
    depthwise = only_layer(f"{{depthwise_conv: {{multiplier: {multiplier}, {window}}}}}", input=(8, 16, 16))
    assert depthwise.output == grouped.output
    assert depthwise.params_by_kind == grouped.params_by_kind
    assert depthwise.ops == grouped.ops


@pytest.mark.parametrize("groups", [2, 3, 4, 6, 12])
def test_groups_are_as_many_smaller_convolutions_side_by_side(groups):
    whole = only_layer(f"{{conv: {{filters: 24, kernel: 3, groups: {groups}}}}}", input=(12, 8, 8))
    part = only_layer(f"{{conv: {{filters: {24 // groups}, kernel: 3}}}}", input=(12 // groups, 8, 8))
    assert (whole.params, whole.macs) == (groups * part.params, groups * part.macs)


def test_groups_of_one_change_nothing():
    same(analyse("{conv: {filters: 6, kernel: 3, groups: 1}}"), analyse("{conv: {filters: 6, kernel: 3}}"))


def test_connections_to_all_channels_change_nothing():
    full = analyse("{conv: {filters: 5, kernel: 3, connections: [4, 4, 4, 4, 4]}}", input=SMALL)
    same(full, analyse("{conv: {filters: 5, kernel: 3}}", input=SMALL))


def test_global_avg_pool_is_an_avg_pool_as_large_as_its_input():
    small, large = only_layer("global_avg_pool", (64, 7, 5)), only_layer("{avg_pool: {kernel: [7, 5]}}", (64, 7, 5))
    assert (small.output, small.ops, small.memory_bytes) == (large.output, large.ops, large.memory_bytes)
    assert small.receptive_field == large.receptive_field


def test_concat_of_concats_is_one_concat():
    nested = analyse("{concat: [[{concat: [[{conv: 2}], [{conv: 3}]]}], [{conv: 5}], []]}", input=SMALL)
    flat = analyse("{concat: [[{conv: 2}], [{conv: 3}], [{conv: 5}], []]}", input=SMALL)
    assert nested.layers[-1].output == flat.layers[-1].output == (14, 9, 9)
    assert totals(nested) == totals(flat)


def test_add_of_adds_is_one_add():
    nested = analyse("{add: [[{add: [[{conv: 4}], [{conv: 4}]]}], []]}", input=SMALL)
    flat = analyse("{add: [[{conv: 4}], [{conv: 4}], []]}", input=SMALL)
    assert totals(nested) == totals(flat)


@pytest.mark.parametrize("merge", ["concat", "add", "mean", "multiply"])
def test_a_merge_with_one_branch_left_passes_it_through(merge):
    one = analyse(f"{{{merge}: [[{{conv: 4}}, relu], {{layers: [], when: false}}]}}", input=SMALL)
    same(one, analyse("{conv: 4}", "relu", input=SMALL))


def test_from_names_what_nesting_says():
    nested = analyse("{name: a, conv: 4}", "{add: [[], [{conv: 4}, relu]]}", input=SMALL)
    by_name = analyse("{name: a, conv: 4}", "{conv: 4}", "relu", "{add: [{from: a, layers: []}, []]}", input=SMALL)
    same(nested, by_name)


@pytest.mark.parametrize("times", range(4))
def test_repeat_is_written_out(times):
    item = "{conv: {filters: 4, kernel: 3, pad: 1}}"
    same(analyse("{conv: 4}", f"{{repeat: {times}, {item[1:]}"), analyse("{conv: 4}", *[item] * times))


def test_repeat_counts_from_one():
    counted = analyse("{repeat: 3, conv: {filters: =8*index}}")
    same(counted, analyse("{conv: 8}", "{conv: 16}", "{conv: 24}"))


def test_arguments_of_a_repeated_block_are_computed_anew():
    head = "blocks:\n  grow: {args: {filters: }, layers: [{conv: =filters}]}"
    grown = analyse("{repeat: 3, grow: =in_channels+index}", head=head)
    same(grown, analyse("{conv: 4}", "{conv: 6}", "{conv: 9}"))


BLOCKS = """
args: {width: 4}
blocks:
  unit:
    args: {filters: , kernel: 3}
    layers: [{conv: {filters: =filters, kernel: =kernel, pad: =kernel // 2}}, bn, relu]
"""
INLINE = ["{conv: {filters: 4, kernel: 3, pad: 1}}", "bn", "relu"]


@pytest.mark.parametrize(
    "call",
    [
        "{unit: 4}",
        "{unit: [4]}",
        "{unit: [4, 3]}",
        "{unit: {filters: 4}}",
        "{unit: {kernel: 3, filters: =width}}",
        "{use: unit, with: {filters: 4}}",
        "{use: ='unit', with: [4, 3]}",
        "{name: named, unit: 4}",
        "{when: true, unit: 4}",
        "{repeat: 1, unit: 4}",
    ],
)
def test_a_block_is_its_items_in_its_place(call):
    same(analyse(call, head=BLOCKS), analyse(*INLINE))


def test_a_block_sees_the_file_and_not_its_caller():
    head = """
args: {width: 4}
blocks:
  inner: {layers: [{conv: =width}]}
  outer: {args: {width: 7}, layers: [inner, {conv: =width}]}
"""
    same(analyse("outer", head=head), analyse("{conv: 4}", "{conv: 7}"))


def test_recursion_is_written_out():
    head = """
blocks:
  fractal:
    args: {columns: }
    layers:
      - {when: =columns == 1, conv: 3}
      - {when: =columns > 1, add: [[{conv: 3}], [{fractal: =columns-1}, {fractal: =columns-1}]]}
"""
    second = "{add: [[{conv: 3}], [{conv: 3}, {conv: 3}]]}"
    same(analyse("{fractal: 2}", head=head), analyse(second))
    same(analyse("{fractal: 3}", head=head), analyse(f"{{add: [[{{conv: 3}}], [{second}, {second}]]}}"))


def test_an_alias_is_what_stands_at_its_anchor():
    aliased = analyse("{conv: &window {filters: 3, kernel: 3, pad: 1}}", "relu", "{conv: *window}")
    written = analyse(*["{conv: {filters: 3, kernel: 3, pad: 1}}", "relu", "{conv: {filters: 3, kernel: 3, pad: 1}}"])
    same(aliased, written)
    same(analyse("&again {conv: 3}", "*again", "*again"), analyse("{conv: 3}", "{conv: 3}", "{conv: 3}"))


def test_times_shares_the_weights_that_repeat_does_not():
    item = "conv: {filters: 3, kernel: 3, pad: 1}}"
    once, repeated, many = analyse(f"{{{item}"), analyse(f"{{repeat: 5, {item}"), analyse(f"{{times: 5, {item}")
    assert many.macs == repeated.macs == 5 * once.macs
    assert many.ops == repeated.ops
    assert many.params == once.params
    assert repeated.params == 5 * once.params
    stored = once.memory_bytes - once.layers[0].memory_bytes
    assert many.memory_bytes == repeated.memory_bytes == once.layers[0].memory_bytes + 5 * stored


def test_times_inside_times_multiply():
    head = "blocks:\n  two: {layers: [{times: 2, conv: 4}]}"
    same(analyse("{times: 3, two: }", head=head), analyse("{times: 6, conv: 4}"))


def test_two_3x3_see_what_one_5x5_sees_and_three_what_a_7x7_sees():
    three = "{conv: {filters: 8, kernel: 3}}"
    for number, kernel in ((2, 5), (3, 7)):
        small = analyse(*[three] * number, input=(8, 16, 16))
        large = analyse(f"{{conv: {{filters: 8, kernel: {kernel}}}}}", input=(8, 16, 16))
        assert small.layers[-1].receptive_field == large.layers[-1].receptive_field == (kernel, kernel)
        assert small.layers[-1].output == large.layers[-1].output
        assert small.params < large.params


def test_a_dilated_kernel_is_a_larger_one_with_holes():
    dilated = only_layer("{conv: {filters: 2, kernel: 3, dilation: 3, pad: 3}}", input=(2, 15, 15))
    large = only_layer("{conv: {filters: 2, kernel: 7, pad: 3}}", input=(2, 15, 15))
    small = only_layer("{conv: {filters: 2, kernel: 3, pad: 1}}", input=(2, 15, 15))
    assert dilated.output == large.output
    assert dilated.receptive_field == large.receptive_field
    assert (dilated.params, dilated.macs) == (small.params, small.macs)


NET = ["{conv: {filters: 8, kernel: 3}}", "bn", "relu", "{max_pool: 2}", "{fc: 10}", "softmax"]


@pytest.mark.parametrize("batch", [2, 3, 128])
def test_a_batch_is_as_many_images(batch):
    one, many = analyse(*NET), analyse(*NET, batch=batch)
    assert many.memory_bytes == batch * one.memory_bytes
    assert many.macs == batch * one.macs
    assert many.ops == {kind: batch * value for kind, value in one.ops.items()}
    assert (many.params, many.model_bytes, many.depth) == (one.params, one.model_bytes, one.depth)
    for layer, single in zip(many.layers, one.layers, strict=True):
        assert layer.output == single.output
        assert (layer.memory_bytes, layer.output_bytes) == (batch * single.memory_bytes, batch * single.output_bytes)


@pytest.mark.parametrize(("dtype", "bits"), [("float64", 64), ("float16", 16), ("bfloat16", 16), ("int8", 8)])
def test_a_type_of_values_scales_sizes_and_nothing_else(dtype, bits):
    plain, other = analyse(*NET), analyse(*NET, dtype=dtype)
    assert (other.params, other.ops) == (plain.params, plain.ops)
    assert 32 * other.memory_bytes == bits * plain.memory_bytes
    assert 32 * other.model_bytes == bits * plain.model_bytes


def test_half_a_byte_is_rounded_up_layer_by_layer():
    report = analyse("{conv: {filters: 1, kernel: 3}}", input=(1, 5, 5), dtype="int4")
    assert [layer.memory_bytes for layer in report.layers] == [13, 5]
    assert report.memory_bytes == 18
    assert report.model_bytes == 5


def test_what_works_in_place_adds_work_but_no_memory():
    bare = analyse("{conv: 4}")
    busy = analyse("{conv: 4}", "relu", "relu6", "sigmoid", "tanh", "{dropout: 0.5}", "softmax", "flatten")
    assert busy.memory_bytes == bare.memory_bytes
    assert busy.ops["activation"] == 4 * 4 * 8 * 8
    assert (busy.params, busy.macs) == (bare.params, bare.macs)


def test_training_branches_are_counted_only_when_asked_for():
    items = ["{name: a, conv: 4}", "{name: aux, training: [{fc: 10}, softmax]}", "{name: b, fc: 7}"]
    without, plain = analyse(*items), analyse(items[0], items[2])
    same(without, plain)
    trained = analyse(*items, training=True)
    assert trained.params == plain.params + 10 * (4 * 8 * 8 + 1)
    assert trained.layers[-1].inputs == ((4, 8, 8),)


def test_survival_changes_what_is_expected_not_what_is_there():
    head = "blocks:\n  unit: {layers: [{conv: 3}]}"
    certain = analyse("{add: [[{conv: 3}], []]}")
    risky = analyse("{add: [{layers: [{conv: 3}], survival: 0.25}, []]}", head=head)
    assert (risky.params, risky.macs) == (certain.params, certain.macs)
    assert certain.expected_macs is None
    assert risky.expected_macs * 4 == risky.macs


def test_weights_are_shared_between_maps_of_different_sizes():
    """As a detector's head is on a pyramid: 9·4·4 weights once, and work on 8x8 and on 4x4."""
    window = "conv: {filters: 4, kernel: 3, pad: 1, bias: false}}"
    found = analyse(
        f"{{name: one, {window}", "{name: small, max_pool: 2}", f"{{name: two, {window[:-1]}, weights: one}}",
        input=(4, 8, 8),
    )  # fmt: skip
    assert found.params == 9 * 4 * 4
    assert found.macs == 9 * 4 * 4 * (64 + 16)


def test_weights_of_a_part_of_a_repeated_block():
    """The second call of a block is a copy of the first; its parts can be shared as those of the first."""
    head = """blocks:
  inner: {layers: [{name: a, conv: 3}, {name: b, conv: {filters: 3, kernel: 3, pad: 1}}]}
  outer: {layers: [{name: part, inner: }, relu]}"""
    calls = ["{name: first, outer: }", "{name: second, outer: }"]
    found = analyse(*calls, "{name: third, inner: , weights: second/part}", head=head)
    assert [layer.params for layer in found.layers] == [0, 12, 84, 0, 12, 84, 0, 0, 0]
    assert found.params == 2 * (12 + 84)


def test_a_custom_layer_reads_several():
    found = analyse(
        "{name: a, conv: 2}", "{name: b, conv: 4}", "{from: [a, b], custom: {what: both, shape: [6, 8, 8]}}"
    )
    assert found.layers[-1].inputs == ((2, 8, 8), (4, 8, 8))


@pytest.mark.parametrize("axis", [0, 1])
def test_a_merge_has_the_largest_stride_of_its_branches(axis):
    """On a map one place high or wide, branches of different strides fit one another."""
    stride, image = ([2, 1], [3, 1, 8]) if axis == 0 else ([1, 2], [3, 8, 1])
    found = analyse(f"add: [[{{conv: {{filters: 3, kernel: 1, stride: {stride}}}}}], []]", input=image).layers[-1]
    assert found.effective_stride == tuple(stride)


def test_running_twice_keeps_one_set_of_statistics():
    once, twice = analyse("bn"), analyse("{times: 2, bn: }")
    assert once.totals.buffers == twice.totals.buffers == 2 * 3


def test_layers_that_run_several_times_are_skipped_as_often():
    assert analyse("{times: 3, survival: 0.5, conv: 4}").expected_macs * 2 == 3 * analyse("{conv: 4}").macs


def test_half_an_operation_is_expected_as_one():
    assert analyse("{survival: 0.5, conv: 1}", input=(1, 1, 1)).expected_macs == 1


def test_what_training_branches_skip_is_expected_with_them():
    items = ("{conv: 4}", "training: [{survival: 0.25, conv: 4}]", "relu")
    trunk = analyse(*items)
    whole = analyse(*items, training=True)
    assert trunk.expected_macs is None
    assert 4 * (whole.expected_macs - trunk.macs) == whole.macs - trunk.macs


def test_numbers_of_nameless_layers_pass_over_names():
    found = analyse("{name: conv_1, conv: 4}", "{name: conv_2, conv: 4}", "{conv: 4}", "{conv: 4}")
    assert [layer.name for layer in found.layers] == ["input", "conv_1", "conv_2", "conv_3", "conv_4"]


def test_a_block_called_with_1_is_another_than_with_true():
    head = "blocks: {b: {args: {x: }, layers: [{conv: {filters: 3, bias: =x}}]}}"
    assert analyse("{b: true}", "{b: true}", head=head).params == 2 * (9 + 3)
    with pytest.raises(SpecError):
        analyse("{b: true}", "{b: 1}", head=head)
