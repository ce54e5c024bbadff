"""Measure archcalc as ratios in one run, and print a table: ``python tests/benchmarks/run.py``.

It needs archcalc installed (a console script beside this Python), so that what is measured is what a user starts.
Every ratio is the median of ratios of neighbouring runs, so that a machine that slows down slows both sides.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ARCHCALC = str(Path(sys.executable).with_name("archcalc"))

TABLE_FLOOR = """
import click, yaml
from rich.console import Console
from rich.table import Table
table = Table()
for column in range(12):
    table.add_column(f"column {column}")
for row in range(22):
    table.add_row(*["1,234"] * 12)
Console().print(table)
"""
IMPORT_FLOOR = "import click, yaml"


def seconds(command: list[str]) -> float:
    """Time one run of a command, away from this checkout."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=tempfile.gettempdir())
    return time.perf_counter() - start


def ratio(command: list[str], floor: list[str], runs: int) -> tuple[float, float, float]:
    """Return the median ratio of two commands, and the median milliseconds of each."""
    seconds(command), seconds(floor)
    pairs = [(seconds(command), seconds(floor)) for _ in range(runs)]
    return (
        statistics.median(a / b for a, b in pairs),
        1000 * statistics.median(a for a, _ in pairs),
        1000 * statistics.median(b for _, b in pairs),
    )


def chain(layers: int) -> str:
    """Return a spec of so many convolutions, a line each."""
    lines = [f"  - {{name: c{number}, conv: {{filters: 64, kernel: 3, pad: 1}}}}" for number in range(layers)]
    return "\n".join(["name: chain", "input: [64, 32, 32]", "layers:", *lines]) + "\n"


def microseconds(layers: int, runs: int) -> tuple[float, float]:
    """Return microseconds a layer from the tree to the report, and from the text."""
    from archcalc.engine.count import basis, count
    from archcalc.engine.elaborate import elaborate
    from archcalc.spec.family import family_of
    from archcalc.spec.member import only_member
    from archcalc.spec.source import Source
    from archcalc.spec.tree import read_tree

    source = Source("chain", chain(layers))
    from_tree, from_text = [], []
    for _ in range(runs):
        gc.collect()
        start = time.perf_counter()
        tree = read_tree(source)
        read = time.perf_counter()
        count(elaborate(only_member(family_of(source, tree))), basis())
        end = time.perf_counter()
        from_tree.append((end - read) / layers * 1e6)
        from_text.append((end - start) / layers * 1e6)
        del tree
    return statistics.median(from_tree), statistics.median(from_text)


def milliseconds(network: str, runs: int) -> float:
    """Return the milliseconds from a network's file to its report."""
    import archcalc

    times = []
    for _ in range(runs):
        start = time.perf_counter()
        archcalc.load(network).analyze()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> int:
    """Measure, print, and return 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=21)
    runs = parser.parse_args().runs
    rows: list[tuple[str, float, float | None, str]] = []

    def process(command: str, floor: str, bound: float | None, runs: int) -> None:
        found, ours, base = ratio([ARCHCALC, *command.split()], [sys.executable, "-c", floor], runs)
        against = "a rich table of constants" if floor is TABLE_FLOOR else "importing click and yaml"
        rows.append((f"{command}, to {against}", found, bound, f"{ours:.0f} ms to {base:.0f} ms"))

    process("show vgg16", TABLE_FLOOR, 1.25, runs)
    process("show vgg16 --format json", IMPORT_FLOOR, 1.3, runs)
    for command in ("list", "check", "compare alexnet googlenet resnet50"):
        process(command, IMPORT_FLOOR, None, max(3, runs // 4))
    for layers in (1_000, 10_000, 100_000):
        tree, text = microseconds(layers, 7 if layers < 100_000 else 3)
        rows.append((f"chain of {layers:,}: µs a layer, tree to report", tree, 15.0, ""))
        rows.append((f"chain of {layers:,}: µs a layer, text to report", text, 35.0, ""))
    rows.append(("resnet152: ms from file to report", milliseconds("resnet152", runs), 12.0, ""))

    for says, value, bound, detail in rows:
        verdict = "" if bound is None else "ok" if value <= bound else "TOO SLOW"
        limit = "" if bound is None else f"<= {bound:g}"
        print(f"{says:70} {value:7.2f}  {limit:8} {verdict:9} {detail}")
    return int(any(bound is not None and value > bound for _, value, bound, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
