"""Each convention says what its tool, paper or lecture says: on single operations, and on whole networks.

The figures were measured with the tools, or are those that they publish; the versions are those that conventions.yaml
names.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from making import analyse, worked

import archcalc
import archcalc.published.check
from archcalc.cli import cli
from archcalc.conventions.convention import conventions, find, read_conventions, resolve
from archcalc.conventions.rules import grouped
from archcalc.errors import RequestError, SpecError
from archcalc.operations import OPERATIONS, operation
from archcalc.text.source import Source

if TYPE_CHECKING:
    from archcalc.engine.report import Report
    from archcalc.operations.base import Example

MAP = (8, 16, 16)

TOOLS = (
    "torchinfo", "ptflops", "ptflops-aten", "fvcore", "thop", "calflops", "calflops-macs", "torch-flop-counter",
    "torchprofile", "torchscan",
)  # fmt: skip

ALONE = {
    "conv: {filters: 8, kernel: 3, pad: 1, bias: false}":
        (147456, 147456, 147456, 147456, 147456, 294912, 147456, 294912, 147456, 147456),
    "conv: {filters: 8, kernel: 3, pad: 1}":
        (149504, 149504, 149504, 147456, 147456, 296960, 147456, 294912, 147456, 147456),
    "depthwise_conv: {kernel: 3, pad: 1, bias: false}":
        (18432, 18432, 18432, 18432, 18432, 36864, 18432, 36864, 18432, 18432),
    "conv_transpose: {filters: 4, kernel: 2, stride: 2, bias: false}":
        (131072, 32768, 32768, 32768, 131072, 65536, 32768, 65536, 131072, 131080),
    "conv_transpose: {filters: 4, kernel: 2, stride: 2, groups: 4, bias: false}":
        (32768, 8192, 8192, 8192, 32768, 0, 0, 16384, 131072, 32776),
}  # fmt: skip
"""What the tools say of one operation on a map of 8 x 16 x 16."""

BEHIND = {
    "bn": (16, 4096, 0, 4096, 8192, 4096, 0, 0, 2048, 4096),
    "relu": (0, 4096, 0, 0, 0, 2048, 0, 0, 0, 0),
    "max_pool: {kernel: 3, stride: 2, pad: 1}": (0, 4096, 0, 0, 0, 2048, 0, 0, 0, 1024),
    "avg_pool: {kernel: 3, stride: 2, pad: 1}": (0, 4096, 0, 0, 512, 2048, 0, 0, 512, 2048),
    "global_avg_pool": (0, 4096, 0, 2048, 2056, 2048, 0, 0, 8, 2056),
    "adaptive_avg_pool: 1": (0, 4096, 0, 2048, 2056, 2048, 0, 0, 8, 2056),
    "lrn: 5": (0, 9216, 0, 0, 0, 9216, 0, 0, 6144, 0),
    "add: [[], []]": (0,) * 10,
    "concat: [[], []]": (0,) * 10,
    "softmax": (0, 2048, 0, 0, 5888, 2048, 0, 0, 0, 0),
    "leaky_relu: 0.1": (0, 2048, 0, 0, 0, 2048, 0, 0, 2048, 0),
    "prelu": (8, 4096, 0, 0, 2048, 2048, 0, 0, 0, 0),
    "prelu: layer": (1, 4096, 0, 0, 2048, 2048, 0, 0, 0, 0),
    "elu": (0, 4096, 0, 0, 0, 2048, 0, 0, 0, 0),
    **dict.fromkeys(("selu", "celu", "mish", "softplus", "softsign", "hard_tanh", "log_softmax", "glu"), (0,) * 10),
    **dict.fromkeys(("elementwise: exp", "pixel_shuffle: 2", "pixel_unshuffle: 2", "pad: 1"), (0,) * 10),
    "upsample: 2": (0, 16384, 0, 8192, 8192, 2048, 0, 0, 0, 0),
    "upsample: {scale: 2, mode: bilinear}": (0, 16384, 0, 32768, 90112, 2048, 0, 0, 32768, 0),
    "upsample: {scale: 2, mode: bicubic}": (0, 16384, 0, 0, 2121728, 2048, 0, 0, 0, 0),
    "resize: {size: 32, mode: bilinear}": (0, 8192, 0, 32768, 0, 1024, 0, 0, 32768, 0),
    "resize: {size: 32, mode: bicubic}": (0, 8192, 0, 0, 0, 1024, 0, 0, 0, 0),
    "reshape: [16, 8, 16]": (0,) * 10,
    "global_max_pool": (0, 4096, 0, 0, 0, 2048, 0, 0, 0, 2040),
    "adaptive_max_pool: 5": (0, 4096, 0, 0, 0, 2048, 0, 0, 0, 600),
    "group_norm: 4": (16, 4096, 0, 10240, 0, 10240, 0, 0, 2048, 0),
    "group_norm: {groups: 4, scale: false, shift: false}": (0, 2048, 0, 8192, 0, 8192, 0, 0, 0, 0),
    "instance_norm": (0, 2048, 0, 8192, 4096, 8192, 0, 0, 0, 0),
    "instance_norm: {scale: true, shift: true}": (16, 4096, 0, 10240, 8192, 10240, 0, 0, 2048, 0),
    "layer_norm: map": (4096, 2048, 0, 10240, 8192, 10240, 0, 0, 2048, 0),
    "bn: {statistics: false}": (16, 4096, 0, 10240, 8192, 10240, 0, 0, 2048, 4096),
    "subtract: [[], []]": (0,) * 10,
    "divide: [[], []]": (0,) * 10,
    "maximum: [[], []]": (0,) * 10,
    "minimum: [[], []]": (0,) * 10,
    "multiply: [[], []]": (0, 0, 0, 0, 0, 0, 0, 0, 2048, 0),
}
"""What the tools say of an operation on that map, without the 1x1 convolution before it (16,384 MACs)."""


@cache
def analysed(network: str, batch: int = 1) -> Report:
    return archcalc.load(network).analyze(batch=batch)


def says(tool: str, report: Report) -> int:
    return find(tool).total_cost(report)


@pytest.mark.parametrize("item", ALONE)
def test_one_operation(item: str) -> None:
    report = analyse(item, input=MAP)
    assert tuple(says(tool, report) for tool in TOOLS) == ALONE[item]


@pytest.mark.parametrize("item", BEHIND)
def test_one_operation_behind_a_convolution(item: str) -> None:
    before = "conv: {filters: 8, bias: false}"
    report, alone = analyse(before, item, input=MAP), analyse(before, input=MAP)
    assert tuple(says(tool, report) - says(tool, alone) for tool in TOOLS) == BEHIND[item]


def test_a_linear_layer() -> None:
    report = analyse("fc: 10", input=(64, 1, 1))
    assert tuple(says(tool, report) for tool in TOOLS) == (650, 650, 650, 640, 640, 1280, 640, 1280, 640, 640)


def test_ultralytics_fork_has_transposed_convolution_right() -> None:
    plain, groups = list(ALONE)[-2:]
    assert says("ultralytics-thop", analyse(plain, input=MAP)) == 32768
    assert says("ultralytics-thop", analyse(groups, input=MAP)) == 8192
    assert says("ultralytics-thop", analyse("bn", input=MAP)) == 8192
    assert says("ultralytics-thop", analyse("avg_pool: {kernel: 3, stride: 2, pad: 1}", input=MAP)) == 512 * 9 + 512


NETWORKS = ("alexnet-torchvision", "vgg16-torchvision", "resnet50-v1.5")

WHOLE = {
    "calflops-macs": ("0.714188", "15.470264", "4.089184"),
    "resnet-paper": ("0.714188", "15.470264", "4.089184"),
    "torchinfo": ("0.714683", "15.483821", "4.089238"),
    "ptflops-aten": ("0.714683", "15.483821", "4.089185"),
    "fvcore": ("0.714198", "15.470289", "4.111513"),
    "thop": ("0.714207", "15.470314", "4.133743"),
    "ptflops": ("0.716441", "15.523226", "4.132437"),
    "torchprofile": ("0.714198", "15.470289", "4.100300"),
    "torchscan": ("0.714384", "15.471845", "4.111916"),
    "onnx-tool": ("0.715980", "15.503523", "4.117342"),
    "torch-flop-counter": ("1.428377", "30.940529", "8.178369"),
    "calflops": ("1.429741", "30.973778", "8.211108"),
}
"""What the tools say of torchvision's definitions at 224 x 224, in G."""


