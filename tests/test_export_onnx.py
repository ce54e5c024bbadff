"""Networks written as ONNX files, taken apart by protobuf's rules and by hand arithmetic."""

from __future__ import annotations

import io
import sys
from math import prod

import pytest
from making import analyse, worked
from onnx_wire import products, sizes, taken_apart
from running import run

import archcalc
from archcalc.errors import RequestError
from archcalc.exchange.importing import import_file
from archcalc.export.onnx import wire
from archcalc.export.onnx.writer import LAYERS, write
from archcalc.export.targets import export
from archcalc.operations import OPERATIONS, operation

ZOO = (
    "alexnet", "googlenet", "bn-inception", "resnet50", "resnet20-cifar", "densenet121", "mobilenet-v3-large",
    "efficientnet-b0", "shufflenet-v2-x1.0", "nasnet-mobile", "unet", "zfnet-deconv", "maxout-cifar10", "fractalnet-c3",
    "convnext-tiny", "vit-b-16", "swin-t", "swin-v2-t", "maxvit-t", "lenet5-full",
    "siamfc", "prelu-net-a", "yolov3-tiny",
)  # fmt: skip
"""A cross-section of the zoo: each kind of layer, and each way of joining them."""


def written(report):
    return taken_apart(write(report).data)


def made(*items, input=(3, 8, 8), **more):
    return written(analyse(*items, input=input, **more))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (wire.number(1, 150), "08 96 01"),  # the first example of protobuf's own description
        (wire.text(2, "testing"), "12 07 74 65 73 74 69 6e 67"),  # and the second
        (wire.packed(6, [3, 270, 86942]), "32 06 03 8e 02 9e a7 05"),  # and that of packed numbers
        (wire.number(1, -2), "08 fe ff ff ff ff ff ff ff ff 01"),
        (wire.real(2, 0.5), "15 00 00 00 3f"),
        (wire.number(20, 2), "a0 01 02"),  # from field 16 on a key takes two bytes
        (wire.text(3, ""), ""),
        (wire.texts(1, ["", "x"]), "0a 00 0a 01 78"),
    ],
)
def test_the_wire_format(found, expected):
    assert found.hex(" ") == expected


def test_a_small_network_by_hand():
    model = made("{name: c, conv: {filters: 4, kernel: [3, 5], stride: 2, pad: 1}}", "relu", "{name: f, fc: 5}")
    assert (model.ir, model.opsets, model.producer) == (8, [("", 17)], "archcalc")
    assert (model.name, model.doc) == ("made", "made")
    assert [(each.name, each.dims, each.kind) for each in model.fed] == [("input", (1, 3, 8, 8), 1)]
    assert {each.name: each.dims for each in model.weights} == {
        "c.weight": (4, 3, 3, 5), "c.bias": (4,), "f.weight": (5, 4 * 4 * 3), "f.bias": (5,),
    }  # fmt: skip
    assert [(node.op, node.inputs, node.outputs) for node in model.nodes] == [
        ("Conv", ["input", "c.weight", "c.bias"], ["c"]),
        ("Relu", ["c"], ["relu_1"]),
        ("Flatten", ["relu_1"], ["f:flatten"]),
        ("Gemm", ["f:flatten", "f.weight", "f.bias"], ["f"]),
    ]
    assert model.nodes[0].attributes == {
        "kernel_shape": [3, 5], "pads": [1, 1, 1, 1], "strides": [2, 2], "group": 1,
    }  # fmt: skip
    assert model.nodes[3].attributes == {"transB": 1}
    assert [(each.name, each.dims) for each in model.outputs] == [("f", (1, 5))]
    assert model.between == {"c": (1, 4, 4, 3), "relu_1": (1, 4, 4, 3), "f:flatten": (1, 48), "f": (1, 5)}


