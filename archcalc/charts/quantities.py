"""What networks can be compared by in a chart: the word of each quantity, its label, and its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.charts.axis import BYTES, COUNT, NUMBER, PERCENT, SECONDS, YEAR
from archcalc.errors import RequestError, did_you_mean, one_of, printable
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.analyses.accuracy import Accuracy
    from archcalc.analyses.devices.device import Device
    from archcalc.engine.report import Report


class Value(NamedTuple):
    """A value of a network, and the published accuracy that it comes from, if it does."""

    number: Any
    accuracy: Accuracy | None = None


class Quantity(Record):
    """A quantity: what axes call it, what it is a kind of, and its value; None where a network has none."""

    word: str
    label: str
    kind: str
    of: Callable[[Report, Device | None], Value | None]
    top: str | None = None
    """For what was published: which accuracy it is."""

    @property
    def short(self) -> str:
        """What it is called within a sentence."""
        return self.label if self.label[:2].isupper() else self.label[0].lower() + self.label[1:]


def _counted(value: Callable[[Report], int | None]) -> Callable[[Report, Device | None], Value | None]:
    def of(report: Report, device: Device | None) -> Value | None:
        found = value(report)
        return None if found is None else Value(found)

    return of


def _accurate(top: str, *, error: bool = False) -> Callable[[Report, Device | None], Value | None]:
    def of(report: Report, device: Device | None) -> Value | None:
        from archcalc.analyses.accuracy import accuracy

        found = accuracy(report, top)
        return None if found is None else Value(100 - found.percent if error else found.percent, found)

    return of


def _time(report: Report, device: Device | None) -> Value | None:
    from archcalc.analyses.time.estimate import time
    from archcalc.analyses.time.options import TimeOptions

    if device is None:
        raise RequestError("a time needs a device: --device CARD (archcalc devices)")
    return Value(time(report, device, TimeOptions(optimizer="none")).seconds)


QUANTITIES = {
    quantity.word: quantity
    for quantity in (
        Quantity("macs", "MACs", COUNT, _counted(lambda report: report.macs)),
        Quantity("params", "Parameters", COUNT, _counted(lambda report: report.params)),
        Quantity("memory", "Activation memory", BYTES, _counted(lambda report: report.memory_bytes)),
        Quantity("depth", "Depth", NUMBER, _counted(lambda report: report.depth)),
        Quantity("year", "Year", YEAR, _counted(lambda report: report.network.spec.year)),
        Quantity("time", "Time", SECONDS, _time),
        Quantity("top1", "Top-1 accuracy", PERCENT, _accurate("top1"), "top1"),
        Quantity("top5", "Top-5 accuracy", PERCENT, _accurate("top5"), "top5"),
        Quantity("accuracy", "Accuracy", PERCENT, _accurate(""), ""),
        Quantity("top1_error", "Top-1 error", PERCENT, _accurate("top1", error=True), "top1"),
        Quantity("top5_error", "Top-5 error", PERCENT, _accurate("top5", error=True), "top5"),
        Quantity("error", "Error", PERCENT, _accurate("", error=True), ""),
    )
}
"""Word to quantity."""

NO_SIZE = "none"
"""The word for bubbles of one size."""

SIZES = ("params", "macs", "memory", "depth", "time", NO_SIZE)
"""What the area of a bubble can show: amounts, of which twice is twice as much."""


def quantity(word: str) -> Quantity:
    """Return a quantity of an axis by its word; raise RequestError for another word."""
    if word not in QUANTITIES:
        raise _unknown(word, tuple(QUANTITIES))
    return QUANTITIES[word]


def size_quantity(word: str) -> Quantity | None:
    """Return the quantity that areas show, None for no one; raise RequestError for another word."""
    if word not in SIZES:
        raise _unknown(word, SIZES)
    return QUANTITIES.get(word)


def _unknown(word: str, known: tuple[str, ...]) -> RequestError:
    return RequestError(f"no quantity '{printable(word[:60])}'{did_you_mean(word, known) or f': {one_of(known)}'}")
