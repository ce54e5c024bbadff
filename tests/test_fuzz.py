"""A short run of the fuzzer; `python tests/fuzz/fuzz.py --cases 20000` is the long one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("hypothesis")
if not hasattr(__import__("signal"), "alarm"):
    pytest.skip("cases are stopped by a signal that this system has not", allow_module_level=True)
sys.path.insert(0, str(Path(__file__).parent / "fuzz"))

import fuzz


def test_every_case_ends_in_a_report_or_in_an_error_that_says_where():
    ended = fuzz.run(200, every=100)
    assert ended["report"] >= 5  # how many are right depends on the version of Hypothesis too
    assert ended["mistake"] > 50
    assert ended["through the command line"] == 2


def test_a_silent_zero_would_be_found(monkeypatch):
    from archcalc.operations.conv import Conv

    monkeypatch.setattr(Conv, "formulas", lambda self: iter(()))
    with pytest.raises(AssertionError, match="comes to nothing"):
        fuzz.judge("name: net\ninput: [3, 8, 8]\nlayers: [{conv: 7}]\n")


@pytest.mark.parametrize(("error", "expected"), [(TypeError("a bug"), TypeError), (None, fuzz.TooSlow)])
def test_other_exceptions_and_hangs_would_be_found(monkeypatch, error, expected):
    def broken(*_):
        if error is not None:
            raise error
        while True:
            pass

    monkeypatch.setattr(fuzz, "expand", broken)
    monkeypatch.setattr(fuzz, "SECONDS", 1)
    with pytest.raises(expected):
        fuzz.judge("name: net\ninput: [3, 8, 8]\nlayers: [{conv: 7}]\n")
