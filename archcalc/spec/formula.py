"""Formulas of a spec: ``=4*width``, ``=stride if stride_on == '1x1' else 1``, ``=make_divisible(c*width, 8)``.

Python's own parser reads the expression; only the node types in this file are accepted, and what it accepts is
bounded (length and depth before parsing, the size of every number while computing), so nothing else of Python
can be reached. Arithmetic is exact: whole numbers and fractions, never floats.
"""

from __future__ import annotations

import ast
import operator
import re
from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, one_of
from archcalc.limits import MAX_EXPONENT, MAX_FORMULA_LENGTH, MAX_FORMULA_NESTING, MAX_NUMBER
from archcalc.spec.tree import Scalar, Wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from archcalc.operations.base import Shape

    Code = Callable[["Scope"], Any]

FLOW_WORDS = ("in_channels", "in_height", "in_width", "index")
"""Words for what flows in, and for the number of the repetition (from 1)."""

MISSING_QUOTES = (
    "the parentheses of '={}' do not close; inside {{ }} and [ ] YAML ends a value at a comma or a bracket: "
    'put the whole formula in quotes, "={}…"'
)


class FormulaError(Exception):
    """What a formula cannot do; becomes a mistake at the formula's place."""


class Scope:
    """What a formula can see: arguments by name, the shape that flows in, the number of the repetition."""

    __slots__ = ("index", "shape", "values")

    def __init__(self, values: dict[str, Any], shape: Shape, index: int | None = None) -> None:
        self.values = values
        self.shape = shape
        self.index = index


class Formula:
    """A formula that has been read; :meth:`evaluate` computes it in a scope."""

    __slots__ = ("_code", "node", "text")

    def __init__(self, node: Scalar, names: Collection[str]) -> None:
        self.node = node
        self.text: str = node.value[1:].strip()
        self._code = _parse(node, self.text, names)

    def evaluate(self, scope: Scope) -> Any:
        """Return an int, a Fraction, a bool or text; raise Wrong where the formula has no such value."""
        try:
            return self._code(scope)
        except FormulaError as error:
            raise Wrong(self.node, f"'={self.text}' {error}") from None


def is_formula(node: Any) -> bool:
    """Whether a node of the tree is a formula."""
    return node.__class__ is Scalar and node.value.__class__ is str and node.value[:1] == "="


def unclosed(text: str) -> bool:
    """Whether more parentheses open than close, the sign of a formula that YAML has cut at a comma."""
    return text.count("(") > text.count(")")


def _parse(node: Scalar, text: str, names: Collection[str]) -> Code:
    if len(text) > MAX_FORMULA_LENGTH:
        raise Wrong(node, f"a formula of {len(text)} characters; {MAX_FORMULA_LENGTH} are the most")
    if unclosed(text):
        raise Wrong(node, MISSING_QUOTES.format(text, text))
    if _nesting(text) > MAX_FORMULA_NESTING:
        raise Wrong(node, f"a formula nested more than {MAX_FORMULA_NESTING} levels deep")
    unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", "''", text)
    run_on = re.search(r"(?<![A-Za-z_0-9])[0-9][0-9.]*[A-Za-z_]\w*", unquoted)
    if run_on:
        raise Wrong(node, f"'{run_on.group()}' in '={text}' is no number; numbers are written in decimal digits")
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise Wrong(node, f"'={text}' is not a formula") from None
    return _Compiler(node, text, names).compile(tree.body, 0)


def _nesting(text: str) -> int:
    depth = deepest = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _number(value: Any) -> Any:
    if value.__class__ is int:
        if -MAX_NUMBER <= value <= MAX_NUMBER:
            return value
    elif value.__class__ is bool or isinstance(value, str):
        raise FormulaError(f"reckons with {value!r}, which is no number")
    elif abs(value.numerator) <= MAX_NUMBER and value.denominator <= MAX_NUMBER:
        return value.numerator if value.denominator == 1 else value
    raise FormulaError(f"gives a number larger than {MAX_NUMBER:,}")


def _truth(value: Any) -> bool:
    if value.__class__ is not bool:
        raise FormulaError(f"uses {value!r} where true or false is wanted")
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
        raise FormulaError("wants a whole number, at least 1, to be divisible by")
    nearest = max(divisor, int((2 * value + divisor) // (2 * divisor)) * divisor)
    return nearest + divisor if 10 * nearest < 9 * value else nearest


_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
    ast.FloorDiv: _whole_division(operator.floordiv),
    ast.Mod: _whole_division(operator.mod),
    ast.Pow: _power,
}
_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
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
}
"""The functions of formulas, with the fewest and the most arguments that each takes."""

RESERVED = frozenset((*FLOW_WORDS, *FUNCTIONS, "true", "false", "and", "or", "not", "if", "else"))
"""Words that no argument may be called."""