@pytest.mark.parametrize("tool", WHOLE)
def test_whole_networks(tool: str) -> None:
    found = tuple(f"{says(tool, analysed(name)) / 10**9:.6f}" for name in NETWORKS)
    assert found == WHOLE[tool]


EXACT = {
    "fvcore": 4_089_184_256 + 22_227_968 + 100_352,
    "thop": 4_133_742_592,
    "ptflops": 4_132_436_968,
    "torchprofile": 4_100_300_288,
    "torchscan": 4_111_916_032,
    "onnx-tool": 4_117_342_184,
    "torchinfo": 4_089_238_376,
    "calflops": 8_211_108_352,
}


@pytest.mark.parametrize("tool", EXACT)
def test_resnet50_to_the_last_digit(tool: str) -> None:
    assert says(tool, analysed("resnet50-v1.5")) == EXACT[tool]


MEASURED = {
    "densenet121": {"torchinfo": 2834246312, "fvcore": 2865546752, "calflops": 5716881152, "onnx-tool": 3184545768,
                    "torchprofile": 2850005760},
    "mobilenet-v2": {"torchinfo": 300809384, "fvcore": 314193216, "calflops": 614967488, "onnx-tool": 319949192,
                     "torchprofile": 307453664, "tf-profiler": 615292208},
    "inception-v3": {"torchinfo": 5713251528, "fvcore": 5731282144, "calflops": 11458393728, "onnx-tool": 5755690696},
    "convnext-tiny": {"torchinfo": 322371592, "ptflops-aten": 4468966888, "fvcore": 4470437376, "calflops": 8937258240,
                      "torchprofile": 4460650752, "torchscan": 4455569664},
    "mobilenet-v3-large": {"torchinfo": 216621520, "ptflops": 231316416, "fvcore": 226033824, "thop": 234838456,
                           "calflops": 444944056, "torchscan": 226038840, "onnx-tool": 232570144},
    "efficientnet-b0": {"ptflops": 410196896, "thop": 415145024, "calflops": 793641400, "onnx-tool": 600987584},
    "vgg16": {"tf-profiler": 30960211824},
}  # fmt: skip
"""What the tools print of torchvision's definitions at 224 x 224, and of Keras' in the case of tf-profiler."""


