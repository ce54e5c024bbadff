"""Sources for PyTorch say the network that they were written of, as a person would have written it."""

from __future__ import annotations

import ast
import re

import pytest
from running import run
from torch_stand_in import measured

from archcalc.engine.count import count
from archcalc.engine.count import setup as counted_for  # pytest 7 would run a module's setup
from archcalc.engine.expand import expand
from archcalc.export.targets import export
from archcalc.zoo import find

ZOO = (
    "alexnet", "zfnet", "vgg16", "googlenet", "resnet18", "resnet50", "densenet121", "mobilenet-v1", "mobilenet-v2-1.3",
    "mobilenet-v3-small", "efficientnet-b3", "shufflenet-v2-x1.0", "squeezenet", "inception-v3", "inception-resnet-v2",
    "nasnet-mobile", "xception", "unet", "fractalnet-c3", "stochastic-depth110", "resnext50", "se-resnet50",
    "convnext-tiny", "vit-b-16", "wrn-18-1.5", "lenet5-full", "maxout-cifar10", "torchvision:googlenet",
    "keras:MobileNet",
)  # fmt: skip


def exported(name):
    report = count(expand(find(str(name))), counted_for(1, "float32"))
    return report, export(report, "torch").data


def class_of(text):
    return re.findall(r"^class (\w+)\(", text, re.MULTILINE)[-1]


def check(name):
    report, text = exported(name)
    params, macs, shapes = measured(text, class_of(text), report.network.inputs.values())
    wanted = sorted(tuple(node.applied.output) for node in report.network.outputs if node.applied.inputs)
    assert (params, macs, sorted(shapes)) == (report.params, report.macs, wanted)
    return text


@pytest.mark.parametrize("name", ZOO)
def test_parameters_work_and_outputs_are_those_of_the_network(name):
    text = check(name)
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize(
    ("name", "most"),
    [("resnet50", 70), ("googlenet", 65), ("densenet121", 50), ("mobilenet-v2", 75), ("efficientnet-b0", 100)],
)
def test_a_source_is_as_short_as_a_person_would_write_it(name, most):
    _, text = exported(name)
    assert sum(1 for line in text.splitlines() if line.strip()) <= most


def test_blocks_are_classes_with_their_arguments():
    _, text = exported("resnet50")
    classes = {each.name: each for each in ast.parse(text).body if isinstance(each, ast.ClassDef)}
    assert list(classes) == ["ConvBn", "Skip", "Bottleneck", "Stage", "ResNet50"]
    arguments = [each.arg for each in classes["Bottleneck"].body[0].args.args]
    assert arguments == ["self", "in_channels", "width", "stride"]
    assert "self.conv3_x = Stage(256, 128, 4, 2)" in text
    assert "for _ in range(blocks - 1)" in text


SMALL = """
name: small
input: [3, 32, 32]
blocks:
  block:
    args: {width: , stride: 1}
    layers:
      - add:
          - - {name: conv1, conv: {filters: =width, kernel: 3, stride: =stride, pad: 1, bias: false}}
            - bn
            - relu
            - {name: conv2, conv: {filters: =width, kernel: 3, pad: 1}}
          - [{when: =stride > 1, name: shortcut, conv: {filters: =width, stride: =stride}}]
      - relu
layers:
  - {name: stem, conv: {filters: 16, kernel: 3, pad: same, stride: 2}}
  - {name: stage1, block: 16, repeat: 2}
  - {name: stage2, block: [32, 2]}
  - {name: pool, max_pool: {kernel: 3, stride: 2, round: ceil}}
  - {name: fc, fc: 10}
"""

GOLDEN = '''"""small.

Input: N x 3 x 32 x 32. Parameters: 29,354.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, in_channels, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, 3, stride=stride, padding=1, bias=False)
        self.bn_1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.shortcut = (
            nn.Conv2d(in_channels, width, 1, stride=stride) if stride > 1 else nn.Identity()
        )

    def forward(self, x):
        x = self.conv2(F.relu(self.bn_1(self.conv1(x)))) + self.shortcut(x)
        return F.relu(x)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, stride=2)
        self.stage1 = nn.Sequential(*[Block(16, 16) for _ in range(2)])
        self.stage2 = Block(16, 32, stride=2)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = self.stage2(self.stage1(self.stem(F.pad(x, (0, 1, 0, 1)))))
        return self.fc(torch.flatten(self.pool(x), 1))
'''


