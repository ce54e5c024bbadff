"""Paths, line ends and encodings of other systems, as far as they can be tried here."""

from __future__ import annotations

import ntpath
import os
import subprocess

import pytest
from running import command, environment, run, run_apart

from archcalc import zoo
from archcalc.cli import new

SPEC = "name: net\ninput: [3, 8, 8]\nlayers:\n  - {name: c, conv: 3}\n"
RULES = "mine:\n  title: t\n  says: s\n  source: x\n  cost: {default: =mac}\n"


@pytest.mark.parametrize(
    ("name", "file", "choice"),
    [
        (r"C:\nets\a.yaml", r"C:\nets\a.yaml", ""),
        (r"C:\nets\a.yaml:small", r"C:\nets\a.yaml", "small"),
        (r"C:a.yaml", r"C:a.yaml", ""),
        (r"..\a.yaml:b", r"..\a.yaml", "b"),
        (r"\\server\share\a.yaml:b", r"\\server\share\a.yaml", "b"),
        ("a.yaml", "a.yaml", ""),
        ("a.yaml:b", "a.yaml", "b"),
    ],
)
def test_a_drive_is_no_choice_of_a_network(monkeypatch, name, file, choice):
    monkeypatch.setattr(zoo.os.path, "splitdrive", ntpath.splitdrive)
    assert zoo._file_and_choice(name) == (file, choice)


@pytest.mark.parametrize("name", [r"nets\vgg16", r"C:\nets\vgg16", r".\vgg16", "nets/vgg16"])
def test_what_has_the_systems_separator_is_a_path(monkeypatch, name):
    monkeypatch.setattr(zoo.os, "sep", "\\")
    assert zoo._is_path(name)
    assert not zoo._is_path("vgg16")


def test_a_network_of_a_file_in_a_folder_with_a_colon(tmp_path):
    if os.name == "nt":
        pytest.skip("no colons in names here")
    folder = tmp_path / "a:b"
    folder.mkdir()
    (folder / "net.yaml").write_text(SPEC, encoding="utf-8")
    assert run("show", folder / "net.yaml").exit_code == 0
    assert run("show", f"{folder}/net.yaml:net").exit_code == 0


def test_a_name_with_spaces_is_quoted_as_the_system_does(monkeypatch):
    assert new._shell("a b.yaml") in ("'a b.yaml'", '"a b.yaml"')
    monkeypatch.setattr(os, "name", "nt")
    assert (new._shell("a b.yaml"), new._shell(r"C:\a.yaml")) == ('"a b.yaml"', r"C:\a.yaml")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_files_of_all_editors_are_read_alike(tmp_path, mark, end):
    spec, rules = tmp_path / "net.yaml", tmp_path / "rules.yaml"
    spec.write_bytes(mark + SPEC.replace("\n", end).encode())
    rules.write_bytes(mark + RULES.replace("\n", end).encode())
    for format in ("table", "json"):
        plain = run("show", "-", "--format", format, input=SPEC)
        assert run("show", spec, "--format", format).stdout == plain.stdout
    assert "under 'mine'" in run("show", spec, "--convention", rules).stdout
    assert "line 4)" in run("explain", spec, "c").stdout
    spec.write_bytes(mark + SPEC.replace("conv:", "convv:").replace("\n", end).encode())
    assert run("show", spec).stderr.startswith(f"{spec}:4:15: ")
    rules.write_bytes(mark + RULES.replace("=mac", "=mcas").replace("\n", end).encode())
    assert run("conventions", "--convention", rules).stderr.startswith(f"{rules}:5:20: ")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_refused_with_a_hint(tmp_path, encoding):
    """As Windows PowerShell writes what is redirected to a file."""
    file = tmp_path / "net.yaml"
    file.write_bytes(("" if encoding in ("utf-16", "utf-32") else "\ufeff").encode(encoding) + SPEC.encode(encoding))
    result = run("show", file)
    assert result.exit_code == 3
    hint = "" if encoding == "utf-32-be" else "; it begins as UTF-16 does: save it as UTF-8"
    assert result.stderr.startswith(f"{file}:1:1: not UTF-8 text{hint}\n")


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "utf-16-le", "ascii", "euc-jp", "koi8-r"])
@pytest.mark.parametrize("line", ["show lenet5", "explain alexnet conv1", "compare lenet5 alexnet", "check lenet5"])
def test_what_is_piped_elsewhere_is_in_that_systems_encoding(line, encoding):
    """Only what an encoding lacks is written otherwise; the rest is as it is in UTF-8."""
    words = command(*line.split())
    done = subprocess.run(words, capture_output=True, env=environment(PYTHONIOENCODING=encoding), check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding).replace("\r\n", "\n")
    assert "?" not in text.replace("?", "", run_apart(*line.split()).stdout.count("?"))
    if encoding == "utf-16-le":
        assert text == run_apart(*line.split()).stdout


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_messages_are_said_in_any_encoding(tmp_path, encoding):
    file = tmp_path / "größe数.yaml"
    file.write_text(SPEC.replace("conv: 3", "conv: größe数"), encoding="utf-8")
    done = subprocess.run(
        command("show", file), capture_output=True, env=environment(PYTHONIOENCODING=encoding), check=False
    )
    assert done.returncode == 3
    said = done.stderr.decode(encoding)
    assert len(said.splitlines()) == 3
    assert "gr\xf6" in said if encoding == "cp1252" else "gro" in said


def test_files_written_are_the_same_on_all_systems(tmp_path):
    """UTF-8 with plain line ends, whatever the locale is."""
    out = tmp_path / "out.txt"
    assert run_apart("show", "lenet5", "-o", out, PYTHONIOENCODING="cp1252", LC_ALL="C").returncode == 0
    assert out.read_bytes().decode() == run("show", "lenet5", "--format", "plain").stdout
    assert b"\r" not in out.read_bytes()
