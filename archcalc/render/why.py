"""The page of ``why``: a difference as named terms, and the reading that gives a reported figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.why.terms import MEMORY, MODEL, WORK, Interpretation, Term, difference
from archcalc.engine.report import SCHEMA
from archcalc.render.columns import across
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.why.search import Answer, Found

_BYTES = (MEMORY, MODEL)


class DifferencePage(Page):
    """The terms that lead from one reading to another."""

    first: Interpretation
    last: Interpretation

    def grids(self) -> list[Grid]:
        """Return the table of terms."""
        first, last = self.first, self.last
        title = f"{_what(first)} → {_what(last)}: {last.value - first.value:+,}"
        return [_grid(title, first, last, difference(first, last))]

    def notes(self) -> tuple[str, ...]:
        """Say what the network and the convention at the end are."""
        return _said(self.last)

    def tables(self) -> list[Table]:
        """Return the terms with exact values."""
        return [_terms(self.first, self.last, difference(self.first, self.last))]

    def data(self) -> dict[str, Any]:
        """Return both readings and the terms between them."""
        first, last = self.first, self.last
        return {
            "schema": SCHEMA,
            "from": _data(first),
            "to": _data(last),
            "difference": last.value - first.value,
            "terms": [term._asdict() for term in difference(first, last)],
        }


class NearestPage(Page):
    """The readings that come nearest to a reported figure, where none gives it."""

    network: Interpretation
    found: Found

    def grids(self) -> list[Grid]:
        """Return the table of the nearest readings."""
        title = f"{self.found.reported.text}: nothing that was tried on {self.network.report.name} gives it."
        return [_list(f"{title} The nearest:", [answer.reading for answer in self.found.nearest])]

    def tables(self) -> list[Table]:
        """Return the same with exact values."""
        return [_values([answer.reading for answer in self.found.nearest])]

    def data(self) -> dict[str, Any]:
        """Return the nearest readings."""
        nearest = [_data(answer.reading) for answer in self.found.nearest]
        return {**_asked(self.network, self.found), "answer": None, "nearest": nearest}


class AnswerPage(Page):
    """What gives a reported figure, and how it differs from the network's own count."""

    network: Interpretation
    found: Found

    @property
    def best(self) -> Answer:
        """The simplest answer."""
        return self.found.answers[0]

    def grids(self) -> list[Grid]:
        """Return the table of terms that lead to the figure; where there are none, of the figure alone."""
        reading, (first, terms) = self.best.reading, self._terms()
        title = f"{self.found.reported.text} is {_what(reading)}: {_amount(reading)}{_base(self.best)}"
        return [_grid(title, first, reading, terms) if terms else _list(title, [reading])]

    def notes(self) -> tuple[str, ...]:
        """Say what the network and the convention are, and what else has the same digits."""
        return (*_said(self.best.reading), *_others(self.found.answers))

    def tables(self) -> list[Table]:
        """Return the same with exact values."""
        reading, (first, terms) = self.best.reading, self._terms()
        return [_terms(first, reading, terms) if terms else _values([reading])]

    def data(self) -> dict[str, Any]:
        """Return the answer, its terms, and the other answers."""
        return {
            **_asked(self.network, self.found),
            "answer": _answer(self.best),
            "terms": [term._asdict() for term in self._terms()[1]],
            "also": [_answer(answer) for answer in self.found.answers[1:]],
        }

    def _terms(self) -> tuple[Interpretation, Sequence[Term]]:
        first = self.network.plain()._replace(quantity=self.best.reading.quantity)
        return first, difference(first, self.best.reading)


def reported(network: Interpretation, found: Found) -> Page:
    """Show what gives a reported figure, or what comes nearest to it."""
    return AnswerPage(network, found) if found.answers else NearestPage(network, found)


def _asked(network: Interpretation, found: Found) -> dict[str, Any]:
    return {"schema": SCHEMA, "network": network.report.name, "reported": found.reported.text}


