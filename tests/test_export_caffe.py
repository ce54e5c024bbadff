"""Networks written as deploy files for Caffe: fields by hand, sizes by Caffe's own rules, and the way back."""

from __future__ import annotations

import re

import pytest
from making import analyse, worked
from running import run

import archcalc
from archcalc.errors import RequestError
from archcalc.exchange.importing import import_file
from archcalc.export.caffe.writer import LAYERS, MISSING, write
from archcalc.operations import OPERATIONS, operation

ZOO = (
    "alexnet", "googlenet", "inception-v4", "resnet50", "resnet20-cifar", "preresnet110-cifar", "densenet121",
    "mobilenet-v1-1.0-224", "mobilenet-v2", "mobilenet-v3-large", "efficientnet-b0", "unet", "maxout-cifar10",
    "fractalnet-c2", "lenet5-full",
)  # fmt: skip


def layers(text):
    """Return the layers of a file as flat fields: ``convolution_param.pad`` and so on."""
    found = []
    path: list[str] = []
    for line in text.splitlines()[1:]:
        line = line.strip()
        if line == "layer {":
            found.append({})
        elif line.endswith("{"):
            path.append(line[:-2])
        elif line == "}":
            path = path[:-1]
        else:
            key, _, value = line.partition(": ")
            found[-1].setdefault(".".join([*path, key]), []).append(value.strip('"'))
    return found


def caffe(*items, input=(3, 8, 8), **more):
    return layers(write(analyse(*items, input=input, **more)).data)[1:]


def test_a_small_network_by_hand():
    report = analyse(
        "{name: c1, conv: {filters: 4, kernel: [3, 1], pad: [1, 0], bias: false}}", "{name: n1, bn: }",
        "{name: r1, relu: }", "{name: p1, max_pool: 2}", "{name: f, fc: 5}", "{name: s, softmax: }",
    )  # fmt: skip
    assert (
        write(report).data
        == """name: "made"
layer {
  name: "input"
  type: "Input"
  top: "input"
  input_param {
    shape {
      dim: 1
      dim: 3
      dim: 8
      dim: 8
    }
  }
}
layer {
  name: "c1"
  type: "Convolution"
  bottom: "input"
  top: "c1"
  convolution_param {
    num_output: 4
    bias_term: false
    pad_h: 1
    pad_w: 0
    kernel_h: 3
    kernel_w: 1
  }
}
layer {
  name: "n1"
  type: "BatchNorm"
  bottom: "c1"
  top: "c1"
}
layer {
  name: "n1/scale"
  type: "Scale"
  bottom: "c1"
  top: "c1"
  scale_param {
    bias_term: true
  }
}
layer {
  name: "r1"
  type: "ReLU"
  bottom: "c1"
  top: "c1"
}
layer {
  name: "p1"
  type: "Pooling"
  bottom: "c1"
  top: "p1"
  pooling_param {
    pool: MAX
    kernel_size: 2
    stride: 2
  }
}
layer {
  name: "f"
  type: "InnerProduct"
  bottom: "p1"
  top: "f"
  inner_product_param {
    num_output: 5
  }
}
layer {
  name: "s"
  type: "Softmax"
  bottom: "f"
  top: "s"
}
"""
    )


@pytest.mark.parametrize(
    ("item", "size", "expected"),
    [
        ("{conv: {filters: 6, kernel: 3, stride: 2, dilation: 2, groups: 3}}", 8,
         {"num_output": "6", "stride": "2", "group": "3", "dilation": "2"}),
        ("{depthwise_conv: {kernel: 3, multiplier: 2}}", 8, {"num_output": "6", "group": "3"}),
        # same on 9 at stride 2: (5 − 1)·2 + 3 − 9 = 2, one on each side
        ("{conv: {filters: 1, kernel: 3, stride: 2, pad: same}}", 9, {"pad": "1"}),
        # below, three rows are padding that no window reaches: 8 + 1 + 1 holds as many windows of 3 at stride 3
        ("{conv: {filters: 1, kernel: 3, stride: 3, pad: {top: 1, bottom: 0, left: 1, right: 0}}}", 8, {"pad": "1"}),
        # (8 − 3) / 2 rounded up is 3, so Caffe has 4 windows where floor has 3
        ("{max_pool: {kernel: 3, stride: 2}}", 8, {"round_mode": "FLOOR", "pool": "MAX"}),
        ("{max_pool: {kernel: 3, stride: 2, round: ceil}}", 8, {"round_mode": None}),
        ("{max_pool: {kernel: 3, stride: 2, round: caffe}}", 8, {"round_mode": None}),
        ("{avg_pool: {kernel: 2, stride: 2}}", 8, {"round_mode": None, "pool": "AVE"}),
        ("{max_pool: {kernel: 3, stride: 2, pad: 1}}", 8, {"round_mode": "FLOOR", "pad": "1"}),
        ("{max_pool: {kernel: 3, stride: 2, pad: 1}}", 9, {"round_mode": None, "pad": "1"}),
        ("{max_pool: {kernel: 1, stride: 2, round: ceil}}", 8, {"round_mode": "FLOOR"}),  # Caffe would have a fifth
        ("global_avg_pool", 8, {"global_pooling": "true", "pool": "AVE"}),
        ("{adaptive_max_pool: [4, 2]}", 8, {"kernel_h": "2", "kernel_w": "4", "stride_w": "4", "pool": "MAX"}),
        ("{conv_transpose: {filters: 2, kernel: 4, stride: 2, pad: 1}}", 8, {"num_output": "2", "pad": "1"}),
        ("{lrn: {neighbours: 3, within_channel: true}}", 8, {"local_size": "3", "norm_region": "WITHIN_CHANNEL"}),
        ("{leaky_relu: 0.1}", 8, {"negative_slope": "0.1"}),
        ("{prelu: layer}", 8, {"channel_shared": "true"}),
        ("{dropout: 0.4}", 8, {"dropout_ratio": "0.4"}),
        ("relu6", 8, {"min": "0", "max": "6"}),
        ("{position: true}", 8, {"axis": "1", "num_axes": "3"}),
    ],
)  # fmt: skip
def test_settings_become_fields(item, size, expected):
    (layer,) = caffe(item, input=(3, size, size))
    held = {key.rpartition(".")[2]: values[0] for key, values in layer.items()}
    assert {name: held.get(name) for name in expected} == expected


