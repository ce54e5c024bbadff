"""Files that are written: never over what was read, whole or not at all, and without waiting."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from running import ROOT, command, environment, run, run_apart
from systems import full_disk, links, pipes, posix

import archcalc.cli.files
from archcalc.errors import RequestError

SPEC = "name: net\ninput: [3, 8, 8]\nlayers: [{name: c, conv: 3}]\n"
OTHER = SPEC.replace("net", "other").replace("conv: 3", "conv: 4")
CARDS = "mine: {title: t, memory: 1GB, bandwidth: 100GB/s, peak: {float32: 1T}, source: here}\n"
RULES = "mine: {title: t, says: s, source: x, cost: {default: =mac}}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with two specs and a file of conventions, to work in."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("net.yaml", SPEC), ("other.yaml", OTHER), ("rules.yaml", RULES), ("cards.yaml", CARDS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


READING = [
    ("show net.yaml", "net.yaml"),
    ("show net.yaml other.yaml", "other.yaml"),
    ("show net.yaml --format json", "net.yaml"),
    ("show net.yaml --convention rules.yaml", "rules.yaml"),
    ("show net.yaml --convention rules.yaml:mine --format json", "rules.yaml"),
    ("compare net.yaml other.yaml --convention rules.yaml", "rules.yaml"),
    ("explain net.yaml c --convention rules.yaml", "rules.yaml"),
    ("check net.yaml --convention rules.yaml", "rules.yaml"),
    ("check net.yaml other.yaml --format junit", "other.yaml"),
    ("conventions --convention rules.yaml", "rules.yaml"),
    ("conventions net.yaml --convention rules.yaml", "net.yaml"),
    ("memory net.yaml", "net.yaml"),
    ("memory net.yaml --fit cards.yaml", "cards.yaml"),
    ("time net.yaml --device cards.yaml:mine", "cards.yaml"),
    ("devices cards.yaml", "cards.yaml"),
    ("why net.yaml --to other.yaml", "other.yaml"),
    ("why net.yaml --from other.yaml --to macs", "other.yaml"),
    ("why net.yaml --to other.yaml:other:pooling", "other.yaml"),
    ("why net.yaml --to mine --convention rules.yaml", "rules.yaml"),
    ("why net.yaml --reported 576 --convention rules.yaml", "rules.yaml"),
]


@pytest.mark.parametrize(("line", "read"), READING, ids=lambda value: value)
def test_what_a_command_reads_is_never_written(folder, line, read):
    before = (folder / read).read_bytes()
    result = run(*line.split(), "-o", read)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"{read} is an input of this command; choose another output file\n")
    assert (folder / read).read_bytes() == before


@pytest.mark.parametrize(("line", "read"), [READING[3], READING[15]], ids=lambda value: value)
@pytest.mark.parametrize("way", ["another path", pytest.param("symbolic link", marks=links), "hard link"])
def test_by_whatever_name_it_is_called(folder, line, read, way):
    before, out = (folder / read).read_bytes(), folder / "link"
    if way == "another path":
        out = folder / ".." / folder.name / read
    elif way == "symbolic link":
        out.symlink_to(read)
    else:
        out.hardlink_to(folder / read)
    result = run(*line.split(), "-o", out)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{out} is an input of this command; choose another output file\n" == result.stderr
    assert (folder / read).read_bytes() == before


@pytest.mark.parametrize(("line", "read"), [READING[3], READING[15]], ids=lambda value: value)
def test_what_another_run_has_read_can_be_written(folder, line, read):
    assert run(*line.split()).exit_code in (0, 1)
    assert run("show", "lenet5", "--format", "plain", "-o", read).exit_code == 0
    assert "LeNet-5" in (folder / read).read_text(encoding="utf-8")


def test_one_of_archcalcs_own_specs_is_never_written(folder):
    from archcalc.zoo import find

    file = find("lenet5").family.source.file
    before = Path(file).read_bytes()
    assert run("show", "lenet5", "-o", file).exit_code == 2
    assert Path(file).read_bytes() == before


def test_a_file_that_was_put_in_the_place_of_what_was_read_stays(folder):
    """An editor may save a spec while it is being read: by its name it is still what was read."""
    from archcalc.text.source import forget_what_was_read, read_file, was_read

    forget_what_was_read()
    read_file("net.yaml")
    (folder / "saved").write_text(OTHER, encoding="utf-8")
    (folder / "saved").replace("net.yaml")
    assert was_read("net.yaml")
    assert not was_read("other.yaml")
    assert not was_read("none.yaml")
    forget_what_was_read()
    assert not was_read("net.yaml")


# A new file


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


@full_disk
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize("blocks", [0, 1])
def test_a_starter_spec_is_whole_or_not_there(folder, blocks):
    line = f'ulimit -f {blocks}; exec "{sys.executable}" -m archcalc new a'
    quiet = environment(PYTHONDONTWRITEBYTECODE="1")  # Python would leave cut files of its own
    done = subprocess.run(["bash", "-c", line], capture_output=True, encoding="utf-8", env=quiet, check=False)
    assert done.returncode == 2
    assert done.stderr == f"a.yaml: {os.strerror(errno.EFBIG)}\n"
    assert not (folder / "a.yaml").exists()
    assert run("new", "a").exit_code == 0, "nothing is in the way of the next one"


def test_an_interrupt_leaves_no_half_file(folder, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(archcalc.cli.files, "_fill", interrupted)
    before = sorted(folder.iterdir())
    for write in (archcalc.cli.files.create, archcalc.cli.files.save):
        with pytest.raises(KeyboardInterrupt):
            write("text", "new.txt")
    assert sorted(folder.iterdir()) == before


@links
def test_what_is_there_is_never_replaced_by_a_new_file(folder):
    (folder / "dangling").symlink_to("nowhere")
    for name in ("net.yaml", "dangling"):
        with pytest.raises(RequestError, match="already exists"):
            archcalc.cli.files.create("text", name)
    assert (folder / "net.yaml").read_text(encoding="utf-8") == SPEC


def test_a_line_is_added_whole_or_not_at_all(folder, monkeypatch):
    archcalc.cli.files.append("one\n", "lines")
    archcalc.cli.files.append("two\n", "lines")
    assert (folder / "lines").read_bytes() == b"one\ntwo\n"
    written = os.write
    monkeypatch.setattr(archcalc.cli.files.os, "write", lambda handle, data: written(handle, data[:2]))
    with pytest.raises(RequestError, match="lines: no room"):
        archcalc.cli.files.append("three\n", "lines")
    monkeypatch.setattr(archcalc.cli.files.os, "write", full)
    with pytest.raises(RequestError, match="lines: No space left"):
        archcalc.cli.files.append("three\n", "lines")
    assert (folder / "lines").read_bytes() == b"one\ntwo\n"


def test_lines_end_alike_on_all_platforms(folder):
    assert run("show", "net.yaml", "-o", "out.txt").exit_code == 0
    assert run("new", "fresh").exit_code == 0
    for name in ("out.txt", "fresh.yaml"):
        assert b"\r" not in (folder / name).read_bytes()


# Names


@pytest.mark.parametrize("command", [["show", "lenet5"], ["schema"], ["new", "a"], ["check", "lenet5", "-f", "junit"]])
@pytest.mark.parametrize(
    ("name", "message"),
    [("", "the name of the file to write is empty\n"), ("out.yaml/", "out.yaml/: "), (".", "."), ("net.yaml/a", "a: ")],
)
def test_a_name_that_is_no_files(folder, command, name, message):
    before = sorted(folder.iterdir())
    result = run(*command, "-o", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("line", ["show lenet5", "check lenet5 --format junit", "list lenet --format csv", "schema"])
def test_a_dash_is_standard_output(folder, line):
    before = sorted(folder.iterdir())
    assert run(*line.split(), "-o", "-").stdout == run(*line.split()).stdout
    assert sorted(folder.iterdir()) == before


# Pipes, devices and streams


@pipes
def test_a_pipe_that_nobody_reads_is_not_waited_for(folder):
    os.mkfifo("pipe")
    done = subprocess.run(
        command("show", "lenet5", "-o", "pipe"), capture_output=True, env=environment(), timeout=20, check=False
    )
    assert (done.returncode, done.stderr) == (2, b"pipe: a pipe without a reader\n")
    result = run("new", "a", "-o", "pipe")
    assert (result.exit_code, "already exists" in result.stderr) == (2, True)


@pipes
def test_a_pipe_with_a_slow_reader_gets_all(folder):
    """More than a pipe holds is written while somebody reads it, late and in small pieces."""
    os.mkfifo("pipe")
    found = []

    def read():
        with (folder / "pipe").open("rb", buffering=0) as pipe:
            while piece := pipe.read(5000):
                found.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    line = command("show", "googlenet", "resnet50", "densenet121", "--all", "-o", "pipe")
    process = subprocess.Popen(line, env=environment(), stderr=subprocess.PIPE)
    # where the reader came too late it is told, and tries again
    while b"nobody reads" in process.communicate(timeout=60)[1]:
        process = subprocess.Popen(line, env=environment(), stderr=subprocess.PIPE)
    reader.join(timeout=60)
    assert process.returncode == 0
    assert b"".join(found).decode() == run(*line[3:-2]).stdout
    assert len(b"".join(found)) > 70_000, "more than a pipe holds"


@posix
@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no /dev/stdout here")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
def test_the_stream_that_is_open_is_written(folder, name):
    line = command("show", "lenet5", "-o", name)
    printed = subprocess.run(line, capture_output=True, env=environment(), check=False)
    assert (printed.returncode, printed.stderr) == (0, b"")
    assert b"LeNet-5" in printed.stdout
    log = folder / "log"
    log.write_bytes(b"before\n")
    with log.open("ab") as out:  # as in: >> log
        subprocess.run(line, stdout=out, env=environment(), check=True)
    assert log.read_bytes() == b"before\n" + printed.stdout


# From a zip


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    """archcalc as one file, with its specs inside the package as an installed one has them."""
    import zipapp

    base = tmp_path_factory.mktemp("zip")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "archcalc", base / "app" / "archcalc", ignore=ignored)
    if not (base / "app" / "archcalc" / "specs").exists():
        shutil.copytree(ROOT / "specs", base / "app" / "archcalc" / "specs", ignore=ignored)
    zipapp.create_archive(base / "app", base / "archcalc.pyz", main="archcalc.__main__:main")
    shutil.rmtree(base / "app")
    return base / "archcalc.pyz"


@pytest.mark.parametrize(
    "line",
    [
        "show lenet5",
        "list lenet",
        "list lenet",
        "conventions lenet5",
        "memory lenet5 --fit k40",
        "check lenet5",
        "schema",
    ],
)
def test_from_a_zip_all_is_as_it_is_from_a_folder(zipped, tmp_path, line):
    plain = {**environment(XDG_CACHE_HOME=str(zipped.parent / "cache")), "PYTHONPATH": ""}
    done = subprocess.run(
        [sys.executable, zipped, *line.split()],
        capture_output=True,
        encoding="utf-8",
        env=plain,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run_apart(*line.split(), folder=tmp_path).stdout


def test_what_is_remembered_from_a_zip_belongs_to_that_zip(zipped, tmp_path):
    """The list of networks is worked out once; the zip, with its time and size, is what it was worked out from."""
    plain = {**environment(XDG_CACHE_HOME=str(tmp_path)), "PYTHONPATH": ""}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, zipped, "list"], capture_output=True, encoding="utf-8", env=plain, check=True
        )
        assert done.stdout == run("list").stdout
        (memory,) = tmp_path.rglob("summaries*.json")
        state = zipped.stat()
        assert json.loads(memory.read_text(encoding="utf-8"))["signature"] == [
            [str(zipped), state.st_mtime_ns, state.st_size]
        ]
