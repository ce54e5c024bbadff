"""How far an estimate can be trusted: the model's error on measurements, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.time.accuracy import accuracies, of_device

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.time.accuracy import Accuracy
    from archcalc.analyses.time.estimate import Estimate


def trust(estimate: Estimate) -> Iterator[str]:
    """Yield the model's error on measurements of this device and type, or of others if there are none."""
    setup = estimate.report.setup
    measured = [
        accuracy
        for accuracy in of_device(estimate.device.name, setup.dtype, estimate.rates.tensor)
        if not _single(accuracy)
    ]
    for accuracy in measured:
        yield _error(accuracy, calibrated=bool(estimate.measurements))
        yield from _same(accuracy, estimate)
    if not measured:
        yield _elsewhere(setup.dtype)


def _single(accuracy: Accuracy) -> bool:
    """Whether measurements are of batch 1, where launching passes takes most of the time."""
    return all(row.batch == 1 for row in accuracy.rows)


def _error(accuracy: Accuracy, *, calibrated: bool) -> str:
    worst = accuracy.worst
    how = f"{accuracy.how}, {accuracy.note}" if accuracy.note else accuracy.how
    text = (
        f"Against {len(accuracy.rows)} measurements on this card ({how}): mean error"
        f" {units.share(accuracy.mean_error, 1)}, largest {units.off_by(worst.estimated, worst.measured)}"
        f" ({worst.network})"
    )
    if accuracy.rank_correlation is not None:
        text += f"; rank correlation {accuracy.rank_correlation:.3f}"
    if calibrated and accuracy.calibrated_error is not None:
        text += f"; scaled by another of the networks, mean error {units.share(accuracy.calibrated_error, 1)}"
    return f"{text}."


def _same(accuracy: Accuracy, estimate: Estimate) -> Iterator[str]:
    """Yield the measurements of this very network and input."""
    report = estimate.report
    for row in accuracy.rows:
        if row.network == report.name and report.input[1:] == (row.input, row.input):
            yield (
                f"  {row.network} at batch {row.batch:,}: measured {units.duration(row.measured)},"
                f" estimated {units.duration(row.estimated)}, {units.off_by(row.estimated, row.measured)}."
            )


def _elsewhere(dtype: str) -> str:
    """Return the model's error on other devices."""
    batches = [accuracy for accuracy in accuracies() if accuracy.phase == "forward" and not _single(accuracy)]
    alike = [accuracy for accuracy in batches if accuracy.dtype == dtype] or batches
    low, high = (pick(accuracy.mean_error for accuracy in alike) for pick in (min, max))
    where = f"in {dtype} " if alike[0].dtype == dtype else ""
    return (
        f"archcalc has no measurements of this type on this device. On others {where}the mean error is"
        f" {units.share(low, 1)} to {units.share(high, 1)}."
    )
