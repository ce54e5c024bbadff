"""A short run of the fuzzer of other programs' files; ``python tests/fuzz/models.py --cases 5000`` is the long one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if not hasattr(__import__("signal"), "setitimer"):
    pytest.skip("cases are stopped by a signal that this system has not", allow_module_level=True)
sys.path.insert(0, str(Path(__file__).parent / "fuzz"))

import models


def test_broken_files_end_in_a_graph_or_in_an_error():
    ended = models.run(700, seed=5)
    assert ended["graph"] > 50
    assert ended["error"] > 300


@pytest.mark.parametrize("name", models.SEEDS)
def test_the_whole_files_are_read(name):
    assert models.judge(name, models.seeds()[name]) == "graph"


def test_what_nobody_foresaw_would_be_found(monkeypatch):
    from archcalc.exchange import reading

    def broken(*_):
        raise KeyError("a bug")

    monkeypatch.setattr(reading, "simplify", broken)
    monkeypatch.setattr(reading, "BROKEN", ())
    with pytest.raises(KeyError):
        models.judge("made.cfg", models.seeds()["made.cfg"])
