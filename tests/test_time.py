"""Time: the sum by hand, added up in a second way, held against what others measured, and what it says of itself."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from pathlib import Path

import pytest
from making import analyse as made
from running import run

import archcalc
from archcalc import units
from archcalc.analyses.devices.device import Device, Peak
from archcalc.analyses.devices.finding import devices, find_device
from archcalc.analyses.devices.reading import read_devices
from archcalc.analyses.memory.fit import cards
from archcalc.analyses.time import accuracy
from archcalc.analyses.time.calibration import calibrate
from archcalc.analyses.time.estimate import time
from archcalc.analyses.time.measured import Group, Origin, Row, measured, read_measured, read_time
from archcalc.analyses.time.options import TimeOptions
from archcalc.analyses.time.passes import BACKWARD, FORWARD, INPUTS, UPDATE, WEIGHTS
from archcalc.analyses.time.remarks import launch, remarks
from archcalc.errors import RequestError, SpecError
from archcalc.text.source import Source

SHARED = Path(__file__).parent.parent.parent / "shared" / "time" / "measured.json"

ROUND = Device("round", "A card of round numbers", bandwidth=10**9, plain={"float32": Peak(10**9)})
"""A card on which an operation and a byte take a nanosecond each."""

HALVES = ROUND.replace(plain={"float16": Peak(10**9)})


def of(name, device=ROUND, options=TimeOptions(), **analysis):  # noqa: B008 - never changed
    return time(archcalc.load(name).analyze(**analysis), device, options)


def small(device=ROUND, options=TimeOptions(), **analysis):  # noqa: B008 - never changed
    items = ("{name: conv, conv: {filters: 4, kernel: 3, pad: 1}}", "relu", "{name: pool, max_pool: 2}", "{fc: 10}")
    return time(made(*items, input=(3, 8, 8), **analysis), device, options)


# the sum, by hand


def test_the_sum_by_hand():
    passes = [(each.layer.op, each.flops, each.bytes) for each in small().passes]
    assert passes == [
        ("conv", 2 * 4 * 64 * 27, 4 * (3 * 64 + 4 * 64 + 4 * 28)),
        ("relu", 0, 4 * (256 + 256)),
        ("max_pool", 0, 4 * (256 + 64)),
        ("fc", 2 * 640, 4 * (64 + 10 + 650)),
    ]
    assert small().seconds == pytest.approx((15_104 + 8_464) * 1e-9)


def test_weights_are_read_once_a_batch():
    one, many = small(), small(batch=10)
    weights = 4 * (112 + 650)
    assert many.cost.flops == 10 * one.cost.flops
    assert many.cost.bytes - weights == 10 * (one.cost.bytes - weights)
    assert many.images_per_second == pytest.approx(10 / many.seconds)


def test_bytes_are_those_of_the_type():
    assert 2 * small(HALVES, dtype="float16").cost.bytes == small().cost.bytes
    whole = ROUND.replace(plain={"int4": Peak(10**9)})
    assert small(whole, TimeOptions(optimizer="none"), dtype="int4").passes[1].bytes == 256


@pytest.mark.parametrize(
    ("items", "ops", "values"),
    [
        (("flatten",), [], []),
        (("dropout", "softmax"), ["softmax"], [2 * 192]),
        (("{channel_slice: 2}", "relu"), ["relu"], [2 * 128]),
        (
            ("{conv: {filters: 4, kernel: 1, bias: false}}", "{channel_shuffle: 2}"),
            ["conv", "channel_shuffle"],
            [192 + 256 + 12, 2 * 256],
        ),
        (("bn",), ["bn"], [2 * 192 + 6 + 6]),
        (("{add: [[], []]}",), ["add"], [2 * 192]),
        (("{add: [[], [relu]]}",), ["relu", "add"], [2 * 192, 3 * 192]),
        (("{concat: [[], [relu], [relu]]}",), ["relu", "relu", "concat"], [2 * 192, 2 * 192, 6 * 192]),
    ],
)
def test_what_a_pass_moves(items, ops, values):
    passes = time(made(*items, input=(3, 8, 8)), ROUND).passes
    assert [each.layer.op for each in passes] == ops
    assert [each.bytes for each in passes] == [4 * value for value in values]


def test_branches_for_training_are_not_run():
    report = archcalc.load("googlenet").analyze(training=True)
    assert time(report, ROUND).cost == time(archcalc.load("googlenet").analyze(), ROUND).cost
    assert any(each.layer and each.layer.training for each in time(report, ROUND).training)


def test_repeated_runs_share_their_weights():
    once, often = (time(made(f"{{fc: 5, times: {times}}}"), ROUND) for times in (1, 7))
    assert often.cost.flops == 7 * once.cost.flops
    assert often.passes[-1].bytes < 7 * once.passes[-1].bytes


def second_way(data, *, width=4):
    """Add up operations and bytes from the JSON of a report, layer by layer, in another way."""
    moving = {"channel_shuffle"}
    views = {"flatten", "crop", "channel_slice", "dropout"}
    sizes = []
    operations = moved = 0
    for layer in data["layers"]:
        channels, height, width_ = layer["output"]
        sizes.append(channels * height * width_ * layer.get("times", 1) * data["batch"])
        if layer["op"] == "input" or layer["op"] in views - moving or layer.get("training"):
            continue
        operations += 2 * layer["macs"]
        values = sizes[-1] + sum(sizes[source] for source in set(layer["sources"]))
        moved += width * (values + layer["params"] + layer["buffers"])
    return operations, moved


@pytest.mark.parametrize(
    "name",
    [
        "lenet5",
        "alexnet",
        "googlenet",
        "densenet121",
        "shufflenet-v2-x1.0",
        "efficientnet-b0",
        "unet",
        "nin-cifar10",
        "faster-rcnn-vgg16",
        "fractalnet20",
        "xception",
        "zfnet-deconv",
    ],
)
def test_another_way_of_adding_up_agrees(name):
    report = archcalc.load(name).analyze(batch=3)
    cost = time(report, ROUND).cost
    assert (cost.flops, cost.bytes) == second_way(report.to_json())


def test_bounds_and_parts():
    estimate = small()
    bounds = [estimate.rates.cost([each]).bound for each in estimate.passes]
    assert bounds == ["compute", "memory", "memory", "memory"]
    assert estimate.cost.compute + estimate.cost.traffic == estimate.cost.seconds
    assert sum(estimate.rates.cost([each]).seconds for each in estimate.passes) == pytest.approx(estimate.seconds)


def test_compiled_keeps_what_multiplies():
    low, high = small().compiled
    conv, _, _, fc = small().passes
    assert low == pytest.approx((conv.flops + conv.bytes + fc.flops + fc.bytes) * 1e-9)
    assert high == small().seconds


# a step of training, by hand


def test_training_by_hand():
    estimate = small(options=TimeOptions(optimizer="adam"))
    found = [(each.layer.op if each.layer else None, each.phase, each.flops, each.bytes) for each in estimate.training]
    assert found == [
        ("conv", FORWARD, 2 * 6_912, 4 * (192 + 256 + 112)),
        ("relu", FORWARD, 0, 4 * (256 + 256)),
        ("max_pool", FORWARD, 0, 4 * (256 + 64) + 4 * 64),  # an index of 32 bits for each output
        ("fc", FORWARD, 2 * 640, 4 * (64 + 10 + 650)),
        ("fc", INPUTS, 2 * 640, 4 * (10 + 650 + 64)),
        ("fc", WEIGHTS, 2 * 640, 4 * (64 + 10 + 650)),
        ("max_pool", BACKWARD, 0, 4 * (64 + 256) + 4 * 64),
        ("relu", BACKWARD, 0, 4 * (256 + 256 + 256)),  # its output, the gradient, and the gradient of its input
        ("conv", WEIGHTS, 2 * 6_912, 4 * (192 + 256 + 112)),  # nobody asks for the gradient of the image
        (None, UPDATE, 0, 4 * 762 * (1 + 2 + 4)),
    ]
    assert estimate.training_seconds == pytest.approx(sum(flops + moved for *_, flops, moved in found) * 1e-9)


def test_batch_norm_reads_its_input_twice_in_training():
    estimate = time(made("{conv: {filters: 3, kernel: 1}}", "bn", input=(3, 8, 8)), ROUND)
    norm = [each for each in estimate.training if each.layer and each.layer.op == "bn"]
    assert [each.bytes for each in norm] == [4 * (2 * 192 + 192 + 6), 4 * (2 * (192 + 192) + 192 + 2 * 6)]


def test_dropout_is_a_pass_in_training():
    estimate = time(made("{fc: 8}", "dropout", "{fc: 2}", input=(4, 1, 1)), ROUND)
    assert "dropout" not in [each.layer.op for each in estimate.passes]
    drop = [each for each in estimate.training if each.layer and each.layer.op == "dropout"]
    assert [each.bytes for each in drop] == [4 * 16 + 8, 4 * 16 + 8]  # a mask of a byte for each value


def test_the_update_depends_on_the_optimiser():
    params = 762

    def update(optimizer, *, mixed=False):
        device, dtype = (HALVES, "float16") if mixed else (ROUND, "float32")
        return small(device, TimeOptions(optimizer=optimizer, mixed=mixed), dtype=dtype).training[-1].bytes

    assert update("sgd") == params * 4 * 3
    assert update("momentum") == params * 4 * 5
    assert update("adamw") == params * 4 * 7
    assert update("momentum", mixed=True) == params * (2 + 2 * 4 * 2 + 2)


def test_backward_macs_are_those_of_memory():
    from archcalc.analyses.memory.analysis import analyse
    from archcalc.analyses.memory.options import MemoryOptions

    report = archcalc.load("resnet18").analyze(batch=2)
    work = analyse(report, MemoryOptions()).step.work.values()
    estimate = time(report, ROUND)
    assert estimate.phase(INPUTS).flops == 2 * sum(each.inputs for each in work)
    assert estimate.phase(WEIGHTS).flops == 2 * sum(each.weights for each in work)


def test_nothing_is_trained_in_whole_numbers_or_by_nothing():
    assert of("lenet5", "rtx3090", TimeOptions(optimizer="none")).training is None
    assert of("lenet5", "rtx3090", dtype="int8").training_seconds is None
    with pytest.raises(RequestError, match="not for training"):
        of("lenet5", "rtx3090", TimeOptions(optimizer="adam"), dtype="int8")


# held against measurements


def test_what_is_kept_is_what_the_rows_give():
    found, missing = accuracy.evaluate(measured())
    assert missing == []
    assert Path(accuracy.path()).read_text(encoding="utf-8") == accuracy.to_text(found), "run python docs/generate.py"


@pytest.mark.parametrize(
    ("device", "note", "most"),
    [("rtx3090", "channels last", 0.12), ("rtx4090", "channels last", 0.12), ("rtx3090", "channels first", 0.18)],
)
def test_the_error_on_recent_cards(device, note, most):
    (found,) = [each for each in accuracy.of_device(device, "float16", tensor=True) if each.note == note]
    assert len(found.rows) >= 48
    assert found.mean_error <= most
    assert found.rank_correlation > 0.985


@pytest.mark.skipif(not SHARED.exists(), reason="only where the measurements are beside the project")
def test_the_rows_are_as_they_were_given():
    given = [
        (row["card"], row["network"], row["input"], row["batch"], round(row["step_ms"] / 1e3, 9))
        for row in json.loads(SHARED.read_text(encoding="utf-8"))["rows"]
    ]
    ours = [
        (each.device, row.network, row.input, row.batch, round(row.seconds, 9))
        for each in measured()
        if "pt240" in each.origin.title
        for row in each.rows
    ]
    assert sorted(ours) == sorted(given)


def test_statistics_of_errors_by_hand():
    rows = tuple(
        accuracy.Held(name, 1, 1, real, guess, 1)
        for name, real, guess in (("a", 1.0, 1.1), ("b", 2.0, 1.0), ("c", 4.0, 4.0))
    )
    held = accuracy.Accuracy("x", "float32", False, "forward", "", "", "", "", rows)
    assert held.mean_error == pytest.approx((0.1 + 0.5 + 0) / 3)
    assert held.bias == pytest.approx((0.1 - 0.5) / 3)
    assert held.worst.network == "b"
    assert held.rank_correlation == pytest.approx(0.5)  # a and b change places: 1 - 6 · 2 / (3 · 8)
    # scaled by a: b 0.5/1.1, c 1/1.1; by b: a 2.2, c 2; by c: a 1.1, b 0.5
    errors = [1 - 0.5 / 1.1, 1 - 1 / 1.1, 1.2, 1.0, 0.1, 0.5]
    assert held.calibrated_error == pytest.approx(sum(errors) / 6)


def test_rank_correlation():
    assert accuracy.spearman([1, 2, 3, 4], [10, 20, 30, 40]) == pytest.approx(1)
    assert accuracy.spearman([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1)
    assert accuracy.spearman([1, 2, 3, 4], [1, 2, 4, 3]) == pytest.approx(0.8)
    assert accuracy.spearman([1, 1, 2], [1, 2, 3]) == pytest.approx(0.8660254)  # equal values share their ranks
    assert accuracy.spearman([1, 1, 1], [1, 2, 3]) == 0


def test_networks_that_are_not_there_are_left_out_and_said():
    row = Row("resnet18", 224, 4, 0.01, "10ms")
    group = Group("t4", "float16", None, "forward", "", Origin("", "", ""), (row, row._replace(network="no-such-net")))
    (found,), missing = accuracy.evaluate([group])
    assert [each.network for each in found.rows] == ["resnet18"]
    assert missing == ["no-such-net"]
    assert found.tensor
    assert accuracy.evaluate([group._replace(rows=group.rows[1:])]) == ([], ["no-such-net"])


ORIGIN = "sources: {a: {title: t, url: u, how: h}}\n"


@pytest.mark.parametrize(
    "text",
    [
        "sources: {}",
        "sources: {}\ngroups: []\nmore: 1",
        "groups: []",
        "- 1",
        "sources: {}\ngroups: [1]",
        f"{ORIGIN}groups: [{{device: t4, dtype: float16, phase: run, source: a, rows: []}}]",
        f"{ORIGIN}groups: [{{device: t4, dtype: float16, phase: step, source: b, rows: []}}]",
        f"{ORIGIN}groups: [{{device: t4, dtype: float16, phase: step, source: a, rows: [[x, 1, 1]]}}]",
        f"{ORIGIN}groups: [{{device: t4, dtype: float16, phase: step, source: a, rows: [[x, 1, 1, 5]]}}]",
    ],
)
def test_wrong_measurements_are_refused_with_their_place(text):
    with pytest.raises(SpecError, match=r"rows\.yaml:[0-9]+:[0-9]+: "):
        read_measured(Source("rows.yaml", text))


@pytest.mark.parametrize(
    ("text", "batch", "seconds"),
    [
        ("7.1ms", 1, 0.0071),
        ("1.5 s", 9, 1.5),
        ("350us", 1, 350e-6),
        ("350µs", 1, 350e-6),
        ("4500/s", 9, 0.002),
        ("4500 img/s", 9, 0.002),
        ("20 images/s", 10, 0.5),
        ("0ms", 1, None),
        ("0/s", 1, None),
        ("-1ms", 1, None),
        ("7.1", 1, None),
        ("ms", 1, None),
        ("1e3ms", 1, None),
        ("7.1 m", 1, None),
        ("", 1, None),
    ],
)
def test_times_are_read(text, batch, seconds):
    assert read_time(text, batch) == (None if seconds is None else pytest.approx(seconds))


# calibration


def test_a_measured_network_takes_what_was_measured():
    estimate = of("resnet50", "t4", batch=8, dtype="float16")
    found = calibrate(estimate, ["resnet50=50ms"])
    assert found.seconds == pytest.approx(0.05)
    assert found.training_seconds == pytest.approx(estimate.training_seconds * found.scale)
    assert found.compiled[1] == pytest.approx(0.05)
    assert found.cost == estimate.cost
    assert calibrate(estimate, ["resnet50=160/s"]).seconds == pytest.approx(0.05)


def test_other_networks_and_sizes_scale():
    estimate = of("resnet50", "t4", batch=8, dtype="float16")
    other = of("vgg16", "t4", batch=8, dtype="float16", input=160)
    assert calibrate(estimate, ["vgg16@160=1s"]).scale == pytest.approx(1 / other.seconds)
    both = calibrate(estimate, ["vgg16@160=1s", f"resnet50={estimate.seconds * 1e3:.9f}ms"])
    assert both.scale == pytest.approx((1 / other.seconds) ** 0.5)
    assert [each.network for each in both.measurements] == ["vgg16", "resnet50"]


@pytest.mark.parametrize("text", ["resnet50", "resnet50=", "=7ms", "resnet50=fast", "resnet50=0ms", "resnet50@x=7ms"])
def test_what_is_no_measurement_is_refused(text):
    with pytest.raises(RequestError):
        calibrate(of("lenet5", "t4"), [text])


# devices


def test_every_device_has_what_it_needs():
    found = list(devices().values())
    assert all(each.source and each.title and each.year for each in found)
    assert all(before.year <= behind.year for before, behind in pairwise(found))
    assert sum(each.kind == "cpu" for each in found) == 2
    assert all(peak.cores for each in found if each.kind == "cpu" for peak in each.plain.values())
    wanted = (
        "gtx580 v100 a100 h100 rtx3090 rtx4090 rtx5090 t4 jetson-tx1 jetson-orin titanx-pascal titan-x k40 k80 p100"
    )
    assert all(find_device(name).timed for name in wanted.split())
    assert set(cards()) == {each.name for each in found if each.memory}
    names = [name for each in found for name in (each.name, *each.aliases)]
    assert len(names) == len(set(names))


def test_peaks_are_dense_and_with_sums_in_float32():
    for name in ("rtx2080ti", "rtx3090", "rtx4090", "rtx5090"):  # tensor cores at half their rate for float32 sums
        card = find_device(name)
        assert card.tensor["int8"].rate == pytest.approx(4 * card.tensor["float16"].rate, rel=0.002)
        assert card.tensor["float16"].rate == pytest.approx(
            (4 if name == "rtx2080ti" else 2) * card.plain["float32"].rate, rel=0.005
        )
    for name in ("t4", "a100-40gb", "a100-80gb", "h100", "h100-pcie", "h200", "mi300x", "jetson-agx-orin"):
        card = find_device(name)
        assert card.tensor["int8"].rate == pytest.approx(2 * card.tensor["float16"].rate, rel=0.002)
        if "float32" in card.tensor:  # TF32
            assert card.tensor["float16"].rate == pytest.approx(2 * card.tensor["float32"].rate, rel=0.002)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("RTX 3090", "rtx3090"),
        ("rtx-3090", "rtx3090"),
        ("NVIDIA GeForce RTX 3090", "rtx3090"),
        ("nvidia_rtx_3090", "rtx3090"),
        ("Tesla V100", "v100"),
        ("a100", "a100-40gb"),
        ("A100 80GB SXM", "a100-80gb"),
        ("Titan X", "titan-x"),
        ("titanx-pascal", "titanx-pascal"),
        ("Titan X (Pascal)", "titanx-pascal"),
        ("GTX580-1.5GB", "gtx580-1.5gb"),
        ("h100 sxm", "h100"),
        ("Orin", "jetson-agx-orin"),
        ("Core i7-6700K", "core-i7-6700k"),
        ("intel core i7 6700k", "core-i7-6700k"),
    ],
)
def test_devices_are_found_as_people_write_them(text, name):
    assert find_device(text).name == name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rtx3091", "did you mean 'rtx3090'"),
        ("rtx 4080", "did you mean 'rtx4090'"),
        ("abacus", "see archcalc devices"),
        ("", "see archcalc devices"),
        ("no_such.yaml", "No such file"),
        ("no_such.yaml:x", "No such file"),
    ],
)
def test_devices_that_are_not_there(text, said):
    with pytest.raises(RequestError, match=said):
        find_device(text)


def test_peaks_of_types():
    card = find_device("rtx3090")
    assert card.peak("float32") == (card.plain["float32"], False)
    assert card.peak("float32", True) == (card.tensor["float32"], True)
    assert card.peak("float16") == (card.tensor["float16"], True)
    assert card.peak("float16", False) == (card.plain["float16"], False)
    assert find_device("p100").peak("float16")[1] is False
    tensor_only = Device("x", "x", bandwidth=1, tensor={"float32": Peak(5)})
    assert tensor_only.peak("float32") == (Peak(5), True)


@pytest.mark.parametrize(
    ("name", "dtype", "tensor", "said"),
    [
        ("titan-x", "float16", None, "no peak for float16 is known; float32 is"),
        ("gtx1080", "float32", True, "no tensor cores"),
        ("titan-black", "float32", None, "only the memory"),
        ("t4", "float16", False, "without tensor cores"),
        ("t4", "bfloat16", None, "no peak for bfloat16"),
        ("rtx3090", "float64", None, "no peak for float64"),
    ],
)
def test_peaks_that_are_not_known(name, dtype, tensor, said):
    with pytest.raises(RequestError, match=said):
        find_device(name).peak(dtype, tensor)


CARD = (
    "{bandwidth: 448GB/s, memory: 16GB, peak: {float32: 19.2T}, "
    "tensor: {tf32: 38T, float16: {cores: 4, per_cycle: 32, clock: 1.5GHz}}}"
)


def test_a_device_of_ones_own(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(f"mine: {CARD}\n")
    card = find_device(str(path))
    assert (card.name, card.title, card.kind) == ("mine", "mine", "gpu")
    assert (card.memory, card.bandwidth) == (16 * 2**30, 448 * 10**9)
    assert card.plain["float32"].rate == 19_200 * 10**9
    assert card.tensor["float32"].rate == 38 * 10**12
    assert card.tensor["float16"] == Peak(4 * 32 * 1_500_000_000, 4, 32, 1_500_000_000)
    path.write_text(f"mine: {CARD}\nyours: {CARD}\n")
    with pytest.raises(RequestError, match="several devices"):
        find_device(str(path))
    assert find_device(f"{path}:Yours").name == "yours"
    with pytest.raises(RequestError, match="did you mean 'yours'"):
        find_device(f"{path}:your")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mine: 5", "a device is a mapping"),
        ("[]", "devices are a mapping"),
        ("{}", "devices are a mapping"),
        ("mine: {}", "needs its memory"),
        ("mine: {bandwith: 1GB/s}", "did you mean 'bandwidth'"),
        ("mine: {bandwidth: 448}", "such as 936GB/s"),
        ("mine: {bandwidth: 0GB/s}", "such as 936GB/s"),
        ("mine: {bandwidth: 1GB/s}", "needs a peak"),
        ("mine: {peak: {float32: 1T}, memory: 1GB}", "needs its bandwidth"),
        ("mine: {tensor: {float16: 1T}, memory: 1GB}", "needs its bandwidth"),
        ("mine: {bandwidth: 1GB/s, peak: {float31: 1T}}", "did you mean 'float32'"),
        ("mine: {bandwidth: 1GB/s, peak: {tf32: 1T}}", "no type 'tf32'"),
        ("mine: {bandwidth: 1GB/s, tensor: {tf32: 1T, float32: 1T}}", "write one of them"),
        ("mine: {bandwidth: 1GB/s, peak: {}}", "peaks are a mapping"),
        ("mine: {bandwidth: 1GB/s, peak: 1T}", "peaks are a mapping"),
        ("mine: {bandwidth: 1GB/s, peak: {float32: fast}}", "such as 35.6T"),
        ("mine: {bandwidth: 1GB/s, peak: {float32: -1T}}", "such as 35.6T"),
        ("mine: {bandwidth: 1GB/s, peak: {float32: 999999999999999P}}", "such as 35.6T"),
        ("mine: {bandwidth: 1GB/s, peak: {float32: {cores: 4, clock: 1GHz}}}", "cores, per_cycle"),
        ("mine: {bandwidth: 1GB/s, peak: {float32: {cores: 4, per_cycle: 8, clock: 1}}}", "such as 4GHz"),
        ("mine: {bandwidth: 1GB/s, peak: {float32: {cores: 99999999, per_cycle: 99999999, clock: 9GHz}}}", "more than"),
        ("mine: {memory: 24}", "such as 3GB"),
        ("mine: {memory: 1GB, kind: tpu}", "gpu, cpu or phone"),
        ("mine: {memory: 1GB, memory: 2GB}", "memory"),
    ],
)
def test_wrong_devices_are_refused_with_their_place(text, said):
    with pytest.raises(SpecError, match=r"cards\.yaml:1:[0-9]+: ") as error:
        read_devices(Source("cards.yaml", text))
    assert said in str(error.value)


# what is said of an estimate


def words(estimate):
    return [remark.word for remark in remarks(estimate)]


def test_winograd_is_said_where_it_applies():
    estimate = of("vgg16", "titan-x", batch=16)
    assert "winograd" in words(estimate)
    (said,) = [remark.text for remark in remarks(estimate) if remark.word == "winograd"]
    fast = sum(each.flops for each in estimate.passes if each.layer.op == "conv")
    assert units.share(fast, estimate.cost.flops) in said
    assert units.duration(estimate.seconds - fast * 5 / 9 / estimate.rates.peak.rate) in said
    assert "winograd" not in words(of("vgg16", "rtx3090", batch=16, dtype="float16"))
    assert "winograd" not in words(of("vgg16", "rtx3090", TimeOptions(tensor=True), batch=16))
    assert "winograd" not in words(of("vgg16", "core-i7-6700k", batch=16))
    assert "winograd" not in words(of("mobilenet-v1", "titan-x", batch=64))


def test_small_batches_on_large_cards_are_said():
    assert "launches" in words(of("resnet50", "h100", dtype="float16"))
    assert "launches" not in words(of("resnet50", "h100", dtype="float16", batch=1024))
    assert "launches" not in words(of("resnet50", "core-i7-6700k"))
    rows = [row for each in accuracy.accuracies() for row in each.rows if row.batch == 1]
    assert launch() == min(row.measured / row.passes for row in rows)
    assert 5e-6 < launch() < 1e-4


def test_other_remarks():
    phone = ROUND.replace(kind="phone")
    assert "phone" in words(of("lenet5", phone))
    assert "cpu" in words(of("lenet5", "core-i7-6700k"))
    assert "tf32" in words(of("vgg16", "a100", batch=64))
    assert "tf32" not in words(of("vgg16", "a100", TimeOptions(tensor=True), batch=64))
    assert "grouped" in words(of("mobilenet-v2", "rtx3090", batch=64))
    assert "grouped" in words(of("resnext50-32x4d", "rtx3090", batch=64))
    assert "grouped" not in words(of("mobilenet-v2", "rtx3090", TimeOptions(optimizer="none"), batch=64))
    assert "grouped" not in words(of("resnet50", "rtx3090", batch=64))
    assert "calibration" in words(calibrate(of("vgg16", "a100", batch=64), ["vgg16=90s"]))
    assert "calibration" not in words(calibrate(of("vgg16", "a100", batch=64), ["vgg16=90ms"]))


# the command line


def data_of(*arguments):
    result = run("time", *arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_json_says_what_python_says():
    found = data_of("resnet50", "--device", "rtx3090", "--dtype", "float16", "--batch", 8, "--optimizer", "adam")
    report = archcalc.load("resnet50").analyze(batch=8, dtype="float16")
    estimate = report.time(device="rtx3090", optimizer="adam")
    assert found["seconds"] == estimate.seconds == found["estimate"]["seconds"]
    assert found["images_per_second"] == pytest.approx(8 / estimate.seconds)
    assert found["training"]["seconds"] == estimate.training_seconds
    assert found["device"]["peak"] == 71 * 10**12
    assert found["device"]["tensor_cores"] is True
    assert found["compiled_seconds"]["most"] == estimate.seconds
    assert found["calibration"] is None
    layers = found["layers"]
    assert sum(each["seconds"] for each in layers) == pytest.approx(estimate.seconds)
    assert sum(each["bytes"] for each in layers) == found["estimate"]["bytes"]
    assert {each["bound"] for each in layers} == {"compute", "memory"}
    assert sum(each["seconds"] for each in found["training"]["phases"].values()) == pytest.approx(
        estimate.training_seconds
    )
    assert [each["measurements"] for each in found["accuracy"]] == [48, 48]


def test_mixed_and_calibrated():
    found = data_of("resnet50", "--device", "rtx3090", "--dtype", "mixed", "--measured", "resnet50=7.1ms")
    assert found["dtype"] == "float16"
    assert found["seconds"] == pytest.approx(0.0071)
    assert found["calibration"]["measured"][0]["measured_seconds"] == pytest.approx(0.0071)
    report = archcalc.load("resnet50").analyze(dtype="float16")
    assert report.time("rtx3090", measured={"resnet50": "7.1ms"}).seconds == pytest.approx(0.0071)
    assert report.time("rtx3090").training is None


@pytest.mark.parametrize("per", [(), ("--per", "layer"), ("--per", "layer", "--all"), ("--per", "layer", "--depth", 2)])
def test_rows_add_up_to_the_sum(per):
    result = run("time", "googlenet", "--device", "rtx4090", "--optimizer", "none", "--format", "csv", *per)
    assert result.exit_code == 0
    sums = {}
    for row in csv.DictReader(io.StringIO(result.stdout)):
        sums[row["table"]] = sums.get(row["table"], 0) + float(row["seconds"])
    first, second = sums.values()
    assert first == pytest.approx(second)


def test_all_devices():
    found = data_of("resnet50", "--dtype", "float16", "--batch", 4)
    by_name = {each["device"]: each["seconds"] for each in found["devices"]}
    assert by_name["v100"] == of("resnet50", "v100", dtype="float16", batch=4).seconds
    assert "titan-x" not in by_name
    shown = run("time", "resnet50", "--dtype", "float16").stdout
    assert "No peak for float16 is known of" in shown
    assert "Launching 175 passes" in shown
    assert run("time", "resnet50", "--device", "all").exit_code == 0


def test_compare_shows_times():
    result = run("compare", "resnet50", "vgg16", "--device", "RTX 3090", "--dtype", "float16", "--batch", 64)
    assert "images" in result.stdout
    assert "time, to resnet50" in result.stdout
    assert "mean error" in result.stdout
    found = json.loads(run("compare", "resnet50", "vgg16", "--device", "t4", "--format", "json").stdout)
    seconds = [of(name, "t4").seconds for name in ("resnet50", "vgg16")]
    assert [each["time"]["seconds"] for each in found] == seconds
    assert found[1]["ratios"]["seconds"] == seconds[1] / seconds[0]
    lines = run("compare", "resnet50", "vgg16", "--device", "t4", "--format", "csv").stdout.splitlines()
    assert lines[0].endswith("device,seconds,images_per_second")
    assert lines[2].split(",")[-3:-1] == ["t4", str(seconds[1])]
    assert run("compare", "vgg16", "--device", "t4").exit_code == 0


def test_a_network_without_a_pass_takes_no_time(tmp_path):
    path = tmp_path / "flat.yaml"
    path.write_text("name: flat\ninput: [3, 8, 8]\nlayers: [flatten]\n")
    found = data_of(path, "--device", "t4")
    assert (found["seconds"], found["images_per_second"], found["layers"]) == (0, None, [])
    for arguments in ((path, "--device", "t4"), (path,), (path, "--device", "t4", "--per", "layer")):
        assert run("time", *arguments).exit_code == 0
    assert run("time", "lenet5", "--device", "t4", "--measured", f"{path}=1ms").exit_code == 2
    for networks in ((path, "lenet5"), ("lenet5", path)):
        assert run("compare", *networks, "--device", "t4").exit_code == 0


def test_devices_are_listed_and_shown(tmp_path):
    listed = json.loads(run("devices", "--format", "json").stdout)
    assert [each["device"] for each in listed] == list(devices())
    shown = run("devices", "v100", "core-i7-6700k").stdout
    assert "Source: NVIDIA" in shown
    assert "4 cores · 32 operations a cycle · 4 GHz" in shown
    path = tmp_path / "cards.yaml"
    path.write_text("mine: {memory: 1GB, bandwith: 3GB/s}\n")
    result = run("devices", path)
    assert result.exit_code == 3
    assert f"{path}:1:" in result.stderr
    path.write_text(f"mine: {CARD}\nyours: {CARD}\n")
    assert [each["device"] for each in json.loads(run("devices", path, "-f", "json").stdout)] == ["mine", "yours"]
    path.write_text(f"mine: {CARD}\n")
    assert run("time", "lenet5", "--device", path).exit_code == 0
    assert run("memory", "lenet5", "--fit", path).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lenet5", "--device", "rtx3091"), "did you mean 'rtx3090'"),
        (("lenet5", "--device", "titan-x", "--dtype", "float16"), "no peak"),
        (("lenet5", "--device", "gtx1080", "--tensor-cores"), "no tensor cores"),
        (("lenet5", "--device", "rtx3090", "--dtype", "int8", "--optimizer", "adam"), "for inference only"),
        (("lenet5", "--device", "rtx3090", "--measured", "lenet5"), "write NET=TIME"),
        (("lenet5", "--measured", "lenet5=1ms"), "--device"),
        (("lenet6", "--device", "t4"), "no network"),
        (("lenet5", "--device", "t4", "--dtype", "float17"), "no type"),
    ],
)
def test_requests_that_cannot_be_met(arguments, said):
    result = run("time", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


# numbers in words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1.2345, "1.23 s"),
        (0.2951, "295 ms"),
        (7.1e-3, "7.10 ms"),
        (7.1e-6, "7.10 µs"),
        (3.2e-8, "32.0 ns"),
        (0.9996, "1.00 s"),
        (0.9994, "999 ms"),
        (9.996e-4, "1.00 ms"),
        (12345, "12,345 s"),
        (2e-10, "0.200 ns"),
        (0, "0 s"),
        (99.96, "100 s"),
        (9.996, "10.0 s"),
    ],
)
def test_durations(seconds, said):
    assert units.duration(seconds) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (71e12, "71 TB/s"),
        (165.2e12, "165.2 TB/s"),
        (1008e9, "1.008 TB/s"),
        (936e9, "936 GB/s"),
        (999.96e9, "1 TB/s"),
        (999.9e9, "999.9 GB/s"),
        (5, "5 B/s"),
        (1.581056e12, "1.581 TB/s"),
    ],
)
def test_rates(value, said):
    assert units.rate(value, "B/s") == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3730.3, "3,730"),
        (71.44, "71.4"),
        (0.523, "0.523"),
        (0.0523, "0.0523"),
        (9.996, "10.0"),
        (999.6, "1,000"),
        (0.09999, "0.100"),
    ],
)
def test_significant_digits(value, said):
    assert units.significant(value) == said


def test_errors_in_percent():
    assert units.off_by(295, 274.4) == "+7.5%"
    assert units.off_by(100, 200) == "−50.0%"
    assert units.share(1, 3) == "33.3%"
    assert units.share(1, 0) == "–"
