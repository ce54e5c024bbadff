"""Hostile specs, in processes of their own with little time and memory: they end in an error that says what it was."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading

import pytest
from making import spec
from running import environment, run

from archcalc.limits import (
    MAX_ALIASED,
    MAX_ARGUMENTS,
    MAX_BYTES,
    MAX_CHECKED,
    MAX_FIELDS,
    MAX_FIGURES,
    MAX_LAYERS,
    MAX_NESTING,
    MAX_NUMBER,
    MAX_PRINTED,
    MAX_TEXT,
    MAX_VARIANTS,
)

resource = pytest.importorskip("resource")

SECONDS = 60
MEMORY = 2 * 2**30

LIMITED = f"""
import resource
for limit, most in ((resource.RLIMIT_AS, {MEMORY}), (resource.RLIMIT_CPU, {SECONDS})):
    try:
        resource.setrlimit(limit, (most, most))
    except ValueError:  # macOS has no limit of this kind
        pass
from archcalc.__main__ import main
main()
"""


def bounded(*arguments, input=b"", **more):
    """Run archcalc with little time and memory; return exit status, standard output and standard error."""
    line = [sys.executable, "-c", LIMITED, *map(str, arguments)]
    done = subprocess.run(line, input=input, capture_output=True, env=environment(**more), timeout=300, check=False)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err
    assert "\x1b" not in out + err
    return done.returncode, out, err


def refused(text, *messages, command="validate"):
    """Hold a spec to be refused, at a place."""
    data = text if isinstance(text, bytes) else text.encode()
    status, out, err = bounded(command, "-", input=data)
    assert (status, out) == (3, ""), err
    assert re.match(r"<stdin>:\d+:\d+: .", err)
    assert len(err) < 100_000
    for message in messages:
        assert message in err


def aliases(levels, width=10, merge=False):
    """Write lists of lists that aliases make ten times as long at every level."""
    rows = ["a0: &a0 {x: 1}" if merge else "a0: &a0 [1, 1]"]
    for level in range(1, levels):
        inside = ", ".join([f"*a{level - 1}"] * width)
        rows.append(f"a{level}: &a{level} " + (f"{{<<: [{inside}], y{level}: 1}}" if merge else f"[{inside}]"))
    return "\n".join(rows)


TWICE = "blocks: {twice: {args: {n: }, layers: [{when: =n > 0, twice: =n-1}, {when: =n > 0, twice: =n-1}]}}"
THIN = "blocks: {thin: {args: {n: }, layers: [{survival: =1/n, fc: 1}]}}"
WHOLE = "name: net\ninput: [3, 8, 8]\nlayers: [{conv: 3}]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (aliases(40), f"aliases that repeat more than {MAX_ALIASED:,} values"),
        (aliases(40, merge=True), "'<<' merges mappings in YAML 1.1"),
        ("name: net\nlayers: &a [{conv: 3}, *a]\n", "*a refers to no earlier &a"),
        ("&a {name: *a}", "*a refers to no earlier &a"),
        (spec("{repeat: 1000000000, relu: }"), f"repeat: 1,000,000,000; a network has at most {MAX_LAYERS:,} layers"),
        (spec(f"{{conv: {'9' * 10_000}}}"), f"a number larger than {MAX_NUMBER:,}"),
        (spec(f"{{conv: ={'9' * 10_000}}}"), "a formula of 10000 characters"),
        (spec("{conv: =9**9**9}"), "has an exponent that is not a whole number from 0 to 64"),
        (spec("{conv: =9**9**9**9}"), "has an exponent"),
        ("[" * 10_000, f"nested more than {MAX_NESTING} levels deep"),
        ("[" * 1_000_000, f"nested more than {MAX_NESTING} levels deep"),
        ("{a: " * 1_000_000, f"nested more than {MAX_NESTING} levels deep"),
        ("- " * 1_000_000, f"nested more than {MAX_NESTING} levels deep"),
        ("? " * 100_000, f"nested more than {MAX_NESTING} levels deep"),
        (spec("{conv: =" + "(" * 10_000 + "}"), "a formula of 10000 characters"),
        ("", "an empty file"),
        (b"\x00", "1:1: not YAML"),
        (b"name: n\x00t\n", "1:8: not YAML"),
        ("é: 1\nname: éé\x01\n".encode(), "2:9: not YAML"),
        ("é\r\né\r\n\x01\r\n".encode(), "3:1: not YAML"),
        (b"\xff\xfe", "1:1: not UTF-8 text"),
        ("éé".encode() + b"\xe9", "1:3: not UTF-8 text"),
        (b"a" * 1_000_000 + b"\xff", "1:1000001: not UTF-8 text"),
        (f"{WHOLE}title: {'x' * (MAX_TEXT + 1)}\n", f"a text of {MAX_TEXT + 1:,} characters"),
        (
            f"{WHOLE}args: {{{', '.join(f'a{n}: 1' for n in range(MAX_ARGUMENTS + 1))}}}\n",
            f"at most {MAX_ARGUMENTS} are allowed",
        ),
        (
            f"{WHOLE}variants: {{{', '.join(f'v{n}: ' for n in range(MAX_VARIANTS + 1))}}}\n",
            f"at most {MAX_VARIANTS:,} are allowed",
        ),
        (f"{WHOLE}args: {{a: 1}}\npattern: '{'{a}' * (MAX_FIELDS + 1)}'\n", f"at most {MAX_FIELDS} are allowed"),
        (
            f"{WHOLE}sources: {{s: {{title: s}}}}\npublished:\n" + "  - {params: 84, cite: s}\n" * (MAX_FIGURES + 1),
            f"more than {MAX_FIGURES:,} figures of one network",
        ),
        (
            f"{WHOLE}sources: {{s: {{title: s}}}}\nvariants: {{{', '.join(f'v{n}: ' for n in range(999))}}}\n"
            + "published:\n"
            + "  - {params: 84, cite: s}\n" * 9_000,
            f"too many figures to check in its 1,000 networks together, more than {MAX_CHECKED:,}",
        ),
        (
            f"{WHOLE}sources: {{s: {{title: s}}}}\npublished: [{{params: {'9' * 10_000}, cite: s}}]\n",
            f"a figure of 10,000 characters; at most {MAX_PRINTED} are allowed",
        ),
        (
            f"{WHOLE}sources: {{s: {{title: s}}}}\npublished: [{{output: {'9' * 10_000}, cite: s}}]\n",
            "is not a shape",
        ),
        (spec("{repeat: 100, depthwise_conv: {kernel: 1, multiplier: 1000000000000000}}"), "is larger than"),
        (spec("{repeat: 100000, max_pool: {kernel: 1, stride: 1000000}}"), "receptive field or effective stride"),
        (spec("{repeat: 100000, conv_transpose: {filters: 1, stride: 499}}", input=(1, 1, 1)), "effective stride"),
        (spec("{times: 1000000000000000, training: [{times: 2, fc: 3}]}"), "2,000,000,000,000,000 times"),
        (
            spec("{repeat: 2000, thin: =index}", head=THIN),
            "survival: more than 1,000 different probabilities",
        ),
        (
            spec("deep", head="blocks: {none: {layers: []}, deep: {layers: [none, deep]}}"),
            "blocks and branches nested more than 100 levels deep",
        ),
        (
            spec("{twice: 90}", head=TWICE.replace("{when: =n > 0, twice: =n-1}]", "{twice: =n-1}]")),
            "levels deep",
        ),
        (
            spec("{twice: 60}", head=TWICE),
            "items to expand",
        ),
        (
            spec("{name: aux, training: [{name: fc, fc: 10}]}", "{from: aux/fc, relu: }"),
            "belongs to a branch for training",
        ),
    ],
    ids=lambda value: repr(value[:40]),
)
def test_refused_in_bounded_time_and_memory(text, message):
    refused(text, message)


@pytest.mark.parametrize(
    "formula",
    [
        "().__class__.__bases__",
        "__import__('os').system('touch hacked')",
        "open('/etc/passwd')",
        "eval('1')",
        "exec('1')",
        "in_channels.__class__",
        "in_channels.real",
        "__builtins__",
        "globals()",
        "(lambda: 1)()",
        "[c for c in ()]",
        "f'{in_channels}'",
        "'{0.__class__}'.format(1)",
        "'\\x1b[2J'",
        "max(*in_channels)",
    ],
)
def test_formulas_reach_nothing(tmp_path, monkeypatch, formula):
    monkeypatch.chdir(tmp_path)
    refused(spec("{conv: '=" + formula.replace("'", "''") + "'}"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "place",
    [
        "name: {}",
        "title: {}",
        "layers: [{{name: {}, relu: }}]",
        "notes: [{}]",
        "args: {{a: {}}}",
        "aliases: [{}]",
        "layers: [{}]",
        "blocks: {{{}: {{layers: []}}}}",
        "{}: 1",
    ],
)
@pytest.mark.parametrize("text", [r"\e[31mred", r"\x9b2J", r"\a", r"\0", r"\r", r"\u202egnp", r"\u2028", r"\x7f"])
def test_text_cannot_drive_a_terminal(place, text):
    result = run("validate", "-", input=WHOLE.replace("layers", "was") + place.format(f'"{text}"') + "\n")
    assert result.exit_code == 3
    assert "holds a control character" in result.stderr
    assert all(char.isprintable() for char in result.stderr.replace("\n", ""))


@pytest.mark.parametrize("format", ["table", "plain", "markdown", "csv", "tsv", "html"])
def test_markup_in_names_is_only_text(format):
    name = "[red]net :smile:"
    given = f'name: "{name}"\ntitle: "[bold]{name}"\ninput: [3, 8, 8]\nlayers: [{{name: "[blink]c", conv: 3}}]\n'
    for command in ("show", "explain", "compare"):
        result = run(command, "-", "--format", format, input=given, env={"COLUMNS": "200"})
        assert (result.exit_code, result.stderr) == (0, "")
        text = result.stdout.replace("\\[", "[") if format == "markdown" else result.stdout
        if command == "show":
            assert "[blink]c" in text
        assert "[red]net :smile:" in text or command == "explain"


@pytest.mark.parametrize("command", ["show", "validate", "check", "explain", "compare"])
def test_what_is_no_file_is_not_waited_for(tmp_path, command):
    fifo, folder = tmp_path / "fifo.yaml", tmp_path / "folder.yaml"
    os.mkfifo(fifo)
    folder.mkdir()
    several = command != "explain"
    empty = "no .yaml or .yml file in this folder" if several else "is a folder; name one of the files in it"
    for path, reason in ((fifo, "not a regular file"), (folder, empty), ("/dev/zero", "not a regular file")):
        status, out, err = bounded(command, path)
        assert (status, out) == (2, "")
        assert err == f"{path}{' ' if reason.startswith('is ') else ': '}{reason}\n"


def test_standard_input_that_never_ends():
    with open("/dev/zero", "rb") as zeros:  # noqa: PTH123
        line = [sys.executable, "-c", LIMITED, "validate", "-"]
        done = subprocess.run(line, stdin=zeros, capture_output=True, env=environment(), timeout=300, check=False)
    assert done.returncode == 2
    assert done.stderr.decode() == f"<stdin>: larger than {MAX_BYTES:,} bytes, the most that is read\n"


def test_a_spec_that_comes_slowly_through_a_pipe_is_read(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    threading.Thread(target=lambda: fifo.write_text(WHOLE, encoding="utf-8")).start()
    with fifo.open("rb") as pipe:
        line = [sys.executable, "-m", "archcalc", "validate", "-"]
        assert subprocess.run(line, stdin=pipe, capture_output=True, env=environment(), check=False).returncode == 0


def test_a_large_file_is_not_read(tmp_path):
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(500 * 2**20)
    status, _, err = bounded("show", large)
    assert (status, err) == (2, f"{large}: larger than {MAX_BYTES:,} bytes, the most that is read\n")


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b""], ids=["BOM", "plain"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_byte_order_mark_and_line_ends(data, end):
    assert run("validate", "-", input=data + WHOLE.replace("\n", end).encode()).exit_code == 0
    wrong = data + (WHOLE + "wrong: 1\n").replace("\n", end).encode()
    assert run("validate", "-", input=wrong).stderr.startswith("<stdin>:4:1: a spec has no 'wrong'")


def test_a_file_name_cannot_drive_a_terminal(tmp_path):
    file = tmp_path / "a\x1b[31m.yaml"
    for text, status in ((WHOLE, 0), ("wrong", 3)):
        file.write_text(text, encoding="utf-8")
        ended, _, _ = bounded("validate", file)
        assert ended == status
    assert bounded("validate", tmp_path / "no\x1b[31m.yaml")[0] == 2
    assert bounded("show", "no\x1b[31m")[0] == 2
    assert bounded("show", "vgg16", "--columns", "\x1b[31m")[0] == 2
    assert bounded("show", "vgg16", "--convention", "\x1b[31m")[0] == 2
    assert bounded("explain", "vgg16", "\x1b[31m")[0] == 2


@pytest.mark.parametrize("value", ["9" * 30, "9" * 5000, "0", "-1"])
@pytest.mark.parametrize("option", ["--batch", "--input", "--depth"])
def test_numbers_on_the_command_line(option, value):
    status, out, _ = bounded("show", "lenet5", option, value)
    assert (status, bool(out)) in ((2, False), (0, True))
    assert (option, status) == ("--depth", 0) or status == 2


def test_figures_are_not_looked_up_for_ever(monkeypatch):
    import archcalc.published.check

    monkeypatch.setattr(archcalc.published.check, "MAX_LOOKED", 1_000)
    figures = "  - {params: 84, cite: s}\n" * 600
    text = f"{WHOLE}sources: {{s: {{title: s}}}}\npublished:\n{figures}"
    result = run("check", "-", input=text)
    assert result.exit_code == 3
    assert "more than 1,000 layers" in result.stderr


def test_a_training_branch_that_stores_nothing_is_not_in_the_trunk():
    import archcalc

    report = archcalc.loads(spec("{training: [scale]}", "{conv: 3}")).analyze()
    assert [layer.op for layer in report.layers] == ["input", "conv"]
    assert report.params == sum(layer.params for layer in report.layers)


def test_names_of_a_branch_that_is_left_out_stand_for_nothing():
    branch = "{name: aux, training: [{name: deep, conv: {filters: 8, kernel: 7}}]}"
    text = spec(branch, "{conv: 3}", "{from: aux/deep, relu: }")
    result = run("show", "-", "--input", "4", input=text)
    assert result.exit_code == 3
    assert "no layer 'aux/deep' before this one" in result.stderr


def test_text_that_is_half_a_character():
    import archcalc
    from archcalc.errors import SpecError

    with pytest.raises(SpecError, match="<text>:2:4: not Unicode text"):
        archcalc.loads("name: a\nb: \ud800")


@pytest.mark.parametrize("size", [0, (0, 3), (3, 8, -1), (10**16,), (1, 2, 3, 4), ()])
def test_sizes_that_cannot_be(size):
    import archcalc
    from archcalc.errors import RequestError

    with pytest.raises(RequestError):
        archcalc.loads(WHOLE).analyze(size)


def test_what_a_branch_left_out_has_made_is_not_copied():
    """At this input the first branch does not fit; the second calls the same block, and has to make it anew."""
    import archcalc

    blocks = "blocks: {half: {layers: [{conv: {filters: 2, stride: 2, kernel: 2}}, relu]}}"
    first = "{training: [half, {conv: {filters: 8, kernel: 5}}]}"
    model = archcalc.loads(spec(first, "{training: [half, {fc: 3}]}", "{conv: 3}", head=blocks))
    report = model.analyze(8, training=True)
    names = [layer.name for layer in report.layers]
    assert names == ["input", "training_2/half_1/conv_1", "training_2/half_1/relu_1", "training_2/fc_1", "conv_1"]
    assert [layer.node.sources for layer in report.layers] == [(), (0,), (1,), (2,), (0,)]


def test_networks_of_one_file_are_bounded_together(tmp_path, monkeypatch):
    from archcalc import validation

    monkeypatch.setattr(validation, "MAX_WRITTEN", 6)
    file = tmp_path / "family.yaml"
    text = """input: [3, 8, 8]
args: {n: 1}
layers: [{conv: 3, repeat: =n}]
variants: {one: {set: {n: 2}}, two: {set: {n: %d}}}
"""
    file.write_text(text % 2, encoding="utf-8")
    assert run("validate", file).exit_code == 0
    file.write_text(text % 3, encoding="utf-8")
    result = run("validate", file)
    assert result.exit_code == 2
    assert "networks of more than 6 layers together" in result.stderr