def test_the_source_of_a_small_network(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL)
    result = run("export", tmp_path / "small.yaml", "--to", "torch")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == GOLDEN
    check(tmp_path / "small.yaml")
    run("export", tmp_path / "small.yaml", "--to", "torch", "-o", tmp_path / "small.py")
    assert (tmp_path / "small.py").read_text() == GOLDEN


def written(tmp_path, layers, *, more="", input="[3, 16, 16]"):
    place = tmp_path / "net.yaml"
    place.write_text(f"name: net\ninput: {input}\n{more}\nlayers:\n{layers}")
    return place


LINES = [
    ("max_pool: {kernel: 3, stride: 2, pad: same}", 'F.pad(x, (0, 1, 0, 1), value=float("-inf"))'),
    ("max_pool: {kernel: 3, stride: 2, round: caffe}", "nn.MaxPool2d(3, 2, ceil_mode=True)"),
    ("max_pool: {kernel: 2, stride: 2, round: caffe}", "nn.MaxPool2d(2)"),
    ("avg_pool: {kernel: 3, stride: 1, pad: 1}", "nn.AvgPool2d(3, 1, padding=1)"),
    ("avg_pool: {kernel: 3, stride: 1, pad: 1, count_include_pad: false}",
     "nn.AvgPool2d(3, 1, padding=1, count_include_pad=False)"),
    ("avg_pool: {kernel: 3, stride: 2, pad: same, count_include_pad: false}", "PaddedAvgPool(3, 2, (0, 1, 0, 1))"),
    ("conv: {filters: 6, kernel: [1, 3], pad: [0, 1], groups: 3, dilation: 1, bias: false}",
     "nn.Conv2d(3, 6, (1, 3), padding=(0, 1), groups=3, bias=False)"),
    ("conv: {filters: 6, kernel: 3, dilation: 2, pad: 2}", "nn.Conv2d(3, 6, 3, padding=2, dilation=2)"),
    ("depthwise_conv: {kernel: 3, multiplier: 2, pad: 1}", "nn.Conv2d(3, 6, 3, padding=1, groups=3)"),
    ("conv_transpose: {filters: 4, kernel: 3, stride: 2, pad: 1, output_pad: 1}",
     "nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1)"),
    ("bn: {scale: false, shift: false}", "nn.BatchNorm2d(3, affine=False)"),
    ("bn: {scale: false}", "ShiftNorm(3)"),
    ("layer_norm: {shift: false}", "LayerNorm(3, bias=False)"),
    ("layer_norm: {over: map}", "nn.LayerNorm((3, 16, 16))"),
    ("group_norm: 3", "nn.GroupNorm(3, 3)"),
    ("resize: {size: 20, mode: bilinear}", 'nn.Upsample(20, mode="bilinear")'),
    ("upsample: 2", "nn.Upsample(scale_factor=2)"),
    ("crop: {size: 8, offset: [1, 2]}", "x[:, :, 1:9, 2:10]"),
    ("leaky_relu: 0.1", "nn.LeakyReLU(0.1)"),
    ("elementwise: exp", "torch.exp(x)"),
    ("dropout: 0.4", "nn.Dropout(0.4)"),
    ("prelu: channel", "nn.PReLU(3)"),
    ("lrn: 5", "nn.LocalResponseNorm(5)"),
    ("adaptive_avg_pool: [2, 3]", "nn.AdaptiveAvgPool2d((2, 3))"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "line"), LINES)
def test_settings_are_those_of_pytorch(tmp_path, item, line):
    text = check(written(tmp_path, f"  - {{{item}}}\n"))
    assert line in text


def test_several_inputs_and_outputs_and_gates(tmp_path):
    layers = """
  - {name: one, from: left, conv: 8}
  - {name: two, from: right, conv: 8}
  - {name: gate, multiply: [[], [global_avg_pool, {fc: 4}, relu, {fc: 8}, sigmoid]]}
  - {name: both, from: [one, gate], concat: }
  - {name: first, from: both, fc: 2}
  - {name: second, from: both, max_pool: 2}
"""
    text = check(written(tmp_path, layers, input="{left: [3, 16, 16], right: [3, 16, 16]}"))
    assert "def forward(self, x, right):" in text
    assert "return " in text


