"""Axes: from where to where, in a line or by powers, and where round values stand."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

from archcalc import units
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COUNT, BYTES, SECONDS, PERCENT, NUMBER, YEAR = "count", "bytes", "seconds", "percent", "number", "year"
"""What an axis can be of; ``number`` is a count that is small, and written in full."""

LOG_FROM = 10
"""How many times the smallest value the largest is, from where an axis goes by powers."""

NEAR = 2.0
"""Points of a percentage that an axis spans at least; of other values it is a fiftieth of the largest."""

_STEPS = (1, 2, 5)
_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


class Tick(NamedTuple):
    """A round value, and how it is written."""

    value: float
    label: str


class Axis(Record):
    """An axis: what it is of, its ends, and its ticks."""

    title: str
    kind: str
    low: float
    high: float
    log: bool
    ticks: tuple[Tick, ...]

    def at(self, value: float) -> float:
        """Return where a value is between the ends, which are 0 and 1."""
        if self.log:
            return (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        return (value - self.low) / (self.high - self.low)


def axis(title: str, kind: str, values: Sequence[float], pixels: float, *, pad: float, apart: float) -> Axis:
    """Return the axis that values fill but for ``pad`` pixels at each end; labels are ``apart`` pixels at least."""
    low, high = min(values), max(values)
    by_powers = kind in (COUNT, BYTES, SECONDS, NUMBER) and low > 0 and high >= LOG_FROM * low
    share = pad / (pixels - 2 * pad)
    if by_powers:
        beside = (high / low) ** share
        low, high = low / beside, high * beside
        ticks = _by_powers(kind, low, high, pixels, apart)
    else:
        low, high = _spread(kind, low, high)
        beside = (high - low) * share
        low, high = low - beside, high + beside
        ticks = _in_line(kind, low, high, pixels, apart)
    return Axis(title, kind, low, high, by_powers, tuple(Tick(value, tick_label(value, kind)) for value in ticks))


def from_zero(title: str, kind: str, high: float, pixels: float, *, room: float, apart: float) -> Axis:
    """Return the axis of bars, which begins at 0 and leaves ``room`` pixels above the highest value."""
    top = (high or 1.0) * pixels / (pixels - room)
    ticks = _in_line(kind, 0.0, top, pixels, apart)
    return Axis(title, kind, 0.0, top, False, tuple(Tick(value, tick_label(value, kind)) for value in ticks))


def _spread(kind: str, low: float, high: float) -> tuple[float, float]:
    """Return two ends that differ by more than a hair: around a single value if there is no other."""
    least = {PERCENT: NEAR, YEAR: 2.0, SECONDS: high / 50}.get(kind, max(2.0, high / 50))
    if low == high and kind not in (PERCENT, YEAR):
        least = max(least, high) or 1.0
    if high - low >= least or (kind == YEAR and low < high):
        return low, high
    return (low + high - least) / 2, (low + high + least) / 2


def _in_line(kind: str, low: float, high: float, pixels: float, apart: float) -> list[float]:
    most = max(1.0, pixels / apart)
    unit = _unit(kind, max(abs(low), abs(high)))
    step = _step((high - low) / most / unit) * unit
    if kind in (NUMBER, YEAR) or (kind in (COUNT, BYTES) and unit == 1):
        step = max(1.0, step)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    found = [_clean(number * step / unit) * unit for number in range(first, last + 1)]
    return [value for value in found if value >= 0 and not (kind == PERCENT and value > 100)]


def _step(least: float) -> float:
    """Return the smallest of 1, 2 and 5, times a power of 10, that is no less than that."""
    power = 10.0 ** floor(log10(least))
    return next(step for step in (*(power * digit for digit in _STEPS), power * 10) if step >= least * (1 - 1e-9))


def _clean(value: float) -> float:
    """Return a number of few digits as it is written, without what sums of fractions leave."""
    return float(f"{value:.12g}")


def _by_powers(kind: str, low: float, high: float, pixels: float, apart: float) -> list[float]:
    decade = pixels / (log10(high) - log10(low))
    if decade * 0.3 >= apart:
        return list(_round_values(kind, low, high, _STEPS))
    if decade >= apart:
        return list(_round_values(kind, low, high, (1,)))
    every = ceil(apart / decade)
    return list(_round_values(kind, low, high, (1,)))[::every]


def _round_values(kind: str, low: float, high: float, digits: Sequence[int]) -> Iterator[float]:
    """Yield 1, 2 and 5 times powers of 10 between two values; sizes count up to 500 in each of their units."""
    for unit in _units(kind, high):
        for power in range(-3, 3) if kind in (BYTES, SECONDS) else (0,):
            for digit in digits:
                value = _clean(digit * 10.0**power) * unit
                smaller = power < 0 and unit > min(_units(kind, high))
                if low <= value <= high and not smaller:
                    yield value


def _units(kind: str, high: float) -> list[float]:
    """Return what round values are multiples of, the smallest first."""
    if kind == BYTES:
        return [1024.0**power for power in range(len(units.BINARY))]
    if kind == SECONDS:
        return [scale for scale, _ in reversed(_TIMES)]
    return [10.0**power for power in range(ceil(log10(high)) + 1)]


def _unit(kind: str, high: float) -> float:
    """Return the unit in which a value is written."""
    if kind == BYTES:
        return max((unit for unit in _units(kind, high) if unit <= high), default=1.0)
    return 1.0


def tick_label(value: float, kind: str) -> str:
    """Write a round value: 500M, 20 MiB, 5 ms, 75%, 2014."""
    if kind == YEAR:
        return str(round(value))
    if kind == PERCENT:
        return f"{units.decimal(value)}%"
    if kind == NUMBER or value == 0:
        return units.exact(round(value))
    if kind == BYTES:
        size = _unit(kind, value)
        return f"{units.decimal(value / size)} {units.BINARY[round(log10(size) / log10(1024))]}"
    if kind == SECONDS:
        scale, name = next(((scale, name) for scale, name in _TIMES if value >= scale * (1 - 1e-9)), _TIMES[-1])
        return f"{units.decimal(value / scale)} {name}"
    power = max(power for power in range(len(units.PREFIXES)) if power == 0 or value >= 1000**power)
    scale, prefix = 1000**power, units.PREFIXES[power]
    return f"{units.decimal(value / scale)}{prefix}"


def round_below(value: float, kind: str) -> float:
    """Return the largest round value that is no more than one."""
    unit = _unit(kind, value)
    power = 10.0 ** floor(log10(value / unit) + 1e-9)
    digit = max(step for step in _STEPS if step * power <= value / unit * (1 + 1e-9))
    return _clean(digit * power) * unit
