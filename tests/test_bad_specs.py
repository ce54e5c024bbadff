"""Specs with one kind of mistake each: all of them are found, where they are, and nothing worse happens.

What is expected stands on the broken line, ``# E:35: conv has no setting 'kernal'``: the column, and how the message
begins. A line that cannot hold a comment is named at the end of the file: ``# E@4:12: ...``.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest
from making import analyse, spec
from running import run

from archcalc.limits import MAX_MISTAKES

FOLDER = Path(__file__).parent / "bad_specs"
FILES = sorted(FOLDER.glob("*.yaml"))
ON_ITS_LINE = re.compile(r"# E:(\d+): (.*?)(?= # E:|$)")
ELSEWHERE = re.compile(r"# E@(\d+):(\d+): (.*)$")


def expected(file):
    """Read what is expected of a file: lines, columns and the beginnings of messages, in order."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        found += [(number, int(column), message) for column, message in ON_ITS_LINE.findall(line)]
        found += [(int(line), int(column), message) for line, column, message in ELSEWHERE.findall(line)]
    return sorted(found, key=lambda mistake: mistake[:2])


def reported(file, stderr):
    """Read the mistakes that were written to standard error, without the lines and carets beneath them."""
    place = re.compile(re.escape(str(file)) + r":(\d+):(\d+): (.*)")
    found = [place.fullmatch(line) for line in stderr.split("\n")]
    return [(int(match[1]), int(match[2]), match[3]) for match in found if match]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_mistake_is_reported_at_its_place(file):
    wanted = expected(file)
    assert wanted, "a bad spec says what is wrong with it"
    started = time.process_time()
    result = run("validate", str(file))
    assert time.process_time() - started < 5
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    found = reported(file, result.stderr)
    assert [mistake[:2] for mistake in found] == [mistake[:2] for mistake in wanted]
    for (_, _, message), (_, _, beginning) in zip(found, wanted, strict=True):
        assert message.startswith(beginning)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_caret_stands_beneath_the_column(file):
    lines = run("validate", str(file)).stderr.split("\n")
    text = file.read_text(encoding="utf-8", errors="replace").split("\n")
    for head, shown, caret in zip(lines, lines[1:], lines[2:], strict=False):
        place = re.match(re.escape(str(file)) + r":(\d+):(\d+): ", head)
        if place is None:
            continue
        line, column = text[int(place[1]) - 1], int(place[2]) - 1
        if len(line) <= 110 and line.isprintable():
            assert shown == f"    {line}"
            assert caret == f"    {' ' * column}^"
        else:
            assert len(shown) < 130
            assert shown[len(caret) - 1 : len(caret)] == line[column : column + 1] or not line.isprintable()


@pytest.mark.parametrize("command", ["show", "compare", "explain", "check"])
def test_every_command_ends_with_the_same_status(command):
    result = run(command, str(FOLDER / "many_mistakes.yaml"))
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == run("validate", str(FOLDER / "many_mistakes.yaml")).stderr


