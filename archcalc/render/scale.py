"""The page of ``scale``: a network at each phi, the nearest to each target, and the family as published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.sweep.axes import plain as whole
from archcalc.analyses.sweep.sweep import value_text
from archcalc.engine.layer import plain
from archcalc.engine.report import SCHEMA
from archcalc.render.page import Grid, Head, Page, Table
from archcalc.render.scale_words import dimension_notes, formula_note, published_notes
from archcalc.render.sweep import TABLE, measure_heads, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from archcalc.analyses.scaling.compound import Published, Scaled, Scaling
    from archcalc.analyses.scaling.targets import Reached


MANY = 10
"""How many times a target is said as that, not in percent."""


class ScalePage(Page):
    """A network along the path of compound scaling."""

    scaling: Scaling
    base: Scaled
    """The network as it is: at phi = 0."""
    rows: tuple[Scaled, ...]
    reached: tuple[Reached, ...] = ()
    others: tuple[Published, ...] = ()
    si: bool = False

    def grids(self) -> list[Grid]:
        """Return the table of all phi, that of targets, and that of the family."""
        spec = self.scaling.base.spec
        grids = []
        if self.rows:
            title = f"{spec.title} · {spec.name}, compound scaling"
            notes = (formula_note(self.scaling), *dimension_notes(self.scaling), *self._impossible())
            grids.append(Grid(title, self._heads("phi"), tuple(map(self._row, self.rows)), notes=notes))
        if self.reached:
            grids.append(self._targets())
        if self.others:
            grids.append(self._published())
        return grids

    def tables(self) -> list[Table]:
        """Return the same rows with exact values."""
        arguments = self.scaling.arguments
        named = [*((str(plain(whole(row.phi))), row) for row in self.rows)]
        named += [(f"{each.target.text} at {plain(whole(each.nearest.phi))}", each.nearest) for each in self.reached]
        rows = [
            (name, *(plain(row.arguments[argument]) for argument in arguments), *self._exact(row.quantities))
            for name, row in named
        ]
        rows += [
            (each.name, *(plain(each.arguments[argument]) for argument in arguments), *self._exact(each.quantities))
            for each in self.others
        ]
        return [Table(("phi", *arguments, *(_unlike(word, arguments) for word in TABLE)), rows)]

    def data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        scaling = self.scaling
        return {
            "schema": SCHEMA,
            "network": scaling.base.spec.name,
            "title": scaling.base.spec.title,
            "batch": scaling.base.batch,
            "dtype": scaling.base.dtype,
            "units": {"macs": "multiply-accumulates", "memory": "bytes"},
            "factors": {name: float(factor) for name, factor in scaling.factors._asdict().items()},
            "dimensions": {name: list(each.own) for name, each in scaling.dimensions.items()},
            "rows": [self._data(row) for row in self.rows],
            "targets": [
                {
                    "quantity": each.target.word,
                    "target": plain(each.target.value),
                    "nearest": self._data(each.nearest),
                    "below": None if each.below is None else self._data(each.below),
                    "above": None if each.above is None else self._data(each.above),
                }
                for each in self.reached
            ],
            "published": [
                {"network": each.name, **self._values(each.arguments, each.quantities), "phi": each.phis}
                for each in self.others
            ],
        }

    def _heads(self, first: str) -> tuple[Head, ...]:
        growth = (Head("MACs, to\nphi = 0"),) if first == "phi" else ()
        arguments = self.scaling.arguments
        measures = measure_heads(TABLE, arguments)
        return (Head(first, left=first != "phi"), *map(Head, arguments), *measures, *growth)

    def _row(self, row: Scaled) -> tuple[str, ...]:
        base = self.base.quantities
        ratio = "–" if base is None or row.quantities is None else units.ratio(row.quantities["macs"], base["macs"])
        return (value_text(plain(whole(row.phi))), *self._cells(row.arguments, row.quantities), ratio)

    def _cells(self, arguments: dict[str, Any], quantities: dict[str, Any] | None) -> Iterator[str]:
        for argument in self.scaling.arguments:
            yield argument_text(arguments[argument])
        for word in TABLE:
            yield "–" if quantities is None else written(word, quantities[word], si=self.si)

    def _targets(self) -> Grid:
        spec = self.scaling.base.spec
        rows, notes = [], []
        for each in self.reached:
            choices = {"nearest": each.nearest, "below": each.below, "above": each.above}
            for name, row in choices.items():
                if row is not None and (name == "nearest" or row is not each.nearest):
                    head = (f"{each.target.text}, {name}", value_text(plain(whole(row.phi))))
                    rows.append((*head, *self._cells(row.arguments, row.quantities)))
            found = each.nearest.quantities or {}
            distance = _distance(found[each.target.word], each.target.value)
            value = written(each.target.word, found[each.target.word], si=self.si)
            notes.append(f"{each.target.text}: the nearest is {value} ({distance}), in steps of 0.01 of phi.")
        heads = self._heads("target")
        notes += [] if self.rows else [formula_note(self.scaling), *dimension_notes(self.scaling)]
        title = f"{spec.title} · {spec.name}, the nearest to what is asked for"
        return Grid(title, (heads[0], Head("phi"), *heads[1:]), tuple(rows), notes=tuple(notes))

    def _published(self) -> Grid:
        heads = self._heads("as published")
        scaled = self.scaling.scaled_dimensions
        phis = tuple(Head(f"phi by\n{name}", optional=1) for name in scaled)
        rows = tuple(
            (each.name, *self._cells(each.arguments, each.quantities), *(_phi(each.phis[name]) for name in scaled))
            for each in self.others
        )
        return Grid("", (*heads, *phis), rows, notes=tuple(published_notes(self.scaling, self.rows, self.others)))

    def _impossible(self) -> Iterator[str]:
        for row in self.rows:
            if row.quantities is None:
                yield f"phi = {value_text(plain(whole(row.phi)))} cannot be built: {row.reason}."

    def _exact(self, quantities: dict[str, Any] | None) -> Iterator[Any]:
        yield from ((quantities or {}).get(word) for word in TABLE)

    def _values(self, arguments: dict[str, Any], quantities: dict[str, Any] | None) -> dict[str, Any]:
        own = {argument: plain(value) for argument, value in arguments.items()}
        return {**own, **{_unlike(word, tuple(own)): value for word, value in (quantities or {}).items()}}

    def _data(self, row: Scaled) -> dict[str, Any]:
        data = {"phi": plain(whole(row.phi)), **self._values(row.arguments, row.quantities)}
        return {**data, "reason": row.reason} if row.quantities is None else data


def _unlike(word: str, arguments: tuple[str, ...]) -> str:
    """Return the name of a quantity; an argument of the same name keeps it."""
    return f"network_{word}" if word in arguments else word


def argument_text(value: Any) -> str:
    """Write the value of an argument with at most five digits."""
    return value_text(value) if value.__class__ is int else units.decimal(value)


def _phi(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _distance(value: int, target: Fraction) -> str:
    """Say how far a value is from a target: +1.5%, or how many times as much."""
    if value > MANY * target:
        return f"{units.ratio(value * target.denominator, target.numerator)} as much"
    return units.off_by(float(value), float(target))
