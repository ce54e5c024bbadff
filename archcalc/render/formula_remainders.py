"""The page of ``formula --per remainder``: a formula for each remainder of the variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.analyses.formulas.polynomial import plain
from archcalc.analyses.formulas.samples import LABELS, TOTALS
from archcalc.engine.report import SCHEMA
from archcalc.render.formula import domain, domain_data, formulas_data
from archcalc.render.formula_text import mathematics
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from archcalc.analyses.formulas.remainders import Remainder, Remainders


class RemaindersPage(Page):
    """The closed forms of a network for all remainders of a variable."""

    remainders: Remainders

    def grids(self) -> list[Grid]:
        """Return a row for each remainder."""
        spec, modulus = self.remainders.base.spec, self.remainders.modulus
        title = f"{spec.title} · {spec.name}, by the remainder of {self.remainders.variable} by {modulus}"
        heads = (
            Head("in", left=True),
            Head("holds for", left=True),
            *(Head(LABELS[word], left=True) for word in TOTALS),
        )
        notes = tuple(f"{_sets(each)}: {each.reason}" for each in self.remainders.classes if each.form is None)
        return [Grid(title, heads, tuple(map(_row, self.remainders.classes)), notes=notes)]

    def tables(self) -> list[Table]:
        """Return a row for each term: its remainder, coefficient and power."""
        rows = [
            (each.remainder, word, plain(term.coefficient), *term.powers)
            for each in self.remainders.classes if each.form is not None
            for word, polynomial in each.form.totals.items() for term in polynomial.terms
        ]  # fmt: skip
        return [Table(("remainder", "quantity", "coefficient", "power"), rows)]

    def data(self) -> dict[str, Any]:
        """Return the formulas for each remainder."""
        spec = self.remainders.base.spec
        return {
            "schema": SCHEMA,
            "network": spec.name,
            "title": spec.title,
            "batch": self.remainders.base.batch,
            "variable": self.remainders.variable,
            "modulus": self.remainders.modulus,
            "remainders": [_data(each) for each in self.remainders.classes],
        }


def _sets(each: Remainder) -> str:
    return ", ".join(str(setting).replace("=", " = ") for setting in each.variables.settings)


def _row(each: Remainder) -> tuple[str, ...]:
    if each.form is None:
        return (_sets(each), *["–"] * (1 + len(TOTALS)))
    return (_sets(each), domain(each.form), *(mathematics(each.form.totals[word]) for word in TOTALS))


def _data(each: Remainder) -> dict[str, Any]:
    data: dict[str, Any] = {
        "remainder": each.remainder,
        "in": {setting.name: setting.text for setting in each.variables.settings},
    }
    if each.form is None:
        return {**data, "reason": each.reason}
    return {**data, "domain": domain_data(each.form), "formulas": formulas_data(each.form)}