def types(*items, **more):
    return [(layer["type"][0], layer["bottom"], layer.get("top", [])) for layer in caffe(*items, **more)]


def test_a_layer_overwrites_only_what_nobody_else_reads():
    assert types("{name: c, conv: {filters: 3}}", "{add: [[], [{name: r, relu: }]]}", "{name: z, relu: }") == [
        ("Convolution", ["input"], ["c"]),
        ("ReLU", ["c"], ["r"]),
        ("Eltwise", ["c", "r"], ["add_1"]),
        ("ReLU", ["add_1"], ["add_1"]),
    ]
    assert types("{name: r, relu: }") == [("ReLU", ["input"], ["r"])]  # the input stays


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ("bn", ["BatchNorm", "Scale"]),
        ("{bn: {scale: false}}", ["BatchNorm", "Bias"]),
        ("{bn: {shift: false}}", ["BatchNorm", "Scale"]),
        ("{bn: {scale: false, shift: false}}", ["BatchNorm"]),
        ("{bn: {statistics: false}}", ["MVN", "Scale"]),
        ("{instance_norm: {scale: true, shift: true}}", ["MVN", "Scale"]),
        ("{group_norm: {groups: 3}}", ["Reshape", "MVN", "Reshape", "Scale"]),
        ("{hard_swish: }", ["Power", "Clip", "Power", "Eltwise"]),
        ("{add: [[], [{conv: {filters: 3}}], [{conv: {filters: 3}}]]}", ["Convolution", "Convolution", "Eltwise"]),
        ("{multiply: [[], [global_avg_pool]]}", ["Pooling", "Flatten", "Scale"]),
        ("{multiply: [[global_avg_pool, {fc: 3}], []]}", ["Pooling", "InnerProduct", "Scale"]),
        ("{add: [[], [global_avg_pool]]}", ["Pooling", "Flatten", "Bias"]),
        ("{multiply: [[], [{conv: {filters: 1}}]]}", ["Convolution", "Tile", "Eltwise"]),
        ("{divide: [[], [{relu: }]]}", ["ReLU", "Power", "Eltwise"]),
        ("{maxout: 3}", ["Reshape", "Pooling", "Reshape"]),
        ("{crop: 4}", ["Slice", "Silence", "Slice", "Silence", "Split"]),
        ("{pad_channels: {filters: 9, stride: 2}}", ["Pooling", "Power", "Concat"]),
    ],
)  # fmt: skip
def test_what_one_operation_becomes(item, found):
    assert [layer["type"][0] for layer in caffe(item)] == found


def test_slices_of_the_channels_are_one_layer():
    found = caffe(
        "{concat: [[{name: a, channel_slice: 2}], [{name: b, channel_slice: {channels: 3, start: 3}}]]}",
        input=(8, 4, 4),
    )
    assert [layer["type"][0] for layer in found] == ["Slice", "Silence", "Concat"]
    assert found[0]["slice_param.slice_point"] == ["2", "3", "6"]
    assert found[0]["top"] == ["a", "a/rest2", "b", "a/rest6"]
    assert found[1]["bottom"] == ["a/rest2", "a/rest6"]


def test_a_crop_takes_the_size_of_a_map_that_has_it():
    found = caffe("{name: c, conv: {filters: 3, kernel: 3}}", "{name: k, from: input, crop: {like: c}}")
    assert (found[1]["type"], found[1]["bottom"]) == (["Crop"], ["input", "c"])
    assert (found[1]["crop_param.axis"], found[1]["crop_param.offset"]) == (["2"], ["1"])


