"""What list shows: which networks, in which order, and what a narrow terminal keeps of them."""

from __future__ import annotations

import json

import pytest
from running import run

from archcalc.render.networks import COLUMNS


def listed(*arguments):
    result = run("list", *arguments, "-f", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def names(*arguments):
    return [each["network"] for each in listed(*arguments)]


def test_words_are_taken_together():
    both = names("resnet", "cifar")
    assert both == [name for name in names("resnet") if name in names("cifar")]
    assert "resnet20-cifar" in both
    assert "resnet50" not in both
    assert names("vgg", "16")[:2] != []
    assert "vgg16" in names("VGG", "1_6")
    assert "alexnet" in names("alexnet", "2012")
    assert names("torchvision:resnet", "50") == [name for name in names("torchvision:resnet") if "50" in name]
    result = run("list", "resnet", "qqqq")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no network has 'resnet and qqqq'" in result.stderr


def test_the_best_known_name_comes_first():
    (vgg16,) = [each for each in listed("vgg16") if each["network"] == "vgg16"]
    assert "vgg-d" in vgg16["aliases"]
    assert "vgg-d" not in names("vgg")
    assert run("explain", "vgg").stderr.startswith("'vgg' is a family of networks: vgg16, ")


def test_pieces_of_networks_come_last():
    every = listed()
    pieces = [number for number, each in enumerate(every) if each["year"] is None or "module" in each["title"].lower()]
    assert pieces == list(range(len(every) - len(pieces), len(every)))
    assert len(pieces) > 10
    years = [each["year"] for each in every[: -len(pieces)]]
    assert years == sorted(years)


def test_a_family_by_its_name_or_a_members():
    assert names("--family", "vgg") == names("--family", "vgg16") == names("--family", "VGG-D")
    assert len(names("--family", "densenet")) == 5
    assert names("--family", "lenet5") == ["lenet5", "lenet5-full"]
    assert run("list", "--family", "nothing").exit_code == 2


@pytest.mark.parametrize(
    ("years", "first", "last"),
    [("2015", 2015, 2015), ("2014-2016", 2014, 2016), ("2020-", 2020, 9999), ("-2012", 0, 2012),
     ("2014..2015", 2014, 2015)],
)  # fmt: skip
def test_years(years, first, last):
    every = {each["network"] for each in listed() if each["year"] is not None and first <= each["year"] <= last}
    assert set(names("--year", years)) == every != set()


@pytest.mark.parametrize("years", ["x", "-", "15", "2015-16", ""])
def test_what_is_no_year(years):
    result = run("list", "--year", years)
    assert result.exit_code == 2
    assert "write 2015, 2014-2016, 2020- or -2012" in result.stderr


def test_sorting():
    for column, key in (("params", "params"), ("macs", "macs"), ("network", "network"), ("MACs", "macs")):
        found = [each[key] for each in listed("resnet", "--sort", column)]
        assert found == sorted(found)
        assert [each[key] for each in listed("resnet", "--sort", f"-{column}")] == sorted(found, reverse=True)
    assert "did you mean 'params'?" in run("list", "--sort", "parms").stderr


def test_columns():
    rows = run("list", "lenet5", "--columns", "macs,network,aliases", "-f", "csv").stdout.splitlines()
    assert rows[0] == "macs,network,also"
    assert rows[1].startswith("326520,lenet5,lenet-5")
    table = run("list", "lenet5", "--columns", "network,params").stdout.splitlines()
    assert table[0].split() == ["network", "params"]
    assert table[2].split() == ["lenet5", "60.00K"]
    for wrong in ("parms", ",", ""):
        assert run("list", "--columns", wrong).exit_code == 2
    assert next(iter(COLUMNS)) == "network"


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_narrow_terminal_cuts_titles_and_keeps_other_names(width):
    lines = run("list", "vgg", env={"COLUMNS": str(width)}).stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert "also" in lines[0].split()
    (vgg16,) = [line for line in lines if line.startswith("vgg16 ")]
    assert "vgg-d" in vgg16
    assert ("title" in lines[0].split()) == (width > 80)
