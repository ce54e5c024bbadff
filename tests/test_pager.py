"""What is longer than the terminal is shown in a pager, and nothing of it is lost."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from shutil import which

import pytest
from running import command, environment, run, soon

LONG = ("show", "vgg16")


def on_terminal(*arguments, lines=24, columns=80, keys=b"", **more):
    """Run archcalc on a terminal of a size; return what is written to it and the exit status."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    env = {**environment(TERM="xterm", **more), "LINES": ""}
    process = subprocess.Popen(command(*arguments), stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    os.write(ours, keys)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the terminal is closed
            break
        if not part:
            break
        written += part
    os.close(ours)
    return written.decode().replace("\r\n", "\n"), process.wait()


@pytest.fixture
def pager(tmp_path):
    """Return a pager that keeps what it gets in a file, with what it finds in the environment, and the file."""
    kept = tmp_path / "paged"
    return f"(echo LESS=$LESS; cat) > {kept}", kept


def test_what_is_longer_than_the_terminal_is_paged_with_its_colours(pager) -> None:
    shell, kept = pager
    written, status = on_terminal(*LONG, PAGER=shell)
    assert (written, status) == ("", 0)
    first, *rest = kept.read_text(encoding="utf-8").splitlines()
    assert first == "LESS=FRX"
    assert rest == run(*LONG, "--color", env={"COLUMNS": "80"}).stdout.splitlines()
    assert "\x1b[1m" in rest[0]


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        (LONG, {"lines": 60}),
        ((*LONG, "--no-pager"), {}),
        (LONG, {"PAGER": ""}),
        (LONG, {"PAGER": "cat"}),
        ((*LONG, "--format", "csv"), {}),
        (LONG, {"PAGER": "nosuchpager"}),
        (LONG, {"PAGER": "/no/such/pager -x 2>/dev/null"}),
    ],
)
def test_nothing_is_paged_without_need_or_wish(pager, arguments, more) -> None:
    shell, kept = pager
    written, status = on_terminal(*arguments, **{"PAGER": shell, **more})
    assert status == 0
    assert not kept.exists()
    plain = run(*arguments, "--color", env={"COLUMNS": "80"}).stdout
    assert written.count("\n") == plain.count("\n")


def test_the_users_own_settings_go_before(pager) -> None:
    shell, kept = pager
    on_terminal(*LONG, PAGER="false", ARCHCALC_PAGER=shell, LESS="-S")
    assert kept.read_text(encoding="utf-8").startswith("LESS=-S\n")


def test_a_pipe_is_never_paged(pager) -> None:
    shell, kept = pager
    result = subprocess.run(command(*LONG), capture_output=True, env=environment(PAGER=shell), check=True)
    assert result.stdout
    assert not kept.exists()


def test_a_pager_that_is_left_early_ends_nothing_else(tmp_path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text("name: net\ninput: [3, 8, 8]\nlayers: [fc: 10]\nexpect: {params: <= 5}\n", encoding="utf-8")
    nets = [str(spec)] * 30
    written, status = on_terminal("check", *nets, lines=5, PAGER="head -1 >/dev/null")
    assert status == 1
    assert "expected <= 5" in written
    assert "Traceback" not in written


@pytest.mark.skipif(which("less") is None, reason="without less")
def test_less_leaves_what_was_read_on_the_screen() -> None:
    with soon():
        written, status = on_terminal(*LONG, keys=b"qq", PAGER="less")
    assert status == 0
    assert "conv1_1" in written
    assert "\x1b[?1049h" not in written  # the other screen, which goes when less ends