@pytest.mark.parametrize(
    ("item", "size", "op", "expected"),
    [
        # same, stride 2, on 8: 4 windows reach to 9, so one row is missing, and stands behind
        ("{conv: {filters: 1, kernel: 3, stride: 2, pad: same}}", 8, "Conv", {"pads": [0, 0, 1, 1]}),
        ("{conv: {filters: 1, kernel: 3, stride: 2, pad: same_lower}}", 8, "Conv", {"pads": [1, 1, 0, 0]}),
        ("{conv: {filters: 1, kernel: 3, pad: {top: 2, bottom: 0, left: 1, right: 3}}}", 8, "Conv",
         {"pads": [2, 1, 0, 3]}),
        # rounded up, 7 windows' starts 0, 2, 4, 6 need 9 places of 8: Conv has no ceil_mode
        ("{conv: {filters: 1, kernel: 3, stride: 2, round: ceil}}", 8, "Conv", {"pads": [0, 0, 1, 1]}),
        # rounded up, but the last of four windows would begin in the padding behind: 3 remain, and less padding
        ("{depthwise_conv: {kernel: 1, stride: 2, pad: 2, round: ceil}}", 3, "Conv", {"pads": [2, 2, 0, 0]}),
        ("{conv: {filters: 1, kernel: 3, dilation: 2}}", 8, "Conv", {"dilations": [2, 2], "pads": [0, 0, 0, 0]}),
        ("{conv: {filters: 6, kernel: 1, groups: 3}}", 8, "Conv", {"group": 3}),
        ("{depthwise_conv: {kernel: 3, multiplier: 2}}", 8, "Conv", {"group": 3}),
        ("{max_pool: {kernel: 3, stride: 2, round: ceil}}", 8, "MaxPool", {"ceil_mode": 1, "pads": [0, 0, 0, 0]}),
        # 5 padded to 7: windows at -1, 1, 3 and, left out, 5, which would begin in the padding behind
        ("{max_pool: {kernel: 2, stride: 2, pad: 1, round: ceil}}", 5, "MaxPool", {"pads": [1, 1, 1, 1]}),
        ("{max_pool: {kernel: 1, stride: 2, round: caffe}}", 8, "MaxPool", {"pads": [0, 0, 1, 1]}),
        ("{avg_pool: {kernel: 3, pad: same, stride: 1, count_include_pad: false}}", 8, "AveragePool",
         {"count_include_pad": 0, "pads": [1, 1, 1, 1]}),
        ("{adaptive_avg_pool: 6}", 13, "AveragePool", {"kernel_shape": [3, 3], "strides": [2, 2]}),
        ("{conv_transpose: {filters: 2, kernel: 3, stride: 2, pad: 1, output_pad: 1}}", 8, "ConvTranspose",
         {"pads": [1, 1, 1, 1], "output_padding": [1, 1]}),
        ("{max_unpool: {kernel: 3, stride: 2, output_size: 16}}", 8, "MaxUnpool", {"pads": [0, 0, 1, 1]}),
        ("{leaky_relu: 0.25}", 8, "LeakyRelu", {"alpha": 0.25}),
        ("{lrn: 3}", 8, "LRN", {"size": 3}),
        ("{resize: {size: [3, 5], mode: bilinear, align_corners: true}}", 8, "Resize",
         {"mode": "linear", "coordinate_transformation_mode": "align_corners"}),
        ("{upsample: 2}", 8, "Resize", {"mode": "nearest", "nearest_mode": "floor"}),
    ],
)  # fmt: skip
def test_settings_become_attributes(item, size, op, expected):
    (node,) = [node for node in made(item, input=(3, size, size)).nodes if node.op == op]
    assert {name: node.attributes.get(name) for name in expected} == expected
    assert ("ceil_mode" in node.attributes) == ("ceil_mode" in expected)


@pytest.mark.parametrize("name", ZOO)
def test_the_file_of_a_network_of_the_zoo(name):
    """Weights, running statistics, work and every layer's size follow from the file alone."""
    report = archcalc.load(name).analyze()
    model = written(report)
    assert sum(prod(each.dims) for each in model.weights) == report.params
    assert sum(prod(each.dims) for each in model.fixed) == report.totals.buffers
    assert products(model) == report.macs
    made_by = [layer for layer in report.layers if layer.inputs]
    for layer in made_by:
        dims = model.between[layer.name]
        assert dims in ((1, *layer.output), (1, layer.output.values)), layer.name
    names = [name for node in model.nodes for name in node.outputs]
    assert len(set(names)) == len(names) and {node.name for node in model.nodes} >= {layer.name for layer in made_by}
    known = sizes(model)
    for node in model.nodes:  # in order, and everything that is read is there
        assert all(name == "" or name in known for name in node.inputs), node.name
    assert [each.name for each in model.outputs] == [node.name for node in report.network.outputs]


LONG = {"nasnet-mobile"}
"""Networks whose blocks read two layers each, which the import does not fold."""


