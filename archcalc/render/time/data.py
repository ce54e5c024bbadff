"""The results of ``time`` as plain data: seconds for the whole batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.analyses.time.accuracy import of_device
from archcalc.analyses.time.passes import BACKWARD, FORWARD, INPUTS, UPDATE, WEIGHTS
from archcalc.analyses.time.remarks import remarks
from archcalc.engine.report import SCHEMA

if TYPE_CHECKING:
    from archcalc.analyses.devices.device import Device
    from archcalc.analyses.time.accuracy import Accuracy
    from archcalc.analyses.time.estimate import Cost, Estimate


def data(estimate: Estimate) -> dict[str, Any]:
    """Return everything about a network's time on a device."""
    report, rates = estimate.report, estimate.rates
    low, high = estimate.compiled
    return {
        "schema": SCHEMA,
        "network": report.name,
        "title": report.title,
        "input": list(report.input),
        "batch": report.setup.batch,
        "dtype": report.setup.dtype,
        "units": {"seconds": "seconds of the whole batch", "peak": "operations a second, two for each MAC"},
        "device": {
            "name": estimate.device.name,
            "title": estimate.device.title,
            "peak": rates.peak.rate,
            "tensor_cores": rates.tensor,
            "bandwidth": rates.bandwidth,
            "source": estimate.device.source,
        },
        "seconds": estimate.seconds,
        "images_per_second": estimate.images_per_second,
        "compiled_seconds": {"least": low, "most": high},
        "estimate": cost_data(estimate.cost),
        "calibration": _calibration(estimate),
        "training": _training(estimate),
        "accuracy": [
            accuracy_data(accuracy) for accuracy in of_device(estimate.device.name, report.setup.dtype, rates.tensor)
        ],
        "remarks": [{"rule": remark.word, "says": remark.text} for remark in remarks(estimate)],
        "layers": [
            {"name": step.layer.name, "op": step.layer.op, **cost_data(rates.cost([step]))}
            for step in estimate.passes
            if step.layer is not None
        ],
    }


def cost_data(cost: Cost) -> dict[str, Any]:
    """Return a cost, which is not calibrated."""
    return {
        "macs": cost.flops // 2,
        "bytes": cost.bytes,
        "compute_seconds": cost.compute,
        "memory_seconds": cost.traffic,
        "seconds": cost.seconds,
        "bound": cost.bound,
    }


def _calibration(estimate: Estimate) -> dict[str, Any] | None:
    if not estimate.measurements:
        return None
    return {
        "scale": estimate.scale,
        "measured": [
            {
                "network": measurement.network,
                "input": list(measurement.input),
                "measured_seconds": measurement.measured,
                "estimated_seconds": measurement.estimated,
            }
            for measurement in estimate.measurements
        ],
    }


def _training(estimate: Estimate) -> dict[str, Any] | None:
    seconds = estimate.training_seconds
    if seconds is None:
        return None
    return {
        "optimizer": estimate.options.optimizer,
        "seconds": seconds,
        "images_per_second": estimate.report.setup.batch / seconds if seconds else None,
        "phases": {phase: cost_data(estimate.phase(phase)) for phase in (FORWARD, INPUTS, WEIGHTS, BACKWARD, UPDATE)},
    }


def accuracy_data(accuracy: Accuracy) -> dict[str, Any]:
    """Return the model's error on a group of measurements."""
    return {
        "phase": accuracy.phase,
        "note": accuracy.note,
        "source": accuracy.title,
        "url": accuracy.url,
        "how": accuracy.how,
        "measurements": len(accuracy.rows),
        "mean_error": accuracy.mean_error,
        "bias": accuracy.bias,
        "rank_correlation": accuracy.rank_correlation,
        "mean_error_calibrated": accuracy.calibrated_error,
    }


def device_data(device: Device) -> dict[str, Any]:
    """Return a device."""
    return {
        "schema": SCHEMA,
        "device": device.name,
        "title": device.title,
        "kind": device.kind,
        "year": device.year,
        "aliases": list(device.aliases),
        "memory_bytes": device.memory,
        "bandwidth": device.bandwidth,
        "peak": {dtype: peak.rate for dtype, peak in device.plain.items()},
        "tensor_peak": {dtype: peak.rate for dtype, peak in device.tensor.items()},
        "source": device.source,
    }
