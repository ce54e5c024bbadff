"""Numbers that remember how they were computed.

A formula of an operation is an ordinary function of named quantities. Called with ints it computes. Called with
:class:`Quantity` values it also remembers how, so that its result can be typeset three ways: with names, with numbers,
and with the inner parentheses evaluated. Called with quantities that have no value it is the formula itself. Ints never
pass through here: tracing costs nothing unless it is used.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_SUM, _PRODUCT, _ATOM = 1, 2, 3

TYPESET = {"H_out": "H'", "W_out": "W'"}
"""Names that papers write in a way that Python cannot."""


class Quantity:
    """A value, possibly unknown, and the expression that gave it."""

    __slots__ = ("kind", "name", "parts", "value")

    def __init__(self, name: str, value: int | None = None, kind: str = "", parts: tuple[Quantity, ...] = ()) -> None:
        self.name = name
        self.value = value
        self.kind = kind
        self.parts = parts

    def _with(self, kind: str, other: Any, function: Callable[[int, int], int], *, swap: bool = False) -> Quantity:
        left, right = (quantity(other), self) if swap else (self, quantity(other))
        return _apply(kind, left, right, function)

    def __add__(self, other: Any) -> Quantity:
        return self._with("+", other, operator.add)

    def __radd__(self, other: int) -> Quantity:
        return self._with("+", other, operator.add, swap=True)

    def __sub__(self, other: Any) -> Quantity:
        return self._with("-", other, operator.sub)

    def __rsub__(self, other: int) -> Quantity:
        return self._with("-", other, operator.sub, swap=True)

    def __mul__(self, other: Any) -> Quantity:
        return self._with("*", other, operator.mul)

    def __rmul__(self, other: int) -> Quantity:
        return self._with("*", other, operator.mul, swap=True)

    def __floordiv__(self, other: Any) -> Quantity:
        return self._with("floor", other, operator.floordiv)

    def __eq__(self, other: object) -> bool:
        known = quantity(other)
        if self.value is None or known.value is None:
            return not self.kind and not known.kind and self.name == known.name
        return self.value == known.value

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __ge__(self, other: Any) -> bool:
        right = quantity(other).value
        return self.value is not None and right is not None and self.value >= right

    def __gt__(self, other: Any) -> bool:
        right = quantity(other).value
        return self.value is not None and right is not None and self.value > right

    def __bool__(self) -> bool:
        return self.value != 0

    def __hash__(self) -> int:
        return id(self)

    def names(self) -> str:
        """Typeset with names: ``⌊(H + 2·P − K) / S⌋ + 1``."""
        return _typeset(self, lambda leaf: leaf.name)

    def numbers(self) -> str:
        """Typeset with numbers: ``⌊(227 + 2·0 − 11) / 4⌋ + 1``."""
        return _typeset(self, _number)

    def reduced(self) -> str:
        """Typeset with the inner parentheses evaluated: ``⌊216 / 4⌋ + 1``."""
        return _typeset(self, _number, reduce=True)


def quantity(value: Any) -> Quantity:
    """Return a quantity unchanged, and an int as a quantity without a name."""
    return value if isinstance(value, Quantity) else Quantity(f"{value:,}", value)


def _apply(kind: str, left: Quantity, right: Quantity, function: Callable[[int, int], int]) -> Quantity:
    known = left.value is not None and right.value is not None
    return Quantity("", function(left.value, right.value) if known else None, kind, (left, right))  # type: ignore[arg-type]


def _ceil_div(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def ceil_div(numerator: Any, denominator: Any) -> Any:
    """Return ⌈numerator / denominator⌉."""
    if numerator.__class__ is int and denominator.__class__ is int:
        return _ceil_div(numerator, denominator)
    return _apply("ceil", quantity(numerator), quantity(denominator), _ceil_div)


def exact_div(whole: Any, parts: Any) -> Any:
    """Return whole / parts, which is known to be whole; a division by 1 is left out."""
    if parts == 1:
        return whole
    if whole.__class__ is int and parts.__class__ is int:
        return whole // parts
    return _apply("/", quantity(whole), quantity(parts), operator.floordiv)


def maximum(first: Any, second: Any) -> Any:
    """Return the larger of two."""
    if first.__class__ is int and second.__class__ is int:
        return max(first, second)
    return _apply("max", quantity(first), quantity(second), max)


def total(terms: list[Quantity]) -> Quantity:
    """Add up products; a first factor that all of them share is factored out: C_out·(C_in·K_h·K_w + 1)."""
    if len(terms) == 1:
        return terms[0]
    factors = [_factors(term) for term in terms]
    first = factors[0][0]
    if first.name and not first.kind and all(part[0].name == first.name and not part[0].kind for part in factors):
        return first * _sum([_product(part[1:]) for part in factors])
    return _sum(terms)


def _sum(terms: list[Quantity]) -> Quantity:
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result


def _factors(term: Quantity) -> list[Quantity]:
    return [*_factors(term.parts[0]), *_factors(term.parts[1])] if term.kind == "*" else [term]


def _product(factors: list[Quantity]) -> Quantity:
    if not factors:
        return quantity(1)
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def _number(leaf: Quantity) -> str:
    return "?" if leaf.value is None else f"{leaf.value:,}"


def _typeset(value: Quantity, leaf: Any, *, reduce: bool = False) -> str:
    return _write(value, leaf, reduce, outer=True)[0]


def _write(value: Quantity, leaf: Any, reduce: bool, *, outer: bool = False) -> tuple[str, int]:
    """Return the text and how tightly it binds."""
    if not value.kind:
        text = leaf(value)
        return TYPESET.get(text, text), _ATOM
    left, right = value.parts
    if value.kind in ("floor", "ceil"):
        opening, closing = ("⌊", "⌋") if value.kind == "floor" else ("⌈", "⌉")
        return f"{opening}{_inner(left, leaf, reduce, _PRODUCT)} / {_inner(right, leaf, reduce, _ATOM)}{closing}", _ATOM
    if value.kind == "max":
        return f"max({_write(left, leaf, reduce)[0]}, {_write(right, leaf, reduce)[0]})", _ATOM
    if value.kind in ("*", "/"):
        sign = "·" if value.kind == "*" else "/"
        tightness = _ATOM if value.kind == "/" else _PRODUCT
        return f"{_inner(left, leaf, reduce, _PRODUCT)}{sign}{_inner(right, leaf, reduce, tightness)}", _PRODUCT
    sign = "+" if value.kind == "+" else "−"
    tightness = _PRODUCT if value.kind == "-" else _SUM
    return f"{_inner(left, leaf, reduce, _SUM)} {sign} {_inner(right, leaf, reduce, tightness)}", _SUM


def _inner(value: Quantity, leaf: Any, reduce: bool, tightness: int) -> str:
    text, binds = _write(value, leaf, reduce)
    if binds >= tightness:
        return text
    return _number(value) if reduce and value.value is not None else f"({text})"
