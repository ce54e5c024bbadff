"""The pages of ``why``: a difference as named terms, and what explains a reported figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.why.terms import WORK, Interpretation, Term, difference
from archcalc.engine.report import SCHEMA
from archcalc.render import why_words as words
from archcalc.render.findings import comments, computed, counted, described, source, verdict
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archcalc.analyses.why.ledger import Ledger
    from archcalc.analyses.why.search import Answer, Outcome
    from archcalc.published.verdicts import Finding

MOST_LISTED = 5
"""Interpretations that are listed where none is named as the answer."""


class DifferencePage(Page):
    """The terms that lead from one interpretation to another."""

    first: Interpretation
    last: Interpretation

    def grids(self) -> list[Grid]:
        """Return the table of terms."""
        first, last = self.first, self.last
        title = f"{words.described(first)} → {words.described(last)}: {last.value - first.value:+,}"
        return [_terms_grid(title, first, last, difference(first, last))]

    def notes(self) -> list[str]:
        """Say what the network and the convention at the end are."""
        return words.meaning(self.last)

    def tables(self) -> list[Table]:
        """Return the terms with exact values."""
        return [_terms_table(self.first, self.last, difference(self.first, self.last))]

    def data(self) -> dict[str, Any]:
        """Return both interpretations and the terms between them."""
        first, last = self.first, self.last
        return {
            "schema": SCHEMA,
            "from": words.interpretation_data(first),
            "to": words.interpretation_data(last),
            "difference": last.value - first.value,
            "terms": [term._asdict() for term in difference(first, last)],
        }


class AnswerPage(Page):
    """What explains a reported figure, and how it differs from the network's own count."""

    outcome: Outcome
    ledger: Ledger
    best: Answer

    def grids(self) -> list[Grid]:
        """Return the terms that lead to the figure, and where it was published."""
        last, (first, terms) = self.best.interpretation, self._terms()
        reported = self.outcome.reported
        figure = reported.text if last.quantity == WORK else reported.figure
        title = f"{figure} is {words.described(last)}: {words.amount(last)}{words.how(self.best)}"
        grid = _terms_grid(title, first, last, terms) if terms else _list(title, [last])
        return [grid, *_published(self.ledger)]

    def notes(self) -> list[str]:
        """Say what the network and the convention are, how likely a coincidence is, and what has the same digits."""
        return [
            *words.meaning(self.best.interpretation),
            words.likelihood(self.outcome),
            *words.others(self.outcome.others, self.best),
            *_published_of_others(self.ledger),
        ]

    def tables(self) -> list[Table]:
        """Return the terms with exact values."""
        last, (first, terms) = self.best.interpretation, self._terms()
        return [_terms_table(first, last, terms) if terms else _values([last])]

    def data(self) -> dict[str, Any]:
        """Return the answer, its terms, and the other answers."""
        return {
            **_common(self.outcome, self.ledger),
            "answer": words.answer_data(self.best),
            "terms": [term._asdict() for term in self._terms()[1]],
            "also": [words.answer_data(answer) for answer in self.outcome.others],
        }

    def _terms(self) -> tuple[Interpretation, Sequence[Term]]:
        first = self.outcome.start._replace(quantity=self.best.interpretation.quantity)
        return first, difference(first, self.best.interpretation)


class OpenPage(Page):
    """What the ledger says of a figure that nothing explains, and what gives it perhaps or comes nearest."""

    outcome: Outcome
    ledger: Ledger

    def grids(self) -> list[Grid]:
        """Return where the figure was published, or what gives it perhaps or comes nearest."""
        if self.ledger.whole:
            return list(_published(self.ledger, self._title()))
        listed = self._listed()
        hints = [words.how(answer) if answer.agrees else "" for answer in listed]
        return [_list(self._title(), [answer.interpretation for answer in listed], hints)]

    def notes(self) -> list[str]:
        """Say how much was tried, and where else the figure was published."""
        return [words.likelihood(self.outcome), *_published_of_others(self.ledger)]

    def tables(self) -> list[Table]:
        """Return what gives the figure perhaps or comes nearest, with exact values."""
        return [_values([answer.interpretation for answer in self._listed()])]

    def data(self) -> dict[str, Any]:
        """Return the same as data."""
        return {
            **_common(self.outcome, self.ledger),
            "answer": None,
            "perhaps": [words.answer_data(answer) for answer in self.outcome.others],
            "nearest": [words.interpretation_data(answer.interpretation) for answer in self.outcome.nearest],
        }

    def _listed(self) -> Sequence[Answer]:
        by_network: dict[str, Answer] = {}
        for answer in self.outcome.others:
            by_network.setdefault(words.network(answer.interpretation), answer)
        return list(by_network.values())[:MOST_LISTED] or self.outcome.nearest

    def _title(self) -> str:
        text, name = self.outcome.reported.text, self.outcome.start.report.name
        if self.ledger.whole:
            return f"{text} was published of {self.ledger.whole[0].network}"
        if self.outcome.others:
            return f"{text}: nothing stands out among what was tried on {name}. These give it, perhaps by chance:"
        return f"{text}: nothing that was tried on {name} gives it. The nearest:"