_FLOW: dict[str, Code] = {
    "in_channels": lambda scope: scope.shape.channels,
    "in_height": lambda scope: scope.shape.height,
    "in_width": lambda scope: scope.shape.width,
}


class _Compiler:
    def __init__(self, node: Scalar, text: str, names: Collection[str]) -> None:
        self.node = node
        self.text = text
        self.names = names

    def wrong(self, part: ast.AST, message: str) -> Wrong:
        offset = getattr(part, "col_offset", 0) + (1 if self.node.plain else 2)
        return Wrong(Scalar("", True, self.node.line, self.node.column + offset), f"{message} in '={self.text}'")

    def compile(self, part: ast.expr, depth: int) -> Code:
        if depth > MAX_FORMULA_NESTING:
            raise Wrong(self.node, f"a formula nested more than {MAX_FORMULA_NESTING} levels deep")
        method = getattr(self, f"_{type(part).__name__.lower()}", None)
        if method is None:
            raise self.wrong(part, "something else than arithmetic, comparisons, 'a if c else b' and the functions of formulas")
        code: Code = method(part, depth + 1)
        return code

    def _constant(self, part: ast.Constant, _: int) -> Code:
        value = part.value
        if isinstance(value, float):
            from fractions import Fraction

            segment = self.text.encode()[part.col_offset : part.end_col_offset]
            value = Fraction(segment.decode())
        elif value.__class__ not in (int, str):
            raise self.wrong(part, f"{value!r} is no number and no text")
        if value.__class__ is not str:
            try:
                value = _number(value)
            except FormulaError:
                raise self.wrong(part, f"a number larger than {MAX_NUMBER:,}") from None
        return lambda scope: value

    def _name(self, part: ast.Name, _: int) -> Code:
        name = part.id
        if name in self.names:
            return lambda scope: scope.values[name]
        if name in _FLOW:
            return _FLOW[name]
        if name == "index":
            return _index
        if name in ("true", "false"):
            truth = name == "true"
            return lambda scope: truth
        known = did_you_mean(name, (*self.names, *FLOW_WORDS)) or self._known()
        raise self.wrong(part, f"unknown name '{name}'{known}")

    def _known(self) -> str:
        return f" (there are {one_of(sorted(self.names))})" if self.names else ""

    def _binop(self, part: ast.BinOp, depth: int) -> Code:
        function = _BINARY.get(type(part.op))
        if function is None:
            raise self.wrong(part, "an operator that formulas do not have")
        left, right = self.compile(part.left, depth), self.compile(part.right, depth)
        return lambda scope: _number(function(_number(left(scope)), _number(right(scope))))

    def _unaryop(self, part: ast.UnaryOp, depth: int) -> Code:
        value = self.compile(part.operand, depth)
        if isinstance(part.op, ast.Not):
            return lambda scope: not _truth(value(scope))
        if isinstance(part.op, ast.USub):
            return lambda scope: -_number(value(scope))
        if isinstance(part.op, ast.UAdd):
            return lambda scope: _number(value(scope))
        raise self.wrong(part, "an operator that formulas do not have")

    def _boolop(self, part: ast.BoolOp, depth: int) -> Code:
        codes = [self.compile(value, depth) for value in part.values]
        test = all if isinstance(part.op, ast.And) else any
        return lambda scope: test(_truth(code(scope)) for code in codes)

    def _compare(self, part: ast.Compare, depth: int) -> Code:
        codes = [self.compile(value, depth) for value in (part.left, *part.comparators)]
        functions = [_COMPARE.get(type(op)) for op in part.ops]
        if None in functions:
            raise self.wrong(part, "an operator that formulas do not have")

        def code(scope: Scope) -> bool:
            values = [code(scope) for code in codes]
            try:
                return all(function(*pair) for function, *pair in zip(functions, values, values[1:], strict=False))  # type: ignore[misc]
            except TypeError:
                raise FormulaError("compares text with a number") from None

        return code

    def _ifexp(self, part: ast.IfExp, depth: int) -> Code:
        test, then, otherwise = (self.compile(value, depth) for value in (part.test, part.body, part.orelse))
        return lambda scope: then(scope) if _truth(test(scope)) else otherwise(scope)

    def _call(self, part: ast.Call, depth: int) -> Code:
        name = part.func.id if isinstance(part.func, ast.Name) else None
        if name not in FUNCTIONS or part.keywords:
            raise self.wrong(part, f"a call that is none of {', '.join(FUNCTIONS)}")
        function, fewest, most = FUNCTIONS[name]
        if not fewest <= len(part.args) <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
            raise self.wrong(part, f"{len(part.args)} values for {name}, which takes {wanted},")
        codes = [self.compile(value, depth) for value in part.args]
        return lambda scope: _number(function(*[_number(code(scope)) for code in codes]))


def _index(scope: Scope) -> int:
    if scope.index is None:
        raise FormulaError("asks for the index of a repetition, and stands in none")
    return scope.index
