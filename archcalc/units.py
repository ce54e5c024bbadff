"""The only file that rounds, and that reads rounded figures.

K, M and G are powers of 1000; KB, MB and GB are powers of 1024 unless SI units are asked for. A unit is chosen for the
rounded figure (999,999 is 1.00M), and only 0 is written as 0. Everything else in the program keeps exact integers.
"""

from __future__ import annotations

import re
from typing import Any

from archcalc.limits import MAX_PRINTED
from archcalc.record import Record

BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
DECIMAL = ("B", "kB", "MB", "GB", "TB", "PB")
PREFIXES = ("", "K", "M", "G", "T", "P")


class Unit(Record):
    """The unit of a column: its name, and what figures are divided by."""

    name: str
    size: int


def exact(value: int) -> str:
    """Write an integer in full: 138,357,544."""
    return f"{value:,}"


def whole(value: int, unit: Unit) -> str:
    """Write a figure of a table: whole units from 1 up, one significant digit below, so that nothing shows as 0."""
    if value == 0:
        return "0"
    if value >= unit.size:
        return f"{(2 * value + unit.size) // (2 * unit.size):,}"
    return _small(value, unit.size)


def _small(value: int, size: int) -> str:
    digits = 1
    while value * 10**digits < size and digits < 15:
        digits += 1
    shown = (2 * value * 10**digits + size) // (2 * size)
    return f"{shown / 10**digits:.{digits}f}".rstrip("0").rstrip(".")


def fixed(value: int, size: int, digits: int = 2) -> str:
    """Write value / size with so many decimals, half up."""
    before, after = divmod(_scaled(value, size, digits), 10**digits)
    return f"{before:,}.{after:0{digits}d}" if digits else f"{before:,}"


def _scaled(value: int, size: int, digits: int) -> int:
    """Return value / size in units of its last decimal, half up."""
    return int((2 * value * 10**digits + size) // (2 * size))


def short(value: int) -> str:
    """Write a count in the largest unit in which it is 1 or more once rounded: 138.36M, 15.47G, 456."""
    power = _power(value, 1000, len(PREFIXES), 2)
    return f"{fixed(value, 1000**power)}{PREFIXES[power]}" if power else str(value)


def size(value: int, *, si: bool = False) -> str:
    """Write bytes in the largest unit in which they are 1 or more once rounded: 58.1 MiB, or 61.0 MB in SI units."""
    step, names = (1000, DECIMAL) if si else (1024, BINARY)
    power = _power(value, step, len(names), 1)
    return f"{fixed(value, step**power, 1) if power else value} {names[power]}"


def _power(value: int, step: int, units: int, digits: int) -> int:
    """Return how often to divide by ``step``, so that the rounded quotient is less than ``step`` while units last."""
    for power in range(units - 1):
        decimals = digits if power else 0
        if _scaled(value, step**power, decimals) < step * 10**decimals:
            return power
    return units - 1


_TIMES = (("s", 1), ("ms", 10**3), ("µs", 10**6), ("ns", 10**9))


def duration(seconds: float) -> str:
    """Write a time with three significant digits in the largest unit that leaves 1 or more: 1.24 s, 295 ms, 7.10 µs."""
    for name, scale in _TIMES:
        if _rounded(seconds * scale) >= 1:
            return f"{significant(seconds * scale)} {name}"
    return f"{significant(seconds * 10**9)} ns" if seconds else "0 s"


def rate(value: float, what: str) -> str:
    """Write an amount per second with its unit, in powers of 1000: 71 TFLOP/s, 165.2 TFLOP/s, 936 GB/s, 1.008 TB/s."""
    prefixes = ("", "K", "M", "G", "T", "P", "E")
    power = 0
    while _rounded(value / 1000**power, 4) >= 1000 and power < len(prefixes) - 1:
        power += 1
    shown = significant(value / 1000**power, 4)
    return f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown} {prefixes[power]}{what}"


