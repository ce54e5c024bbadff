"""What ``list`` remembers between runs never changes what it says."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from running import run
from systems import devices, links, pipes

from archcalc import summaries, zoo
from archcalc.libraries import LibraryModel
from archcalc.zoo import find


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """A cache folder that is empty, the file that will be in it, and a few networks to remember."""
    few = [find(name) for name in ("lenet5", "alexnet", "zfnet")]
    monkeypatch.setattr(summaries, "every_spec", lambda: few)
    monkeypatch.setattr(summaries, "library_models", lambda: {"torchvision": {"lenet": LibraryModel("lenet5")}})
    monkeypatch.setattr(summaries, "cache_folder", lambda: str(tmp_path / "archcalc"))
    return Path(summaries.cache_file())


def listed():
    result = run("list", "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_what_is_remembered_is_what_was_worked_out(memory):
    first = listed()
    assert memory.exists()
    assert [file.name for file in memory.parent.iterdir()] == [memory.name]
    assert listed() == first


def test_each_installation_has_a_memory_of_its_own(memory, tmp_path, monkeypatch):
    first = listed()
    own = memory.read_bytes()
    monkeypatch.setattr(summaries, "__file__", str(tmp_path / "elsewhere" / "archcalc" / "summaries.py"))
    assert listed() == first
    assert memory.read_bytes() == own
    assert len({memory, Path(summaries.cache_file()), *memory.parent.iterdir()}) == 2


def test_the_memory_of_an_installation_that_is_gone_is_removed(memory):
    listed()
    gone = memory.with_name(summaries.FILE.format("00000000"))
    for age, stays in ((summaries.UNUSED - 60, True), (summaries.UNUSED + 60, False)):
        gone.write_text("{}", encoding="utf-8")
        os.utime(gone, (time.time() - age,) * 2)
        memory.unlink()
        listed()
        assert gone.exists() == stays


@pytest.fixture
def built(memory, tmp_path, monkeypatch):
    """A folder of specs with what the build made of it, of a few networks."""
    specs = tmp_path / "specs"
    specs.mkdir()
    (specs / "one.yaml").write_text("layers: []", encoding="utf-8")
    monkeypatch.setattr(summaries, "folder", lambda: str(specs))
    (specs / summaries.BUILT).write_text(summaries.packed(), encoding="utf-8")
    return specs


def test_the_first_run_takes_what_the_build_made(built, memory, monkeypatch):
    first = summaries.summaries()
    memory.unlink()
    monkeypatch.setattr(summaries, "_computed", lambda: pytest.fail("nothing has to be computed"))
    assert summaries.summaries() == first
    assert memory.exists()


@pytest.mark.parametrize("change", ["layers: [ ]", None], ids=["edited", "one more"])
def test_what_the_build_made_of_other_files_is_not_used(built, change):
    assert summaries._built() == summaries._computed()
    (built / ("one.yaml" if change else "two.yaml")).write_text(change or "layers: []", encoding="utf-8")
    assert summaries._built() is None


def test_it_is_read_when_nothing_has_changed(memory, monkeypatch):
    first = listed()
    monkeypatch.setattr(summaries, "every_spec", list)
    assert listed() == first


def test_it_is_forgotten_when_something_has_changed(memory):
    first = listed()
    data = json.loads(memory.read_text(encoding="utf-8"))
    files = data["signature"]
    files[0][1] += 1
    data["networks"] = data["networks"][:1]
    memory.write_text(json.dumps(data), encoding="utf-8")
    assert listed() == first


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"signature": 1}', "\x00", "[" * 1000])
def test_a_broken_memory_is_worked_out_anew(memory, text):
    first = listed()
    memory.write_text(text, encoding="utf-8")
    assert listed() == first
    assert json.loads(memory.read_text(encoding="utf-8"))["networks"]


def test_nothing_breaks_where_nothing_can_be_remembered(memory):
    memory.parent.write_text("a file where the folder should be", encoding="utf-8")
    first = listed()
    assert first
    assert listed() == first


WRONG = [
    ("params", "abc"),
    ("params", None),
    ("params", 1.5),
    ("params", True),
    ("params", -1),
    ("macs", [1]),
    ("title", None),
    ("title", 7),
    ("title", "a\x1b]0;pwn\x07"),
    ("title", "a\nb"),
    ("name", "\x9b2J"),
    ("aliases", 1),
    ("aliases", "abc"),
    ("aliases", [1]),
    ("aliases", ["\u202egnp"]),
    ("aliases", {"a": 1}),
    ("year", "1998"),
    ("input", [1, 2]),
    ("input", [1, 2, "3"]),
    ("input", "1x2"),
]


@pytest.mark.parametrize(("field", "value"), WRONG, ids=ascii)
def test_garbage_with_the_right_signature_is_no_memory(memory, field, value):
    first = listed()
    data = json.loads(memory.read_text(encoding="utf-8"))
    data["networks"][1][summaries.Summary._fields.index(field)] = value
    memory.write_text(json.dumps(data), encoding="utf-8")
    assert listed() == first
    assert summaries.names() == [name for each in summaries.summaries() for name in (each.name, *each.aliases)]


@pytest.mark.parametrize("text", ["1e400", "[]", "[[]]", "[1]", '{"networks": []}', "9" * 5000, "[" * 100_000])
def test_garbage_of_other_shapes_is_no_memory(memory, text):
    first = listed()
    signature = json.dumps(json.loads(memory.read_text(encoding="utf-8"))["signature"])
    for garbage in (f'{{"signature": {signature}, "networks": {text}}}', f'{{"signature": {signature}}}', text):
        memory.write_text(garbage, encoding="utf-8")
        assert listed() == first


@pipes
@devices
@pytest.mark.parametrize("what", ["pipe", "device", "folder", "too large"])
def test_what_is_no_file_of_ours_is_not_waited_for(memory, what):
    memory.parent.mkdir()
    if what == "pipe":
        os.mkfifo(memory)
    elif what == "device":
        memory.symlink_to("/dev/zero")
    elif what == "folder":
        memory.mkdir()
    else:
        with memory.open("wb") as file:
            file.truncate(summaries.MAX_CACHE + 1)
    first = listed()
    assert listed() == first
    assert len(summaries.names()) > 3
    assert [file.name for file in memory.parent.iterdir()] == [memory.name], "nothing is left behind"


def test_what_killed_runs_left_behind_is_removed(memory):
    memory.parent.mkdir()
    for name, age in (("tmpold", 2 * summaries.STALE), ("tmpnew", 1), ("other", 2 * summaries.STALE)):
        (memory.parent / name).write_text("half", encoding="utf-8")
        os.utime(memory.parent / name, (time.time() - age,) * 2)
    listed()
    assert sorted(file.name for file in memory.parent.iterdir()) == ["other", memory.name, "tmpnew"]


def test_nothing_is_left_where_a_disk_is_full(memory, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dumps", full)
    listed()
    assert list(memory.parent.iterdir()) == []


@pytest.mark.parametrize("base", ["", "relative", "~/x"])
def test_the_cache_is_never_in_the_folder_that_one_works_in(tmp_path, monkeypatch, base):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", base)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(summaries.sys, "platform", "linux")
    assert summaries.cache_folder() == str(tmp_path / "home" / ".cache" / "archcalc")
    monkeypatch.setattr(summaries.os.path, "expanduser", lambda path: path)  # nobody's home is known
    assert summaries.cache_folder() == ""


@links
def test_links_that_lead_nowhere_are_no_error(memory, tmp_path, monkeypatch):
    """An editor's lock (.#limits.py) is such a link."""
    for name in (".#vgg.yaml", ".#limits.py", "gone.yaml"):
        (tmp_path / name).symlink_to("user@host.123")
    monkeypatch.setattr(summaries, "folder", lambda: str(tmp_path))
    first = listed()
    assert listed() == first
    monkeypatch.setattr(zoo, "folder", lambda: str(tmp_path))
    assert [os.path.basename(file) for file in zoo.spec_files()] == ["gone.yaml"]  # noqa: PTH119
