"""The page of ``formula``: the polynomials of a network, where they hold, and at which points they were checked."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.formulas.polynomial import plain
from archcalc.analyses.formulas.samples import LABELS, OF_ROWS, TOTALS
from archcalc.engine.report import SCHEMA
from archcalc.render.formula_text import mathematics
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.analyses.formulas.closed_form import ClosedForm, Difference
    from archcalc.analyses.formulas.polynomial import Polynomial

MAX_POINTS = 12
"""Points that a note names; further ones are counted."""


class FormulaPage(Page):
    """The closed form of a network, and that of its rows if they were asked for."""

    form: ClosedForm

    def grids(self) -> list[Grid]:
        """Return the formulas of the network, then those of its rows."""
        form = self.form
        rows = tuple((LABELS[word], mathematics(form.totals[word])) for word in TOTALS)
        heads = (Head("quantity", left=True), Head("formula", left=True))
        totals = Grid(heading(form), heads, rows, notes=tuple(_notes(form)))
        return [totals, _rows(form)] if form.rows else [totals]

    def tables(self) -> list[Table]:
        """Return a row for each term: its coefficient and powers."""
        form = self.form
        heads = ("row", "quantity", "coefficient", *form.variables.names)
        lines = [
            *(("total", word, polynomial) for word, polynomial in form.totals.items()),
            *((row, word, polynomial) for row, own in form.rows.items() for word, polynomial in own.items()),
        ]
        return [Table(heads, [term for row, word, polynomial in lines for term in _terms(row, word, polynomial)])]

    def data(self) -> dict[str, Any]:
        """Return the formulas with their terms, and the points that settle and check them."""
        form = self.form
        data: dict[str, Any] = {
            **envelope(form),
            "domain": domain_data(form),
            "settled": [_point(form, point) for point in product(*form.settled)],
            "checked": [_point(form, point) for point in form.checked],
            "exceptions": [_exception(form, each) for each in form.exceptions],
            "formulas": formulas_data(form),
            "input_values": form.input_values.to_json(),
        }
        if form.rows:
            data["rows"] = [
                {"name": row, "formulas": {word: polynomial.to_json() for word, polynomial in own.items()}}
                for row, own in form.rows.items()
            ]
        return data


def envelope(form: ClosedForm) -> dict[str, Any]:
    """Return what the formulas are of: the network, what sets what, and what is fixed."""
    spec = form.base.spec
    return {
        "schema": SCHEMA,
        "network": spec.name,
        "title": spec.title,
        "input": None if form.inputs is None else list(form.inputs[0]),
        "batch": None if "batch" in [setting.name for setting in form.variables.settings] else form.base.batch,
        "units": {"macs": "multiply-accumulates", "memory_values": "values"},
        "in": {setting.name: setting.text for setting in form.variables.settings},
        "variables": list(form.variables.names),
    }


def formulas_data(form: ClosedForm) -> dict[str, Any]:
    """Return the formulas of the whole network."""
    return {word: polynomial.to_json() for word, polynomial in form.totals.items()}


def domain_data(form: ClosedForm) -> dict[str, int]:
    """Return the least value of each variable from which the formulas hold."""
    return dict(zip(form.variables.names, form.starts, strict=True))


def heading(form: ClosedForm) -> str:
    """Write what the formulas are of, in what, and for which input."""
    base, names = form.base, form.variables.names
    title = f"{base.spec.title} · {base.spec.name} in {', '.join(names)}"
    sets = ", ".join(str(each).replace("=", " = ") for each in form.variables.settings if each.formula is not None)
    sizes = " and ".join(map(str, form.inputs or ()))
    batch = f", batch {base.batch}" if base.batch > 1 else ""
    return f"{title}{sets and f', with {sets}'}{sizes and f', input {sizes}'}{batch}"


def domain(form: ClosedForm) -> str:
    """Write where the formulas hold: ``n ≥ 1``."""
    return ", ".join(f"{name} ≥ {start}" for name, start in zip(form.variables.names, form.starts, strict=True))


def _terms(row: str, word: str, polynomial: Polynomial) -> Iterator[tuple[Any, ...]]:
    for coefficient, powers in polynomial.terms:
        yield (row, word, plain(coefficient), *powers)


def _point(form: ClosedForm, point: Sequence[int]) -> dict[str, int]:
    return dict(zip(form.variables.names, point, strict=True))


def _exception(form: ClosedForm, each: Difference) -> dict[str, Any]:
    at = _point(form, each.point)
    return {"at": at, "quantity": each.quantity.word, "value": each.value, "formula": plain(each.formula)}


def _notes(form: ClosedForm) -> Iterator[str]:
    settled = " and ".join(
        f"{name} = {', '.join(map(str, axis))}" for name, axis in zip(form.variables.names, form.settled, strict=True)
    )
    yield (
        f"Exact for whole numbers {domain(form)}. Settled by the network at {settled}; checked against it at "
        f"{_points(form)}."
    )
    for each in form.exceptions:
        at = _written(form, each.point)
        value, given = units.exact(each.value), plain(each.formula)
        formula = given if isinstance(given, str) else units.exact(given)
        yield f"At {at} it does not hold: {each.quantity} {value}, by the formula {formula}."
    for point, why in form.impossible[:1]:
        yield f"{form.base.spec.name} cannot be built at {_written(form, point)}: {why}."
    yield f"Memory values: of the stored outputs, {form.input_values} of them the input image."
    shadowed = [name for name in form.variables.names if _shadows(form, name)]
    if shadowed:
        yield f"{', '.join(shadowed)} is a variable here, not the argument of that name, which keeps its value."


def _shadows(form: ClosedForm, name: str) -> bool:
    return name in form.base.spec.family.arguments and name not in [each.name for each in form.variables.settings]


def _points(form: ClosedForm) -> str:
    """Name the points at which the formulas were checked."""
    shown = [point for point in form.checked if len(point) > 1] or form.checked
    if len(form.variables.names) == 1:
        return f"{form.variables.names[0]} = {', '.join(str(point[0]) for point in shown)}"
    last = shown[-MAX_POINTS:]
    more = f" and {len(shown) - len(last)} more" if len(shown) > len(last) else ""
    return f"({', '.join(form.variables.names)}) = {', '.join(str(point) for point in last)}{more}"


def _written(form: ClosedForm, point: Sequence[int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in zip(form.variables.names, point, strict=True))


def _rows(form: ClosedForm) -> Grid:
    heads = (Head("layer", left=True), *(Head(LABELS[word], left=True) for word in OF_ROWS))
    rows = tuple((row, *(mathematics(own[word]) for word in OF_ROWS)) for row, own in form.rows.items())
    return Grid("", heads, rows, total=("total", *(mathematics(form.totals[word]) for word in OF_ROWS)))
