"""What helps at the terminal: help texts, what is said where nothing was asked, colours and characters."""

from __future__ import annotations

import json
import shlex
from xml.etree import ElementTree as Xml

import click
import pytest
from running import runner

from archcalc.cli import COMMANDS, cli


def run(*arguments: str, width: int = 80, **environment: str):
    environment = {"COLUMNS": str(width), **environment}
    return runner().invoke(cli, arguments, prog_name="archcalc", env=environment, color=True)


CHARTS = [f"chart {kind}" for kind in ("compare", "layers", "memory", "time", "errors")]


@pytest.mark.parametrize("command", [None, *COMMANDS, *CHARTS])
def test_help_fits_80_columns_and_has_examples_first(command):
    text = run(*(command.split() if command else []), "--help", width=80).stdout
    assert max(map(len, text.splitlines())) <= 80
    paragraphs = [each.strip() for each in text.split("\n\n")]
    assert paragraphs[0].startswith("Usage: archcalc")
    assert paragraphs[2].startswith("Examples:"), "after one paragraph that says what it does"


def test_every_kind_of_chart_is_looked_at():
    found = cli.get_command(click.Context(cli), "chart")
    assert isinstance(found, click.Group)
    assert [f"chart {kind}" for kind in found.commands] == CHARTS
    options = [each for kind in found.commands.values() for each in kind.params if isinstance(each, click.Option)]
    assert all(each.help for each in options)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_says_what_it_does(command):
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    assert found.short_help
    assert all(each.help for each in found.params if isinstance(each, click.Option))


@pytest.mark.parametrize("command", [*COMMANDS, *CHARTS])
def test_examples_are_options_and_commands_that_there_are(command):
    text = run(*command.split(), "--help").stdout
    lines = [line.strip() for line in text.partition("Examples:")[2].split("\n\n")[0].splitlines() if line.strip()]
    assert lines
    for line in lines:
        words = shlex.split(line.split("   ")[0].split(" | ")[0].replace("nets/*.yaml", "net.yaml"))
        assert words[0] == "archcalc"
        found = cli.get_command(click.Context(cli), words[1])
        assert found is not None
        context = found.make_context(words[1], words[2:])
        if isinstance(found, click.Group):
            found.commands[words[2]].make_context(words[2], words[3:], parent=context)


@pytest.mark.parametrize("arguments", [[], *([name] for name in ("show", "compare", "explain", "validate", "new"))])
def test_where_nothing_is_asked_it_says_what_to_type(arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    command = " ".join(["archcalc", *arguments])
    assert result.stderr.startswith(f"Usage: {command} ")
    assert f"\n  {command} " in result.stderr
    assert result.stderr.endswith(f"\nSee {command} --help.\n")
    assert len(result.stderr.splitlines()) < 16


def test_colours_by_option_go_before_everything_else():
    escape = "\x1b["
    assert escape not in run("show", "vgg16").stdout
    assert escape in run("show", "vgg16", "--color").stdout
    assert escape in run("show", "vgg16", "--color", NO_COLOR="1").stdout
    assert escape not in run("show", "vgg16", "--color", "--no-color").stdout
    for format in ("plain", "csv", "json", "markdown"):
        assert escape not in run("show", "vgg16", "--color", "--format", format).stdout


def test_no_colours_in_a_file(tmp_path):
    file = tmp_path / "out.txt"
    assert run("show", "vgg16", "--color", "-o", str(file)).exit_code == 0
    assert "\x1b[" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("format", ["table", "plain", "markdown", "csv", "tsv", "json", "latex", "html"])
def test_ascii_holds_for_every_format(format, tmp_path):
    arguments = ["explain", "vgg16", "conv1_1", "--format", format]
    printed = run(*arguments, "--ascii").stdout
    assert printed.isascii()
    assert len(printed) > 300
    file = tmp_path / "out"
    run(*arguments, "--ascii", "-o", str(file))
    assert file.read_bytes().isascii()


def test_ascii_loses_no_data(tmp_path):
    net = tmp_path / "net.yaml"
    text = 'name: "größe"\ntitle: "Größe → 2²"\ninput: [3, 8, 8]\nlayers: [{fc: 3}]\nexpect: {params: <= 3}\n'
    net.write_text(text, encoding="utf-8")
    data = json.loads(run("show", str(net), "--format", "json", "--ascii").stdout)
    assert data == json.loads(run("show", str(net), "--format", "json").stdout)
    junit = run("check", str(net), "--format", "junit", "--ascii")
    assert junit.stdout.isascii()
    assert "größe" in [each.get("name") for each in Xml.fromstring(junit.stdout)]
    assert junit.stderr.isascii()
    assert "-> 2^2" in run("show", str(net), "--ascii").stdout
