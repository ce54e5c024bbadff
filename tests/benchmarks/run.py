"""Measure archcalc as ratios in one run, and print a table: ``python tests/benchmarks/run.py``.

It needs archcalc installed (a console script beside this Python), so that what is measured is what a user starts.
Every ratio is the median of ratios of neighbouring runs, so that a machine that slows down slows both sides.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

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

Row = tuple[str, float, "float | None", str]


def seconds(command: list[str]) -> float:
    """Return the processor time of one run of a command, away from this checkout."""
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as empty:
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=empty)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime


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


def microseconds(layers: int, runs: int) -> tuple[float, float, float]:
    """Return microseconds a layer from the tree to the report, from the text, and for PyYAML's events alone.

    The best of some runs, since noise only adds; without the cyclic collector, as the command line runs.
    """
    from archcalc.engine.count import count, setup
    from archcalc.engine.expand import expand
    from archcalc.language.family import family_of
    from archcalc.language.networks import only_network
    from archcalc.text.source import Source
    from archcalc.text.tree import read_tree

    source = Source("chain", chain(layers))
    from_tree, from_text, events = [], [], []
    gc.disable()
    for _ in range(runs):
        start = time.process_time()
        for _ in yaml.parse(source.text, Loader=yaml.CLoader):
            pass
        events.append((time.process_time() - start) / layers * 1e6)
        start = time.process_time()
        tree = read_tree(source)
        read = time.process_time()
        count(expand(only_network(family_of(source, tree))), setup())
        end = time.process_time()
        from_tree.append((end - read) / layers * 1e6)
        from_text.append((end - start) / layers * 1e6)
        del tree
    gc.enable()
    return min(from_tree), min(from_text), min(events)


def milliseconds(network: str, runs: int) -> float:
    """Return the milliseconds from a network's file to its report: the best, since noise only adds."""
    import archcalc

    times = []
    for _ in range(runs):
        start = time.process_time()
        _ = archcalc.load(network).analyze().layers
        times.append(1000 * (time.process_time() - start))
    return min(times)


def variants_a_second(runs: int) -> list[Row]:
    """Return how many variants of ResNet-50 are analysed in a second, for their totals and layer by layer.

    3 to 60 blocks in a stage, then inputs that were not met before; both ways in turn, the best of some runs.
    """
    import archcalc
    from archcalc.engine.count import count, setup
    from archcalc.engine.expand import expand

    spec = archcalc.load("resnet50").spec
    depths = [(spec.replace(values={**spec.values, "n4": blocks}), None) for blocks in range(3, 61)]
    sizes = [(spec, (side,)) for side in range(32, 513, 16)]
    rows: list[Row] = []
    for says, variants in (("stages of 3 to 60 blocks", depths), ("inputs, each for the first time", sizes)):
        plain, fast = [], []
        for _ in range(runs):
            model = archcalc.load("resnet50")
            model.analyze()
            start = time.process_time()
            for each, size in variants:
                model.analyze(size, set={"n4": each.values.get("n4", 6)})
            middle = time.process_time()
            for each, size in variants:
                count(expand(each, size), setup())
            fast.append((middle - start) / len(variants))
            plain.append((time.process_time() - middle) / len(variants))
        rows.append(
            (f"variants of resnet50 a second: {says}", 1 / min(fast), None, f"layer by layer {1 / min(plain):,.0f}")
        )
    return rows


def large(layers: int) -> tuple[float, float]:
    """Show a chain of so many layers by the command line; return seconds and peak MiB of the process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chain.yaml"
        path.write_text(chain(layers), encoding="utf-8")
        code = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
            "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
            "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)"
        )
        command = [ARCHCALC, "explain", str(path)]
        done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    took, peak = done.stdout.split()
    return float(took), float(peak)


PEERS = {
    "torchinfo": "import torchvision, torchinfo; torchinfo.summary(torchvision.models.{0}(), (1, 3, 224, 224))",
    "fvcore": "import torch, torchvision; from fvcore.nn import FlopCountAnalysis, flop_count_table; "
    "print(flop_count_table(FlopCountAnalysis(torchvision.models.{0}().eval(), torch.zeros(1, 3, 224, 224))))",
    "ptflops": "import torchvision; from ptflops import get_model_complexity_info; "
    "get_model_complexity_info(torchvision.models.{0}(), (3, 224, 224))",
}
"""What a peer is asked, where it happens to be installed: from a cold process to a printed table."""


def peers(network: str, runs: int) -> list[tuple[str, float]]:
    """Return how many times as long as archcalc the installed peers take for a network."""
    from importlib.util import find_spec

    found = []
    for peer, code in PEERS.items():
        if find_spec(peer) and find_spec("torchvision"):
            ours = [ARCHCALC, "show", network]
            found.append((peer, ratio([sys.executable, "-c", code.format(network)], ours, runs)[0]))
    return found


def starts(runs: int) -> list[Row]:
    """Measure commands as whole processes."""
    rows: list[Row] = []

    def process(command: str, floor: str, bound: float | None, runs: int) -> None:
        found, ours, base = ratio([ARCHCALC, *command.split()], [sys.executable, "-c", floor], runs)
        against = "a rich table of constants" if floor is TABLE_FLOOR else "importing click and yaml"
        rows.append((f"{command}, to {against}", found, bound, f"{ours:.0f} ms to {base:.0f} ms"))

    process("show vgg16", TABLE_FLOOR, 1.25, runs)
    process("show vgg16 --format json", IMPORT_FLOOR, 1.2, runs)
    process("list", IMPORT_FLOOR, 4.0, runs)
    others = ("formula resnet101 --in input=32*n", "sweep mobilenet-v1 alpha=0.25..1:0.25 resolution=128..224:32")
    for command in ("check", "compare alexnet googlenet resnet50", "explain alexnet conv1", *others):
        process(command, IMPORT_FLOOR, None, max(3, runs // 4))
    return rows


def layers(most: int) -> list[Row]:
    """Measure the engine on chains, and the command line on the largest."""
    rows: list[Row] = []
    size = 100
    while size <= min(most, 100_000):
        tree, text, events = microseconds(size, 9 if size < 100_000 else 5)
        rows.append((f"chain of {size:,}: µs a layer, tree to report", tree, 15.0, f"{1e6 / tree:,.0f} layers/s"))
        rows.append((f"chain of {size:,}: µs a layer, text to report", text, 35.0, f"PyYAML's events: {events:.1f}"))
        size *= 10
    if most >= 1_000_000:
        took, peak = large(1_000_000)
        rows.append(("chain of 1,000,000, a line each, explained: s", took, None, ""))
        rows.append(("chain of 1,000,000, a line each, explained: peak MiB", peak, 4096.0, ""))
    return rows


def main() -> int:
    """Measure, print, and return 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--most", type=int, default=1_000_000, help="layers of the longest chain")
    given = parser.parse_args()
    rows = starts(given.runs) + layers(given.most)
    rows.append(("resnet152: ms from file to report", milliseconds("resnet152", given.runs), 12.0, ""))
    rows += variants_a_second(5)
    rows += [(f"{peer} on resnet50, to archcalc", times, None, "") for peer, times in peers("resnet50", 3)]
    print(f"| {'what':70} | measured | bound | |\n| --- | --: | --: | --- |")
    for says, value, bound, detail in rows:
        verdict = "" if bound is None else "ok" if value <= bound else "TOO SLOW"
        limit = "" if bound is None else f"{bound:g}"
        print(f"| {says:70} | {value:8.2f} | {limit} | {f'{verdict} {detail}'.strip()} |")
    return int(any(bound is not None and value > bound for _, value, bound, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