def _list(title: str, readings: Sequence[Interpretation]) -> Grid:
    """Show what some readings come to."""
    rows = tuple((_what(each), units.exact(each.value), _short(each)) for each in readings)
    return Grid(title, (Head("what", left=True), Head("count"), Head("")), rows)


def _values(readings: Sequence[Interpretation]) -> Table:
    return Table(("what", "count"), ((_what(each), each.value) for each in readings))


def _grid(title: str, first: Interpretation, last: Interpretation, terms: Sequence[Term]) -> Grid:
    rows = [(_what(first), units.exact(first.value))]
    rows += [(term.name, f"{term.amount:+,}") for term in terms]
    heads = (Head("term", left=True), Head(_counted_in(last)))
    return Grid(title, heads, tuple(rows), (_what(last), units.exact(last.value)))


def _terms(first: Interpretation, last: Interpretation, terms: Sequence[Term]) -> Table:
    rows = ((_what(first), first.value), *terms, (_what(last), last.value))
    return Table(("term", _counted_in(last)), rows)


def _counted_in(reading: Interpretation) -> str:
    return "bytes" if reading.quantity in _BYTES else "count"


def _what(reading: Interpretation) -> str:
    """Say what a reading counts: MACs of resnet50, thop of resnet50 at 3x224x224."""
    return f"{_counted(reading)} of {_network(reading)}"


def _counted(reading: Interpretation) -> str:
    counted = "MACs" if reading.quantity == WORK else reading.quantity
    if reading.convention is not None:
        name = reading.convention.name
        counted = name if reading.quantity == WORK else f"{counted} by {name}"
    return f"{counted} doubled" if reading.doubled else counted


def _network(reading: Interpretation) -> str:
    report = reading.report
    heads = " with auxiliary heads" if report.training and report.training_totals is not None else ""
    return f"{report.name}{heads} ({across(report.input)})"


def _amount(reading: Interpretation) -> str:
    return f"{units.exact(reading.value)} = {_short(reading)}"


def _short(reading: Interpretation) -> str:
    return units.size(reading.value) if reading.quantity in _BYTES else units.short(reading.value)


def _base(answer: Answer) -> str:
    usual = 1024 if answer.reading.quantity in _BYTES else 1000
    cut = " (cut, not rounded)" if answer.agrees == "cut" else ""
    return f"{cut}{'' if answer.k == usual else f' (K = {answer.k})'}"


def _said(reading: Interpretation) -> tuple[str, ...]:
    """Say what the network and the convention are."""
    report = reading.report
    notes = [f"{report.name}: {report.title}"]
    if reading.convention is not None:
        notes.append(f"{reading.convention.name}: {reading.convention.says} ({reading.convention.source})")
    return tuple(notes)


def _others(answers: Sequence[Answer], most: int = 3) -> tuple[str, ...]:
    """Name what gives the same digits, by network; what is far-fetched beside the answer is left to JSON."""
    by_network: dict[str, list[str]] = {}
    for each in answers[1:]:
        same = each.reading.quantity != WORK and each.reading.value == answers[0].reading.value
        if each.penalty <= answers[0].penalty + 2 and not same:
            said = f"{_counted(each.reading)} {units.exact(each.reading.value)}{_base(each)}"
            by_network.setdefault(_network(each.reading), []).append(said)
    lines = [f"  {network}: {'; '.join(said)}." for network, said in list(by_network.items())[:most]]
    return ("The same digits also come from", *lines) if lines else ()


def _answer(answer: Answer) -> dict[str, Any]:
    return {**_data(answer.reading), "k": answer.k, "agrees": answer.agrees or None}


def _data(reading: Interpretation) -> dict[str, Any]:
    report = reading.report
    return {
        "network": report.name,
        "input": list(report.input),
        "training": report.training,
        "quantity": reading.quantity,
        "convention": reading.convention.name if reading.convention else None,
        "doubled": reading.doubled,
        "value": reading.value,
    }
