"""Expressions of the sources: what stands in the text, and the value that it has wherever the part runs.

A formula of a spec becomes an expression of Python in the arguments of a part; with its values it is checked against
what archcalc has computed, so that a source cannot say another network than the one that it was written of.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from archcalc.export.sources.functions import COMPUTED
from archcalc.language.arithmetic import BINARY, COMPARE, FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Value = Callable[[Any], Any]

CHOICE, OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(10)
"""How tightly Python's operators bind, the loosest first."""

SYMBOLS: dict[type, tuple[str, int]] = {
    ast.Add: ("+", SUM),
    ast.Sub: ("-", SUM),
    ast.Mult: ("*", PRODUCT),
    ast.Div: ("/", PRODUCT),
    ast.FloorDiv: ("//", PRODUCT),
    ast.Mod: ("%", PRODUCT),
    ast.Pow: ("**", POWER),
    ast.Eq: ("==", COMPARISON),
    ast.NotEq: ("!=", COMPARISON),
    ast.Lt: ("<", COMPARISON),
    ast.LtE: ("<=", COMPARISON),
    ast.Gt: (">", COMPARISON),
    ast.GtE: (">=", COMPARISON),
}


class UnsayableError(Exception):
    """A formula that Python's plain arithmetic does not say."""


class Expr:
    """A piece of a source: its text, how tightly it binds, and its value at a point of the trace."""

    __slots__ = ("constant", "level", "text", "value")

    def __init__(self, text: str, level: int, value: Value, *, constant: bool = False) -> None:
        self.text = text
        self.level = level
        self.value = value
        self.constant = constant

    def within(self, level: int) -> str:
        """Return the text, in parentheses where it binds less tightly than its surroundings."""
        return self.text if self.level >= level else f"({self.text})"

    def holds_whole(self, points: list[Any]) -> bool:
        """Whether its value is a whole number at each point."""
        try:
            return bool(points) and all(self.value(point).__class__ is int for point in points)
        except (ArithmeticError, TypeError, KeyError, AttributeError):
            return False

    def holds(self, points: Iterable[Any], known: Value) -> bool:
        """Whether its value is the known one at each point, and of its type: 4.0 is no number of channels."""
        try:
            return all(_same(self.value(point), known(point)) for point in points)
        except (ArithmeticError, TypeError, KeyError, AttributeError):
            return False


def _same(value: Any, known: Any) -> bool:
    if isinstance(known, Fraction):
        return isinstance(value, int | float | Fraction) and abs(float(value) - float(known)) <= 1e-12 * abs(
            float(known)
        )
    return value.__class__ is known.__class__ and bool(value == known)


def literal(value: Any) -> Expr:
    """Return a value as it stands in a source."""
    text = text_of(value)
    negative = text.startswith("-")
    return Expr(text, SIGN if negative else ATOM, lambda _: value, constant=True)


def text_of(value: Any) -> str:
    """Return a value in Python's words: fractions as decimals, text in double quotes."""
    if isinstance(value, tuple):
        return f"({', '.join(map(text_of, value))}{',' * (len(value) == 1)})"
    if isinstance(value, str):
        import json

        return json.dumps(value).replace("{", "\\x7b").replace("}", "\\x7d")  # braces are places of values
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else repr(float(value))
    return repr(value)


def binary(kind: type, left: Expr, right: Expr, points: Iterable[Any] = ()) -> Expr:
    """Return an operation of two expressions; two constants are computed."""
    compute: Callable[[Any, Any], Any] = BINARY.get(kind) or COMPARE[kind]

    def exact(point: Any) -> Any:
        return _plain(compute(left.value(point), right.value(point)))

    if left.constant and right.constant:
        return literal(exact(None))
    symbol, level = SYMBOLS[kind]
    if kind is ast.Div and all(exact(point).__class__ is int for point in points):
        symbol = "//"

    def value(point: Any) -> Any:
        if symbol == "/":
            return float(exact(point))
        return compute(as_python(left.value(point)), as_python(right.value(point)))

    if kind is ast.Mult and left.constant and left.text == "1":
        return right
    if kind is ast.Mult and right.constant and right.text == "1":
        return left
    if kind in (ast.Add, ast.Sub) and right.constant and right.text == "0":
        return left
    return Expr(f"{left.within(level + (level == COMPARISON))} {symbol} {right.within(level + 1)}", level, value)