@pytest.mark.parametrize(("network", "tool"), [(name, tool) for name, each in MEASURED.items() for tool in each])
def test_tools_to_the_last_digit(network: str, tool: str) -> None:
    assert says(tool, analysed(network)) == MEASURED[network][tool]


ENCODER = (
    "add: [[], [layer_norm, {conv: {filters: 48, kernel: 1}}, {attention: {heads: 2}}, {conv: {filters: 16, kernel: 1}}"
    "]]",
    "add: [[], [layer_norm, {conv: {filters: 32, kernel: 1}}, gelu, {conv: {filters: 16, kernel: 1}}]]",
    "layer_norm",
)
"""The encoder of a small vision transformer: 17 tokens of 16 channels, 2 heads."""

# what the tools print of the whole network, less its convolution of patches and its classifier
OF_ENCODER = {
    "ptflops": 98_300 - 49_152 - 256 - 170,
    "fvcore": 88_208 - 49_152 - 160,
    "calflops": 173_136 - 2 * 49_152 - 256 - 2 * 160,
    "calflops-macs": 84_128 - 49_152 - 160,
}


@pytest.mark.parametrize("tool", OF_ENCODER)
def test_attention(tool: str) -> None:
    assert says(tool, analyse(*ENCODER, input=(16, 17, 1))) == OF_ENCODER[tool]


def test_attention_alone() -> None:
    """F.scaled_dot_product_attention of 256 places of 8 channels: two products of 256 x 256 x 8."""
    report = analyse("attention: {heads: 1}", input=(24, 256, 1))
    products = 2 * 256 * 256 * 8
    assert report.macs == products
    assert says("torch-flop-counter", report) == 2_129_920 - 32_768 == 2 * products
    assert says("torchprofile", report) == says("ptflops-aten", report) == products
    assert says("onnx-tool", report) == 3_428_428 - 16_384 - 76
    assert {says(tool, report) for tool in ("torchinfo", "thop", "torchscan", "fvcore", "calflops")} == {0}


