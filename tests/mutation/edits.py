"""Small semantic edits of Python source: operators, comparisons, constants, dropped terms and swapped arguments."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
}  # fmt: skip
TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}
DATA = ("Example",)  # calls whose arguments are a test's data, which no behaviour hangs on


class Edit(NamedTuple):
    """One edit: the text of an expression at its place, and what replaces it."""

    path: str
    line: int
    start: int  # in characters from the beginning of the file
    end: int
    before: str
    after: str

    def of(self, text: str) -> str:
        """Return the text of the file with the edit in it."""
        return text[: self.start] + self.after + text[self.end :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {' '.join(self.before.split())}  ->  {self.after}"


def edits(path: str, text: str) -> Iterator[Edit]:
    """Find every edit of a module, in the order of its text."""
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    data = text.encode()

    def offset(line: int, column: int) -> int:
        return len(data[: starts[line - 1] + column].decode())

    for node in _expressions(ast.parse(text)):
        start, end = offset(node.lineno, node.col_offset), offset(node.end_lineno or 0, node.end_col_offset or 0)
        for other in _alternatives(node):
            after = ast.unparse(other)
            if isinstance(other, (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.IfExp)):
                after = f"({after})"
            yield Edit(path, node.lineno, start, end, text[start:end], after)


def _expressions(tree: ast.AST) -> Iterator[ast.expr]:
    """Walk over what is computed: no annotations, no docstrings, no f-strings, nothing for type checkers alone."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list", "bases", "type_comment"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.JoinedStr) or not isinstance(node, ast.AST):
                continue
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                continue
            if isinstance(node, ast.Call) and ast.unparse(node.func) in DATA:
                continue
            if isinstance(node, ast.expr):
                yield node
            yield from _expressions(node)


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    """Make the edits of one expression."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        yield _changed(node, ops=[COMPARISONS[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield _changed(node, op=OPERATORS[type(node.op)]())
        yield from (node.left, node.right)
    elif isinstance(node, ast.BoolOp):
        yield _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for i in range(len(node.values)):
            left = node.values[:i] + node.values[i + 1 :]
            yield left[0] if len(left) == 1 else _changed(node, values=left)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield _changed(node, body=node.orelse, orelse=node.body)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)) and node.generators[0].ifs:
        yield _changed(node, generators=[_changed(node.generators[0], ifs=[]), *node.generators[1:]])


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    """Swap the first two arguments; take the opposite of a least, a most, an any and an all."""
    if len(node.args) > 1 and ast.unparse(node.args[0]) != ast.unparse(node.args[1]):
        yield _changed(node, args=[node.args[1], node.args[0], *node.args[2:]])
    if isinstance(node.func, ast.Name) and node.func.id in TWINS:
        yield _changed(node, func=ast.Name(TWINS[node.func.id]))


def _changed(node, **fields):
    """Copy a node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other
