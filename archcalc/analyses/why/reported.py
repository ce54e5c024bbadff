"""Reading a figure as somebody reported it: its number and unit, and what it may be of."""

from __future__ import annotations

import re
from typing import NamedTuple

from archcalc.analyses.why.terms import MEMORY, MODEL, PARAMS, VALUES, WORK
from archcalc.errors import RequestError, printable
from archcalc.units import Printed, read_printed

_HINTS = (
    (r"params?|parameters", (PARAMS,)),
    (r"values|activations", (VALUES,)),
    (r"flops?|macs?|maccs?|ops|mult-?adds|multiply-?adds", (WORK,)),
)
"""Words after a figure that say what it is of."""

_POWERS = {"K": 1, "M": 2, "G": 3, "B": 3, "T": 4}


class Reported(NamedTuple):
    """A figure as it was reported: how its unit can be read, and what it can be of."""

    text: str
    figure: str
    """The text without the words that say what it is of."""
    units: tuple[tuple[int, Printed], ...]
    """The figure with K as 1000 and as 1024, the usual one first."""
    quantities: tuple[str, ...]

    @property
    def printed(self) -> Printed:
        """The figure with its unit read as usual."""
        return self.units[0][1]

    @property
    def digits(self) -> int:
        """The figure in units of its last digit: 409 for 4.09G."""
        return int(self.printed.value / self.printed.place)


def read_reported(text: str) -> Reported:
    """Read a figure with its unit and maybe what it is of: 4.09G, 4.1 GFLOPs, 25.6M params, 93MB.

    Raise RequestError where it is no such figure.
    """
    figure = text.strip()
    quantities: tuple[str, ...] = (WORK, PARAMS)
    for words, named in _HINTS:
        shorter = re.sub(rf"\s*(?:{words})$", "", figure, flags=re.IGNORECASE)
        if shorter != figure:
            figure, quantities = shorter, named
            break
    try:
        printed = read_printed(figure)
        if printed.sign in ("<", ">"):
            raise ValueError(f"'{text}' is a bound, expected a figure")
        printed = printed.replace(sign="")  # what is about so much is rounded, no more
        if not printed.value:
            raise ValueError(f"'{text}' is nothing, expected a figure")
        if printed.of_bytes:
            decimal = read_printed(figure, k=1000).replace(sign="")
            units = ((1024, printed), (1000, decimal)) if decimal.value != printed.value else ((1024, printed),)
            return Reported(text.strip(), figure, units, (MEMORY, MODEL))
    except ValueError as error:
        raise RequestError(printable(str(error))) from None
    printed = _rounded(printed)
    return Reported(text.strip(), figure, ((1000, printed), *_binary(figure, printed)), quantities)


def _rounded(printed: Printed) -> Printed:
    """Return a figure without a unit, 4,100,000,000, as rounded to its last digit that is not 0, if many are."""
    if printed.place != 1:
        return printed
    zeros = len(str(printed.value)) - len(str(printed.value).rstrip("0"))
    return printed.replace(place=printed.place * 10**zeros) if zeros >= 4 else printed


def _binary(figure: str, printed: Printed) -> tuple[tuple[int, Printed], ...]:
    """Return the figure with K as 1024, where it has a unit."""
    from fractions import Fraction

    power = _POWERS.get(figure[-1:].upper())
    if power is None:
        return ()
    more = Fraction(1024, 1000) ** power
    return ((1024, printed.replace(value=printed.value * more, place=printed.place * more)),)
