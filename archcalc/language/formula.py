"""Formulas of a spec: ``=4*width``, ``=stride if stride_on == '1x1' else 1``, ``=make_divisible(c*width, 8)``.

Python's own parser reads the expression; only the node types in this file are accepted, and what it accepts is
bounded (length and depth before parsing, the size of every number while computing), so nothing else of Python
can be reached. Arithmetic is exact: whole numbers and fractions, never floats.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, one_of
from archcalc.language.arithmetic import BINARY, COMPARE, FUNCTIONS, FormulaError, number, truth
from archcalc.language.formula_text import nesting, refuse_oddities
from archcalc.limits import MAX_FORMULA_LENGTH, MAX_FORMULA_NESTING, MAX_NUMBER
from archcalc.text.tree import Mapping, NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from archcalc.operations.base import Shape

    Code = Callable[["Scope"], Any]

FLOW_WORDS = ("in_channels", "in_height", "in_width", "index")
"""Words for the input shape, and for the number of the repetition (from 1)."""

MISSING_QUOTES = (
    "the parentheses of '={}' do not close; inside {{ }} and [ ] YAML ends a value at a comma or a bracket: "
    'put the whole formula in quotes, "={}…"'
)


class ArgumentNames(frozenset[str]):
    """The arguments that formulas can see, and which of them some formula uses."""

    used: set[str]

    def __new__(cls, names: Iterable[str] = ()) -> ArgumentNames:
        """Return names none of which is used yet."""
        made = super().__new__(cls, names)
        made.used = set()
        return made


class Scope:
    """What a formula can see: arguments by name, the input shape, the number of the repetition."""

    __slots__ = ("index", "shape", "values")

    def __init__(self, values: dict[str, Any], shape: Shape, index: int | None = None) -> None:
        self.values = values
        self.shape = shape
        self.index = index


class Formula:
    """A formula that has been read; :meth:`evaluate` computes it in a scope."""

    __slots__ = ("_code", "_used", "node", "text")

    def __init__(self, node: Scalar, names: Collection[str]) -> None:
        self.node = node
        self.text: str = node.value[1:].strip().replace("\n", " ")  # one line, so that places are those of the value
        visible = ArgumentNames(names)
        self._code = _parse(node, self.text, visible)
        self._used = visible.used
        if isinstance(names, ArgumentNames):
            names.used |= visible.used

    @property
    def names(self) -> tuple[str, ...]:
        """The arguments that it uses, in the order in which it names them."""
        words = re.findall(r"[A-Za-z_][A-Za-z_0-9]*", self.text)
        return tuple(dict.fromkeys(word for word in words if word in self._used))

    def evaluate(self, scope: Scope) -> Any:
        """Return an int, a Fraction, a bool or text; raise NodeError if the formula has no value."""
        try:
            return self._code(scope)
        except FormulaError as error:
            raise NodeError(self.node, f"'={self.text}' {error}") from None

    def node_of_value(self, scope: Scope) -> Scalar:
        """Return its value as a node of the tree, at its place."""
        return Scalar(self.evaluate(scope), False, self.node.line, self.node.column)


def is_formula(node: Any) -> bool:
    """Whether a node of the tree is a formula."""
    return node.__class__ is Scalar and node.value.__class__ is str and node.value[:1] == "="


def rest_of_formulas(mapping: Mapping) -> set[Scalar]:
    """Return the keys that are the rest of a formula that YAML cut at a comma; the formula itself is the mistake."""
    rest: set[Scalar] = set()
    cut = False
    for key, value in zip(mapping.keys, mapping.values, strict=True):
        if cut and key.plain and ")" in key.value:
            rest.add(key)
        cut = cut or (is_formula(value) and unclosed(value.value))
    return rest


def unclosed(text: str) -> bool:
    """Whether more parentheses open than close, as in a formula that YAML has cut at a comma."""
    return text.count("(") > text.count(")")


def _parse(node: Scalar, text: str, names: ArgumentNames) -> Code:
    if len(text) > MAX_FORMULA_LENGTH:
        raise NodeError(node, f"a formula of {len(text)} characters; at most {MAX_FORMULA_LENGTH} are allowed")
    if unclosed(text):
        raise NodeError(node, MISSING_QUOTES.format(text, text))
    if nesting(text) > MAX_FORMULA_NESTING:
        raise NodeError(node, f"a formula nested more than {MAX_FORMULA_NESTING} levels deep")
    compiler = _Compiler(node, text, names)
    refuse_oddities(node, text, compiler.offset)
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise NodeError(node, f"'={text}' is not a formula") from None
    return compiler.compile(tree.body, 0)


RESERVED = frozenset((*FLOW_WORDS, *FUNCTIONS, "true", "false", "and", "or", "not", "if", "else"))
"""Words that cannot be names of arguments."""

_FLOW: dict[str, Code] = {
    "in_channels": lambda scope: scope.shape.channels,
    "in_height": lambda scope: scope.shape.height,
    "in_width": lambda scope: scope.shape.width,
}


class _Compiler:
    """Turns the parts of an expression into closures; anything but arithmetic is an error at its character."""

    def __init__(self, node: Scalar, text: str, names: ArgumentNames) -> None:
        self.node = node
        self.text = text
        self.names = names
        self.offset = len(node.value) - len(node.value[1:].lstrip())
        """Characters of the value before the text: the equals sign, and spaces after it."""

    def wrong(self, part: ast.AST, message: str) -> NodeError:
        place = self.place(getattr(part, "col_offset", 0))
        return NodeError(self.node, f"{message} in '={self.text}'", self.offset + place)

    def place(self, byte: int) -> int:
        """Return a place in the text: Python's parser counts bytes."""
        return byte if self.text.isascii() else len(self.text.encode()[:byte].decode())

    def compile(self, part: ast.expr, depth: int) -> Code:
        if depth > MAX_FORMULA_NESTING:
            raise NodeError(self.node, f"a formula nested more than {MAX_FORMULA_NESTING} levels deep")
        method = getattr(self, f"_{type(part).__name__.lower()}", None)
        if method is None:
            raise self.wrong(
                part, "something other than arithmetic, comparisons, 'a if c else b' and the functions of formulas"
            )
        code: Code = method(part, depth + 1)
        return code

    def _constant(self, part: ast.Constant, _: int) -> Code:
        value: Any = part.value
        if isinstance(value, float):
            from fractions import Fraction

            value = Fraction(self.text[self.place(part.col_offset) : self.place(part.end_col_offset or 0)])
        elif value.__class__ not in (int, str):
            raise self.wrong(part, f"{value!r} is neither a number nor text")
        if value.__class__ is not str:
            try:
                value = number(value)
            except FormulaError:
                raise self.wrong(part, f"a number larger than {MAX_NUMBER:,}") from None
        return lambda scope: value

    def _name(self, part: ast.Name, _: int) -> Code:
        name = part.id
        if name in self.names:
            self.names.used.add(name)
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
        function = BINARY.get(type(part.op))
        if function is None:
            raise self.wrong(part, "an operator that formulas do not have")
        left, right = self._number(part.left, depth), self._number(part.right, depth)
        return lambda scope: number(function(left(scope), right(scope)))

    def _number(self, part: ast.expr, depth: int) -> Code:
        """Compile a part that must be a number."""
        code, name = self.compile(part, depth), part.id if isinstance(part, ast.Name) else None
        return lambda scope: number(code(scope), name)

    def _unaryop(self, part: ast.UnaryOp, depth: int) -> Code:
        value = self.compile(part.operand, depth)
        if isinstance(part.op, ast.Not):
            return lambda scope: not truth(value(scope))
        if isinstance(part.op, ast.USub):
            return lambda scope: -number(value(scope))
        if isinstance(part.op, ast.UAdd):
            return lambda scope: number(value(scope))
        raise self.wrong(part, "an operator that formulas do not have")

    def _boolop(self, part: ast.BoolOp, depth: int) -> Code:
        codes = [self.compile(value, depth) for value in part.values]
        test = all if isinstance(part.op, ast.And) else any
        return lambda scope: test(truth(code(scope)) for code in codes)

    def _compare(self, part: ast.Compare, depth: int) -> Code:
        codes = [self.compile(value, depth) for value in (part.left, *part.comparators)]
        if any(type(op) not in COMPARE for op in part.ops):
            raise self.wrong(part, "an operator that formulas do not have")
        functions = [COMPARE[type(op)] for op in part.ops]

        def code(scope: Scope) -> bool:
            values = [code(scope) for code in codes]
            try:
                return all(test(*pair) for test, *pair in zip(functions, values, values[1:], strict=False))
            except TypeError:
                raise FormulaError("compares text with a number") from None

        return code

    def _ifexp(self, part: ast.IfExp, depth: int) -> Code:
        test, then, otherwise = (self.compile(value, depth) for value in (part.test, part.body, part.orelse))
        return lambda scope: then(scope) if truth(test(scope)) else otherwise(scope)

    def _call(self, part: ast.Call, depth: int) -> Code:
        name = part.func.id if isinstance(part.func, ast.Name) else None
        if name not in FUNCTIONS or part.keywords:
            raise self.wrong(part, f"a call other than {', '.join(FUNCTIONS)}")
        function, fewest, most = FUNCTIONS[name]
        if not fewest <= len(part.args) <= most:
            takes = str(fewest) if fewest == most else f"{fewest} to {most}"
            raise self.wrong(part, f"{len(part.args)} values for {name}, which takes {takes},")
        codes = [self._number(value, depth) for value in part.args]
        return lambda scope: number(function(*[code(scope) for code in codes]))


def _index(scope: Scope) -> int:
    if scope.index is None:
        raise FormulaError("uses index outside of a repetition")
    return scope.index