def as_python(value: Any) -> Any:
    """Return a value as Python's plain arithmetic has it: a fraction is a float."""
    return float(value) if isinstance(value, Fraction) and value.denominator != 1 else _plain(value)


def _plain(value: Any) -> Any:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def choice(test: Expr, then: Expr, otherwise: Expr) -> Expr:
    """Return ``then if test else otherwise``, or the one that a constant test leaves."""
    if test.constant:
        return then if test.value(None) else otherwise
    if then.text == otherwise.text:
        return then
    text = f"{then.within(OR)} if {test.within(OR)} else {otherwise.within(CHOICE)}"
    return Expr(text, CHOICE, lambda point: (then if test.value(point) else otherwise).value(point))


class Translator:
    """Translates a formula of a spec into an expression, given those of the names that it uses."""

    def __init__(self, names: dict[str, Expr], points: list[Any]) -> None:
        self.names = names
        self.points = points

    def formula(self, text: str) -> Expr:
        """Translate a formula, without its equals sign; raise UnsayableError where Python would need a function."""
        return self._of(ast.parse(text.strip().replace("\n", " "), mode="eval").body)

    def _of(self, part: ast.expr) -> Expr:
        method = getattr(self, f"_{type(part).__name__.lower()}", None)
        if method is None:
            raise UnsayableError
        made: Expr = method(part)
        return made

    def _constant(self, part: ast.Constant) -> Expr:
        value = part.value
        return literal(_plain(Fraction(str(value))) if isinstance(value, float) else value)

    def _name(self, part: ast.Name) -> Expr:
        if part.id in ("true", "false"):
            return literal(part.id == "true")
        if part.id not in self.names:
            raise UnsayableError
        return self.names[part.id]

    def _binop(self, part: ast.BinOp) -> Expr:
        return binary(type(part.op), self._of(part.left), self._of(part.right), self.points)

    def _unaryop(self, part: ast.UnaryOp) -> Expr:
        inner = self._of(part.operand)
        if isinstance(part.op, ast.Not):
            if inner.constant:
                return literal(not inner.value(None))
            return Expr(f"not {inner.within(NOT)}", NOT, lambda point: not inner.value(point))
        if isinstance(part.op, ast.UAdd):
            return inner
        if inner.constant:
            return literal(-inner.value(None))
        return Expr(f"-{inner.within(SIGN)}", SIGN, lambda point: -inner.value(point))

    def _boolop(self, part: ast.BoolOp) -> Expr:
        """Translate and, or; constants among the parts decide it, or fall out."""
        decides = isinstance(part.op, ast.Or)
        parts: list[Expr] = []
        for each in part.values:
            made = self._of(each)
            if not made.constant:
                parts.append(made)
            elif made.value(None) is decides:
                return literal(decides)
        return self._joined(parts, decides) if parts else literal(not decides)

    def _joined(self, parts: list[Expr], decides: bool) -> Expr:
        if len(parts) == 1:
            return parts[0]
        level = OR if decides else AND
        text = (" or " if decides else " and ").join(each.within(level + 1) for each in parts)
        test = any if decides else all
        return Expr(text, level, lambda point: test(each.value(point) for each in parts))

    def _compare(self, part: ast.Compare) -> Expr:
        sides = [self._of(each) for each in (part.left, *part.comparators)]
        if len(sides) == 2:
            return binary(type(part.ops[0]), sides[0], sides[1])
        return self._joined(
            [binary(type(op), a, b) for op, a, b in zip(part.ops, sides, sides[1:], strict=False)], False
        )

    def _ifexp(self, part: ast.IfExp) -> Expr:
        test = self._of(part.test)
        if test.constant:
            return self._of(part.body if test.value(None) else part.orelse)
        return choice(test, self._of(part.body), self._of(part.orelse))

    def _call(self, part: ast.Call) -> Expr:
        name = ast.unparse(part.func).removeprefix("math.")  # as it stands in an expression made before
        given = [self._of(each) for each in part.args]
        if all(each.constant for each in given):
            return literal(_plain(FUNCTIONS[name][0](*(each.value(None) for each in given))))
        if name in ("floor", "ceil", "round") and given[0].holds_whole(self.points):
            return given[0]
        if name not in COMPUTED:
            raise UnsayableError
        written, function = COMPUTED[name]

        def value(point: Any) -> Any:
            return function(*(as_python(each.value(point)) for each in given))

        return Expr(f"{written}({', '.join(each.text for each in given)})", ATOM, value)
