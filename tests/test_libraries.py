"""``torchvision:NAME``, ``keras:NAME``, ``timm:NAME``: the very models of libraries, to the last parameter and MAC."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from running import run

import archcalc
from archcalc.conventions.convention import find
from archcalc.errors import RequestError
from archcalc.zoo import LIBRARIES, library_models

TOTALS = yaml.safe_load((Path(__file__).parent / "library_totals.yaml").read_text(encoding="utf-8"))
MODELS = [(library, name) for library, models in TOTALS.items() for name in models]


@pytest.mark.parametrize(("library", "name"), MODELS)
def test_a_model_has_the_totals_of_its_library(library, name):
    expected = TOTALS[library][name]
    report = archcalc.load(f"{library}:{name}").analyze()
    assert report.input[1:] == (expected["input"],) * 2
    assert report.params == expected["params"]
    assert report.ops["attention"] == expected["attention"]
    assert report.macs == expected["macs"] + expected["attention"]


@pytest.mark.parametrize("name", TOTALS["keras"])
def test_keras_own_total_counts_statistics(name):
    """count_params() counts running statistics too, and the seven values of EfficientNet's normalisation layer."""
    report = archcalc.load(f"keras:{name}").analyze()
    statistics = 7 if name.startswith("EfficientNetB") else 0
    assert find("keras").total_params(report) + statistics == TOTALS["keras"][name]["total"]


def test_all_models_of_the_libraries_are_there():
    assert len(TOTALS["torchvision"]) == 80 + 6  # 80 classifiers, and detectors and networks of segmentation
    assert len(TOTALS["keras"]) == 40
    known = library_models()
    assert tuple(known) == LIBRARIES
    for library in TOTALS:
        assert set(known[library]) == set(TOTALS[library])


def test_names_of_libraries_are_found_as_people_write_them():
    assert archcalc.load("keras:resnet50").analyze().params == TOTALS["keras"]["ResNet50"]["params"]
    assert archcalc.load("torchvision:ResNet-50").analyze().macs == TOTALS["torchvision"]["resnet50"]["macs"]
    assert archcalc.load("torchvision:regnet_y_1_6gf").analyze().params == 11_202_430
    assert archcalc.load("torchvision:regnet_y_16gf").analyze().params == 83_590_140


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("VGG16", "vgg16"),
        ("UNet", "unet"),
        ("resnet_50", "resnet50"),
        ("EfficientNetB0", "efficientnet-b0"),
        ("vgg16_bn", "vgg16-bn"),
        ("regnet_y_1_6gf", "regnet-y-1.6gf"),
        ("regnet_y_16gf", "regnet-y-16gf"),
        ("MobileNetV3Large", "mobilenet-v3-large"),
        ("ResNeXt50_32x4d", "resnext50-32x4d"),
        ("DenseNet 121", "densenet121"),
        ("inception_v3", "inception-v3"),
    ],
)
def test_a_network_is_found_as_people_write_it(written, meant):
    assert archcalc.load(written).name == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("regnety_032", "timm:regnety_032"),
        ("vit_tiny_patch16_224", "timm:vit_tiny_patch16_224"),
        ("wide_resnet101_2", "torchvision:wide_resnet101_2"),
        ("EfficientNetV2B0", "keras:EfficientNetV2B0"),
        ("efficientnetv2b0", "keras:EfficientNetV2B0"),
        ("timm:ResNet50", "timm:resnet50"),
    ],
)
def test_a_network_is_found_as_a_library_spells_it(written, meant):
    assert archcalc.load(written).name == meant


def test_names_of_weights_are_no_networks():
    with pytest.raises(RequestError, match=r"'a1_in1k' names weights, and the network is timm:resnet50$"):
        archcalc.load("timm:resnet50.a1_in1k")


def listed(*words):
    result = run("list", *words, "--format", "json")
    assert result.exit_code == 0
    return {each["network"]: each for each in json.loads(result.stdout)}


def test_list_shows_the_models_of_a_library():
    for library, models in TOTALS.items():
        rows = listed(f"{library}:")
        assert set(rows) == {f"{library}:{name}" for name in models}
        for name, totals in models.items():
            row = rows[f"{library}:{name}"]
            assert (row["params"], row["macs"]) == (totals["params"], totals["macs"] + totals["attention"])
            assert row["input"] == [3, totals["input"], totals["input"]]


def test_list_shows_whose_a_network_is():
    rows = listed("resnet50")
    assert rows["resnet50-v1.5"]["models"] == ["torchvision:resnet50", "timm:resnet50"]
    assert rows["resnet50"]["models"] == []  # the paper's has its stride elsewhere
    assert rows["keras:ResNet50"]["aliases"] == rows["keras:ResNet50"]["models"] == []  # none of the zoo has its biases
    assert "timm:seresnet50" in rows
    assert "timm:resnet50" not in rows  # it is resnet50-v1.5
    model = listed("TIMM:resnet50")["timm:resnet50"]
    assert (model["aliases"][0], model["models"]) == ("resnet50-v1.5", ["torchvision:resnet50"])
    assert set(listed("mobilenetv3_small")) == {"mobilenet-v3-small"}
    assert set(listed("timm:vgg11", "keras:vgg16")) == {"timm:vgg11", "timm:vgg11_bn", "keras:VGG16"}
    assert listed("vit_tiny")["timm:vit_tiny_patch16_224"]["title"] == "ViT-Ti/16"  # deit_tiny is the same
    assert listed("timm:deit")["timm:deit_base_patch16_224"]["title"] == "DeiT-B"
    assert listed("regnetx_064")["timm:regnetx_064"]["title"] == "RegNetX-6.4GF"
    assert run("list", "nothing:").exit_code == 2


def test_a_model_that_is_not_there():
    with pytest.raises(RequestError, match=r"no model 'resnt50' of torchvision \(did you mean 'resnet50'"):
        archcalc.load("torchvision:resnt50")
    assert run("show", "keras:nothing").exit_code == 2
