"""What a variant of a network comes to, as numbers by name: totals, and what takes further analyses on request.

Everything that looks at many variants goes through :func:`outcome`, a function of what varies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.variants import Base, variant
from archcalc.errors import RequestError, did_you_mean, printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from archcalc.analyses.devices.device import Device
    from archcalc.engine.report import Report

TOTALS, TIME, MEMORY, PUBLISHED = "totals", "time", "memory", "published"
"""What a quantity takes: the sums of the report, a device, the order of execution, or what others measured."""


class Measure(NamedTuple):
    """A quantity of a variant: what it is called, what it is a kind of, what it takes, and which of two is better."""

    label: str
    kind: str
    """count, bytes, seconds, rate, percent or number."""
    takes: str = TOTALS
    more_is_better: bool = False


MEASURES = {
    "params": Measure("params", "count"),
    "macs": Measure("MACs", "count"),
    "memory_values": Measure("memory values", "count"),
    "memory_bytes": Measure("activation memory", "bytes"),
    "model_bytes": Measure("model size", "bytes"),
    "depth": Measure("depth", "number"),
    "time": Measure("time", "seconds", TIME),
    "images_per_second": Measure("images/s", "rate", TIME, more_is_better=True),
    "peak": Measure("peak memory", "bytes", MEMORY),
    "running": Measure("memory to run", "bytes", MEMORY),
    "training": Measure("memory to train", "bytes", MEMORY),
    "top1_error": Measure("top-1 error", "percent", PUBLISHED),
    "top5_error": Measure("top-5 error", "percent", PUBLISHED),
    "error": Measure("error", "percent", PUBLISHED),
    "top1_accuracy": Measure("top-1 accuracy", "percent", PUBLISHED, more_is_better=True),
    "top5_accuracy": Measure("top-5 accuracy", "percent", PUBLISHED, more_is_better=True),
    "accuracy": Measure("accuracy", "percent", PUBLISHED, more_is_better=True),
}
"""The quantities of a variant, by the names that conditions, orders and JSON have for them."""

SYNONYMS = {"memory": "memory_bytes", "activations": "memory_bytes", "size": "model_bytes", "seconds": "time",
            "top1": "top1_accuracy", "top5": "top5_accuracy", "flops": "macs"}  # fmt: skip
"""Other names of quantities. FLOPs of papers on efficient networks are MACs."""

ALWAYS = ("params", "macs", "memory_values", "memory_bytes", "model_bytes", "depth")
"""What every variant has."""

PICOSECONDS = 10**12


def measure(word: str, others: Collection[str] = ()) -> str:
    """Return the name of a quantity; raise RequestError if there is none such. ``others`` can be named too."""
    known = SYNONYMS.get(word, word)
    if known not in MEASURES:
        hint = did_you_mean(word, (*others, *MEASURES, *SYNONYMS)) or f" (there are {', '.join((*others, *MEASURES))})"
        raise RequestError(f"no quantity '{printable(word[:60])}'{hint}")
    return known


class Task(NamedTuple):
    """What is to be computed of each variant: quantities beyond the totals, on a device if they take one."""

    words: tuple[str, ...] = ()
    device: Device | None = None
    optimizer: str = "momentum"

    def takes(self, what: str) -> bool:
        """Whether some quantity takes a further analysis."""
        return any(MEASURES[word].takes == what for word in self.words)


def task(words: Iterable[str], device: Device | None = None, optimizer: str = "momentum") -> Task:
    """Return the task of computing some quantities; raise RequestError for a time without a device."""
    extra = tuple(word for word in dict.fromkeys(words) if word not in ALWAYS)
    if device is not None:
        extra = tuple(dict.fromkeys((*extra, "time", "images_per_second")))
    made = Task(extra, device, optimizer)
    if device is None and made.takes(TIME):
        raise RequestError("a time needs a device: --device CARD (archcalc devices)")
    return made


def outcome(base: Base, values: Mapping[str, Any], task: Task = Task()) -> dict[str, Any]:  # noqa: B008 - a constant
    """Return the quantities of a variant; raise SpecError or RequestError where it cannot be built.

    Totals are for the batch. Times are exact to a picosecond; what was not published is None.
    """
    report = variant(base, values).report()
    found: dict[str, Any] = {word: getattr(report, word) for word in ALWAYS}
    if task.takes(TIME):
        found.update(_times(report, task.device))
    if task.takes(MEMORY):
        found.update(_memory(report, task.optimizer))
    if task.takes(PUBLISHED):
        from archcalc.analyses.sweep.published import rates

        found.update(rates(report))
    return {word: found.get(word) for word in (*ALWAYS, *task.words)}


def _times(report: Report, device: Device | None) -> dict[str, Any]:
    from fractions import Fraction

    from archcalc.analyses.time.estimate import time
    from archcalc.analyses.time.options import TimeOptions

    assert device is not None, "a time is that on a device"
    estimate = time(report, device, TimeOptions(None, "none"))
    seconds = Fraction(round(estimate.seconds * PICOSECONDS), PICOSECONDS)
    rate = estimate.images_per_second
    return {"time": seconds, "images_per_second": None if rate is None else Fraction(rate).limit_denominator(10**6)}


def _memory(report: Report, optimizer: str) -> dict[str, Any]:
    from archcalc.analyses.memory.analysis import analyse
    from archcalc.analyses.memory.needs import needs
    from archcalc.analyses.memory.options import MemoryOptions

    memory = analyse(report, MemoryOptions("none" if report.setup.dtype.startswith("int") else optimizer))
    by_word = {need.word: need.at(report.setup.batch) for need in needs(memory)}
    return {"peak": memory.peak, "running": by_word["running"], "training": by_word.get("training")}
