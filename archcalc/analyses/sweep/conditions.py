"""Conditions on variants: ``macs <= 300M and params <= 3M and time <= 5ms``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.outcomes import MEASURES, SYNONYMS
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.language.formula import FLOW_WORDS, Formula, Scope
from archcalc.operations.base import Shape
from archcalc.text.tree import NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

UNITS: dict[str, int | Fraction] = {
    "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12,
    "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40,
    "s": 1, "ms": Fraction(1, 10**3), "us": Fraction(1, 10**6), "µs": Fraction(1, 10**6), "ns": Fraction(1, 10**9),
    "%": 1,
}  # fmt: skip
"""Units after a number: of counts powers of 1000, of memory powers of 1024, of times seconds, of rates percent."""

KINDS = {
    "bytes": ("KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"), "seconds": ("s", "ms", "us", "µs", "ns"),
    "percent": ("%",),
}  # fmt: skip
"""The units that only quantities of one kind have; the others are powers of 1000 of anything."""

_WITH_UNIT = r"(?<![A-Za-z_0-9.])([0-9]+(?:\.[0-9]+)?)\s*({})(?![A-Za-z_0-9])"
_AMOUNT = _WITH_UNIT.format("|".join(sorted(UNITS, key=len, reverse=True)))
_COMPARED = r"\b([a-z_0-9]+)\s*[<>=!]=?\s*" + _AMOUNT
_COMPARED_BACK = _AMOUNT + r"\s*[<>=!]=?\s*([a-z_0-9]+)"
_NOWHERE = Shape(0, 0, 0)


class Condition(NamedTuple):
    """A condition that a variant satisfies or not, and the quantities and arguments that it needs."""

    text: str
    formula: Formula
    names: tuple[str, ...]

    def holds(self, values: Mapping[str, Any]) -> bool | None:
        """Whether it holds for the values of a variant; None if one of them is not known."""
        needed = {name: values[SYNONYMS.get(name, name) if name not in values else name] for name in self.names}
        if any(value is None for value in needed.values()):
            return None
        try:
            found = self.formula.evaluate(Scope(needed, _NOWHERE))
        except NodeError as error:
            raise _error(self.text, error) from None
        if found.__class__ is not bool:
            raise RequestError(f"--where {printable(self.text)}: that is a number, not a condition")
        return bool(found)

    @property
    def measures(self) -> tuple[str, ...]:
        """The quantities that it needs."""
        return tuple(SYNONYMS.get(name, name) for name in self.names if SYNONYMS.get(name, name) in MEASURES)


def read_condition(text: str, arguments: Iterable[str]) -> Condition:
    """Read a condition on quantities and on ``arguments``, by their names; raise RequestError for anything else."""
    own = tuple(arguments)
    names = tuple(dict.fromkeys((*own, *MEASURES, *SYNONYMS)))
    if re.search(r"(?<![<>=!])=(?!=)", text):
        raise RequestError(
            f"--where {printable(text)}: compare with <=, >=, <, >, == or !=; a single = compares nothing"
        )
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
    words = re.findall(r"(?<![A-Za-z_0-9.])[A-Za-z_][A-Za-z_0-9]*", re.sub(_AMOUNT, "0", bare))
    flow = next((word for word in words if word in FLOW_WORDS and word not in names), None)
    if flow is not None:
        raise RequestError(f"--where {printable(text)}: unknown name '{flow}'{did_you_mean(flow, names)}")
    _refuse_units(text, own)
    try:
        formula = Formula(Scalar(f"={_in_base_units(text)}", True, 0, 0), names)
    except NodeError as error:
        raise _error(text, error) from None
    return Condition(text, formula, formula.names)


def amount(text: str) -> Fraction | None:
    """Return a number with a unit, or without: 300M, 64MiB, 5ms, 12.5; None for anything else."""
    match = re.fullmatch(_AMOUNT, text.strip()) or re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)()", text.strip())
    return None if match is None else Fraction(match[1]) * UNITS.get(match[2], 1)


def wrong_unit(word: str, text: str) -> str:
    """Say that an amount has a unit which a quantity has not, as in macs=5ms; empty if it has none such."""
    match = re.fullmatch(_AMOUNT, text.strip())
    name = SYNONYMS.get(word, word)
    kind = next((kind for kind, units in KINDS.items() if match is not None and match[2] in units), None)
    if match is None or kind is None or name not in MEASURES or MEASURES[name].kind == kind:
        return ""
    units = KINDS.get(MEASURES[name].kind, ("K", "M", "G", "T"))
    return f"{match[2]} is no unit of {word}; write {', '.join(units)} or none"


def _refuse_units(text: str, arguments: Collection[str]) -> None:
    """Raise RequestError where a quantity is compared with an amount of another kind."""
    pairs = [(each[1], f"{each[2]}{each[3]}") for each in re.finditer(_COMPARED, text)]
    pairs += [(each[3], f"{each[1]}{each[2]}") for each in re.finditer(_COMPARED_BACK, text)]
    for word, compared in pairs:
        wrong = "" if word in arguments else wrong_unit(word, compared)
        if wrong:
            raise RequestError(f"--where {printable(text)}: {wrong}")


def _in_base_units(text: str) -> str:
    """Write amounts as plain numbers, as formulas have them."""

    def written(match: re.Match[str]) -> str:
        value = Fraction(match[1]) * UNITS[match[2]]
        return str(value) if value.denominator == 1 else f"({value.numerator}/{value.denominator})"

    return re.sub(_AMOUNT, written, text)


def _error(text: str, error: NodeError) -> RequestError:
    """Return an error in the words of the condition as it was typed, not as it is computed."""
    message = re.sub(r",? in '=.*'$", "", str(error))
    message = re.sub(
        r"^'=.*' is not a formula$", "that is not a condition such as macs <= 300M and depth > 20", message
    )
    message = re.sub(r"^'=.*'(?= )", "it", message)
    return RequestError(f"--where {printable(text)}: {printable(message)}")