def test_shared_weights_have_a_name():
    text = """
    input: {left: [3, 16, 16], right: [3, 16, 16]}
    blocks: {tower: {layers: [{name: c, conv: {filters: 8, kernel: 3}}, {name: n, bn: }, {name: f, fc: 16}]}}
    layers:
      - {name: a, from: left, tower: }
      - {name: b, from: right, tower: , weights: a}
      - {from: [a, b], subtract}
    """
    found = {layer["name"][0]: layer for layer in layers(write(archcalc.loads(text).analyze()).data)}
    assert found["a/c"]["param.name"] == found["b/c"]["param.name"] == ["a/c/0", "a/c/1"]
    assert found["b/n"]["param.name"] == ["a/n/0", "a/n/1", "a/n/2"]
    assert found["b/n/scale"]["param.name"] == found["a/n/scale"]["param.name"] == ["a/n/scale/0", "a/n/scale/1"]
    assert found["subtract_1"]["eltwise_param.coeff"] == ["1", "-1"]


@pytest.mark.parametrize("name", ZOO)
def test_the_way_back(name, tmp_path):
    report = archcalc.load(name).analyze()
    file = tmp_path / f"{name}.prototxt"
    file.write_text(write(report).data)
    read = archcalc.loads(import_file(str(file)).text).analyze()
    assert (read.params, read.macs, read.totals.buffers) == (report.params, report.macs, report.totals.buffers)
    assert [node.applied.output for node in read.network.outputs] == [
        node.applied.output for node in report.network.outputs
    ]


def test_every_operation_is_written_or_refused():
    assert set(LAYERS) | set(MISSING) == set(OPERATIONS)
    assert not set(LAYERS) & set(MISSING)


@pytest.mark.parametrize("word", sorted(OPERATIONS))
def test_worked_examples_are_written_or_refused_with_their_name(word):
    for example in operation(word).examples:
        report = worked(word, example)
        try:
            text = write(report).data
        except RequestError as error:
            assert re.match(rf"Caffe has nothing for {word} \({word}_1\): '?\w", str(error))
        else:
            assert word not in MISSING
            assert text.count("{") == text.count("}")


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("{name: c, conv: {filters: 1, kernel: 3, stride: 2, pad: same}}",
         "conv (c): its padding (0 above, 1 below, 0 left, 1 right) is not alike on both sides"),
        ("{name: c, conv: {filters: 1, kernel: 3, stride: 2, round: ceil}}", "conv (c): it rounds up"),
        ("{max_pool: {kernel: 3, dilation: 2}}", "max_pool (max_pool_1): Caffe's pooling has no dilation"),
        ("{max_pool: {kernel: 2, stride: 3, pad: 2}}", "its padding is not smaller than its window"),
        ("{conv_transpose: {filters: 1, kernel: 3, stride: 2, output_pad: 1}}", "columns at the end (output_pad)"),
        ("{custom: {what: magic}}", "custom (custom_1): 'magic' is an operation that the spec describes itself"),
        ("{lrn: 4}", "an odd number of neighbours, not 4"),
        ("{channel_shuffle: 3}", "channels or places change their order"),
        ("layer_norm", "not the channels of a position"),
        ("{pad_channels: 5}", "zeros can be as many channels as it has, or several times, but not 2"),
        ("{name: r, times: 3, layers: [{fc: 2}]}", "fc (r/fc_1): it runs 3 times"),
    ],
)  # fmt: skip
def test_what_is_refused(item, message):
    with pytest.raises(RequestError) as caught:
        write(analyse(item))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{max_pool: {kernel: 3, stride: 2}}", "round_mode: FLOOR, since Caffe's pooling rounds up, and Caffe 1.0"),
        ("relu6", "Clip is a layer that came after Caffe 1.0: relu6_1"),
        ("swish", "Swish is a layer that came after Caffe 1.0: swish_1"),
        ("{avg_pool: {kernel: 3, stride: 1, pad: 1, count_include_pad: false}}", "Caffe counts the padding's zeros"),
        ("{avg_pool: {kernel: 3, stride: 1, pad: 1}}", ""),
    ],
)
def test_what_is_said(item, said):
    remarks = write(analyse(item)).remarks
    assert remarks[0].startswith(said) if said else not remarks


def test_on_the_command_line(tmp_path):
    result = run("export", "lenet5", "--to", "caffe")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Caffe has nothing for conv (C3): its filters see different channels")
    file = tmp_path / "alexnet.prototxt"
    assert run("export", "alexnet", "--to", "caffe", "-o", file).exit_code == 0
    shown = run("show", file, "--format", "json")
    assert '"params": 60965224' in shown.stdout.replace("\n", " ")
