"""The engine in a process of its own, which can be ended when a spec takes too long.

The process reads a line of JSON (a text, a name, options), and writes one line, the answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from threading import Lock, Timer
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 10.0
"""Seconds that an answer may take."""

MAX_MEMORY = 4 * 1024**3
"""Bytes that the process may have, where the system can hold it to that."""


class Worker:
    """One process with the engine, which answers one request after another; it starts with the first."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit = limit
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def answer(self, text: str, name: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the engine's answer, or the error that there is none in time."""
        with self._lock:
            process = self._running()
            timer = Timer(self.limit, process.kill)
            timer.start()
            try:
                found = _asked(process, [text, name, options])
            finally:
                timer.cancel()
        if found is None:
            self.close()
            return {"error": f"no answer within {self.limit:g} seconds: the spec takes too long, or too much memory"}
        return found

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in filter(None, (process.stdin, process.stdout)):
                with suppress(OSError):
                    stream.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = [sys.executable, "-m", "archcalc.web.worker"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process


def _asked(process: subprocess.Popen[bytes], request: list[Any]) -> dict[str, Any] | None:
    """Send a request and wait for its answer; None where the process has ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except OSError:
        return None
    return json.loads(line) if line.endswith(b"\n") else None


def serve(source: IO[bytes], target: IO[bytes]) -> None:
    """Answer requests, one a line, until there are no more."""
    from archcalc.web.engine import answer

    for line in source:
        text, name, options = json.loads(line)
        target.write(json.dumps(answer(text, name, options)).encode() + b"\n")
        target.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


if __name__ == "__main__":
    _limit_memory()
    with suppress(KeyboardInterrupt), open(0, "rb") as requests, open(1, "wb") as answers:
        serve(requests, answers)
