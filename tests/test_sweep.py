"""Sweeps: every combination, as the papers' tables have it; conditions, fronts, orders; nothing dropped in silence."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import signal
import subprocess
import time
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from making import spec
from running import command, environment, run

import archcalc
import archcalc.api
from archcalc import units
from archcalc.analyses.outcomes import MEASURES
from archcalc.analyses.sweep.axes import read_axes
from archcalc.analyses.sweep.conditions import UNITS, amount, read_condition
from archcalc.analyses.sweep.order import Key, pareto, read_keys
from archcalc.analyses.sweep.plan import Order, written
from archcalc.analyses.sweep.sweep import sweep
from archcalc.analyses.sweep.workers import available
from archcalc.cli import progress
from archcalc.errors import ArchcalcError, RequestError
from archcalc.language.arithmetic import FUNCTIONS
from archcalc.zoo import find


def data(*arguments, **options):
    """Return the JSON of a sweep."""
    result = run("sweep", *arguments, "--format", "json", **options)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def order(network, *axes, **options):
    """Return the order of a sweep over axes as they are typed."""
    return Order((written(find(network)),), (None,), read_axes([find(network)], axes), **options)


def values(*axes, network="resnet50"):
    return [axis.values for axis in read_axes([find(network)], axes)]


TABLE_6 = {1: ("569", "4.2"), 0.75: ("325", "2.6"), 0.5: ("149", "1.3"), 0.25: ("41", "0.5")}
TABLE_7 = {224: "569", 192: "418", 160: "290", 128: "186"}
"""Howard et al. 2017: million multiply-adds and parameters, by width multiplier and by resolution."""


def test_all_sixteen_mobilenets_are_those_of_the_paper():
    rows = data("mobilenet-v1", "alpha=0.25..1:0.25", "resolution=128..224:32")["rows"]
    pairs = list(product((0.25, 0.5, 0.75, 1), (128, 160, 192, 224)))
    assert [(row["alpha"], row["resolution"]) for row in rows] == pairs
    by_pair = dict(zip(pairs, rows, strict=True))
    for alpha, (macs, params) in TABLE_6.items():
        row = by_pair[alpha, 224]
        assert units.read_printed(f"{macs}M").agrees(row["macs"]) in ("rounded", "cut")
        assert units.read_printed(f"{params}M").agrees(row["params"]) == "rounded"
    for resolution, macs in TABLE_7.items():
        assert units.read_printed(f"{macs}M").agrees(by_pair[1, resolution]["macs"]) in ("rounded", "cut")
    for (alpha, resolution), row in by_pair.items():
        report = archcalc.load(f"mobilenet-v1-{alpha}-{resolution}").analyze()
        assert {word: row[word] for word in ("params", "macs", "memory_bytes", "memory_values", "depth")} == {
            word: getattr(report, word) for word in ("params", "macs", "memory_bytes", "memory_values", "depth")
        }


REGNETS = {
    "y-400mf": (16, 48, 27.89, 2.09, 8), "y-800mf": (14, 56, 38.84, 2.4, 16), "y-1.6gf": (27, 48, 20.71, 2.65, 24),
    "y-3.2gf": (21, 80, 42.63, 2.66, 24), "y-8gf": (17, 192, 76.82, 2.19, 56), "y-16gf": (18, 200, 106.23, 2.48, 112),
    "y-32gf": (20, 232, 115.89, 2.53, 232), "x-400mf": (22, 24, 24.48, 2.54, 16), "x-800mf": (16, 56, 35.73, 2.28, 16),
    "x-1.6gf": (18, 80, 34.01, 2.25, 24), "x-3.2gf": (25, 88, 26.31, 2.25, 48), "x-8gf": (23, 80, 49.56, 2.88, 120),
    "x-16gf": (22, 216, 55.59, 2.1, 128), "x-32gf": (23, 320, 69.86, 2.0, 168),
}  # fmt: skip
"""The parameters d, w0, wa, wm and g from which torchvision makes its RegNets (torchvision.models.regnet)."""


@pytest.mark.parametrize("name", REGNETS)
def test_regnets_come_out_of_their_parameters(name):
    depth, first, slope, base, group = REGNETS[name]
    axes = [f"d={depth}", f"w0={first}", f"wa={slope}", f"wm={base}", f"g={group}", f"se={str(name[0] == 'y').lower()}"]
    (row,) = data("regnet", *axes)["rows"]
    report = archcalc.load(f"regnet-{name}").analyze()
    words = ("params", "macs", "memory_values", "depth")
    assert {word: row[word] for word in words} == {word: getattr(report, word) for word in words}


def test_logarithms_are_exact():
    floor_log = FUNCTIONS["floor_log"][0]
    generator = random.Random(3)
    for _ in range(300):
        base, value = Fraction(generator.randint(150, 900), 100), Fraction(generator.randint(1, 9999), 97)
        found = floor_log(value, base)
        assert base**found <= value < base ** (found + 1)
    found = [floor_log(8, 2), floor_log(Fraction(1, 8), 2), floor_log(Fraction(1, 7), 2), floor_log(1, 3)]
    assert found == [3, -3, -3, 0]


def test_values_and_ranges():
    assert values("n4=1..5:2,9,2..3") == [(1, 3, 5, 9, 2)]
    assert values("n4=5..1:-2") == [(5, 3, 1)]
    assert values("alpha=0.25..1:0.25", network="mobilenet-v1") == [(Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1)]
    assert values("alpha=0.1..0.35:0.1", network="mobilenet-v1") == [(Fraction(1, 10), Fraction(1, 5), Fraction(3, 10))]
    assert values("block=basic,bottleneck", "bias=true,false") == [("basic", "bottleneck"), (True, False)]
    assert values("input=224,224x320,1x64x64") == [(224, (224, 320), (1, 64, 64))]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["resnet50", "depht=3"], "resnet50 has no argument 'depht'"),
        (["resnet50", "imput=3"], "(did you mean 'input'?)"),
        (["resnet50", "n4="], "n4=: write ARG=V1,V2 or ARG=FROM..TO:STEP"),
        (["resnet50", "n4=3,,4"], "a value is missing"),
        (["resnet50", "n4=3..1"], "from 3 no step of 1 leads to 1"),
        (["resnet50", "n4=1..3:0"], "a step of 0"),
        (["resnet50", "n4=1..many"], "no range '1..many'"),
        (["resnet50", "n4=1..9999999"], "9,999,999 values; at most 1,000,000"),
        (["resnet50", "n4=1..2000", "n5=1..2000"], "4,000,000 variants with n5=1..2000; at most 1,000,000"),
        (["resnet50", "n4=3", "n4=4"], "n4 is given twice"),
        (["resnet50", "n4=010"], "n4=010: '010' is 8 in YAML 1.1"),
        (["resnet50", "dtype=float33"], "no type 'float33' (did you mean 'float32'?)"),
        (["resnet50", "device=foo"], "no device 'foo'"),
        (["resnet50", "input=0"], "sizes are at least 1"),
        (["n4=3"], "no network; write the network before what varies"),
        (["resnet50", "input=64", "--input", "32"], "input is varied, and fixed by --input 32"),
        (["resnet50", "n4=6", "--set", "n4=6"], "n4 is varied, and fixed by --set n4=6"),
        (["resnet50", "n4=6", "--sort", "mac"], "no quantity 'mac' (did you mean 'macs'?)"),
        (["resnet50", "n4=6", "--sort", "macs,n4"], "--sort: name one"),
        (["resnet50", "n4=6", "--pareto", "macs"], "--pareto: name two"),
        (["resnet50", "n4=6", "--sort", "time"], "a time needs a device: --device CARD"),
        (["resnet50", "n4=-1,0"], "none of the 2 variants can be built: resnet50, n4 = -1: expected a whole number"),
    ],
)  # fmt: skip
def test_mistakes_of_the_request(words, says):
    result = run("sweep", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("macs <= 300M and params <= 3M", True),
        ("macs < 299.9M or not params <= 3M", False),
        ("memory <= 1KiB", True),
        ("memory_bytes < 1KB", False),
        ("memory > 1K", True),
        ("time <= 5ms and 4999.9us < time", True),
        ("time < 0.005 s", False),
        ("macs / params > 99", True),
        ("max(macs, 1G) == 1G", True),
        ("alpha == 0.5", True),
        ("depth in_channels", None),
        ("block == 'a' and top1_error < 30%", True),
        ("top5_error < 30%", "unknown"),
        ("max(1,300M) == macs", True),
    ],
)
def test_conditions(text, expected):
    known = {"macs": 300 * 10**6, "params": 3 * 10**6, "memory_bytes": 1024, "time": Fraction(1, 200), "block": "a",
             "alpha": Fraction(1, 2), "top1_error": Fraction(299, 10), "top5_error": None}  # fmt: skip
    if expected is None:
        with pytest.raises(RequestError):
            read_condition(text, ("alpha", "block"))
        return
    found = read_condition(text, ("alpha", "block")).holds(known)
    assert found is (None if expected == "unknown" else expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("macs <= 300M and", "that is not a condition such as macs <= 300M"),
        ("mcs < 3", "unknown name 'mcs' (did you mean 'macs'?)"),
        ("macs <= 5ms", "ms is no unit of macs; write K, M, G, T or none"),
        ("depth > 3 and 5 MiB>=params", "MiB is no unit of params"),
        ("top1_error < 3s", "s is no unit of top1_error; write % or none"),
        ("macs ≤ 3M", "'≤' instead of '<='\n"),
        ("macs = 3M", "compare with <=, >=, <, >, == or !="),
        ("macs + 3M", "that is a number, not a condition"),
        ("in_channels > 3", "unknown name 'in_channels'"),
        ("macs < 'a'", "compares text with a number"),
        ("macs < 3Q", "is not a number"),
        ("params.real < 3", "something other than arithmetic"),
        ("9**9**9 > macs", "an exponent that is not"),
    ],
)
def test_conditions_that_are_none(text, says):
    result = run("sweep", "resnet50", "n4=6", "--where", text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"--where {text}: ")
    assert says in result.stderr


def test_amounts():
    assert [amount(text) for text in ("300M", "2GiB", "2 GB", "5ms", "7", "1,000", "x", "3 apples")] == [
        300 * 10**6, 2**31, 2**31, Fraction(1, 200), 7, None, None, None,
    ]  # fmt: skip
    assert UNITS["MiB"] == 2**20


def test_fronts_by_brute_force():
    generator = random.Random(1)
    for _ in range(30):
        limits = {"macs": 9, "top1_accuracy": 9, "params": 3}
        rows = [{word: generator.randint(1, most) for word, most in limits.items()} for _ in range(25)]
        keys = read_keys("macs,top1_accuracy,params", ())
        assert [key.more for key in keys] == [False, True, False]

        def better(one, other):
            pairs = [(one["macs"], other["macs"]), (-one["top1_accuracy"], -other["top1_accuracy"])]
            pairs.append((one["params"], other["params"]))
            return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)

        expected = [n for n, row in enumerate(rows) if not any(better(other, row) for other in rows)]
        assert pareto(rows, keys) == expected
    assert pareto([{"macs": 1, "params": None}, {"macs": 2, "params": 2}], (Key("macs"), Key("params"))) == [1]
    assert [key.more for key in read_keys("-macs,+top1", ())] == [True, False]


def test_published_rates_are_those_of_the_variant():
    found = data("mobilenet-v1", "alpha=0.25..1:0.25", "resolution=128,224", "--sort", "-top1")
    rates = {(row["alpha"], row["resolution"]): row["top1_accuracy"] for row in found["rows"]}
    assert rates[1, 224] == 70.6
    assert rates[0.25, 224] == 50.6
    assert rates[0.25, 128] is None
    accuracies = [row["top1_accuracy"] for row in found["rows"]]
    known = [each for each in accuracies if each is not None]
    assert known == sorted(known, reverse=True)
    assert accuracies[len(known) :] == [None] * (len(accuracies) - len(known)), "unknown ones come last"
    front = data("mobilenet-v1", "alpha=0.25..1:0.25", "--pareto", "macs,top1_error")
    assert [row["top1_error"] for row in front["rows"]] == pytest.approx([49.4, 36.3, 31.6, 29.4])
    # B2 differs from what is varied here in its dropout, which nothing counted depends on
    (b2,) = data("efficientnet-b0", "width=1.1", "depth=1.2", "resolution=260", "--sort", "top1")["rows"]
    assert b2["top1_accuracy"] == 80.1


def test_nothing_is_dropped_in_silence():
    text = spec("{conv: {filters: =k, groups: =g}}", head="args: {k: 6, g: 3}", input=(12, 8, 8))
    found = data("-", "k=4,6,8", "g=1,3,4", "--where", "macs <= 5K", "--top", "1", input=text)
    assert found["variants"] == found["analysed"] == 9
    assert found["impossible"] == {
        "count": 3,
        "first": {"network": "made", "at": {"k": 4, "g": 3}, "reason": "conv: 4 filters cannot be split into 3 groups"},
    }
    # macs = 64 · k · 12 / g: up to 5,000 for k/g of at most 6.5
    fitting = [(k, g) for k, g in product((4, 6, 8), (1, 3, 4)) if k % g == 0 and 768 * k // g <= 5000]
    assert (found["satisfying"], found["not_satisfying"]) == (len(fitting), 6 - len(fitting))
    assert found["beyond_the_top"] == len(fitting) - 1
    assert len(found["rows"]) == 1
    table = run("sweep", "-", "k=4,6,8", "g=1,3,4", input=text).stdout
    assert "3 variants cannot be built; the first is made, k = 4, g = 3: conv: 4 filters cannot be split" in table
    separated = run("sweep", "-", "k=4,6,8", "g=1,3,4", "--format", "csv", input=text)
    assert "3 variants cannot be built" in separated.stderr
    assert len(separated.stdout.splitlines()) == 7


def test_csv_has_exact_values_and_json_the_same():
    arguments = ("mobilenet-v1", "alpha=0.5,1", "input=64x96,3x32x32", "--device", "rtx3090")
    rows = list(csv.DictReader(io.StringIO(run("sweep", *arguments, "--format", "csv").stdout)))
    same = data(*arguments)["rows"]
    assert [row["input"] for row in rows] == ["64x96", "3x32x32"] * 2
    for one, other in zip(rows, same, strict=True):
        assert {name: str(value) for name, value in other.items()} == one
    report = archcalc.load("mobilenet-v1").analyze((64, 96), set={"alpha": 0.5})
    assert (same[0]["macs"], same[0]["params"]) == (report.macs, report.params)
    assert same[0]["time"] == pytest.approx(report.time("rtx3090").seconds, rel=1e-6)


def test_type_batch_and_device_vary_too():
    axes = ("dtype=float16,float32", "batch=1,8", "device=rtx3090,v100")
    rows = data("resnet18", *axes, "--where", "running < 1GiB")["rows"]
    combinations = list(product(("float16", "float32"), (1, 8), ("rtx3090", "v100")))
    assert [(row["dtype"], row["batch"], row["device"]) for row in rows] == combinations
    row = next(row for row in rows if (row["dtype"], row["batch"], row["device"]) == ("float16", 8, "rtx3090"))
    report = archcalc.load("resnet18").analyze(batch=8, dtype="float16")
    assert row["memory_bytes"] == report.memory_bytes
    assert row["time"] == pytest.approx(report.time("rtx3090").seconds, rel=1e-6)


def test_an_argument_goes_before_a_quantity_of_its_name():
    (row,) = data("wrn-28-10", "depth=16", "--sort", "depth")["rows"]
    assert (row["depth"], row["network_depth"]) == (16, archcalc.load("wrn-16-10").analyze().depth)


def test_several_networks():
    rows = data("resnet18", "resnet34", "input=64,96", "--sort", "macs")["rows"]
    assert [(row["network"], row["input"]) for row in rows] == [
        ("resnet18", 64), ("resnet34", 64), ("resnet18", 96), ("resnet34", 96),
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["spawn", None])
def test_other_processes_give_the_same_rows_in_the_same_order(method):
    ordered = order("resnet18", "n4=0..5", "classes=10,20", where="params < 13M and memory > 1", words=("top1_error",))
    alone = sweep(ordered, processes=1)
    together = sweep(ordered, processes=2, method=method)
    assert together.rows == alone.rows
    assert len(alone.rows) > 4
    assert (together.done, together.failing, together.impossible) == (12, alone.failing, alone.impossible)


@pytest.mark.parametrize("network", ["torchvision:resnet18", "mobilenet-v1-0.5-160", "resnet34"])
def test_networks_can_be_sent_to_other_processes(network):
    again = written(find(network)).read()
    assert archcalc.api.Model(again).analyze().macs == archcalc.load(network).analyze().macs


def test_an_interrupt_keeps_what_is_done():
    def interrupted(done, total):
        if done == 3:
            raise KeyboardInterrupt

    found = sweep(order("resnet18", "n4=1..9"), progress=interrupted, processes=1)
    assert (len(found.rows), found.done, found.interrupted) == (3, 3, True)


def children_of(process):
    """Return the processes that a process has started."""
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir() or available() < 2, reason="needs Linux and two cores")
def test_ctrl_c_writes_the_rows_that_are_done(tmp_path):
    """Ctrl-C reaches all processes of the terminal: the first writes the rows, the others are quiet."""
    out = tmp_path / "rows.csv"
    arguments = command("sweep", "resnet18", "input=32..100000", "--format", "csv", "-o", out)
    process = subprocess.Popen(
        arguments,
        stderr=subprocess.PIPE,
        env=environment(),
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )
    while process.poll() is None and not children_of(process):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.startswith("interrupted: ")
    assert errors.count("\n") == 1, "no traceback, of no process"
    assert len(out.read_text(encoding="utf-8").splitlines()) > 5


def test_progress_is_for_terminals_only(monkeypatch, capsys):
    monkeypatch.setattr(progress, "DELAY", 0)
    monkeypatch.setattr(progress, "INTERVAL", 0)
    assert run("sweep", "resnet18", "input=32..36").stderr == ""
    monkeypatch.setattr(progress.Progress, "_on_terminal", lambda self: True)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress.Progress("variants") as shown:
        shown(3, 5)
    assert "3/5" in capsys.readouterr().err


def test_every_quantity_is_described():
    page = Path(__file__).parent.parent / "docs" / "sweep.md"
    if page.is_file():
        text = page.read_text(encoding="utf-8")
        assert [word for word in MEASURES if f"`{word}`" not in text] == []


def test_from_python():
    axes = {"alpha": [0.25, 0.5], "resolution": range(128, 225, 96), "batch": 2}
    found = archcalc.sweep("mobilenet-v1", axes, where="macs > 100M", sort="-macs")
    assert [(row.arguments["alpha"], row.arguments["resolution"]) for row in found.rows] == [(0.5, 224)]
    assert found.rows[0].values["macs"] == archcalc.load("mobilenet-v1-0.5-224").analyze(batch=2).macs
    assert found.failing == 3
    texts = archcalc.loads(spec("{conv: {filters: =k}}", head="args: {k: 2}")).sweep({"k": "1..3"}, input=4)
    assert [row.values["params"] for row in texts.rows] == [4, 8, 12]
    assert [row.values["macs"] for row in texts.rows] == [3 * 16 * k for k in (1, 2, 3)]
    with pytest.raises(RequestError, match="has no argument 'foo'"):
        archcalc.sweep("resnet18", {"foo": [1]})


def test_what_a_sweep_varies_can_be_given_to_an_analysis():
    """Fractions as they are, and floats by their digits, however Python writes them."""
    model = archcalc.load("efficientnet-b0")
    for row in archcalc.sweep("efficientnet-b0", {"width": "0.9,1.1", "depth": "1,1.15"}).rows:
        assert model.analyze(set=row.arguments).params == row.quantities["params"]
    assert model.analyze(set={"width": 0.5}).macs == model.analyze(set={"width": Fraction(1, 2)}).macs
    assert model.analyze(set={"width": 2.0}).macs == model.analyze(set={"width": 2}).macs
    tiny = archcalc.loads(spec("{conv: {filters: =ceil(a)}}", head="args: {a: 1}"))
    assert tiny.analyze(set={"a": 1e-07}).layers[-1].output.channels == 1
    for wrong in (float("inf"), float("nan"), 1e300, "7/20"):
        with pytest.raises(ArchcalcError):
            tiny.analyze(set={"a": wrong})
