"""What docs/ci.md tells others to run: hooks and workflow files that read well, of commands that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from archcalc.cli import cli

ROOT = Path(__file__).parent.parent
HOOKS = ROOT / ".pre-commit-hooks.yaml"
PAGE = ROOT / "docs" / "ci.md"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the documentation is not here")


def is_a_command(line: str) -> bool:
    """Whether a line is a command of archcalc with options that it has; files may be named as they like."""
    words = shlex.split(line.split(" > ")[0].split(" >> ")[0])
    assert words[0] == "archcalc"
    command = cli.get_command(click.Context(cli), words[1])
    assert command is not None, line
    files = [] if re.search(r"\*|\.yaml", line) or len(words) < 2 else ["net.yaml"]
    command.make_context(words[1], [*words[2:], *files])
    return True


def blocks() -> list[object]:
    found = re.findall(r"^```yml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [yaml.safe_load(text) for text in found]


@pytest.mark.skipif(not HOOKS.is_file(), reason="a source distribution has no hooks")
def test_hooks_are_what_pre_commit_wants():
    hooks = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["archcalc-validate", "archcalc-check"]
    for hook in hooks:
        assert {"id", "name", "entry", "language", "files"} <= set(hook)
        assert (hook["language"], hook["types"]) == ("python", ["yaml"])
        assert is_a_command(hook["entry"])
        assert re.search(hook["files"], "nets/my_net.yaml")
        assert not re.search(hook["files"], ".github/workflows/nets.yml")


def test_the_page_uses_the_hooks_that_there_are():
    known = {"archcalc-validate", "archcalc-check"}
    configurations = [block for block in blocks() if "repos" in block]
    assert configurations
    for configuration in configurations:
        for repository in configuration["repos"]:
            for hook in repository["hooks"]:
                assert hook["id"] in known
                if repository["repo"] == "local":
                    assert is_a_command(hook["entry"])


def test_the_workflow_runs_commands_that_there_are():
    (workflow,) = [block for block in blocks() if "jobs" in block]
    runs = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    commands = [run for run in runs if run.startswith("archcalc")]
    assert len(commands) >= 3
    assert all(map(is_a_command, commands))


def test_what_is_said_to_run_are_commands_that_there_are():
    lines = re.findall(r"^(archcalc .*?)(?:   .*)?$", PAGE.read_text(encoding="utf-8"), re.M)
    assert lines
    assert all(map(is_a_command, lines))
