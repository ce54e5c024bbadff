"""Running the command line in this process, and in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner

import archcalc
from archcalc.cli import cli

ROOT = Path(archcalc.__file__).parent.parent


def runner():
    """Return what runs commands in this process, with standard output and standard error kept apart."""
    try:
        return CliRunner(mix_stderr=False)
    except TypeError:  # since click 8.2 they are never mixed
        return CliRunner()


def run(*arguments, input=None, env=None):
    """Run a command in this process."""
    result = runner().invoke(cli, [str(argument) for argument in arguments], input=input, env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def environment(**more):
    """Return the environment in which a process of its own finds this archcalc."""
    plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "TERM")}
    return {**plain, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **more}


def command(*arguments):
    """Return the command line that runs archcalc in a process of its own."""
    return [sys.executable, "-m", "archcalc", *map(str, arguments)]


def run_apart(*arguments, folder=None, input=None, **more):
    """Run archcalc in a process of its own."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        encoding="utf-8",
        input=input,
        cwd=folder,
        env=environment(**more),
        check=False,
    )


@contextmanager
def soon(most=10):
    """Fail where what is done within takes more seconds of this process's processor, however busy the machine is."""
    started = time.process_time()
    yield
    assert time.process_time() - started < most
