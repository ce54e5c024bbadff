"""The time of a network on a device: the sum over its passes of the time to compute and the time to move bytes.

Each pass takes 2 · MACs / peak + bytes / bandwidth. Nothing is fitted: there are two numbers of the device, as its
maker states them, and the integers of the report.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.devices.finding import find_device
from archcalc.analyses.time.options import TimeOptions
from archcalc.analyses.time.passes import Pass, forward
from archcalc.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.analyses.devices.device import Device, Peak
    from archcalc.engine.report import Report
    from archcalc.operations.base import Shape

COMPUTE, MEMORY = "compute", "memory"
"""What bounds a pass: the arithmetic units, or the bandwidth of memory."""


class Cost(NamedTuple):
    """The cost of some passes on a device: operations, bytes, and the seconds for both."""

    flops: int
    bytes: int
    compute: float
    traffic: float

    @property
    def seconds(self) -> float:
        """The sum of the times for compute and traffic."""
        return self.compute + self.traffic

    @property
    def bound(self) -> str:
        """What takes the larger part."""
        return COMPUTE if self.compute >= self.traffic else MEMORY


class Rates(NamedTuple):
    """The rates of a device for a type of values: its peak, whether that is one of matrix units, and its bandwidth."""

    peak: Peak
    tensor: bool
    bandwidth: int

    def cost(self, passes: Iterable[Pass]) -> Cost:
        """Add up some passes."""
        flops = moved = 0
        for step in passes:
            flops += step.flops
            moved += step.bytes
        return Cost(flops, moved, flops / self.peak.rate, moved / self.bandwidth)


class Measurement(NamedTuple):
    """A user's measurement of a network on the device, and its estimate, in seconds for the report's batch."""

    network: str
    input: Shape
    measured: float
    estimated: float


class Estimate(NamedTuple):
    """How long a network takes on a device for the report's batch.

    ``passes`` are those of inference, ``training`` those of a step of training; None if the type is for inference only,
    or nothing is trained.
    """

    report: Report
    device: Device
    rates: Rates
    options: TimeOptions
    passes: tuple[Pass, ...]
    training: tuple[Pass, ...] | None
    measurements: tuple[Measurement, ...] = ()
    """The measurements that times are calibrated by."""

    @property
    def scale(self) -> float:
        """The factor of calibration: the geometric mean of measured / estimated; 1 without measurements."""
        if not self.measurements:
            return 1.0
        return exp(
            sum(log(measurement.measured / measurement.estimated) for measurement in self.measurements)
            / len(self.measurements)
        )

    @property
    def cost(self) -> Cost:
        """The sum over the passes of inference, without calibration."""
        return self.rates.cost(self.passes)

    @property
    def seconds(self) -> float:
        """How long the batch takes, calibrated if there are measurements."""
        return self.cost.seconds * self.scale

    @property
    def images_per_second(self) -> float | None:
        """Images per second, batch after batch; None if no pass takes any time."""
        return self.report.setup.batch / self.seconds if self.seconds else None

    @property
    def compiled(self) -> tuple[float, float]:
        """The bounds of compiled execution: with everything fused into the passes that multiply, and with nothing."""
        fused = self.rates.cost(step for step in self.passes if step.flops)
        return fused.seconds * self.scale, self.seconds

    @property
    def training_seconds(self) -> float | None:
        """How long a step of training takes, calibrated like inference; None if nothing is trained."""
        return None if self.training is None else self.rates.cost(self.training).seconds * self.scale

    def phase(self, phase: str) -> Cost:
        """Add up one phase of a step of training, without calibration."""
        return self.rates.cost(step for step in self.training or () if step.phase == phase)


def rates(device: Device, dtype: str, tensor: bool | None = None) -> Rates:
    """Return a device's rates for a type of values; raise RequestError if they are unknown."""
    peak, used = device.peak(dtype, tensor)
    assert device.bandwidth is not None, "a device with a peak has a bandwidth"
    return Rates(peak, used, device.bandwidth)


def time(report: Report, device: Device | str, options: TimeOptions = TimeOptions()) -> Estimate:  # noqa: B008
    """Estimate how long a report's batch takes on a device: a name, FILE.yaml[:NAME], or a device that was read.

    Raises RequestError where there is no such device, or none of its peaks is for the report's type, SpecError where
    its file is not right.
    """
    known_device = find_device(device) if isinstance(device, str) else device
    setup = report.setup
    device_rates = rates(known_device, setup.dtype, options.tensor)
    whole = setup.dtype.startswith("int")
    if whole and options.optimizer not in ("none", "momentum"):
        raise RequestError(f"{setup.dtype} is for inference only, not for training")
    training = None
    if not whole and options.optimizer != "none":
        from archcalc.analyses.time.training import step

        training = step(report, options.optimizer, mixed=options.mixed)
    return Estimate(report, known_device, device_rates, options, forward(report), training)
