"""Completion in the shell, by the protocol that click's scripts speak, and its installation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running import runner
from systems import devices, links, pipes

import archcalc
import archcalc.cli.files
from archcalc.cli import COMMANDS, cli
from archcalc.conventions.convention import conventions
from archcalc.engine.layer import DTYPES
from archcalc.render.columns import BY_WORD
from archcalc.render.formats import FORMATS
from archcalc.summaries import names

ROOT = Path(archcalc.__file__).parent.parent


def complete(line: str, shell: str = "bash", folder: Path | None = None) -> list[str]:
    """Return what is offered for the last word of a line; files as ``file``."""
    words = line.split(" ")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_ARCHCALC_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": line.strip() if shell == "bash" else line,
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "archcalc"], capture_output=True, encoding="utf-8", env=environment, check=False,
        cwd=folder,
    )  # fmt: skip
    assert done.stderr == ""
    lines = [each for each in done.stdout.splitlines() if each]
    if shell == "zsh":
        return lines[1::3]
    found = [each.partition(",") for each in lines]
    return [kind if kind == "file" else value.partition("\t")[0] for kind, _, value in found]


def test_commands():
    assert set(complete("archcalc ")) >= {"show", "check", "completion"}
    assert complete("archcalc sh") == ["show"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_networks_and_their_aliases(shell):
    found = complete("archcalc show vgg", shell)
    assert {"vgg16", "vgg19", "vgg-d"} <= set(found)
    assert all(name.startswith("vgg") for name in found)


def test_models_behind_a_library():
    assert "timm:resnet50" in complete("archcalc show timm:resn", "fish")
    assert not any(":" in name for name in complete("archcalc show t", "fish"))


@pytest.mark.parametrize("command", ["show", "compare", "explain", "check", "conventions"])
def test_every_network_is_offered(command, tmp_path):
    assert set(complete(f"archcalc {command} ", folder=tmp_path)) >= set(names())


def test_spec_files_beside_are_offered_and_files_in_folders_left_to_the_shell(tmp_path):
    (tmp_path / "mine.yaml").write_text("", encoding="utf-8")
    (tmp_path / "minutes.txt").write_text("", encoding="utf-8")
    assert complete("archcalc show mi", folder=tmp_path) == ["mine.yaml"]
    assert complete("archcalc show ./mi", folder=tmp_path) == ["file"]
    assert complete("archcalc validate mi", folder=tmp_path) == ["mine.yaml"]
    assert complete("archcalc show vgg16 -o mi", folder=tmp_path) == ["file"]


def test_layers_and_composites():
    assert complete("archcalc explain alexnet conv1") == ["conv1"]
    assert {"3a", "3b"} <= set(complete("archcalc explain googlenet 3"))
    found = complete("archcalc explain resnet50 conv2_x/b")
    assert found and all(name.startswith("conv2_x/b") for name in found)


def test_nothing_is_offered_where_nothing_can_be_known(tmp_path):
    (tmp_path / "broken.yaml").write_text("name: [", encoding="utf-8")
    assert complete("archcalc explain no_such_network c") == []
    assert complete("archcalc explain broken.yaml c", folder=tmp_path) == []
    assert complete("archcalc explain - c") == []
    assert complete("archcalc show --set w") == []


@pytest.mark.parametrize(
    "text",
    [
        '{name: "", input: [3, 8, 8], layers: [relu]}',
        '{name: n, input: [3, 8, 8], layers: [{name: "", relu: }]}',
        '{name: n, input: [3, 8, 8], blocks: {"": {layers: [relu]}}, layers: [relu]}',
        "{name: n, input: [3, 8, 8], variants: {'': {}}, layers: [relu]}",
        "{name: n, input: [3, 8, 8], aliases: [''], layers: [relu]}",
        "{name: n, input: [3, 8, 8], args: {'': 1}, layers: [relu]}",
        "name: [\x00",
        "- a",
        "",
    ],
)
def test_a_broken_spec_offers_nothing_and_fails_nowhere(tmp_path, text):
    (tmp_path / "n.yaml").write_text(text, encoding="utf-8")
    assert complete("archcalc explain n.yaml c", folder=tmp_path) == []
    assert complete("archcalc show n.yaml --set w", folder=tmp_path) == []


def test_a_fault_of_our_own_is_no_traceback_in_the_line_that_is_typed(monkeypatch):
    from archcalc.cli import candidates

    monkeypatch.setattr(candidates, "layers", lambda *_: 1 / 0)
    assert candidates.offer("layers", None, "c") == []


def test_columns_also_behind_commas_and_plus():
    assert set(complete("archcalc show vgg16 --columns ")) == {"all", *BY_WORD}
    assert complete("archcalc show vgg16 --columns layer,mem") == ["layer,memory", "layer,memory_share"]
    assert complete("archcalc show vgg16 -c +macs,+macs") == ["+macs,+macs_share"]


def test_conventions_types_formats_verdicts_and_arguments():
    assert set(complete("archcalc show vgg16 --convention ")) == set(conventions())
    assert set(complete("archcalc show vgg16 --dtype ")) == set(DTYPES)
    assert set(complete("archcalc show vgg16 --format ")) == set(FORMATS)
    assert complete("archcalc check --format ju") == ["junit"]
    assert complete("archcalc check --only differs,mis") == ["differs,misprint"]
    assert {"n2=", "n5="} <= set(complete("archcalc show resnet50 --set n"))
    assert complete("archcalc completion z") == ["zsh"]


def test_options_of_every_command():
    for name in COMMANDS:
        assert "--help" in complete(f"archcalc {name} --h")


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("SHELL", "/usr/bin/bash")
    return tmp_path


def run(*arguments: str):
    return runner().invoke(cli, ["completion", *arguments], prog_name="archcalc")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_printed(shell, home):
    result = run(shell)
    assert result.exit_code == 0
    assert f"_ARCHCALC_COMPLETE={shell}_complete" in result.output
    assert list(home.iterdir()) == []


def test_the_shell_is_that_of_the_user(home, monkeypatch):
    assert run().output == run("bash").output
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    result = run()
    assert result.exit_code == 2
    assert "which shell? archcalc completion bash|zsh|fish" in result.stderr


@pytest.mark.parametrize(
    ("shell", "script", "start_up"),
    [
        ("bash", ".local/share/archcalc/completion.bash", ".bashrc"),
        ("zsh", ".local/share/archcalc/completion.zsh", ".zshrc"),
        ("fish", ".config/fish/completions/archcalc.fish", None),
    ],
)
def test_installing_twice_is_installing_once(shell, script, start_up, home):
    if start_up:
        (home / start_up).write_text("alias ll='ls -l'", encoding="utf-8")
    first = run(shell, "--install")
    assert first.exit_code == 0
    assert (home / script).read_text(encoding="utf-8") == run(shell).output
    assert f"{home / script} written." in first.output
    files = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    again = run(shell, "--install")
    assert f"{home / script} is up to date." in again.output
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == files
    if start_up:
        lines = (home / start_up).read_text(encoding="utf-8").splitlines()
        assert len(lines) == 2
        assert str(home / script) in lines[1]
        assert "reads it already" in again.output


@pytest.mark.parametrize("named", ["", "relative", "./here"])
def test_nothing_is_installed_in_the_folder_that_one_works_in(home, monkeypatch, named):
    (home / "work").mkdir()
    monkeypatch.chdir(home / "work")
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, named)
    for shell in ("bash", "fish"):
        assert run(shell, "--install").exit_code == 0
    assert list((home / "work").iterdir()) == []
    assert (home / ".config/fish/completions/archcalc.fish").is_file()


@links
def test_a_start_up_file_that_is_a_link_stays_one(home):
    (home / "dotfiles").mkdir()
    (home / "dotfiles" / "bashrc").write_text("", encoding="utf-8")
    (home / ".bashrc").symlink_to(home / "dotfiles" / "bashrc")
    assert run("bash", "--install").exit_code == 0
    assert (home / ".bashrc").is_symlink()
    assert "completion.bash" in (home / "dotfiles" / "bashrc").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_said(home):
    (home / ".local").write_text("a file, no folder", encoding="utf-8")
    result = run("bash", "--install")
    assert result.exit_code == 2
    assert str(home / ".local") in result.stderr


@pipes
@devices
@pytest.mark.parametrize("what", ["pipe", "device", "folder"])
@pytest.mark.parametrize("place", [".bashrc", ".local/share/archcalc/completion.bash"])
def test_what_is_no_file_is_not_waited_for(home, what, place):
    path = home / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    result = run("bash", "--install")
    assert result.exit_code == 2
    assert result.stderr == f"{path}: {'Is a directory' if what == 'folder' else 'not a regular file'}\n"


def test_a_start_up_file_keeps_its_bytes_and_its_permissions(home):
    before = b"# caf\xe9, latin-1\r\nexport A=1"
    (home / ".bashrc").write_bytes(before)
    (home / ".bashrc").chmod(0o600)
    assert run("bash", "--install").exit_code == 0
    data = (home / ".bashrc").read_bytes()
    assert data.startswith(before + b"\n[ -r ")
    assert data.endswith(b"# archcalc completion\n")
    if os.name == "posix":
        assert (home / ".bashrc").stat().st_mode & 0o777 == 0o600


def test_a_start_up_file_stays_where_the_disk_is_full(home, monkeypatch):
    """Half a line would be a mistake in every shell that starts."""
    (home / ".bashrc").write_text("export A=1\n", encoding="utf-8")
    written = os.write
    monkeypatch.setattr(archcalc.cli.files.os, "write", lambda handle, data: written(handle, data[:10]))
    result = run("bash", "--install")
    assert result.exit_code == 2
    assert ".bashrc: no room" in result.stderr
    assert (home / ".bashrc").read_text(encoding="utf-8") == "export A=1\n"


@links
def test_a_link_that_leads_to_no_start_up_file_yet_gets_one(home):
    (home / ".bashrc").symlink_to(home / "dotfiles")
    assert run("bash", "--install").exit_code == 0
    assert (home / ".bashrc").is_symlink()
    assert "completion.bash" in (home / "dotfiles").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_reads_what_is_installed(home):
    assert run("bash", "--install").exit_code == 0
    (home / "bin").mkdir()
    program = home / "bin" / "archcalc"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m archcalc "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    typed = "COMP_WORDS=(archcalc show vgg1); COMP_CWORD=2"
    script = f'. ~/.bashrc; {typed}; _archcalc_completion archcalc; echo "${{COMPREPLY[@]}}"'
    environment = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, encoding="utf-8", env=environment, check=False, cwd=home
    )
    assert "vgg16" in done.stdout.split(), done.stderr


def test_completing_is_imported_only_then():
    script = (
        "import sys; from archcalc.cli import cli; cli(['show', 'vgg16', '--format', 'json'], standalone_mode=False);"
        "late = {'archcalc.cli.candidates', 'click.shell_completion'};"
        "print(sorted(late & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stderr.strip() == "[]"
