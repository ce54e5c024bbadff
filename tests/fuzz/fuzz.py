"""The fuzzer: whatever text is given as a spec, it ends soon, in a report or in an error that says where.

    python tests/fuzz/fuzz.py --cases 20000 --seed 1

A case fails where anything else is raised, where it takes longer than a few seconds, where a mistake is said to stand
where no text is, where control characters would reach a terminal, where a layer with weights comes to nothing, and
where the real command line ends with another exit status. The limits of layers are lower here than in the program,
so that cases run into them.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from cases import cases  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402

from archcalc.engine import builder  # noqa: E402
from archcalc.engine import expand as expanding  # noqa: E402
from archcalc.engine.count import count, setup  # noqa: E402
from archcalc.engine.expand import expand  # noqa: E402
from archcalc.errors import RequestError, SpecError  # noqa: E402
from archcalc.language.family import read_family  # noqa: E402
from archcalc.language.networks import networks_of  # noqa: E402
from archcalc.published.check import check  # noqa: E402
from archcalc.render.explain import NetworkPage  # noqa: E402
from archcalc.render.formats import FORMATS, write  # noqa: E402
from archcalc.render.page import Target  # noqa: E402
from archcalc.render.show import page  # noqa: E402
from archcalc.render.table_options import TableOptions  # noqa: E402
from archcalc.text.source import Source  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 10
"""What a case may take."""

MEMORY = 3 * 2**30
"""What a process may take, in bytes."""

LAYERS = 3_000
LOWERED = ("MAX_LAYERS", "MAX_STEPS")
COUNTS = ("conv", "depthwise_conv", "conv_transpose", "fc")
"""Operations that have weights and multiply by them, always."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class TooSlow(BaseException):
    """A case that takes longer than it may."""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raise TooSlow after some seconds."""

    def stop(*_: object) -> None:
        raise TooSlow(f"longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def lower_limits() -> Iterator[None]:
    """Let networks have fewer layers than the program lets them."""
    names = [(module, name) for module in (expanding, builder) for name in vars(module) if name in LOWERED]
    before = [getattr(*each) for each in names]
    for each in names:
        setattr(*each, LAYERS)
    try:
        yield
    finally:
        for each, value in zip(names, before, strict=True):
            setattr(*each, value)


def judge(text: str) -> str:
    """Read, count, check and print a spec; return how it ended, or raise what must not be."""
    try:
        with at_most(SECONDS):
            return _judge(text)
    except RequestError as error:
        assert str(error) and "\n" not in str(error)
        return "request"
    except SpecError as error:
        _at_a_place(error, text)
        return "mistake"


def _judge(text: str) -> str:
    family = read_family(Source("case.yaml", text))
    specs = list(networks_of(family))
    spec = specs[len(text) % len(specs)]
    report = count(expand(spec), setup())
    for layer in report.layers:
        assert min(layer.output) >= 1, f"{layer.name} has no output"
        has_params = layer.params or layer.node.weights is not None  # shared ones count where they are
        assert layer.op not in COUNTS or (has_params and layer.macs), f"{layer.name} comes to nothing"
    assert report.params == sum(layer.params for layer in report.layers)
    assert report.macs == sum(layer.macs for layer in report.layers)
    assert report.memory_bytes == sum(layer.memory_bytes for layer in report.layers)
    if any(layer.op in COUNTS for layer in report.layers):
        assert report.params and report.macs
    if len(report.layers) < 300:
        formats = list(FORMATS)
        columns = "all" if len(text) % 3 == 0 else None
        shown = page([report], TableOptions(columns=columns, every=len(text) % 2 == 0))
        format = formats[len(text) % len(formats)]
        printed = write(shown, format, Target(len(text) % 150 + 1))
        printed += write(NetworkPage(report), "table", Target(80))
        assert not _CONTROL.search(printed), "a control character in what is printed"
    if len(report.layers) < 100 or len(text) % 10 == 0:
        check(spec)
    return "report"


def _at_a_place(error: SpecError, text: str) -> None:
    """Hold an error to where it says that the mistakes are."""
    message = str(error)
    assert not _CONTROL.search(message), "a control character in a message"
    assert len(message) < 200_000
    assert error.mistakes
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
    for each in error.mistakes:
        assert each.message
        if error.file == "case.yaml":
            assert (
                re.search(rf"^case\.yaml:{each.line + 1}:{each.column + 1}: .", message, re.MULTILINE)
                or "more mistakes" in message
            )
            assert 0 <= each.line <= len(lines), f"line {each.line + 1} of {len(lines)}"
            line = lines[each.line] if each.line < len(lines) else ""
            assert 0 <= each.column <= len(line) + 1, f"column {each.column + 1} of a line of {len(line)}"


def through_the_command_line(text: str, command: str, folder: Path) -> None:
    """Run the program on a case; raise AssertionError where it does not end as the program promises."""
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    line = [sys.executable, "-c", LIMITED, command, str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    done = subprocess.run(line, capture_output=True, timeout=120, env=environment, check=False)
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert "Warning" not in said, said
    assert done.returncode in (0, 1, 2, 3), f"exit status {done.returncode}: {said}"
    if done.returncode == 3:
        assert re.match(r"\S+\.yaml:\d+:\d+: .", said), said
    if done.returncode in (0, 1):
        assert done.stdout
    assert not _CONTROL.search(said + done.stdout.decode())


LIMITED = f"""
import resource
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, (100, 100))
from archcalc.engine import builder, expand
expand.MAX_LAYERS = builder.MAX_LAYERS = expand.MAX_STEPS = {LAYERS}
from archcalc.__main__ import main
main()
"""
COMMANDS = ("validate", "show", "check", "explain")


def run(number: int, start: int = 0, *, every: int = 0) -> Counter[str]:
    """Run so many cases, every so-many-th of them through the command line too; return how they ended."""
    ended: Counter[str] = Counter()
    keep = Path(tempfile.gettempdir()) / f"archcalc-fuzz-{start}.yaml"
    with tempfile.TemporaryDirectory() as name, lower_limits():

        @seed(start)
        @settings(
            max_examples=number,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
            print_blob=False,
            report_multiple_bugs=False,
        )
        @given(cases)
        def one(text: str) -> None:
            try:
                ended[judge(text)] += 1
            except TooSlow as slow:
                keep.write_text(text, encoding="utf-8", errors="surrogatepass")
                raise AssertionError(str(slow)) from None
            except Exception:
                keep.write_text(text, encoding="utf-8", errors="surrogatepass")
                raise
            if every and ended.total() % every == 0:
                through_the_command_line(text, COMMANDS[ended.total() // every % len(COMMANDS)], Path(name))
                ended["through the command line"] += 1

        one()
    return ended


def main() -> int:
    """Run cases as asked for on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--every", type=int, default=100, help="which part of the cases goes through the command line too"
    )
    asked = parser.parse_args()
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    started = time.perf_counter()
    try:
        ended = run(asked.cases, asked.seed, every=asked.every)
    except Exception:
        print("".join(traceback.format_exc().splitlines(keepends=True)[-12:]), file=sys.stderr)
        return 1
    tally = ", ".join(f"{count:,} {how}" for how, count in ended.most_common())
    print(f"{asked.cases:,} cases of seed {asked.seed} in {time.perf_counter() - started:.0f} s: {tally}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