def page(outcome: Outcome, ledger: Ledger) -> Page:
    """Show what explains a reported figure, or what is known of it."""
    return OpenPage(outcome, ledger) if outcome.answer is None else AnswerPage(outcome, ledger, outcome.answer)


def in_a_sentence(outcome: Outcome, ledger: Ledger) -> str:
    """Say what explains a reported figure, or what is known of it, in a sentence."""
    if outcome.answer is not None:
        best = outcome.answer
        return f"it is {words.described(best.interpretation)}: {words.amount(best.interpretation)}{words.how(best)}"
    if ledger.whole:
        finding = ledger.whole[0]
        said = "; ".join(comments(finding))
        return f"so printed by {source(finding.figure)}, {verdict(finding)}{f': {said}' if said else ''}"
    return f"nothing that was tried on {outcome.start.report.name} gives it and stands out"


def _common(outcome: Outcome, ledger: Ledger) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "network": outcome.start.report.name,
        "reported": outcome.reported.text,
        "published": [_finding_data(finding) for finding in (*ledger.whole, *ledger.others)],
        "tried": outcome.tried,
        "chance": outcome.chance,
    }


def _published(ledger: Ledger, title: str = "published figures") -> Iterable[Grid]:
    """Show where a figure was published of the network, and what is said of it there."""
    if not ledger.whole:
        return
    heads = (
        Head("network", left=True), Head("what", left=True), Head("computed"), Head("verdict", left=True),
        Head("source", left=True),
    )  # fmt: skip
    rows = tuple(
        (finding.network, _of(finding), computed(finding), verdict(finding), source(finding.figure))
        for finding in ledger.whole
    )
    notes = dict.fromkeys(f"{finding.figure.cite}: {text}" for finding in ledger.whole for text in comments(finding))
    yield Grid(title, heads, rows, notes=tuple(notes))


def _of(finding: Finding) -> str:
    said = counted(finding.figure)
    return f"{finding.figure.quantity} ({said})" if said else finding.figure.quantity


def _published_of_others(ledger: Ledger) -> list[str]:
    """Name the layers and the other networks of the family that the figure was published of."""
    said = (f"{finding.network}, {described(finding)} ({source(finding.figure)})" for finding in ledger.others)
    named = list(dict.fromkeys(said))[:MOST_LISTED]
    return [f"Also published: {'; '.join(named)}."] if named else []


def _finding_data(finding: Finding) -> dict[str, Any]:
    figure = finding.figure
    return {
        "network": finding.network,
        "at": list(figure.at) if figure.at else None,
        "quantity": figure.quantity,
        "printed": figure.printed,
        "computed": finding.computed if isinstance(finding.computed, int) else None,
        "explained": finding.explained if isinstance(finding.explained, int) else None,
        "status": finding.status,
        "cite": figure.cite,
        "where": figure.where,
    }


def _list(title: str, interpretations: Sequence[Interpretation], hints: Sequence[str] = ("",)) -> Grid:
    """Show what some interpretations come to, and how each gives the figure where that is not as usual."""
    rows = tuple(
        (f"{words.described(each)}{hint}", units.exact(each.value), words.short(each))
        for each, hint in zip(interpretations, hints, strict=True)
    )
    return Grid(title, (Head("what", left=True), Head("count"), Head("")), rows)


def _values(interpretations: Sequence[Interpretation]) -> Table:
    return Table(("what", "count"), ((words.described(each), each.value) for each in interpretations))


def _terms_grid(title: str, first: Interpretation, last: Interpretation, terms: Sequence[Term]) -> Grid:
    rows = [(words.described(first), units.exact(first.value))]
    rows += [(term.name, f"{term.amount:+,}") for term in terms]
    heads = (Head("term", left=True), Head(_counted_in(last)))
    return Grid(title, heads, tuple(rows), (words.described(last), units.exact(last.value)))


def _terms_table(first: Interpretation, last: Interpretation, terms: Sequence[Term]) -> Table:
    rows = ((words.described(first), first.value), *terms, (words.described(last), last.value))
    return Table(("term", _counted_in(last)), rows)


def _counted_in(counted: Interpretation) -> str:
    return "bytes" if counted.quantity in words.BYTES else "count"