@pytest.mark.parametrize("name", [*ZOO, "resnet110-cifar"])
def test_the_way_back(name, tmp_path):
    """The totals stay, and the spec that is read is at most half as long again, figures and notes aside."""
    report = archcalc.load(name).analyze()
    file = tmp_path / f"{name}.onnx"
    file.write_bytes(write(report).data)
    text = import_file(str(file)).text
    read = archcalc.loads(text).analyze()
    assert (read.params, read.macs, read.totals.buffers) == (report.params, report.macs, report.totals.buffers)
    keys = ("published", "notes", "expect", "variants", "cite", "pattern", "aliases")
    own, counts = 0, True
    for line in report.network.spec.family.source.text.splitlines():
        counts = not line.startswith(keys) if line[:1].isalpha() else counts
        own += counts and bool(line.strip())
    lines = sum(1 for line in text.splitlines() if line.strip())
    assert name in LONG or lines <= 1.5 * own, (lines, own)


REFUSED = {"locally_connected", "custom"}


def test_every_operation_is_written_or_refused():
    assert set(LAYERS) | {"custom"} == set(OPERATIONS)


@pytest.mark.parametrize("word", sorted(set(OPERATIONS) - REFUSED))
def test_worked_examples(word):
    for example in operation(word).examples:
        if "connections" in example.settings:
            continue
        report = worked(word, example)
        model = written(report)
        (output,) = model.outputs
        assert output.dims in ((1, *example.output), (1, prod(example.output)))
        assert sum(prod(each.dims) for each in model.weights) == example.params
        assert products(model) == report.macs


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("{custom: {what: magic}}", "for custom (custom_1): 'magic' is an operation that the spec describes itself"),
        ("{name: C3, conv: {filters: 2, kernel: 3, connections: [1, 2]}}",
         "ONNX has nothing for conv (C3): its filters see different channels"),
        ("{locally_connected: {filters: 2, kernel: 3}}", "for locally_connected (locally_connected_1)"),
        ("{avg_pool: {kernel: 2, dilation: 2}}", "ONNX has nothing for avg_pool (avg_pool_1): AveragePool has no"),
        ("{elementwise: power}", "the spec does not say which power it is"),
        ("{name: region, times: 3, layers: [{fc: 2}]}", "ONNX has nothing for fc (region/fc_1): it runs 3 times"),
        ("{training: [{fc: 2}]}", "made has no layer that ONNX could take"),
    ],
)  # fmt: skip
def test_what_is_refused(item, message):
    with pytest.raises(RequestError) as caught:
        export(analyse(item), "onnx")
    assert message in str(caught.value)


def test_branches_for_training_are_left_out_and_said():
    exported = export(archcalc.load("googlenet").analyze(), "onnx")
    assert exported.remarks == ("branches for training alone are left out: aux1 and aux2",)
    assert not [node for node in taken_apart(exported.data).nodes if node.name.startswith("aux")]
    with_training = archcalc.load("googlenet").analyze(training=True)
    assert export(with_training, "onnx") == exported


TWINS = """
name: twins
input: {left: [3, 16, 16], right: [3, 16, 16]}
blocks:
  tower:
    layers: [{name: c, conv: {filters: 8, kernel: 3}}, {name: n, bn: }, {name: f, fc: 16}]
layers:
  - {name: a, from: left, tower: }
  - {name: b, from: right, tower: , weights: a}
  - {name: difference, from: [a, b], subtract}
  - {name: same, fc: 2}
  - {name: angle, from: difference, fc: 1}
"""


def test_inputs_outputs_and_shared_weights():
    model = written(archcalc.loads(TWINS).analyze())
    assert [each.name for each in model.fed] == ["left", "right"]
    assert [each.name for each in model.outputs] == ["same", "angle"]
    readers = {node.name: node.inputs for node in model.nodes}
    assert readers["a/c"][1:] == readers["b/c"][1:] == ["a/c.weight", "a/c.bias"]
    assert readers["b/n"][1:] == ["a/n.weight", "a/n.bias", "a/n.running_mean", "a/n.running_var"]
    assert readers["b/f"][1:] == ["a/f.weight", "a/f.bias"]
    assert readers["difference"] == ["a/f", "b/f"]


