"""Calibration: scaling times by a user's measurements on the device."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.analyses.time.estimate import Measurement, time
from archcalc.analyses.time.measured import read_time
from archcalc.engine.count import count
from archcalc.engine.expand import expand
from archcalc.errors import RequestError, SpecError, printable
from archcalc.language.networks import input_size
from archcalc.zoo import find

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.analyses.time.estimate import Estimate


def calibrate(estimate: Estimate, measured: Iterable[str]) -> Estimate:
    """Return an estimate scaled by measurements: NET=TIME or NET@SIZE=TIME, such as resnet50=7.1ms.

    Each is for the estimate's device, type and batch, and for the network's own input size unless another is given.
    Images a second (resnet50=4500/s) are accepted too. Raises RequestError for anything else.
    """
    return estimate._replace(measurements=tuple(_measurement(estimate, text) for text in measured))


def _measurement(estimate: Estimate, text: str) -> Measurement:
    named, equals, written = text.rpartition("=")
    seconds = read_time(written, estimate.report.setup.batch)
    if not equals or not named.strip() or seconds is None:
        raise RequestError(
            f"--measured {printable(text[:60])}: write NET=TIME, such as resnet50=7.1ms or resnet50@288=4500/s"
        )
    at = re.fullmatch(r"(.+)@([0-9x× ]+)", named.strip())
    spec, size = (find(at[1]), input_size(at[2])) if at else (find(named.strip()), None)
    try:
        report = count(expand(spec, size), estimate.report.setup)
    except SpecError as error:
        if size is None:
            raise
        raise RequestError(f"--measured {printable(text[:60])}: {error.mistakes[0].message}") from None
    estimated = time(report, estimate.device, estimate.options._replace(optimizer="none")).seconds
    if not estimated or not estimate.cost.seconds:
        raise RequestError(f"--measured {printable(text[:60])}: none of its layers takes any time")
    return Measurement(report.name, report.input, seconds, estimated)
