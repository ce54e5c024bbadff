"""What ``list`` remembers between runs never changes what it says."""

from __future__ import annotations

import json

import pytest
from running import run

from archcalc import summaries
from archcalc.zoo import find


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """A cache folder that is empty, the file that will be in it, and a few networks to remember."""
    few = [find(name) for name in ("lenet5", "alexnet", "zfnet")]
    monkeypatch.setattr(summaries, "every_spec", lambda: few)
    monkeypatch.setattr(summaries, "cache_folder", lambda: str(tmp_path / "archcalc"))
    return tmp_path / "archcalc" / summaries.FILE


def listed():
    result = run("list", "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_what_is_remembered_is_what_was_worked_out(memory):
    first = listed()
    assert memory.exists()
    assert [file.name for file in memory.parent.iterdir()] == [memory.name]
    assert listed() == first


def test_it_is_read_when_nothing_has_changed(memory, monkeypatch):
    first = listed()
    monkeypatch.setattr(summaries, "every_spec", list)
    assert listed() == first


def test_it_is_forgotten_when_something_has_changed(memory):
    first = listed()
    data = json.loads(memory.read_text(encoding="utf-8"))
    _, files = data["signature"]
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
