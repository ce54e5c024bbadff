"""Remarks on an estimate: where the sum is known to be wrong, and by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc import units
from archcalc.analyses.time.accuracy import accuracies
from archcalc.analyses.time.passes import INPUTS, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.time.estimate import Estimate
    from archcalc.engine.layer import Layer

WINOGRAD = 36 / 16
"""How many times fewer multiplications F(2x2, 3x3) takes: Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural
Networks", section 4.1: 16 for each 2x2 outputs, instead of 36."""

LEAST_SHARE = 0.1
"""The least share of the work that is worth a remark."""


class Remark(NamedTuple):
    """A limit of an estimate: a word, and a sentence."""

    word: str
    text: str


def remarks(estimate: Estimate) -> Iterator[Remark]:
    """Yield the remarks on an estimate."""
    yield from _kind(estimate)
    yield from _winograd(estimate)
    yield from _tf32(estimate)
    yield from _launches(estimate)
    yield from _grouped(estimate)
    yield from _calibration(estimate)


def _kind(estimate: Estimate) -> Iterator[Remark]:
    if estimate.device.kind == "phone":
        yield Remark("phone", "Phones throttle and share their memory: the sum is known to be far too low for them.")
    if estimate.device.kind == "cpu":
        text = "archcalc has no measurements on processors, and libraries differ by several times: a lower bound."
        yield Remark("cpu", text)


def _winograd(estimate: Estimate) -> Iterator[Remark]:
    if estimate.device.kind != "gpu" or estimate.report.setup.dtype != "float32" or estimate.rates.tensor:
        return
    flops = sum(step.flops for step in estimate.passes)
    fast = sum(step.flops for step in estimate.passes if step.layer is not None and _three_by_three(step.layer))
    if not flops or fast < LEAST_SHARE * flops:
        return
    saved = fast * (1 - 1 / WINOGRAD) / estimate.rates.peak.rate
    yield Remark(
        "winograd",
        f"{units.share(fast, flops)} of the MACs are 3x3 convolutions with stride 1. In float32 libraries compute them"
        f" with {WINOGRAD} times fewer multiplications (Winograd's algorithm; Lavin & Gray 2016), so they can be faster"
        f" than the peak: the sum would be {units.duration(estimate.cost.seconds - saved)}.",
    )


def _three_by_three(layer: Layer) -> bool:
    """Whether a layer is a 3x3 convolution with stride 1 whose filters see all channels."""
    window = [getattr(layer.operation, setting, None) for setting in ("kernel", "stride", "dilation")]
    all_channels = layer.macs == 9 * layer.inputs[0].channels * layer.output_values
    return window == [(3, 3), (1, 1), (1, 1)] and all_channels


def _tf32(estimate: Estimate) -> Iterator[Remark]:
    dtype = estimate.report.setup.dtype
    if dtype == "float32" and not estimate.rates.tensor and dtype in estimate.device.tensor:
        yield Remark(
            "tf32",
            "Frameworks may compute float32 in TF32 on tensor cores, as PyTorch does for convolutions on NVIDIA's"
            " cards by default: --tensor-cores.",
        )


def launch() -> float:
    """Return the shortest pass in archcalc's measurements of batch 1, in seconds: the cost of launching one."""
    return min(row.measured / row.passes for accuracy in accuracies() for row in accuracy.rows if row.batch == 1)


def launches_rule(estimate: Estimate) -> bool:
    """Whether the passes on a card are too short for its host to launch them in time."""
    return estimate.device.kind == "gpu" and estimate.cost.seconds < launch() * len(estimate.passes)


def _launches(estimate: Estimate) -> Iterator[Remark]:
    if launches_rule(estimate):
        passes, least = len(estimate.passes), launch()
        yield Remark(
            "launches",
            f"A pass takes {units.duration(estimate.cost.seconds / passes)} on average, less than it takes to launch"
            f" one: in archcalc's measurements of batch 1, on whatever card, a pass took {units.duration(least)} or"
            f" more. So expect {units.duration(least * passes)} or more for these {passes}; a larger batch costs less"
            " for each image.",
        )


def _grouped(estimate: Estimate) -> Iterator[Remark]:
    training = [step for step in estimate.training or () if step.phase in (INPUTS, WEIGHTS)]
    if not any(step.layer is not None and _in_groups(step.layer) for step in training):
        return
    worst = max(
        row.measured / row.estimated for accuracy in accuracies() if accuracy.phase == "step" for row in accuracy.rows
    )
    yield Remark(
        "grouped",
        "Training: the backward pass through grouped and depthwise convolutions runs far below the peak; such networks"
        f" took up to {worst:.1f} times the estimate in archcalc's measurements.",
    )


def _in_groups(layer: Layer) -> bool:
    operation = layer.operation
    return getattr(operation, "groups", 1) > 1 or hasattr(operation, "multiplier")


def _calibration(estimate: Estimate) -> Iterator[Remark]:
    if not 0.2 < estimate.scale < 5:
        yield Remark(
            "calibration",
            f"What was measured is {estimate.scale:.3g} times the estimate: is it the time of a batch of"
            f" {estimate.report.setup.batch:,} in {estimate.report.setup.dtype}?",
        )
