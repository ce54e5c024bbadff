"""``archcalc new``: a starter spec that is right as it is."""

from __future__ import annotations

import pytest
from running import runner

import archcalc
from archcalc.cli import cli


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, given: str | None = None):
    return runner().invoke(cli, arguments, input=given)


@pytest.mark.parametrize("name", ["my_net", "net-2", "a b: c #d'", "Größe", "007", "null", "x.y"])
def test_the_starter_is_right(name, folder):
    written = run("new", name)
    assert written.exit_code == 0
    file = f"{name}.yaml"
    assert (folder / file).is_file()
    assert f"{file}: ok, 1 network ({name})" in run("validate", file).output
    checked = run("check", f"./{file}")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "2 of 2 expectations hold" in checked.output
    assert archcalc.load(f"./{file}").name == name


def test_an_ending_is_no_part_of_the_name(folder):
    assert run("new", "my_net.yaml").exit_code == 0
    assert archcalc.load("my_net.yaml").name == "my_net"


def test_it_says_what_to_do_next_and_that_works():
    said = run("new", "my net").output
    assert "archcalc show 'my net.yaml', archcalc check 'my net.yaml'" in said
    assert run("show", "my net.yaml").exit_code == 0


def test_the_comments_are_true(folder):
    run("new", "my_net")
    text = (folder / "my_net.yaml").read_text(encoding="utf-8")
    assert run("show", "my_net.yaml", "--set", "width=64").exit_code == 0
    head, mark, rest = text.partition("# published:")
    live = head + "".join(f"{line[2:]}\n" for line in (mark + rest).splitlines())
    (folder / "live.yaml").write_text(live, encoding="utf-8")
    checked = run("check", "live.yaml")
    assert "1 published figure of 1 network: 1 checked, 0 measured. 1 agree" in " ".join(checked.output.split())
    assert checked.exit_code == 0


def test_an_existing_file_is_left_as_it_is(folder):
    (folder / "my_net.yaml").write_text("mine", encoding="utf-8")
    for arguments in (["new", "my_net"], ["new", "other", "-o", "my_net.yaml"]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "my_net.yaml already exists" in result.stderr
    assert (folder / "my_net.yaml").read_text(encoding="utf-8") == "mine"


def test_another_place_and_the_terminal(folder):
    (folder / "nets").mkdir()
    assert run("new", "my_net", "-o", "nets/a.yaml").exit_code == 0
    assert archcalc.load("nets/a.yaml").name == "my_net"
    printed = run("new", "my_net", "-o", "-").output
    assert run("show", "-", given=printed).exit_code == 0
    assert not (folder / "my_net.yaml").exists()


@pytest.mark.parametrize("name", ["a/b", "=x", "", " x", "a\x1b[31m", "x" * 101])
def test_a_name_that_cannot_be_is_refused(name, folder):
    result = run("new", name)
    assert result.exit_code == 2
    assert result.stderr.startswith("new ")
    assert "\x1b" not in result.stderr
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_not_there_is_said():
    result = run("new", "x", "-o", "no/x.yaml")
    assert result.exit_code == 2
    assert "no/x.yaml: No such file" in result.stderr
