"""The arithmetic of formulas: exact, and bounded at every step, whatever a spec asks for."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

from archcalc.limits import MAX_EXPONENT, MAX_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable


class FormulaError(Exception):
    """A formula that has no value; reported at the formula's place."""


def number(value: Any, name: str | None = None) -> Any:
    """Return a number; raise FormulaError for anything else, or too large a number. ``name`` is its argument."""
    if value.__class__ is int:
        if -MAX_NUMBER <= value <= MAX_NUMBER:
            return value
    elif value.__class__ in (bool, tuple) or isinstance(value, str):
        raise FormulaError(f"needs a number, but {name or 'a part of it'} is {_shown(value)}")
    elif abs(value.numerator) <= MAX_NUMBER and value.denominator <= MAX_NUMBER:
        return value.numerator if value.denominator == 1 else value
    raise FormulaError(f"gives a number larger than {MAX_NUMBER:,}")


def _shown(value: Any) -> str:
    if value.__class__ is bool:
        return "true" if value else "false"
    return repr(value) if isinstance(value, str) else "a list" if value.__class__ is tuple else f"{float(value):g}"


def truth(value: Any) -> bool:
    """Return true or false; raise FormulaError for anything else."""
    if value.__class__ is not bool:
        raise FormulaError(f"needs true or false, got {_shown(value)}")
    return bool(value)


def _divide(left: Any, right: Any) -> Any:
    if right == 0:
        raise FormulaError("divides by zero")
    from fractions import Fraction

    return Fraction(left) / right


def _power(left: Any, right: Any) -> Any:
    if right.__class__ is not int or not 0 <= right <= MAX_EXPONENT:
        raise FormulaError(f"has an exponent that is not a whole number from 0 to {MAX_EXPONENT}")
    if max(abs(left.numerator), left.denominator).bit_length() * right > 128:
        raise FormulaError(f"gives a number larger than {MAX_NUMBER:,}")
    return left**right


def _whole_division(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def divide(left: Any, right: Any) -> Any:
        if right == 0:
            raise FormulaError("divides by zero")
        return function(left, right)

    return divide


def _floor(value: Any) -> int:
    return int(value // 1)


def _ceil(value: Any) -> int:
    return -int(-value // 1)


def _round(value: Any) -> int:
    return int((2 * value + 1) // 2)


def _make_divisible(value: Any, divisor: Any) -> int:
    """Nearest multiple of the divisor, half up, at least the divisor, one step up if below 0.9 of the value."""
    if divisor.__class__ is not int or divisor < 1:
        raise FormulaError("needs a whole number of at least 1 to be divisible by")
    nearest = max(divisor, int((2 * value + divisor) // (2 * divisor)) * divisor)
    return nearest + divisor if 10 * nearest < 9 * value else nearest


def _floor_log(value: Any, base: Any) -> int:
    """Largest whole number n with base**n <= value: the logarithm, rounded down, exactly."""
    if value <= 0 or base <= 1:
        raise FormulaError("needs a number above 0 and a base above 1 for a logarithm")
    exponent, power = 0, 1
    while power * base <= value:
        exponent, power = exponent + 1, power * base
        _refuse_exponent(exponent)
    while value * power < 1:  # base**-n is 1 / base**n
        exponent, power = exponent - 1, power * base
        _refuse_exponent(-exponent)
    return exponent


def _refuse_exponent(exponent: int) -> None:
    if exponent > MAX_EXPONENT:
        raise FormulaError(f"has a logarithm that is beyond {MAX_EXPONENT}")


BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
    ast.FloorDiv: _whole_division(operator.floordiv),
    ast.Mod: _whole_division(operator.mod),
    ast.Pow: _power,
}
COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int]] = {
    "ceil": (_ceil, 1, 1),
    "floor": (_floor, 1, 1),
    "round": (_round, 1, 1),
    "min": (min, 2, 20),
    "max": (max, 2, 20),
    "make_divisible": (_make_divisible, 2, 2),
    "floor_log": (_floor_log, 2, 2),
}
"""The functions of formulas, with the fewest and the most arguments that each takes."""