def test_a_right_file_among_wrong_ones_does_not_hide_them(tmp_path):
    right = tmp_path / "right.yaml"
    right.write_text(spec("{conv: 8}"), encoding="utf-8")
    bad, worse = FOLDER / "setting_unknown.yaml", FOLDER / "yaml_tab.yaml"
    result = run("validate", str(bad), str(right), str(worse))
    assert result.exit_code == 3
    assert "right.yaml: ok, 1 network" in result.stdout
    assert reported(bad, result.stderr) and reported(worse, result.stderr)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an empty file"),
        (b"---\n", "an empty file"),
        (b"\xef\xbb\xbf", "an empty file"),
        (b"\x00", "1:1: not YAML"),
        (b"\xff\xfe\x00\x01", "1:1: not UTF-8 text"),
        ("name: net\n".encode("utf-16"), "1:1: not UTF-8 text"),
        (b"name: net\nlayers: [\xe9]\n", "2:10: not UTF-8 text"),
        (b"name: net\n\x1b[31m: 3\n", "2:1: not YAML"),
        (b"%YAML 9.9\n---\na: b\n", "not YAML"),
        (b"\xf0\x9f\x92\xa9", "a single value"),
        (b"[" * 5_000_000, "nested more than 100 levels deep"),
        (b"{a: " * 1_000_000, "nested more than 100 levels deep"),
        (b"- " * 1_000_000, "nested more than 100 levels deep"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_odd_bytes(data, message):
    started = time.process_time()
    result = run("validate", "-", input=data)
    assert time.process_time() - started < 5
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("<stdin>:")
    assert message in result.stderr
    assert "\x1b" not in result.stderr


def test_a_file_may_begin_with_a_byte_order_mark():
    assert run("validate", "-", input=b"\xef\xbb\xbf" + spec("relu").encode()).exit_code == 0


def test_a_spec_cannot_drive_the_terminal():
    result = run("validate", "-", input='name: net\ninput: [3, 8, 8]\nlayers: ["\\e[31mconv"]\n')
    assert result.exit_code == 3
    assert "'\\x1b[31mconv'" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    "line",
    ["- convv: 8", "- {conv: {filters: 8, kernal: 3}}", "- {conv: =widht}", "- {a: 1, a: 2}", "- !tag conv"],
)
def test_many_mistakes_end_soon(line):
    started = time.process_time()
    result = run("validate", "-", input="name: net\ninput: [3, 8, 8]\nlayers:\n" + f"{line}\n" * 20_000)
    assert time.process_time() - started < 5
    assert result.exit_code == 3
    assert len(reported("<stdin>", result.stderr)) == MAX_MISTAKES
    assert re.search(r"<stdin>: and (at least )?\d+ more mistakes\n$", result.stderr)


@pytest.mark.parametrize(
    "text",
    [
        "- {" + ", ".join(f"w{n}: 1" for n in range(20_000)) + "}",
        "- {conv: {filters: '=max(1', " + ", ".join(f"w{n}): 1" for n in range(20_000)) + "}}",
        "- {conv: {filters: 8, " + ", ".join(f"w{n}: 1" for n in range(20_000)) + "}}",
        "- {" + "x" * 1_000_000 + ": 1}",
        "- {name: " + "x" * 1_000_000 + ", relu: }",
        "- {conv: " + "9" * 1_000_000 + "}",
        "- {conv: =" + "1+" * 1_000_000 + "1}",
        "- {conv: {filters: 8, bias: " + "no" * 1_000_000 + "}}",
        "- {from: " + "x" * 1_000_000 + ", relu: }",
        "- {use: " + "x" * 1_000_000 + "}",
    ],
    ids=lambda text: f"{text[:30]}... {len(text)} characters",
)
def test_large_items_end_soon(text):
    started = time.process_time()
    result = run("validate", "-", input=f"name: net\ninput: [3, 8, 8]\nlayers:\n{text}\n")
    assert time.process_time() - started < 5
    assert result.exit_code == 3
    assert len(result.stderr) < 50_000


RECURSIVE = """
blocks:
  twice:
    args: {n: }
    layers:
      - {when: =n > 0, twice: =n-1}
      - {when: =n > 0, twice: =n-1}
  many: {layers: [{repeat: 1000, relu: }]}
  none: {layers: []}
"""


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("{twice: 60}", "more than 3,000 items to expand"),
        ("{repeat: 900, none: }", None),
        ("{repeat: 999, twice: 2}", "more than 3,000 items to expand"),
        ("{repeat: 1001, relu: }", "repeat: 1,001; a network has at most 1,000 layers"),
        ("{repeat: 1000, relu: }", "more than 1,000 layers"),
        ("{repeat: 3, many: }", "more than 1,000 layers"),
    ],
)
def test_networks_that_never_end(monkeypatch, item, message):
    analyse("relu")  # so that the engine is loaded
    for name, module in list(sys.modules.items()):
        for limit, value in (("MAX_LAYERS", 1_000), ("MAX_STEPS", 3_000)):
            if name.startswith("archcalc.engine") and hasattr(module, limit):
                monkeypatch.setattr(module, limit, value)
    result = run("validate", "-", input=spec(item, head=RECURSIVE))
    assert result.exit_code == (3 if message else 0)
    assert (message or "") in result.stderr


def test_what_is_said_of_large_numbers_is_exact():
    result = run("show", "-", "--format", "json", input=spec("{fc: 1000000000000000}", input=(10**15, 10**15, 10**15)))
    assert result.exit_code == 0
    assert f'"params": {10**60 + 10**15}' in result.stdout
