"""Output: pipes that close, disks that are full, files that may not be written, encodings, narrow terminals."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time

import pytest
from running import command, environment, run, run_apart
from systems import full_disk, links, posix

import archcalc.cli.files
import archcalc.cli.streams
from archcalc.zoo import spec_files

WHOLE = "name: net\ninput: [3, 8, 8]\nlayers: [{name: c, conv: 3}]\n"
LONG = ["show", "googlenet", "--all", "--format", "json"]
COMMANDS = [
    ["show", "lenet5"],
    ["compare", "lenet5", "alexnet"],
    ["explain", "lenet5", "C1"],
    ["explain", "lenet5"],
    ["check", "lenet5"],
    ["list", "lenet"],
]


def shell(line, **more):
    """Run a line of bash in which archcalc is the command."""
    text = f'archcalc() {{ "{sys.executable}" -m archcalc "$@"; }}; {line}'
    bash = shutil.which("bash") or pytest.skip("no bash")
    return subprocess.run(
        [bash, "-c", text], capture_output=True, encoding="utf-8", env=environment(**more), check=False
    )


@posix
@pytest.mark.parametrize(
    "arguments", [LONG, ["check", "vgg16", "resnet50", "googlenet"], ["list", "--format", "json"]], ids=" ".join
)
def test_a_closed_pipe_ends_quietly(arguments):
    done = shell(f"archcalc {' '.join(arguments)} | head -1 > /dev/null; echo ${{PIPESTATUS[0]}}")
    assert done.stderr == ""
    assert done.stdout in ("141\n", "0\n")  # 0 where all of it was in the pipe already


@posix
@pytest.mark.parametrize(
    "arguments", [["--help"], ["show", "--help"], ["--version"], ["completion", "bash"], ["schema"]]
)
def test_help_that_nobody_reads_ends_quietly(arguments):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command(*arguments), stdout=write, stderr=subprocess.PIPE, env=environment(), check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (archcalc.cli.streams.CLOSED_PIPE, b"")


@posix
def test_a_reader_that_is_not_there_ends_it_quietly():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command(*LONG), stdout=write, stderr=subprocess.PIPE, env=environment(), check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (archcalc.cli.streams.CLOSED_PIPE, b"")


@full_disk
@pytest.mark.parametrize(
    "arguments", [*COMMANDS, ["--help"], ["show", "--help"], ["validate", spec_files()[0]]], ids=" ".join
)
def test_a_full_disk_is_said_in_one_line(arguments):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(command(*arguments), stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)
    assert done.returncode == 2
    assert done.stderr.decode() == f"standard output: {os.strerror(errno.ENOSPC)}\n"


@full_disk
def test_a_full_disk_under_a_file():
    done = run_apart("show", "lenet5", "-o", "/dev/full")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"/dev/full: {os.strerror(errno.ENOSPC)}\n")


def test_no_half_written_file_is_left(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = tmp_path / "before.txt"
    before.write_text("as it was", encoding="utf-8")
    monkeypatch.setattr(archcalc.cli.files.os, "replace", full)
    for name in ("before.txt", "new.txt"):
        result = run("show", "lenet5", "-o", tmp_path / name)
        assert (result.exit_code, result.stderr) == (2, f"{tmp_path / name}: No space left on device\n")
    assert [path.name for path in tmp_path.iterdir()] == ["before.txt"]
    assert before.read_text(encoding="utf-8") == "as it was"


@posix
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing/table.txt", "No such file or directory"),
        (".", "Is a directory"),
        ("a\0b", "embedded null"),
        ("x" * 300, "too long"),
    ],
    ids=["no folder", "a folder", "no name", "a long name"],
)
def test_a_file_that_cannot_be_written_is_said_in_one_line(tmp_path, name, reason):
    result = run("show", "lenet5", "-o", f"{tmp_path}/{name}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert reason in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_that_may_not_be_written_stays(tmp_path, monkeypatch):
    file = tmp_path / "table.txt"
    file.write_text("mine", encoding="utf-8")
    file.chmod(0o444)
    monkeypatch.setattr(archcalc.cli.files.os, "access", lambda *_: False)  # root may write anything
    result = run("show", "lenet5", "-o", file)
    assert (result.exit_code, result.stderr) == (2, f"{file}: it is read-only\n")
    assert file.read_text(encoding="utf-8") == "mine"


@posix
def test_a_file_that_is_replaced_keeps_its_permissions_and_its_links(tmp_path):
    file, link = tmp_path / "table.txt", tmp_path / "link.txt"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    link.symlink_to(file)
    assert run("show", "lenet5", "-o", link).exit_code == 0
    assert link.is_symlink()
    assert "LeNet-5" in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert run("show", "lenet5", "-o", tmp_path / "new.txt").exit_code == 0
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new.txt").stat().st_mode) == 0o666 & ~mask
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.txt", "new.txt", "table.txt"]


@links
@pytest.mark.parametrize("arguments", [["show"], ["explain"], ["compare"], ["check"]], ids=" ".join)
@pytest.mark.parametrize("name", ["net.yaml", "net.yaml:net", "./net.yaml", "link.yaml"])
def test_the_spec_that_is_read_is_never_written(tmp_path, monkeypatch, arguments, name):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "net.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("net.yaml")
    for output in ("net.yaml", "./net.yaml", "link.yaml", file):
        result = run(*arguments, name, "-o", output)
        assert result.exit_code == 2
        assert "is an input of this command" in result.stderr
    assert file.read_text(encoding="utf-8") == WHOLE


@posix
def test_the_spec_on_standard_input_is_never_written(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    with file.open("rb") as given:
        line = command("show", "-", "-o", file)
        done = subprocess.run(line, stdin=given, capture_output=True, env=environment(), check=False)
    assert done.returncode == 2
    assert b"is an input of this command" in done.stderr
    assert file.read_text(encoding="utf-8") == WHOLE


@posix
@pytest.mark.parametrize(
    ("line", "status", "message"),
    [
        ("archcalc show lenet5 >&-", 2, "standard output is closed\n"),
        ("archcalc show - <&-", 2, "standard input is closed\n"),
        ("archcalc show nosuch 2>&-", 2, ""),
        ("archcalc show lenet5 > /dev/full 2>&-", 2, ""),
        ("archcalc nosuch 2>&-", 2, ""),
        ("archcalc show 2>&-", 2, ""),
        ("archcalc --help >&-", 2, "standard output is closed\n"),
        ("archcalc show --help >&-", 2, "standard output is closed\n"),
        ("archcalc --version >&-", 2, "standard output is closed\n"),
        ("archcalc validate - < /dev/null >&- 2>&-", 3, ""),
        ("archcalc --help >&- 2>&-", 2, ""),
    ],
)
def test_closed_streams(line, status, message):
    done = shell(line)
    assert (done.returncode, done.stderr) == (status, message)


@posix
def test_interrupted_by_the_user(tmp_path):
    slow = tmp_path / "slow.yaml"
    slow.write_text("name: slow\ninput: [3, 8, 8]\nlayers: [{repeat: 1900000, relu: }]\n", encoding="utf-8")
    process = subprocess.Popen(
        command("show", slow), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background would ignore it
    )  # fmt: skip
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "cp1252", "utf-8", "utf-16"])
def test_every_encoding_of_the_output(arguments, encoding):
    done = subprocess.run(
        command(*arguments), capture_output=True, env=environment(PYTHONIOENCODING=encoding), check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert len(text) > 100
    if encoding == "ascii":
        assert text.count("?") < 3, "characters without a substitute"


def test_messages_in_ascii():
    done = run_apart("show", "é", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("width", [1, 2, 10, 20, 30, 40, 60, 80, 120, 200, 1000])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(arguments, width):
    result = run(*arguments, env={"COLUMNS": str(width)})
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= width


@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
@pytest.mark.parametrize("value", ["²", "٣", "-5", "0", "", "x", "1e3", "99999999999999999999", "3 "])
def test_sizes_of_a_terminal_that_are_none(name, value):
    result = run("show", "lenet5", env={name: value})
    assert (result.exit_code, result.stderr) == (0, "")
    assert "60" in result.stdout


@pytest.mark.parametrize("name", ["NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "JUPYTER_COLUMNS"])
def test_what_is_asked_for_goes_before_the_environment(name):
    plain, coloured = run("show", "lenet5"), run("show", "lenet5", "--color")
    assert "\x1b[1m" in coloured.stdout
    assert "\x1b" not in plain.stdout
    assert run("show", "lenet5", "--color", env={name: "1"}).stdout == coloured.stdout
    assert run("show", "lenet5", "--no-color", env={name: "1"}).stdout == plain.stdout


INTERRUPTED = """
import sys

