"""One network as a spec of its own: valid, with the same layers and figures, and as readable as its family."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import run

import archcalc
from archcalc.engine.count import count
from archcalc.engine.count import setup as counted_for  # pytest 7 would run a module's setup
from archcalc.engine.expand import expand
from archcalc.language.family import read_family
from archcalc.language.networks import networks_of, only_network
from archcalc.published.figures import figures
from archcalc.published.sources import missing
from archcalc.standalone.write import spec_text
from archcalc.text.source import Source, read_file
from archcalc.zoo import find, library_models, spec_files


def read_back(text):
    return only_network(read_family(Source("own.yaml", text)))


def layers_of(spec):
    report = count(expand(spec), counted_for())
    return report.totals, [(layer.name, layer.output, layer.params, layer.macs) for layer in report.layers]


def printed(spec):
    return [
        (each.quantity, each.printed, each.at, each.set, each.cite, each.where, each.note) for each in figures(spec)
    ]


@pytest.mark.parametrize("file", spec_files(), ids=lambda file: Path(file).stem)
def test_every_network_of_the_zoo(file):
    for spec in networks_of(read_family(read_file(file))):
        text = spec_text(spec)
        own = read_back(text)
        assert layers_of(own) == layers_of(spec), spec.name
        assert (own.name, own.title, own.year, own.cite) == (spec.name, spec.title, spec.year, spec.cite)
        assert printed(own) == printed(spec), spec.name
        assert not missing(own, figures(own)), spec.name
        assert "variants:" not in text


@pytest.mark.parametrize(
    "name", [f"{library}:{name}" for library, models in library_models().items() for name in [*models][::4]]
)
def test_library_models(name):
    spec = find(name)
    assert layers_of(read_back(spec_text(spec))) == layers_of(spec)


def printed_by(*arguments):
    result = run("spec", *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_comments_and_formulas_stay():
    text = printed_by("resnet50", "--set", "n4=23", "--input", 320)
    assert (
        "  shortcut: B             # A pads with zeros, B projects where shapes change, C projects everywhere\n" in text
    )
    assert "  n4: 23\n" in text
    assert "{name: conv4_x, stage: {width: 256, blocks: =n4, stride: 2}}" in text
    assert "input: [3, 320, 320]\n" in text
    assert "published:" not in text  # printed of ResNet-50, which this is not
    report = archcalc.load("resnet50").analyze(320, set={"n4": 23})
    own = archcalc.loads(text).analyze()
    assert (own.params, own.macs) == (report.params, report.macs)


def test_figures_come_along_with_their_sources():
    text = printed_by("resnext50")
    own = read_back(text)
    assert printed(own) == printed(find("resnext50")) != []
    assert not missing(own, figures(own))


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("a: 1", "a: 7"),
        ("a: 1  # one", "a: 7  # one"),
        ("a: ", "a: 7"),
        ('a: "1"', "a: 7"),
        ("a: '1'", "a: 7"),
        ("a: [1, 2]", "a: 7"),
        ("a: =b", "a: 7"),
    ],
)
def test_arguments_are_set_where_they_are(tmp_path, given, written):
    file = tmp_path / "net.yaml"
    file.write_text(
        f"name: net\ninput: [3, 8, 8]\nargs:\n  b: 2\n  {given}\nlayers:\n  - {{conv: {{filters: =a}}}}\n",
        encoding="utf-8",
    )
    assert f"args:\n  b: 2\n  {written}\n" in printed_by(file, "-s", "a=7")


def test_several_arguments_on_a_line(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(
        "name: net\ninput: [3, 8, 8]\nargs: {a: , b: 10, c: =a}  # all\nlayers: [{conv: {filters: =a*b*c}}]\n",
        encoding="utf-8",
    )
    assert "args: {a: 2, b: 20.5, c: 3}  # all\n" in printed_by(file, "-s", "a=2", "-s", "b=20.5", "-s", "c=3", "-i", 9)


def test_a_family_with_anchors_and_sections_that_a_network_overrides(tmp_path):
    text = """\