NOT_REPRODUCED = {
    ("ptflops", "inception-v3"): 8_967_488 + 2_002_400 + 574_752,  # F.relu, F.avg_pool2d, F.max_pool2d: counted once
    ("thop", "densenet121"): 1024 * (49 + 1),  # F.adaptive_avg_pool2d
    ("fvcore", "shufflenet-v2-x1.0"): 1024 * 49,  # a mean over the map
    ("calflops", "shufflenet-v2-x1.0"): 1024 * 49,
    ("onnx-tool", "shufflenet-v2-x1.0"): 4 * 1024 - 91,  # no division; shapes are computed in the graph
    ("thop", "convnext-tiny"): 4 * 828_672,  # F.layer_norm of LayerNorm2d
    ("ptflops", "convnext-tiny"): 828_672,
}
"""What archcalc counts more than the tool prints, since a spec does not say how a definition is written."""

PRINTED = {
    ("ptflops", "inception-v3"): 5747660552,
    ("thop", "densenet121"): 2897007104,
    ("fvcore", "shufflenet-v2-x1.0"): 148808392,
    ("calflops", "shufflenet-v2-x1.0"): 295505472,
    ("onnx-tool", "shufflenet-v2-x1.0"): 149074867,
    ("thop", "convnext-tiny"): 4464149760,
    ("ptflops", "convnext-tiny"): 4488347368,
}
"""What the tools print of torchvision's definitions."""


@pytest.mark.parametrize(("tool", "network"), NOT_REPRODUCED)
def test_what_is_not_reproduced_is_said(tool: str, network: str) -> None:
    rule, report = find(tool), analysed(network)
    assert rule.total_cost(report) - PRINTED[tool, network] == NOT_REPRODUCED[tool, network]
    assert rule.remarks_on(report)


def test_a_remark_is_made_where_a_network_has_the_operation() -> None:
    rule = find("fvcore")
    assert rule.remarks_on(analysed("vgg16")) == ()
    (remark,) = rule.remarks_on(analysed("resnet50-v1.5"))
    for arguments in (
        ("show", "resnet50-v1.5", "--convention", "fvcore"),
        ("compare", "vgg16", "resnet50-v1.5", "--convention", "fvcore"),
        ("explain", "resnet50-v1.5", "fc", "--convention", "fvcore"),
        ("conventions", "resnet50-v1.5", "--convention", "fvcore"),
    ):
        assert f"! fvcore: {remark}" in " ".join(run(*arguments).split())
    totals = json.loads(run("show", "resnet50-v1.5", "--convention", "fvcore", "--format", "json"))["totals"]
    assert totals["convention_remarks"] == [remark]
    found = json.loads(run("conventions", "resnet50-v1.5", "--format", "json"))["conventions"]
    assert {each["convention"]: each["remarks"] for each in found}["fvcore"] == [remark]


