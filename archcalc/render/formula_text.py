"""Polynomials as cells of a table: as text, and in LaTeX's mathematics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.render.page import Math

if TYPE_CHECKING:
    from fractions import Fraction

    from archcalc.analyses.formulas.polynomial import Polynomial


def mathematics(polynomial: Polynomial) -> Math:
    """Return a polynomial as a cell."""
    return Math(str(polynomial), latex(polynomial))


def latex(polynomial: Polynomial) -> str:
    r"""Write a polynomial in LaTeX: ``154{,}451{,}968\,n^{2} + 2{,}048{,}000``."""
    text = ""
    for coefficient, powers in polynomial.terms:
        sign = ("-" if coefficient < 0 else "") if not text else " - " if coefficient < 0 else " + "
        factors = [
            _variable(name) + (f"^{{{power}}}" if power > 1 else "")
            for name, power in zip(polynomial.variables, powers, strict=True)
            if power
        ]
        if abs(coefficient) != 1 or not factors:
            factors.insert(0, _number(abs(coefficient)))
        text += sign + r"\,".join(factors)
    return text or "0"


def _variable(name: str) -> str:
    escaped = name.replace("_", r"\_")
    return name if len(name) == 1 else rf"\mathit{{{escaped}}}"


def _number(value: Fraction) -> str:
    numerator, denominator = (units.exact(part).replace(",", "{,}") for part in (value.numerator, value.denominator))
    return numerator if value.denominator == 1 else rf"\frac{{{numerator}}}{{{denominator}}}"