def test_shared_weights_are_one_module(tmp_path):
    more = "blocks:\n  head: {layers: [{conv: {filters: 3, kernel: 3, pad: 1}}, relu]}"
    layers = """
  - {name: a, head: }
  - {name: b, head: , weights: a}
  - {name: c, conv: 3}
  - {name: d, conv: 3, weights: c}
"""
    text = check(written(tmp_path, layers, more=more))
    assert text.count("Head()") + text.count("Head(3)") == 1
    assert text.count("self.c(") == 2


def test_blocks_inside_one_that_shares_its_weights_share_theirs(tmp_path):
    more = """blocks:
  tower: {args: {c: }, layers: [{conv: {filters: =c, kernel: 3, pad: 1}}]}
  heads: {layers: [{name: classes, tower: 5}, {name: boxes, from: in, tower: 4}]}
"""
    layers = """
  - {name: a, conv: 3}
  - {name: b, max_pool: 2}
  - {name: one, from: a, heads: }
  - {name: two, from: b, heads: , weights: one}
"""
    text = check(written(tmp_path, layers, more=more))
    assert text.count("Tower(3, ") == 2


def test_a_block_reads_a_layer_outside_as_an_input(tmp_path):
    more = "blocks:\n  up: {args: {skip: }, layers: [{upsample: 2}, {name: m, concat: [[], [{from: =skip, conv: 4}]]}]}"
    layers = "  - {name: a, conv: 4}\n  - {max_pool: 2}\n  - {up: a}\n"
    text = check(written(tmp_path, layers, more=more))
    assert "def forward(self, x, skip):" in text


def test_a_layer_inside_a_block_that_is_read_outside_is_written_out(tmp_path):
    more = "blocks:\n  two: {layers: [{name: u, conv: 4}, {name: v, conv: 4}]}"
    layers = "  - {name: a, two: }\n  - {name: sum, add: [[], [{from: a/u, relu: }]]}\n"
    text = check(written(tmp_path, layers, more=more))
    assert "class Two" not in text


def test_stochastic_depth_is_a_module_of_the_source(tmp_path):
    text = check(written(tmp_path, "  - add: [[], [{survival: 0.8, layers: [{conv: 3}]}]]\n"))
    assert "StochasticDepth(0.8)" in text


def test_branches_for_training_are_left_out_and_said():
    result = run("export", "googlenet", "--to", "torch")
    assert result.exit_code == 0
    assert "! aux1, a branch for training, is left out" in result.stderr
    assert "aux1" not in result.stdout


REFUSED = [
    ("custom: {what: magic, params: 3}", "PyTorch has nothing for custom (custom_1): "),
    ("locally_connected: {filters: 2, kernel: 3}", "PyTorch has nothing for locally_connected (locally_connected_1): "),
    (
        "max_pool: {kernel: 2, stride: 6, round: caffe}",
        "PyTorch has nothing for max_pool (max_pool_1): Caffe's rounding",
    ),
    ("lrn: {neighbours: 3, within_channel: true}", "PyTorch has nothing for lrn (lrn_1): "),
    ("conv: {filters: 2, kernel: 3, connections: [1, 2]}", "PyTorch has nothing for conv (conv_1): "),
]


@pytest.mark.parametrize(("item", "message"), REFUSED)
def test_what_pytorch_has_not_is_refused_by_name(tmp_path, item, message):
    result = run("export", written(tmp_path, f"  - {{{item}}}\n", input="[3, 17, 17]"), "--to", "torch")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_nothing_of_a_spec_is_code(tmp_path):
    more = """title: '"" "; exit(); \\'
blocks:
  b:
    args: {a: '{0}'}
    layers: [{when: "=a == '{0}'", conv: 4}, {conv: 3}]
"""
    layers = """
  - {name: 'x = exit()', conv: 3}
  - {name: self, b: }
  - {name: class, b: '"); exit()'}
"""
    text = check(written(tmp_path, layers, more=more))
    assert not [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Name) and each.id == "exit"]


def test_input_and_arguments_are_those_asked_for():
    result = run("export", "resnet50", "--to", "torch", "--input", "3x64x64", "--set", "classes=7")
    assert "Input: N x 3 x 64 x 64." in result.stdout
    assert "nn.Linear(2048, 7)" in result.stdout


def test_a_target_that_there_is_not_is_wrong_usage():
    assert run("export", "vgg16", "--to", "lasagne").exit_code == 2
    assert run("export", "vgg16").exit_code == 2