def test_half_of_tensorflows_float_operations() -> None:
    """EfficientNetV2 as its authors' README prints it: 8.4B, 24.7B and 56.3B, the last one cut."""
    totals = [says("automl", archcalc.load(f"efficientnet-v2-{size}").analyze()) for size in "sml"]
    assert [total // 10**8 for total in totals] == [84, 247, 563]


def test_tensorflows_float_operations_of_a_graph_for_training() -> None:
    """EfficientNet-Lite as its authors' code builds it: what the profiler counts, without AddV2, as TensorFlow 1.15."""
    profiled = [814_167_266, 1_263_402_775, 1_798_045_399, 2_880_733_890, 5_281_075_688]
    totals = [says("tf1-training", archcalc.load(f"efficientnet-lite{size}").analyze()) for size in range(5)]
    assert [abs(total - count / 2) < 20 for total, count in zip(totals, profiled, strict=True)] == [True] * 5
    assert [total // 10**6 for total in totals] == [407, 631, 899, 1440, 2640]


def test_normalisation_is_folded_where_it_can_be() -> None:
    """Behind a convolution that nobody else reads; elsewhere onnx-tool counts 31 for each value and 4 parameters."""
    rule = find("onnx-tool")
    behind = analyse("conv: {filters: 8, bias: false}", "bn", input=MAP)
    biased = analyse("conv: {filters: 8}", "bn", input=MAP)
    after_relu = analyse("conv: {filters: 8, bias: false}", "relu", "bn", input=MAP)
    read_twice = analyse("conv: {filters: 8, bias: false}", "add: [[bn], []]", input=MAP)
    weights, values = 64, 8 * 16 * 16
    assert [rule.total_params(report) for report in (behind, biased, after_relu, read_twice)] == [
        weights + 8, weights + 8, weights + 32, weights + 32,
    ]  # fmt: skip
    costs = [rule.total_cost(report) - 64 * 256 for report in (behind, biased, after_relu, read_twice)]
    assert costs == [values, values, values + 31 * values, 31 * values + values]
    assert rule.total_memory_values(after_relu) - rule.total_memory_values(behind) == 2 * values


def test_linear_layers_over_tokens() -> None:
    """A 1 x 1 convolution of layer normalisation, and the next one behind an activation; others are convolutions."""
    rule = find("torchinfo")
    expand, project = "conv: {filters: 32}", "conv: {filters: 8}"
    tokens = analyse("layer_norm", expand, "gelu", project, input=MAP)
    assert rule.total_cost(tokens) == 16 + (8 * 32 + 32) + (32 * 8 + 8)
    maps = analyse("bn", expand, "gelu", project, input=MAP)
    assert rule.total_cost(maps) == 16 + 256 * ((8 * 32 + 32) + (32 * 8 + 8))
    strided = analyse("layer_norm", "conv: {filters: 32, kernel: 2, stride: 2}", input=MAP)
    assert rule.total_cost(strided) == 16 + 64 * (4 * 8 * 32 + 32)
    layers = find("torchinfo").within(tokens)
    assert sum(map(layers.cost, tokens.layers)) == rule.total_cost(tokens)


MEMORY = {
    ("torchinfo", "alexnet-torchvision"): "3.8",
    ("torchinfo", "vgg16-torchvision"): "103.4",
    ("torchinfo", "resnet50-v1.5"): "169.6",
    ("torchinfo", "densenet121"): "172.2",
    ("torchsummary", "alexnet-torchvision"): "8.4",
    ("torchsummary", "vgg16-torchvision"): "218.8",
    ("torchsummary", "resnet50-v1.5"): "286.6",
    ("onnx-tool", "alexnet-torchvision"): "4.2",
    ("onnx-tool", "vgg16-torchvision"): "109.5",
    ("onnx-tool", "resnet50-v1.5"): "100.9",
    ("onnx-tool", "densenet121"): "127.8",
    ("netscope", "vgg16"): "109.9",
    ("netscope", "resnet50"): "178.2",
    ("convnet-burden", "vgg16"): "58",
    ("convnet-burden", "vgg19"): "63",
    ("convnet-burden", "googlenet"): "26",
    ("convnet-burden", "resnet50"): "103",
    ("convnet-burden", "resnet101"): "155",
    ("convnet-burden", "resnet152"): "219",
    ("convnet-burden", "resnext50-32x4d"): "132",
    ("convnet-burden", "densenet121"): "126",
    ("paleo", "vgg16"): "58.2",
    ("conv-in-out", "vgg16"): "93",
}
"""What the tools say that the activations of a network take, in MiB."""


@pytest.mark.parametrize(("tool", "network"), MEMORY)
def test_memory(tool: str, network: str) -> None:
    values = find(tool).total_memory_values(analysed(network))
    printed = MEMORY[tool, network]
    digits = len(printed.partition(".")[2])
    assert f"{values * 4 / 2**20:.{digits}f}" == printed


CORRELATED = {
    "torchinfo": 0, "ptflops": 0, "ptflops-aten": 28_800, "fvcore": 28_800, "thop": 0, "torch-flop-counter": 57_600,
    "torchprofile": 28_800, "onnx-tool": 28_800,
}  # fmt: skip
"""What the tools say of F.conv2d(x, z) of two activations: 5 x 5 slid over 16 x 16, of 8 channels each."""


@pytest.mark.parametrize("tool", CORRELATED)
def test_a_cross_correlation(tool: str) -> None:
    report = archcalc.loads(
        """
input: [8, 16, 16]
layers:
  - {name: z, crop: {size: 5, offset: 0}}
  - {from: [input, z], cross_correlation: }
"""
    ).analyze()
    assert says(tool, report) == CORRELATED[tool]


DARKNET = {
    "conv: {filters: 8, kernel: 3, pad: 1}": (2 * 147_456, 2 * 147_456),
    "conv: {filters: 8, kernel: 3, pad: 1, groups: 4}": (2 * 36_864, 2 * 36_864),
    "max_pool: {kernel: 5, stride: 1, pad: 2}": (0, 25 * 2_048),
    "add: [[], []]": (0, 2_048),
    "add: [[], [], []]": (0, 2 * 2_048),
    "concat: [[], []]": (0, 0),
    "upsample: 2": (0, 0),
    "locally_connected: {filters: 8, kernel: 3}": (0, 0),
    "bn": (0, 0),
    "fc: 10": (0, 0),
}
"""What Darknet and AlexeyAB's fork of it add up for one operation on a map of 8 x 16 x 16."""


@pytest.mark.parametrize("item", DARKNET)
def test_darknet(item: str) -> None:
    report = analyse(item, input=MAP)
    assert (says("darknet", report), says("darknet-alexeyab", report)) == DARKNET[item]


def test_netscope_on_its_presets() -> None:
    rule = find("netscope")
    resnet50, alexnet = archcalc.load("resnet50").analyze(), archcalc.load("alexnet").analyze()
    assert rule.total_cost(resnet50) == 3_868_560_384
    assert rule.total_params(resnet50) + 64 == 25_557_096  # Caffe's definition has a bias in conv1
    assert rule.total_params(alexnet) == 60_965_228
    assert f"{rule.total_cost(archcalc.load('resnet152').analyze()) / 10**9:.3f}" == "11.304"
    squeezenet = archcalc.load("squeezenet").analyze(set={"conv10_pad": 1})
    assert rule.total_cost(squeezenet) == 861_339_936


@pytest.mark.parametrize(
    ("network", "printed"), [("squeezenet1.0", 837), ("squeezenet1.1", 360), ("vgg16", 16_000), ("resnet50", 4_000)]
)
def test_convnet_burden_as_published(network: str, printed: int) -> None:
    cost = find("convnet-burden").total_cost(archcalc.load(network).analyze(224))
    unit = 10**9 if printed >= 1000 else 10**6
    assert round(cost / unit) == printed * 10**6 // unit


def test_parameters() -> None:
    report = analysed("resnet50-v1.5")
    assert report.params == 25_557_032
    assert find("keras").total_params(report) == 25_557_032 + 53_120
    assert find("paleo").total_params(report) == 25_557_032 - 53_120 + 26_560
    assert find("fvcore").total_params(report) == report.params
    # onnx-tool merges equal initialisers; with fresh weights one bias of each length is left of the folded ones
    lengths = 64 + 128 + 256 + 512 + 1024 + 2048
    assert find("onnx-tool").total_params(report) - 26_560 + lengths == 25_507_944


@pytest.mark.parametrize("network", ["googlenet", "densenet121", "convnext-tiny"])
@pytest.mark.parametrize("name", conventions())
def test_layers_add_up_to_the_network(name: str, network: str) -> None:
    rule, report = find(name), analysed(network, 3)
    within = rule.within(report)
    assert rule.total_cost(report) == sum(within.cost(layer) for layer in report.layers)
    assert rule.total_memory_values(report) == sum(within.memory_values(layer) for layer in report.layers)
    assert rule.total_params(report) == sum(within.params(layer) for layer in report.layers)
    assert rule.total_cost(grouped(report)) == rule.total_cost(report)
    one = analysed(network)
    assert rule.total_cost(report) == 3 * rule.total_cost(one)
    assert rule.total_params(report) == rule.total_params(one)


EXAMPLES = [
    (word, example) for word, kind in ((word, operation(word)) for word in OPERATIONS) for example in kind.examples
]


@pytest.mark.parametrize(("word", "example"), EXAMPLES)
def test_every_convention_counts_every_operation(word: str, example: Example) -> None:
    """No rule fails on, or gives less than nothing for, the worked examples of any operation."""
    image, *_, layer = worked(word, example).layers
    for rule in conventions().values():
        assert min(rule.cost(layer), rule.memory_values(layer), rule.params(layer)) >= 0, rule.name
        assert rule.cost(image) == 0, rule.name


OWN = """half:
  title: half of it
  says: Every second MAC.
  source: the test
  unit: halves
  cost: {default: 0, conv fc: =mac/2}
"""


def test_conventions_of_ones_own(tmp_path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    rule = resolve(str(path))
    assert (rule.name, rule.unit, rule.subjects) == ("half", "halves", ("work",))
    report = analyse("conv: {filters: 1, bias: false}", input=(1, 3, 3))
    assert rule.total_cost(report) == 4  # 9 / 2, cut
    assert resolve(f"{path}:half").name == "half"
    with pytest.raises(RequestError, match=r"has no convention 'hal' \(did you mean 'half'\?\)"):
        resolve(f"{path}:hal")
    path.write_text(OWN + OWN.replace("half:", "other:"))
    with pytest.raises(RequestError, match=r"several conventions \(half, other\)"):
        resolve(str(path))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cost: {default: =macs}", "unknown name 'macs' .did you mean 'mac'"),
        ("cost: {default: =1/0}", "divides by zero"),
        ("cost: {default: ='x'}", "expected a number, got 'x'"),
        ("cost: {conv: =mac}", "with a default"),
        ("cost: {default: 0, convolution: 1}", "no operation 'convolution'"),
        ("cost: {default: 0, conv fc: 1, fc: 2}", "'fc' has a rule already"),
        ("costs: {default: 0}", "a convention has no 'costs' .did you mean 'cost'"),
        ("unit: apples", "needs rules"),
        ("remarks: {relu: r}", "needs rules"),
        ("cost: {default: 0}\n  remarks: {rellu: r}", "no operation 'rellu' .did you mean 'relu'"),
        ("cost: {default: 0}\n  remarks: [r]", "remarks are a mapping"),
    ],
)
def test_a_wrong_rule_is_told_with_its_place(line: str, message: str) -> None:
    text = f"mine:\n  title: t\n  says: s\n  source: s\n  {line}\n"
    with pytest.raises(SpecError, match=message) as error:
        rule = read_conventions(Source("own.yaml", text))["mine"]
        rule.total_cost(analyse("conv: 3"))
    assert str(error.value).startswith("own.yaml:")


def run(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(cli, list(arguments), env={"COLUMNS": "120", "NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    return result.output


def test_the_list_says_each_rule_in_words() -> None:
    text = " ".join(run("conventions").split())
    for each in conventions().values():
        assert f"{each.name}: {' '.join(each.says.split())}" in text
        assert " ".join(each.source.split()) in text


def test_the_list_as_data() -> None:
    data = {each["convention"]: each for each in json.loads(run("conventions", "--format", "json"))}
    assert list(data) == list(conventions())
    assert data["ptflops"]["cost"]["bn"] == "=2*out_values if norms > 0 else out_values"
    assert data["keras"]["cost"] is None


@pytest.mark.parametrize("format", ["table", "plain", "markdown", "csv", "tsv", "json", "latex", "html"])
def test_what_each_says_of_a_network(format: str) -> None:
    text = run("conventions", "resnet50-v1.5", "vgg16", "--format", format)
    number = "4111512576" if format in ("csv", "tsv", "json") else "4,111,512,576"
    assert number in text
    assert run("conventions", "--format", format)


def test_what_each_says_as_data() -> None:
    data = json.loads(run("conventions", "resnet50-v1.5", "--format", "json"))
    rows = {each["convention"]: each for each in data["conventions"]}
    assert rows["macs"] == {
        "convention": "macs", "cost": 4_089_184_256, "unit": "MACs", "params": 25_557_032, "memory_bytes": 112_406_432,
        "remarks": [],
    }  # fmt: skip
    assert rows["torchinfo"]["cost"] == 4_089_238_376
    assert rows["fvcore"]["params"] is None
    assert rows["keras"]["params"] == 25_610_152
    assert len(rows) == len(conventions()) + 1


def test_only_the_conventions_asked_for(tmp_path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    data = json.loads(
        run("conventions", "vgg16", "--convention", "thop", "--convention", str(path), "--format", "json")
    )
    assert [each["convention"] for each in data["conventions"]] == ["macs", "thop", "half"]
    assert "no convention 'thob' (did you mean 'thop'?)" in run("conventions", "--convention", "thob", status=2)


def test_show_counts_by_it() -> None:
    text = " ".join(run("show", "resnet50-v1.5", "--convention", "fvcore").split())
    assert "ops 4,111,512,576 = 4.11G under 'fvcore'; 4,089,184,256 MACs" in text
    assert f"Counted as 'fvcore': {find('fvcore').says}" in text
    text = " ".join(run("show", "resnet50-v1.5", "--convention", "keras").split())
    assert "params 25,610,152 = 97.7 MiB at float32 under 'keras'" in text


@pytest.mark.parametrize("command", ["show", "compare", "explain"])
def test_totals_as_data(command: str) -> None:
    data = json.loads(run(command, "resnet50-v1.5", "--convention", "torchinfo", "--format", "json"))
    totals = (data[0] if command == "compare" else data)["totals"]
    assert totals["convention"] == "torchinfo"
    assert totals["cost"] == 4_089_238_376
    assert totals["macs"] == 4_089_184_256
    assert totals["convention_params"] == totals["params"]
    assert f"{totals['convention_memory_bytes'] / 2**20:.1f}" == "169.6"


def test_compare_counts_by_it() -> None:
    text = " ".join(run("compare", "resnet50", "resnet50-v1.5", "--convention", "thop").split())
    assert "ops, to resnet50" in text
    assert "4.13G" in text
    assert f"Counted as 'thop': {find('thop').says} Memory: the input image" in text
    rows = run("compare", "resnet50-v1.5", "--convention", "thop", "--format", "csv").splitlines()
    assert rows[0].split(",")[6] == "ops"
    assert rows[1].split(",")[6] == "4133742592"


def test_explain_derives_what_it_counts() -> None:
    text = " ".join(run("explain", "vgg16", "conv1_1", "--convention", "torchinfo").split())
    assert "mult-adds weights + biases if tokenwise > 0 else (weights + biases)*out_height*out_width = 1,728" in text
    assert "Together under 'torchinfo': 89,915,392 mult-adds, 6,422,528 values in memory." in text
    text = " ".join(run("explain", "resnet50-v1.5", "--convention", "thop").split())
    assert "bn 4*out_values if norms > 0 else 2*out_values 44,455,936" in text
    assert "total 4,133,742,592" in text


def test_check_counts_figures_without_a_convention_by_it(tmp_path) -> None:
    text = " ".join(run("check", "resnet50-v1.5", "--convention", "fvcore").split())
    assert "macs (fvcore) 4.1G 4,111,512,576 ✓ agrees" in text
    assert f"counted as 'fvcore': {find('fvcore').says}" in text
    assert "params (fvcore)" not in text
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    text = " ".join(run("check", "resnet50-v1.5", "--convention", str(path), status=1).split())
    assert "macs (half) 4.1G 2,044,592,128 ✗ DIFFERS" in text  # half of the MACs, cut in each layer
    data = json.loads(run("check", "vgg16", "--convention", "keras", "--format", "json"))
    assert data["convention"] == "keras"
    memory = [each for each in data["figures"] if each["quantity"] == "memory"]
    assert {each.get("convention") for each in memory} == {None}
    assert {each["under"]["how"] for each in memory if "under" in each} == {"conv-in-out"}


def test_a_figure_can_be_of_a_convention_that_counts_parameters() -> None:
    text = (
        "name: a\ninput: [3, 8, 8]\nlayers: [bn]\nsources: {s: {title: t}}\n"
        "published: [{params: 12, convention: keras, cite: s}, {params: 6, cite: s}]\n"
    )
    findings = archcalc.published.check.check(archcalc.loads(text).spec)
    assert [finding.status for finding in findings] == ["agrees", "agrees"]


def test_the_example_of_the_documentation_is_right() -> None:
    page = (Path(__file__).parent.parent / "docs" / "conventions.md").read_text(encoding="utf-8")
    text = page.partition("```yml\n")[2].partition("```")[0]
    (rule,) = read_conventions(Source("my_rules.yaml", text)).values()
    assert rule.total_cost(analyse("relu", "scale", input=MAP)) == 2048