# a family
name: pair
title: Pair
cite: {key: doe2020, title: The pair, year: 2020}
input: [3, 8, 8]

args:
  width: 8
layers:
  # the only one
  - {conv: {filters: =width, kernel: 3}}

variants:
  small:
    title: "Pair: small"
    set: {width: 4}
    published:
      - {params: 112, cite: &it doe2020, where: table 1}
  large:
    cite: {key: roe2021, title: The large one, year: 2021}
    input: [3, 16, 16]
    set: {width: 16}
    published:
      # from another table
      - {params: 448, cite: *it, where: table 2}
      - params: 448
        cite: roe2021
    expect: {params: <= 500}
published:
  - {depth: 1, cite: doe2020}
expect: {params: <= 450, depth: 1}
"""
    file = tmp_path / "pair.yaml"
    file.write_text(text.replace("depth: 1}\n", "depth: == 1}\n"), encoding="utf-8")
    small = printed_by(f"{file}:small")
    assert small.startswith("# a family\nname: small\n")
    assert "  # the only one\n" in small
    large = printed_by(f"{file}:large")
    assert "input: [3, 16, 16]\n" in large
    own = read_back(large)
    assert [each.printed for each in figures(own)] == ["1", "448", "448"]
    assert "doe2020: {title:" in large
    assert "params: <= 500" in large
    assert "<= 450" not in large
    for text in (small, large):
        file = tmp_path / "own.yaml"
        file.write_text(text, encoding="utf-8")
        assert run("check", file).exit_code == 0


def test_one_line_specs_stdin_and_typed_layers(tmp_path):
    flat = "{name: net, input: [3, 8, 8], layers: [{conv: {filters: 4, kernel: 3}}, relu]}"
    result = run("spec", "-", input=flat)
    assert layers_of(read_back(result.stdout)) == layers_of(only_network(read_family(Source("x", flat))))
    typed = printed_by("[conv: {filters: 4, kernel: 3}, relu]", "-i", "3x8x8")
    assert layers_of(read_back(typed)) == layers_of(read_back(flat))
    sequence = printed_by("conv: {filters: 4, kernel: 3}", "-i", "3x100")
    assert "input: [3, 100]\n" in sequence
    file = tmp_path / "net.yaml"
    assert run("spec", "vgg16", "-o", file).exit_code == 0
    assert run("spec", file, "-o", file).exit_code == 2  # it is read


def test_several_inputs_at_other_sizes(tmp_path):
    file = tmp_path / "twins.yaml"
    file.write_text(
        "name: twins\ninput: {left: [3, 8, 8], right: [3, 8, 8]}\nlayers:\n  - {name: a, from: left, conv: 4}\n"
        "  - {name: b, from: right, conv: 4}\n  - {concat: , from: [a, b]}\n",
        encoding="utf-8",
    )
    text = printed_by(file, "-i", "left=9 right=3x9x9")
    assert "  left: [3, 9, 9]\n  right: [3, 9, 9]\n" in text
    assert read_back(text)


def test_new_from_a_network(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("new", "my_net.yaml", "--from", "mobilenet-v1-0.5-160")
    assert result.exit_code == 0, result.stderr
    assert "my_net.yaml written" in result.stdout
    own = archcalc.load("my_net.yaml")
    assert own.name == "my_net"
    assert own.analyze().macs == archcalc.load("mobilenet-v1-0.5-160").analyze().macs
    assert "published:" not in (tmp_path / "my_net.yaml").read_text(encoding="utf-8")
    assert run("new", "my_net", "--from", "vgg16").exit_code == 2  # it is there already
    assert "resnet50" in run("new", "x", "--from", "resnt50").stderr
    assert "belong to --from NET" in run("new", "x", "--set", "a=1").stderr
    assert not (tmp_path / "x.yaml").exists()
