"""Folders, files of several networks and families stand for all of their networks."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml
from making import spec
from running import run

ROOT = Path(__file__).parent.parent
FAMILY = """name: fam
input: [3, 8, 8]
args: {width: 4}
variants:
  fam-s: {}
  fam-l: {set: {width: 8}}
layers: [{conv: {filters: =width, kernel: 3}}]
expect: {depth: == 1}
"""


@pytest.fixture
def nets(tmp_path):
    """A folder with a spec, a family, one more in a folder of its own, and what is none."""
    folder = tmp_path / "nets"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "one.yaml").write_text(spec("{fc: 3}").replace("made", "one"), encoding="utf-8")
    (folder / "fam.yml").write_text(FAMILY, encoding="utf-8")
    (folder / "deep" / "er" / "two.yaml").write_text(spec("{fc: 4}").replace("made", "two"), encoding="utf-8")
    for other in ("_shared.yaml", ".a.yaml", "notes.txt", ".hidden/b.yaml"):
        (folder / other).write_text("no spec: [", encoding="utf-8")
    return folder


def names(result):
    assert result.exit_code == 0, result.output
    return [each["network"] for each in json.loads(result.stdout)]


ALL = ["fam-s", "fam-l", "one", "two"]


@pytest.mark.parametrize("command", ["show", "compare"])
def test_all_networks_of_a_folder_or_family(nets, command):
    assert names(run(command, nets, "-f", "json")) == ALL
    assert names(run(command, nets / "fam.yml", nets / "one.yaml", "-f", "json")) == ALL[:3]
    assert names(run(command, "densenet", "-f", "json"))[:2] == ["densenet121", "densenet161"]
    assert names(run(command, "DenseNet", "-f", "json"))[:2] == ["densenet121", "densenet161"]
    one = json.loads(run(command, f"{nets / 'fam.yml'}:fam-l", "-f", "json").stdout)
    assert (one[0] if isinstance(one, list) else one)["network"] == "fam-l"


def test_validate_and_check_a_folder(nets):
    result = run("validate", nets)
    assert (result.exit_code, result.stderr) == (0, "")
    files = [line.split(": ")[0] for line in result.stdout.splitlines()]
    assert files == [str(nets / name) for name in ("fam.yml", "one.yaml", "deep/er/two.yaml")]
    checked = run("check", nets)
    assert checked.exit_code == 0
    assert "2 of 2 expectations hold" in checked.stdout
    assert [line.split(" (")[0] for line in checked.stderr.splitlines()] == [
        f"nothing to check in {nets / name}" for name in ("one.yaml", "deep/er/two.yaml")
    ]


def test_validate_goes_on_after_a_mistake(nets):
    (nets / "fam.yml").write_text(FAMILY.replace("kernel", "kernal"), encoding="utf-8")
    result = run("validate", nets)
    assert result.exit_code == 3
    assert f"{nets / 'fam.yml'}:7:" in result.stderr
    assert len(result.stdout.splitlines()) == 2
    assert run("show", nets).exit_code == 3


@pytest.mark.parametrize(
    ("name", "says"),
    [("vgg16", "vgg16: ok, 1 network (vgg16)\n"), ("torchvision:resnet18", "torchvision:resnet18: ok, 1 network"),
     ("lenet5", "lenet5: ok, 1 network (lenet5)")],
)  # fmt: skip
def test_validate_by_name(name, says):
    result = run("validate", name)
    assert result.exit_code == 0
    assert result.stdout.startswith(says)


def test_validate_a_family_by_name():
    assert run("validate", "densenet").stdout.startswith("densenet: ok, 5 networks (densenet121, ")
    assert run("validate", "vgg61").exit_code == 2


def test_an_empty_folder_and_commands_of_one_network(tmp_path, nets):
    empty = tmp_path / "empty"
    empty.mkdir()
    for command in ("show", "compare", "check", "validate"):
        result = run(command, empty)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"{empty}: no .yaml or .yml file in this folder\n"
    for command in ("explain", "memory", "draw"):
        result = run(command, nets)
        assert result.exit_code == 2
        assert result.stderr == f"{nets} is a folder; name one of the files in it\n"
    assert "add :NAME to choose one" in run("explain", nets / "fam.yml").stderr
    assert run("explain", "resnet").stderr.startswith("'resnet' is a family of networks: resnet50, ")


@pytest.mark.skipif(not (ROOT / "docs" / "ci.md").is_file(), reason="the documentation is not here")
def test_the_documented_workflow_runs(nets, monkeypatch):
    monkeypatch.chdir(nets.parent)
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"^```yml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]
    (workflow,) = [block for block in blocks if "jobs" in block]
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    commands = [step["run"] for step in steps if step.get("run", "").startswith("archcalc ")]
    assert len(commands) >= 4
    for command in commands:
        words = shlex.split(command.partition(" >> ")[0])[1:]
        result = run(*words)
        assert result.exit_code == 0, f"{command}: {result.output}"
    assert (nets.parent / "archcalc.xml").is_file()
    assert "| fam-l" in result.stdout  # of the last, the table of all
