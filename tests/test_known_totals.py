"""Totals of networks that everybody can look up, or count from the definition that is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import archcalc

TORCHVISION = "torchvision's weight tables (num_params); MACs from the definition, GFLOPS of the tables rounded"
KRIZHEVSKY = "counted from Krizhevsky et al. 2012, section 3.5: two groups in conv2, conv4 and conv5, input 227"
EECS498 = "counted from the layer table of EECS 498-007, lecture 8, input 227"
SIMONYAN = "counted from Simonyan & Zisserman 2015, table 1"
ZEILER = "counted from Zeiler & Fergus 2014, figure 3"
SZEGEDY = "counted from Szegedy et al. 2015, table 1"
HE = "counted from He et al. 2016, table 1 and section 3.3 (options A, B and C)"
MILESIAL = "github.com/milesial/Pytorch-UNet: parameters of UNet(3, 2) and of UNet(3, 1, bilinear=True)"
BUDA = "github.com/mateuszbuda/brain-segmentation-pytorch: parameters of UNet()"
LEE = "github.com/LeeJunHyun/Image_Segmentation: parameters of AttU_Net()"
ESLER = "github.com/timesler/facenet-pytorch: parameters of PNet, RNet and ONet"
LECUN = "LeCun et al. 1998, section II.B: 60,000 trainable parameters"

TOTALS = yaml.safe_load((Path(__file__).parent / "zoo_totals.yaml").read_text(encoding="utf-8"))

KNOWN = [
    # network, arguments, params, MACs, depth, source
    ("lenet5", {}, 60_000, None, 7, LECUN),
    ("alexnet", {}, 60_965_224, 724_406_816, 8, KRIZHEVSKY),
    ("alexnet-owt", {}, 61_100_840, 714_188_480, 8, TORCHVISION),
    ("alexnet-eecs498", {}, 61_100_840, 716_767_232, 8, EECS498),
    ("zfnet", {}, 62_357_608, 1_168_032_896, 8, ZEILER),
    ("vgg-a", {}, 132_863_336, 7_609_090_048, 11, TORCHVISION),
    ("vgg-a-lrn", {}, 132_863_336, 7_609_090_048, 11, SIMONYAN),
    ("vgg-b", {}, 133_047_848, 11_308_466_176, 13, TORCHVISION),
    ("vgg-c", {}, 133_638_952, 11_770_888_192, 16, SIMONYAN),
    ("vgg-d", {}, 138_357_544, 15_470_264_320, 16, TORCHVISION),
    ("vgg-e", {}, 143_667_240, 19_632_062_464, 19, TORCHVISION),
    ("vgg11", {}, 132_863_336, 7_609_090_048, 11, TORCHVISION),
    ("vgg13", {}, 133_047_848, 11_308_466_176, 13, TORCHVISION),
    ("vgg16", {}, 138_357_544, 15_470_264_320, 16, TORCHVISION),
    ("vgg19", {}, 143_667_240, 19_632_062_464, 19, TORCHVISION),
    ("googlenet", {}, 6_998_552, 1_582_671_872, 22, SZEGEDY),
    ("plain18", {}, 11_515_688, 1_794_805_760, 18, HE),
    ("plain34", {}, 21_623_848, 3_644_493_824, 34, HE),
    ("resnet18", {}, 11_689_512, 1_814_073_344, 18, TORCHVISION),
    ("resnet18", {"shortcut": "A"}, 11_515_688, 1_794_805_760, 18, HE),
    ("resnet18", {"shortcut": "C"}, 12_043_816, 1_878_298_624, 18, HE),
    ("resnet34", {}, 21_797_672, 3_663_761_408, 34, TORCHVISION),
    ("resnet34", {"shortcut": "A"}, 21_623_848, 3_644_493_824, 34, HE),
    ("resnet34", {"shortcut": "B"}, 21_797_672, 3_663_761_408, 34, HE),
    ("resnet34", {"shortcut": "C"}, 22_716_840, 3_830_747_136, 34, HE),
    ("resnet50", {}, 25_557_032, 3_857_973_248, 50, HE),
    ("resnet101", {}, 44_549_160, 7_570_194_432, 101, HE),
    ("resnet152", {}, 60_192_808, 11_282_415_616, 152, HE),
    ("resnet50", {"n4": 23}, 44_549_160, 7_570_194_432, 101, HE),
    ("resnet50-v1.5", {}, 25_557_032, 4_089_184_256, 50, TORCHVISION),
    ("densenet121", {}, 7_978_856, 2_834_161_664, 121, TORCHVISION),
    ("mobilenet-v2", {}, 3_504_872, 300_774_272, 53, TORCHVISION),
    ("unet-padded", {}, 31_037_698, None, 23, MILESIAL),
    ("unet-padded", {"width": 32, "classes": 1}, 7_763_041, None, 23, BUDA),
    ("unet-bilinear", {"classes": 1}, 17_262_977, None, 19, MILESIAL),
    ("attention-unet", {}, 34_878_573, None, 31, LEE),
    ("mtcnn-p-net", {"landmarks": False}, 6_632, None, 4, ESLER),
    ("mtcnn-r-net", {"landmarks": False}, 100_178, None, 5, ESLER),
    ("mtcnn-o-net", {}, 389_040, None, 6, ESLER),
]


@pytest.mark.parametrize(
    ("network", "arguments", "params", "macs", "depth", "source"),
    [
        pytest.param(*row, id=" ".join((row[0], *(f"{name}={value}" for name, value in row[1].items()))))
        for row in KNOWN
    ],
)
def test_totals(network, arguments, params, macs, depth, source):
    report = archcalc.load(network).analyze(set=arguments)
    assert report.params == params, source
    assert macs is None or report.macs == macs, source
    assert report.depth == depth, source


def test_torchvisions_gflops_round_from_the_macs():
    printed = {"vgg11": 7.609, "vgg13": 11.308, "vgg16": 15.47, "vgg19": 19.632, "resnet18": 1.814, "resnet34": 3.664}
    printed |= {"alexnet-owt": 0.714, "resnet50-v1.5": 4.089, "densenet121": 2.834, "mobilenet-v2": 0.301}
    for network, gflops in printed.items():
        assert round(archcalc.load(network).analyze().macs / 10**9, 3) == gflops


def test_auxiliary_classifiers_of_googlenet():
    plain, training = archcalc.load("googlenet").analyze(), archcalc.load("googlenet").analyze(training=True)
    assert training.params - plain.params == 3_188_840 + 3_190_888, SZEGEDY
    assert training.macs - plain.macs == 4_169_728 + 4_202_496, SZEGEDY


def test_memory_of_vgg16():
    from archcalc.conventions.convention import find

    report = archcalc.load("vgg16").analyze()
    assert report.memory_values == 15_237_608
    assert find("conv-in-out").total_memory_values(report) == 24_319_464
    assert round(4 * 24_319_464 / 2**20) == 93, "the much-quoted 93 MB"


def test_memory_of_resnet50():
    report = archcalc.load("resnet50").analyze()
    assert report.memory_values == 26_897_384 + 3 * 224 * 224, "convnet-burden: 103 MB"
    assert round(report.memory_bytes / 2**20) == 103


def test_maps_of_siamfc():
    """Both branches by hand: 11x11 with stride 2, 3x3 pools with stride 2, then 5x5 and three 3x3, nothing padded."""
    report = archcalc.load("siamfc").analyze()
    for branch, size in (("z", 127), ("x", 255)):
        for name, kernel, stride in (
            ("conv1", 11, 2), ("pool1", 3, 2), ("conv2", 5, 1), ("pool2", 3, 2), ("conv3", 3, 1), ("conv4", 3, 1),
            ("conv5", 3, 1),
        ):  # fmt: skip
            size = (size - kernel) // stride + 1
            assert report.find(f"{branch}/{name}")[-1].output[1:] == (size, size)
    assert report.find("response")[-1].output == (1, 17, 17)


def test_connections_of_lenet5():
    from archcalc.conventions.convention import find

    assert find("connections").total_cost(archcalc.load("lenet5").analyze()) == 340_908, "LeCun et al. 1998"


def test_alexnet_at_224():
    report = archcalc.load("alexnet-96").analyze(224)
    conv1 = report.layers[1]
    assert conv1.output == (96, 54, 54), "(224 - 11)/4 + 1 = 54.25"
    assert archcalc.load("alexnet-96").analyze(227).layers[1].output == (96, 55, 55)
    assert (report.params, report.macs) == (50_844_008, 1_009_945_728)


@pytest.mark.parametrize("name", ["vgg16", "vgg-16", "vgg-d"])
def test_a_network_goes_by_several_names(name):
    assert archcalc.load(name).analyze().params == 138_357_544


@pytest.mark.parametrize("network", TOTALS)
def test_totals_of_networks_written_down_twice(network):
    report = archcalc.load(network).analyze()
    assert {"params": report.params, "macs": report.macs} == TOTALS[network]
