"""The tables of the documentation that the program writes, so that they cannot fall behind it.

A page has ``<!-- table: NAME -->`` before such a table and ``<!-- end -->`` after it.
"""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from archcalc import limits
from archcalc.analyses.reference import example_of
from archcalc.conventions.convention import conventions
from archcalc.operations import OPERATIONS, operation
from archcalc.operations.base import parameters_of
from archcalc.published.figure import OPTIONS
from archcalc.published.quantities import QUANTITIES, of_networks
from archcalc.trace import Quantity, quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archcalc.conventions.convention import Convention
    from archcalc.conventions.rules import Rules


_MARKED = re.compile(r"(?<=<!-- table: )(?P<name>\w+)(?P<open> -->\n\n).*?(?P<close>\n<!-- end -->)", re.DOTALL)


def renewed(text: str) -> str:
    """Return the text of a page with its tables written anew."""
    return _MARKED.sub(lambda match: f"{match['name']}{match['open']}{TABLES[match['name']]()}{match['close']}", text)


def names(text: str) -> list[str]:
    """Return the names of the tables on a page."""
    return [match["name"] for match in _MARKED.finditer(text)]


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(heads), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _operations() -> str:
    return _table(("operation", "settings", "what it does"), map(_operation, OPERATIONS))


def _operation(word: str) -> Iterator[str]:
    kind = operation(word)
    settings = [f"**`{name}`**" if each.required else f"`{name}`" for name, each in kind.settings.items()]
    yield f"[`{word}`](operations.md#{word})"
    yield ", ".join([*(["branches"] if kind.has_branches else []), *settings]) or "–"
    yield (kind.__doc__ or "").strip().partition("\n")[0].rstrip(".")


def _contract() -> str:
    return _table(("operation", "parameters", "work", "memory", "depth"), map(_counted, OPERATIONS))


def _counted(word: str) -> Iterator[str]:
    kind = operation(word)
    formulas: dict[str, dict[str, dict[str, None]]] = {"params": {}, "buffers": {}, "ops": {}}
    for example in kind.examples:
        for each in example_of(kind, example).formulas():
            traced = each.formula(*[Quantity(name) for name in parameters_of(each.formula)])
            formulas[each.of].setdefault(each.kind, {})[quantity(traced).names()] = None
    yield f"`{word}`"
    yield _joined(formulas["params"])
    yield _joined(formulas["ops"])
    yield _whether(kind.stores, "output", "as `stores` says")
    yield _whether(kind.counts_in_depth, "1", "as `weighted` says")


def _joined(by_kind: dict[str, dict[str, None]]) -> str:
    parts = [f"{kind} {' or '.join(f'`{formula}`' for formula in formulas)}" for kind, formulas in by_kind.items()]
    return ", ".join(parts) or "–"


def _whether(held: object, so: str, otherwise: str) -> str:
    """Say what holds for an operation, where it does not depend on a setting."""
    return (so if held else "–") if isinstance(held, bool) else otherwise


def _limits() -> str:
    body = ast.parse(Path(limits.__file__).read_text(encoding="utf-8")).body
    rows = []
    for assigned, says in pairwise(body):
        if isinstance(assigned, ast.Assign) and isinstance(says, ast.Expr) and isinstance(says.value, ast.Constant):
            name = ast.unparse(assigned.targets[0])
            rows.append((f"`{name}`", f"{getattr(limits, name):,}", str(says.value.value).rstrip(".")))
    return _table(("limit", "value", "of what"), rows)


def _quantities() -> str:
    rows = ((f"`{word}`", each.label, each.kind) for word, each in QUANTITIES.items())
    return _table(("quantity", "what it is", "kind"), rows)


def _expectations() -> str:
    return _table(("quantity", "what it is"), ((f"`{word}`", QUANTITIES[word].label) for word in of_networks()))


def _options() -> str:
    return _table(("option", "what it says"), ((f"`{word}`", says) for word, (_, says) in OPTIONS.items()))


def _conventions() -> str:
    rows = (
        (f"[`{rule.name}`](#{rule.name})", rule.title, ", ".join(rule.subjects), rule.unit if rule.costs else "–")
        for rule in conventions().values()
    )
    return _table(("convention", "what it is", "of", "unit of work"), rows)


def _rules() -> str:
    return "\n".join(map(_convention, conventions().values()))


def _convention(rule: Convention) -> str:
    """Write the section of a convention: what it counts, its source, its formulas, and what it does not reproduce."""
    subjects = {"work": rule.costs, "memory": rule.memories, "parameters": rule.parameters}
    tables = [(subject, rules) for subject, rules in subjects.items() if rules is not None]
    rows = (
        (subject if first else "", operations, f"`{formula}`")
        for subject, rules in tables
        for first, operations, formula in _formulas(rules)
    )
    parts = [f"### {rule.name}", _wrapped(rule.says), _wrapped(f"Source: {rule.source}.")]
    parts.append(_table(("of", "operations", "formula"), rows).rstrip("\n"))
    if rule.remarks:
        parts.append("Not reproduced, or only in part:")
        parts.append("\n".join(_item(f"{_words(remark.operations)}: {remark.text}") for remark in rule.remarks))
    return "\n\n".join(parts) + "\n"


def _formulas(rules: Rules) -> Iterator[tuple[bool, str, str]]:
    """Yield the formulas of rules with their operations, the rest last; whether it is the first; no | in cells."""
    by_formula: dict[str, list[str]] = {}
    words = sorted(rules.by_operation, key=lambda word: word == "default")
    for word in words:
        rule = rules.by_operation[word]
        by_formula.setdefault(str(rule) if isinstance(rule, int) else rule.text, []).append(word)
    for number, (formula, named) in enumerate(by_formula.items()):
        own = [word for word in named if word != "default"]
        rest = ["all else"] if "default" in named else []
        yield number == 0, ", ".join([*(f"`{word}`" for word in own), *rest]), formula


def _words(operations: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in operations)


def _wrapped(text: str) -> str:
    return "\n".join(wrap(text, 116, break_long_words=False, break_on_hyphens=False))


def _item(text: str) -> str:
    return "\n".join(wrap(text, 116, initial_indent="- ", subsequent_indent="  ", break_long_words=False,
                          break_on_hyphens=False))  # fmt: skip


TABLES: dict[str, Callable[[], str]] = {
    "operations": _operations,
    "contract": _contract,
    "limits": _limits,
    "quantities": _quantities,
    "expectations": _expectations,
    "options": _options,
    "conventions": _conventions,
    "rules": _rules,
}
"""Name on a page to what writes the table."""