def significant(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, and all digits before the point: 3,730, 71.4, 0.520."""
    rounded = _rounded(value, digits)
    decimals = digits - 1
    while rounded >= 10 and decimals > 0:
        rounded, decimals = rounded / 10, decimals - 1
    while 0 < rounded < 1 and decimals < 15:
        rounded, decimals = _rounded(rounded * 10, digits), decimals + 1
    return f"{_rounded(value, digits):,.{decimals}f}"


def _rounded(value: float, digits: int = 3) -> float:
    return float(f"{value:.{digits}g}") if value < 10**digits else float(round(value))


def off_by(estimated: float, measured: float) -> str:
    """Write how far an estimate is from what was measured, in percent with its sign: +7.5%, −32.2%."""
    error = 100 * (estimated / measured - 1)
    return f"{'−' if error < 0 else '+'}{abs(error):.1f}%"


def ratio(value: int, base: int) -> str:
    """Write value / base with three significant digits: 0.115x, 2.27x, 35.1x, 1,250x; a dash where there is no base."""
    if not value or not base:
        return "0x" if base else "–"
    digits = 15
    while digits > 0 and _scaled(value, base, digits) >= 1000:
        digits -= 1
    return f"{fixed(value, base, digits)}x"


def percent(value: int, base: int) -> str:
    """Write a share of a total in percent, with one decimal, or one significant digit where that would be 0."""
    if base == 0:
        return "–"
    if value and not _scaled(100 * value, base, 1):
        return f"{_small(100 * value, base)}%"
    return f"{fixed(100 * value, base, 1)}%"


def share(part: float, whole: float) -> str:
    """Write a share of a total that is not a whole number in percent, as ``percent`` does: 40.0%."""
    if not whole:
        return "–"
    shown = f"{100 * part / whole:.1f}"
    return f"{significant(100 * part / whole, 1) if part and shown == '0.0' else shown}%"


def params_unit(total: int) -> Unit:
    """Return the unit of a column of parameters: exact for small networks, K from a million up."""
    return Unit("K", 1000) if total >= 10**6 else Unit("", 1)


def work_unit(total: int) -> Unit:
    """Return the unit of a column of work: exact for tiny networks, K from 100 thousand, M from 100 million up."""
    if total >= 10**8:
        return Unit("M", 10**6)
    return Unit("K", 1000) if total >= 10**5 else Unit("", 1)


def memory_unit(si: bool) -> Unit:
    """Return the unit of a column of memory."""
    return Unit("kB", 1000) if si else Unit("KB", 1024)


def decimal(value: Any) -> str:
    """Write an exact fraction with five significant digits."""
    return f"{float(value):,.5g}"


def quotient(value: int, divisor: int) -> str:
    """Write value / divisor exactly where it ends within four decimals, 54.25; otherwise cut to two, 74.66…."""
    scaled = value * 10**4
    if scaled % divisor:
        before, after = divmod(value * 100 // divisor, 100)
        return f"{before}.{after:02d}…"
    return f"{scaled // divisor / 10**4:.4f}".rstrip("0").rstrip(".")


_MEMORY = r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*([KMGT])I?B?"
_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}


def read_memory(text: str) -> int | None:
    """Read 3GB, 1.5GB, 11GiB, 512MB or 320KB, all in powers of 1024; None for anything else."""
    from fractions import Fraction

    match = re.fullmatch(_MEMORY, text.strip().upper())
    return None if match is None else int(Fraction(match[1]) * 1024 ** _POWERS[match[2]])


_TIME = r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(s|ms|us|µs|μs|ns)"


def read_duration(text: str) -> float | None:
    """Read 7.1ms, 1.2s or 350us as seconds; None for anything else, and for 0."""
    match = re.fullmatch(_TIME, text.strip())
    if match is None:
        return None
    scale = dict(_TIMES)[match[2].replace("us", "µs").replace("μs", "µs")]
    return float(match[1]) / scale or None


_SIGNS = {
    "~": "~", "≈": "~", "about": "~", "around": "~", "approximately": "~", "roughly": "~", "nearly": "~", "almost": "~",
    "<": "<", "under": "<", "below": "<", "less than": "<", "fewer than": "<",
    ">": ">", "over": ">", "above": ">", "more than": ">",
}  # fmt: skip
"""What a source says before a figure that it does not vouch for to the last digit."""

_PRINTED = (
    rf"(?P<sign>(?:{'|'.join(_SIGNS)})?)\s*"
    r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<unit>[A-Za-z%]*)"
)
_BYTES = {"KB": 1, "MB": 2, "GB": 3, "TB": 4, "PB": 5}
_IBYTES = {"KIB": 1, "MIB": 2, "GIB": 3, "TIB": 4, "PIB": 5}
_COUNT_POWERS = {
    "K": 1, "M": 2, "G": 3, "B": 3, "BN": 3, "T": 4, "P": 5, "THOUSAND": 1, "MILLION": 2, "BILLION": 3, "TRILLION": 4,
}  # fmt: skip
_ABOUT = 20
"""A figure that says "about" is held to one part in so many."""


class Printed(Record):
    """A figure as it was printed: the number, and the place of its last digit, in base units."""

    text: str
    value: Any
    place: Any
    of_bytes: bool
    sign: str = ""
    """``~`` where the source says about, ``<`` or ``>`` where it gives a bound."""

    def agrees(self, computed: Any, *, direction: str = "") -> str:
        """Say how an exact value gives this figure: ``rounded``, ``cut``, ``about``, or not (empty).

        ``rounded`` is to the nearest, and half may go either way; with a ``direction`` (up, down) it is that way.
        ``cut`` is down to the printed digits where the nearest is above. ``about`` is as near as the source claims:
        within a twentieth for ``~``, on the right side for ``<`` and ``>``.
        """
        if direction:
            distance = self.value - computed if direction == "up" else computed - self.value
            return "rounded" if 0 <= distance < self.place else ""
        allowed = self._allows(computed)
        if abs(2 * computed - 2 * self.value) <= self.place and (allowed or self.sign in ("", "~")):
            return "rounded"
        if self.sign:
            return "about" if allowed else ""
        return "cut" if self.value <= computed < self.value + self.place else ""

    def _allows(self, computed: Any) -> bool:
        """Whether a value is within what the sign claims."""
        if self.sign == "<":
            return bool(computed < self.value)
        if self.sign == ">":
            return bool(computed > self.value)
        return bool(_ABOUT * abs(computed - self.value) <= abs(computed))


def read_printed(text: str, *, k: int | None = None, to: str | None = None, is_bytes: bool = False) -> Printed:
    """Read a printed figure (138M, 93MB, 2.7K, 1,301.376 KB, 24.4%, about 60 million); raise ValueError for others.

    ``k`` is what K stands for: by default 1000 for counts and 1024 for bytes. ``to`` is the precision where it is
    coarser than the digits (800K printed for 802,816 is to 100K).
    """
    from fractions import Fraction

    if len(text) > MAX_PRINTED:
        raise ValueError(f"a figure of {len(text):,} characters; at most {MAX_PRINTED} are allowed")
    match = re.fullmatch(_PRINTED, text.strip(), re.IGNORECASE)
    if match is None:
        raise ValueError(f"'{text}' is not a figure such as 138M, 93MB or 1,301,376")
    digits, unit = match["digits"].replace(",", ""), match["unit"]
    scale, of_bytes = _scale(unit, k, is_bytes)
    decimals = len(digits.partition(".")[2])
    place = Fraction(scale, 10**decimals)
    if to is not None:
        place = read_printed(to, k=k, is_bytes=is_bytes).value
    return Printed(text, Fraction(digits) * scale, place, of_bytes, _SIGNS.get(match["sign"].lower(), ""))


def _scale(unit: str, k: int | None, is_bytes: bool) -> tuple[int, bool]:
    upper = unit.upper()
    if is_bytes and f"{upper}B" in _BYTES:
        upper += "B"
    if unit in ("%", "x", "") or (upper == "B" and is_bytes):
        return 1, is_bytes
    if upper in _BYTES:
        return (k or 1024) ** _BYTES[upper], True
    if upper in _IBYTES:
        return 1024 ** _IBYTES[upper], True
    if upper in _COUNT_POWERS:
        return (k or 1000) ** _COUNT_POWERS[upper] if upper == "K" else 1000 ** _COUNT_POWERS[upper], False
    raise ValueError(f"'{unit}' is not a unit of a figure (K, M, G, KB, MB, GB, MiB, %)")