def test_places_of_maxima_lead_from_a_pooling_to_its_unpooling():
    model = made(
        "{name: p1, max_pool: 2}", "{name: p2, max_pool: 2}", "{name: u2, max_unpool: {kernel: 2}}",
        "{name: u1, max_unpool: {kernel: 2}}", "{name: alone, max_unpool: {kernel: 2}}",
    )  # fmt: skip
    nodes = {node.name: node for node in model.nodes}
    assert (nodes["p1"].outputs, nodes["p2"].outputs) == (["p1", "p1:places"], ["p2", "p2:places"])
    assert (nodes["u2"].inputs[1], nodes["u1"].inputs[1]) == ("p2:places", "p1:places")
    assert nodes["alone"].inputs[1] == "alone.places"
    assert [(each.name, each.kind) for each in model.fed] == [("input", 1), ("alone.places", 7)]


def test_windows_that_are_not_alike_are_taken_one_by_one():
    # three windows over 8: from 0 to 3, from 2 to 6, from 5 to 8
    model = made("{adaptive_max_pool: [3, 4]}")
    numbers = {name: values for name, (_, values) in model.constants.items()}
    slices = [[numbers[name] for name in node.inputs[1:4]] for node in model.nodes if node.op == "Slice"]
    assert slices[:3] == [[(0,), (3,), (2,)], [(2,), (6,), (2,)], [(5,), (8,), (2,)]]
    assert slices[3:] == [[(2 * at,), (2 * at + 2,), (3,)] for at in range(4)]
    ops = [node.op for node in model.nodes]
    assert (ops.count("ReduceMax"), ops.count("Concat"), model.outputs[0].dims) == (7, 2, (1, 3, 3, 4))


def test_names_that_others_have_already():
    model = made("{name: a, fc: 2}", "{name: a.weight, fc: 2}", "{name: 'b:sigmoid', fc: 2}", "{name: b, swish: }")
    names = [*sizes(model)]
    assert len(set(names)) == len(names) == len(model.fed) + len(model.weights) + len(model.between)
    assert {"a", "a.weight", "b:sigmoid", "b"} <= set(model.between)
    assert [node.inputs[1] for node in model.nodes if node.op == "Gemm"] == [
        "a.weight_2",
        "a.weight.weight",
        "b:sigmoid.weight",
    ]


def test_numbers_of_words_are_whole_numbers():
    model = made("{embedding: {vocabulary: 50, channels: 6}}", input=(1, 9, 1))
    assert [(each.dims, each.kind) for each in model.fed] == [((1, 9), 7)]
    assert model.nodes[0].op == "Gather" and model.outputs[0].dims == (1, 6, 9, 1)


def test_attention_is_products_and_a_softmax():
    model = made("{attention: {heads: 2, window: 2, relative_bias: true}}", input=(12, 4, 4))
    ops = [node.op for node in model.nodes if node.op in ("MatMul", "Softmax", "Add", "Gather")]
    assert ops == ["MatMul", "Gather", "Add", "Softmax", "MatMul"]
    scores, values = (node for node in model.nodes if node.op == "MatMul")
    assert model.between[scores.outputs[0]] == (1, 4, 2, 4, 4)  # windows, heads, places, places
    assert model.between[values.outputs[0]] == (1, 4, 2, 4, 2)
    (gather,) = (node for node in model.nodes if node.op == "Gather")
    dims, pairs = model.constants[gather.inputs[1]]
    # row of the table: 3 · (row difference + 1) + column difference + 1, of the places (0,0) (0,1) (1,0) (1,1)
    assert (dims, pairs) == ((16,), (4, 3, 1, 0, 5, 4, 2, 1, 7, 6, 4, 3, 8, 7, 5, 4))
    assert {each.name: each.dims for each in model.weights} == {"attention_1.relative_bias": (9, 2)}


def test_a_file_and_what_a_terminal_is_told(tmp_path, monkeypatch):
    file = tmp_path / "net.onnx"
    result = run("export", "fc-example", "--to", "onnx", "-o", file)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert taken_apart(file.read_bytes()).name == "fc-example"
    assert run("export", "fc-example", "--to", "onnx").stdout_bytes == file.read_bytes()  # into a pipe
    refused = run("export", "lenet5", "--to", "onnx", "-o", tmp_path / "no.onnx")
    assert (refused.exit_code, refused.stdout) == (2, "") and "conv (C3)" in refused.stderr
    assert not (tmp_path / "no.onnx").exists()

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    from archcalc.cli.streams import write_bytes

    with pytest.raises(RequestError, match="this format is binary"):
        write_bytes(b"\x08\x08")