class Interrupting:
    def find_spec(self, name, *_):
        if name == {name!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
sys.argv = ["archcalc", "show", "lenet5"]
from archcalc.__main__ import main
main()
"""


@pytest.mark.parametrize(
    "name", ["click", "archcalc.cli.output", "yaml", "archcalc.render.formats.lines", "archcalc.engine.count"]
)
def test_interrupted_while_importing(name):
    line = [sys.executable, "-c", INTERRUPTED.format(name=name)]
    done = subprocess.run(line, capture_output=True, encoding="utf-8", env=environment(), check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "")


def test_nothing_is_imported_before_an_interrupt_is_caught():
    script = "import sys; had = set(sys.modules); import archcalc.__main__; print(*sorted({*sys.modules} - had))"
    line = [sys.executable, "-S", "-c", script]
    done = subprocess.run(line, capture_output=True, encoding="utf-8", env=environment(), check=True)
    assert set(done.stdout.split()) <= {"__future__", "archcalc", "archcalc.__main__", "gc"}


@pytest.mark.parametrize("width", [1, 10, 20, 40, 80])
def test_no_line_is_wider_than_the_terminal_in_ascii(width):
    for arguments in COMMANDS:
        result = run(*arguments, "--ascii", env={"COLUMNS": str(width)})
        assert result.stdout.isascii()
        assert max(map(len, result.stdout.splitlines())) <= width


def table(width, *arguments):
    """Return the lines of a table down to its last rule."""
    return run(*arguments, env={"COLUMNS": str(width)}).stdout.split("\n")


@pytest.mark.parametrize("width", [20, 30, 40, 60])
def test_a_narrow_table_keeps_rows_and_results(width):
    lines = table(width, "show", "lenet5")
    rows = [line for line in lines if re.match(r"(input|C1|S2|C3|S4|C5|F6|output|total) ", line)]
    assert [line.split()[-1] for line in rows][:3] == ["0", "118", "0"]
    text = " ".join(" ".join(lines).split())
    assert f"Left out in {width} columns: " in text
    kept = "output C" not in text.partition("Left out")[2]
    assert kept == (width > 40)


def test_long_labels_are_cut_before_results_are(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(WHOLE.replace("name: c", f"name: {'long' * 20}"), encoding="utf-8")
    row = next(line for line in table(40, "show", file) if line.startswith("longl"))
    assert re.fullmatch(r"(long)+l?o?n?… .* 12 +576", row)


def test_a_wide_terminal_changes_nothing():
    assert (
        run("show", "vgg16", env={"COLUMNS": "500"}).stdout.split("\n")[:20]
        == (run("show", "vgg16", env={"COLUMNS": "1000"}).stdout.split("\n")[:20])
    )


# The format follows the ending of the file


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("x.txt", "plain"),
        ("x.md", "markdown"),
        ("x.csv", "csv"),
        ("x.tsv", "tsv"),
        ("x.json", "json"),
        ("x.tex", "latex"),
        ("x.html", "html"),
        ("x.HTM", "html"),
        ("a.csv.json", "json"),
        ("plain", "table"),
        (".hidden", "table"),
    ],
)
def test_the_ending_of_a_file_chooses_the_format(tmp_path, name, format):
    file = tmp_path / name
    assert run("show", "lenet5", "-o", file).exit_code == 0
    assert file.read_text(encoding="utf-8") == run("show", "lenet5", "-f", format).stdout


def test_an_option_goes_before_the_ending(tmp_path):
    file = tmp_path / "x.csv"
    assert run("show", "lenet5", "-o", file, "--format", "json").exit_code == 0
    assert file.read_text(encoding="utf-8") == run("show", "lenet5", "-f", "json").stdout


@pytest.mark.parametrize("name", ["x.foo", "x.yaml", "x.xml", "x.csv2"])
def test_an_ending_that_no_format_has_is_refused(tmp_path, name):
    file = tmp_path / name
    result = run("show", "lenet5", "-o", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"no format has the ending .{name.partition('.')[2]} (there are .txt, .md, .csv," in result.stderr
    assert not file.exists()
    assert run("show", "lenet5", "-o", file, "-f", "plain").exit_code == 0


def test_xml_is_for_checks(tmp_path):
    file = tmp_path / "x.xml"
    assert run("check", "lenet5", "-o", file).exit_code == 0
    assert file.read_text(encoding="utf-8") == run("check", "lenet5", "-f", "junit").stdout


def test_a_dash_is_standard_output(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("show", "lenet5", "-o", "-").stdout == run("show", "lenet5").stdout
    assert not list(tmp_path.iterdir())


def test_output_never_goes_over_a_convention_or_device_that_is_read(tmp_path):
    rule, card = tmp_path / "rule.yaml", tmp_path / "card.yaml"
    rule.write_text("mine: {title: T, says: S, source: X, cost: {default: =mac}}\n", encoding="utf-8")
    known = "{title: T, memory: 1GB, bandwidth: 500GB/s, peak: {float32: 10T}, source: X}"
    card.write_text(f"mine: {known}\n", encoding="utf-8")
    for file, arguments in (
        (rule, ("show", "lenet5", "--convention", rule)),
        (rule, ("explain", "lenet5", "--convention", f"{rule}:mine")),
        (rule, ("conventions", "lenet5", "--convention", "thop", "--convention", rule)),
        (rule, ("check", "lenet5", "--convention", rule)),
        (card, ("time", "lenet5", "--device", card)),
        (card, ("compare", "lenet5", "--device", f"{card}:mine")),
        (card, ("devices", card)),
        (card, ("memory", "lenet5", "--fit", f"{card}:mine")),
    ):
        before = file.read_bytes()
        for options in ((), ("--format", "json")):
            result = run(*arguments, "-o", file, *options)
            assert (result.exit_code, result.stdout) == (2, "")
            assert f"{file} is an input of this command" in result.stderr
        assert file.read_bytes() == before
