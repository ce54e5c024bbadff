"""A network's time on every device that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.devices.finding import devices
from archcalc.analyses.time.estimate import time
from archcalc.errors import RequestError

if TYPE_CHECKING:
    from archcalc.analyses.devices.device import Device
    from archcalc.analyses.time.estimate import Estimate
    from archcalc.analyses.time.options import TimeOptions
    from archcalc.engine.report import Report


def everywhere(report: Report, options: TimeOptions) -> tuple[list[Estimate], list[Device]]:
    """Return the estimates for each device with a peak for the report's type, and the devices without one."""
    estimates, without = [], []
    for device in devices().values():
        try:
            estimates.append(time(report, device, options._replace(optimizer="none")))
        except RequestError:
            without.append(device)
    return estimates, without
