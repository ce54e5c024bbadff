"""The page of ``why``: a difference as named terms, and the reading that gives a reported figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.terms import MEMORY, MODEL, WORK, Reading, Term, difference
from archcalc.engine.report import SCHEMA
from archcalc.render.columns import across
from archcalc.render.grid import Grid, Head, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.why import Answer, Found

_BYTES = (MEMORY, MODEL)


def between(first: Reading, last: Reading) -> Page:
    """Show the terms that lead from one reading to another."""
    terms = difference(first, last)
    title = f"From {_amount(first)}, {_what(first)}, to {_amount(last)}, {_what(last)}"
    data = {
        "schema": SCHEMA,
        "from": _data(first),
        "to": _data(last),
        "difference": last.value - first.value,
        "terms": [term._asdict() for term in terms],
    }
    return Page((_grid(title, first, last, terms),), data, _said(last))


def reported(network: Reading, found: Found) -> Page:
    """Show what gives a reported figure, and how it differs from the network's own count."""
    text = found.reported.text
    data: dict[str, Any] = {"schema": SCHEMA, "network": network.report.name, "reported": text}
    if not found.answers:
        notes = (f"{text}: nothing that was tried on {network.report.name} gives it. The nearest:",
                 *(f"  {_amount(each.reading)}, {_what(each.reading)}" for each in found.nearest))  # fmt: skip
        return Page((), {**data, "answer": None, "nearest": [_answer(each) for each in found.nearest]}, notes)
    best = found.answers[0]
    first = network.plain()._replace(quantity=best.reading.quantity)
    terms = difference(first, best.reading)
    title = f"{text} is {_what(best.reading)}{_base(best)}: {_amount(best.reading)}"
    others = _others(found.answers)
    data |= {"answer": _answer(best), "terms": [term._asdict() for term in terms],
             "also": [_answer(each) for each in found.answers[1:]]}  # fmt: skip
    grids = (_grid(title, first, best.reading, terms),) if terms else ()
    return Page(grids, data, (*((title,) if not terms else ()), *_said(best.reading), *others))


def _grid(title: str, first: Reading, last: Reading, terms: Sequence[Term]) -> Grid:
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


def _what(reading: Reading) -> str:
    """Say what a reading counts: MACs of resnet50, thop of resnet50 at 3x224x224."""
    report = reading.report
    counted = "MACs" if reading.quantity == WORK else reading.quantity
    if reading.convention is not None:
        name = reading.convention.name
        counted = name if reading.quantity == WORK else f"{counted} by {name}"
    if reading.doubled:
        counted += " doubled"
    heads = " with auxiliary heads" if report.training and report.training_totals is not None else ""
    return f"{counted} of {report.name}{heads} ({across(report.input)})"


def _amount(reading: Reading) -> str:
    value = reading.value
    short = units.size(value) if reading.quantity in _BYTES else units.short(value)
    return f"{units.exact(value)} = {short}"


def _base(answer: Answer) -> str:
    usual = 1024 if answer.reading.quantity in _BYTES else 1000
    cut = ", cut and not rounded" if answer.agrees == "cut" else ""
    return f"{cut}{'' if answer.k == usual else f', with K = {answer.k}'}"


def _said(reading: Reading) -> tuple[str, ...]:
    """Say what the network and the convention are."""
    report = reading.report
    notes = [f"{report.name}: {report.title}."]
    if reading.convention is not None:
        notes.append(f"{reading.convention.name}: {reading.convention.says} ({reading.convention.source})")
    return tuple(notes)


def _others(answers: Sequence[Answer], most: int = 8) -> tuple[str, ...]:
    more = [f"{_what(each.reading)}{_base(each)} {units.exact(each.reading.value)}" for each in answers[1:]]
    if not more:
        return ()
    rest = f"; and {len(more) - most} more" if len(more) > most else ""
    return (f"The same digits also come from: {'; '.join(more[:most])}{rest}.",)


def _answer(answer: Answer) -> dict[str, Any]:
    return {**_data(answer.reading), "k": answer.k, "agrees": answer.agrees or None}


def _data(reading: Reading) -> dict[str, Any]:
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
