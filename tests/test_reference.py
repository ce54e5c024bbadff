"""What the command line tells of itself: operations, pages of the documentation, the manual page."""

from __future__ import annotations

import json
import shutil
import subprocess

import click
import pytest
from running import ROOT, run, run_apart

from archcalc.cli import COMMANDS, cli
from archcalc.cli.pages import page, title, topic_by, topics
from archcalc.operations import OPERATIONS, operation
from archcalc.render.manual import manual
from archcalc.render.page import Target


def test_the_table_has_every_operation_and_its_words():
    listed = json.loads(run("operations", "-f", "json").stdout)
    assert [each["operation"] for each in listed] == list(OPERATIONS)
    words = {each["operation"]: {name for word in each["elsewhere"] for name in word["names"]} for each in listed}
    assert {"Conv2d", "Conv2D", "Convolution", "Conv"} <= words["conv"]
    rows = run("operations", "-f", "csv").stdout.splitlines()
    assert len(rows) == len(OPERATIONS) + 1
    assert rows[0] == "operation,description,PyTorch,Keras,Caffe,ONNX"


@pytest.mark.parametrize("word", OPERATIONS)
def test_each_operation_has_a_page(word):
    data = json.loads(run("operations", word, "-f", "json").stdout)
    type = operation(word)
    assert list(data["settings"]) == list(type.settings)
    assert len(data["examples"]) == len(type.examples) > 0
    text = run("operations", word, env={"COLUMNS": "80"}).stdout
    assert max(map(len, text.splitlines())) <= 80
    assert text.startswith(f"{word}: ")
    for example in type.examples:
        assert f"→ {' x '.join(map(str, example.output))}" in " ".join(text.split())


def test_a_page_says_what_a_convolution_takes_and_costs():
    text = run("operations", "conv").stdout
    for words in (
        "filters      a whole number of at least 1", "required", "C_out·H'·W'·C_in/G·K_h·K_w",
        "conv: {filters: 96, kernel: 11, stride: 4}: 3 x 227 x 227 → 96 x 55 x 55, 34,944 params",
        "PyTorch Conv2d: out_channels is `filters`",
    ):  # fmt: skip
        assert words in text
    assert "conv,filters," in run("operations", "conv", "-f", "csv").stdout


@pytest.mark.parametrize(
    ("word", "meant"),
    [("BatchNorm2d", ["bn"]), ("batch_norm", ["bn"]), ("Dense", ["fc"]), ("InnerProduct", ["fc"]), ("ReLU", ["relu"]),
     ("GlobalAveragePool", ["global_avg_pool"]), ("CONV", ["conv"])],
)  # fmt: skip
def test_operations_by_the_words_of_other_programs(word, meant):
    data = json.loads(run("operations", word, "-f", "json").stdout)
    found = [each["operation"] for each in (data if isinstance(data, list) else [data])]
    assert found[: len(meant)] == meant


@pytest.mark.parametrize(
    ("word", "words"),
    [("atention", "did you mean 'attention'?"), ("blah", "archcalc operations lists them, and custom")],
)
def test_no_such_operation(word, words):
    result = run("operations", word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_help_lists_commands_and_topics():
    text = run("help").stdout
    for name in (*COMMANDS, *topics()):
        assert f"\n  {name} " in text
    assert {"spec-format", "conventions", "commands", "memory"} <= set(topics())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_on_a_command_is_its_help(command):
    asked = run("help", command).stdout
    assert asked.startswith(run(command, "--help").stdout)
    assert (f"archcalc help {command}.md" in asked) == (command in topics())


@pytest.mark.parametrize("topic", topics())
def test_every_page_can_be_read(topic):
    text = manual(page(topic), Target(80))
    assert title(topic) in "".join(text.splitlines()[:2])  # rich before 14 draws a box around it
    assert max(map(len, text.splitlines())) <= 80
    assert "<!--" not in text
    assert "](" not in text.replace("]([", "")
    assert "\x1b" not in text


def test_a_page_in_a_pipe_is_plain_and_on_a_terminal_is_not():
    assert "\x1b" not in run("help", "memory.md").stdout
    assert "\x1b[" in run("help", "memory.md", "--color").stdout
    assert run("help", "memory.md", "--ascii").stdout.isascii()


@pytest.mark.parametrize(
    ("word", "topic"),
    [("spec-format", "spec-format"), ("Spec_Format.md", "spec-format"), ("figures", "published-figures"),
     ("convention", "conventions"), ("conv", None), ("x", None), ("format", "spec-format")],
)  # fmt: skip
def test_topics_by_their_words(word, topic):
    assert topic_by(word) == topic


@pytest.mark.parametrize(
    ("word", "words"),
    [("shwo", "did you mean 'show'?"), ("conv", "archcalc operations conv"), ("zzzzz", "; archcalc help lists both")],
)
def test_no_such_help(word, words):
    result = run("help", word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_the_manual_page_names_every_command_and_option():
    text = (ROOT / "docs" / "archcalc.1").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"\n.SS archcalc {name} " in text
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        section = text.partition(f"\n.SS archcalc {name} ")[2].partition("\n.SS ")[0]
        for option in (each for each in command.params if isinstance(each, click.Option)):
            assert option.opts[-1].replace("-", "\\-") in section


@pytest.mark.skipif(not shutil.which("groff"), reason="no groff here")
def test_groff_reads_the_manual_page():
    page = ROOT / "docs" / "archcalc.1"
    done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", page], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_help_without_the_pages_says_so(monkeypatch):
    monkeypatch.setattr("archcalc.cli.pages._HERE", "/nowhere")
    result = run("help", "spec-format")
    assert result.exit_code == 2
    assert "missing from this installation" in result.stderr


def test_help_in_a_process_of_its_own():
    done = run_apart("help", "show")
    assert done.stdout.startswith("Usage: archcalc show [OPTIONS] NET...")
