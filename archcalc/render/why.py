"""The page of ``why``: a difference as named terms, and the reading that gives a reported figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.why.terms import MEMORY, MODEL, WORK, Interpretation, Term, difference
from archcalc.engine.report import SCHEMA
from archcalc.render.columns import across
from archcalc.render.page import Grid, Head, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.why.search import Answer, Found

_BYTES = (MEMORY, MODEL)


def between(first: Interpretation, last: Interpretation) -> Page:
    """Show the terms that lead from one reading to another."""
    terms = difference(first, last)
    title = f"{_what(first)} → {_what(last)}: {last.value - first.value:+,}"
    data = {
        "schema": SCHEMA,
        "from": _data(first),
        "to": _data(last),
        "difference": last.value - first.value,
        "terms": [term._asdict() for term in terms],
    }
    return Page((_grid(title, first, last, terms),), data, _said(last))


def reported(network: Interpretation, found: Found) -> Page:
    """Show what gives a reported figure, and how it differs from the network's own count."""
    text = found.reported.text
    data: dict[str, Any] = {"schema": SCHEMA, "network": network.report.name, "reported": text}
    if not found.answers:
        title = f"{text}: nothing that was tried on {network.report.name} gives it. The nearest:"
        nearest = [each.reading for each in found.nearest]
        return Page((_list(title, nearest),), {**data, "answer": None, "nearest": [_data(each) for each in nearest]})
    best = found.answers[0]
    first = network.plain()._replace(quantity=best.reading.quantity)
    terms = difference(first, best.reading)
    title = f"{text} is {_what(best.reading)}: {_amount(best.reading)}{_base(best)}"
    others = _others(found.answers)
    data |= {"answer": _answer(best), "terms": [term._asdict() for term in terms],
             "also": [_answer(each) for each in found.answers[1:]]}  # fmt: skip
    grid = _grid(title, first, best.reading, terms) if terms else _list(title, [best.reading])
    return Page((grid,), data, (*_said(best.reading), *others))


def _list(title: str, readings: Sequence[Interpretation]) -> Grid:
    """Show what some readings come to."""
    rows = tuple((_what(each), units.exact(each.value), _short(each)) for each in readings)
    exact = tuple((_what(each), each.value) for each in readings)
    heads = (Head("what", left=True), Head("count"), Head(""))
    return Grid(title, heads, rows, exact=(("what", "count"), exact))


def _grid(title: str, first: Interpretation, last: Interpretation, terms: Sequence[Term]) -> Grid:
    name = "bytes" if last.quantity in _BYTES else "count"
    rows = [(_what(first), units.exact(first.value))]
    rows += [(term.name, f"{term.amount:+,}") for term in terms]
    exact = ((_what(first), first.value), *terms, (_what(last), last.value))
    return Grid(
        title,
        (Head("term", left=True), Head(name)),
        tuple(rows),
        (_what(last), units.exact(last.value)),
        exact=(("term", name), exact),
    )


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
