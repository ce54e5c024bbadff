"""Why a reported figure is what it is: which network, input size and convention give it at the printed digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.why.candidates import Network, levels
from archcalc.analyses.why.terms import MEMORY, MODEL, PARAMS, VALUES, WORK, Interpretation
from archcalc.conventions.rules import grouped
from archcalc.engine.count import count
from archcalc.engine.expand import expand
from archcalc.errors import ArchcalcError, RequestError, printable
from archcalc.units import Printed, read_printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.engine.report import Report
    from archcalc.language.networks import NetworkSpec

MAX_TRIED_LAYERS = 12_000
"""Layers of all networks that one search writes out."""

_HINTS = (
    (r"params?|parameters", (PARAMS,)),
    (r"values|activations", (VALUES,)),
    (r"flops?|macs?|maccs?|ops|mult-?adds|multiply-?adds", (WORK,)),
)
"""Words after a figure that say what it is of."""


_COUNTS: tuple[str, ...] = (WORK, PARAMS)


class Reported(NamedTuple):
    """A figure as it was reported: its readings with K = 1000 and 1024, and what it can be of."""

    text: str
    readings: tuple[tuple[int, Printed], ...]
    quantities: tuple[str, ...]


class Answer(NamedTuple):
    """A reading, how far-fetched it is, and whether it gives the figure: rounded, cut, or not (empty)."""

    penalty: float
    reading: Interpretation
    k: int
    agrees: str
    distance: Any


class Found(NamedTuple):
    """What gives a figure, the simplest first; where nothing does, the nearest."""

    reported: Reported
    answers: tuple[Answer, ...]
    nearest: tuple[Answer, ...]


def read_reported(text: str) -> Reported:
    """Read a figure with its unit and maybe what it is of: 4.09G, 4.1 GFLOPs, 25.6M params, 93MB."""
    figure, quantities = text.strip(), _COUNTS
    for words, named in _HINTS:
        shorter = re.sub(rf"\s*(?:{words})$", "", figure, flags=re.IGNORECASE)
        if shorter != figure:
            figure, quantities = shorter, named
            break
    try:
        printed = read_printed(figure)
        if printed.sign in ("<", ">"):
            raise ValueError(f"'{text}' is a bound; a figure is wanted")
        if printed.of_bytes:
            decimal = read_printed(figure, k=1000)
            both = ((1024, printed), (1000, decimal)) if decimal.value != printed.value else ((1024, printed),)
            return Reported(text.strip(), both, (MEMORY, MODEL))
        return Reported(text.strip(), ((1000, printed), *_binary(figure, printed)), quantities)
    except ValueError as error:
        raise RequestError(printable(str(error))) from None


def _binary(figure: str, printed: Printed) -> tuple[tuple[int, Printed], ...]:
    """Return the figure with K as 1024, where it has a unit."""
    from fractions import Fraction

    power = {"K": 1, "M": 2, "G": 3, "B": 3, "T": 4}.get(figure[-1:].upper())
    if power is None:
        return ()
    more = Fraction(1024, 1000) ** power
    return ((1024, printed.replace(value=printed.value * more, place=printed.place * more)),)


def search(reported: Reported, asked: Network, conventions: Sequence[Convention], batch: int = 1) -> Found:
    """Look for the readings of a network, and of those near it, that give a figure."""
    answers: list[Answer] = []
    nearest: list[Answer] = []
    layers = 0
    for level in levels(asked):
        for network in level:
            report = _report(network, batch)
            if report is None or (network.training and not asked.training and report.training_totals is None):
                continue
            layers += len(report.layers)
            if layers > MAX_TRIED_LAYERS and len(report.layers) < layers:
                return _found(reported, answers, nearest)
            for answer in _answers(reported, network, report, conventions):
                (answers if answer.agrees else nearest).append(answer)
        if any(answer.agrees == "rounded" and answer.penalty < 4 for answer in answers):
            break
    return _found(reported, answers, nearest)


def _found(reported: Reported, answers: list[Answer], nearest: list[Answer]) -> Found:
    answers.sort(key=lambda answer: (answer.penalty, answer.distance))
    nearest.sort(key=lambda answer: (answer.penalty > 2.5, answer.distance, answer.penalty))
    networks: dict[tuple[str, tuple[int, ...]], Answer] = {}
    for answer in nearest:
        report = answer.reading.report
        networks.setdefault((report.name, tuple(report.input)), answer)
    return Found(reported, tuple(answers), tuple(networks.values())[:4])


def _report(network: Network, batch: int) -> Report | None:
    from archcalc.engine.count import setup

    try:
        return count(expand(network.spec, network.input), setup(batch), training=network.training)
    except ArchcalcError:
        if network.penalty == 0:
            raise
        return None


def _answers(
    reported: Reported, network: Network, report: Report, conventions: Sequence[Convention]
) -> Iterator[Answer]:
    for reading, penalty in _readings(reported, report, conventions):
        value = reading.value
        for k, printed in reported.readings:
            agrees = printed.agrees(value)
            if _penalty(k, printed) and (reading.doubled or not agrees):
                continue
            more = network.penalty + penalty + _penalty(k, printed) + (1.2 if agrees == "cut" else 0)
            yield Answer(more, reading, k, agrees, abs(value - printed.value) / (printed.value or 1))


def _penalty(k: int, printed: Printed) -> int:
    """Return how far-fetched it is that K stands for so much: megabytes of 1000 are common, a G of 1024 is not."""
    if printed.of_bytes:
        return 0 if k == 1024 else 1
    return 0 if k == 1000 else 4


def _readings(
    reported: Reported, report: Report, conventions: Sequence[Convention]
) -> Iterator[tuple[Interpretation, float]]:
    """Yield what can be counted of a network, with how far-fetched it is."""
    grouped_report = grouped(report)
    for number, quantity in enumerate(reported.quantities):
        plain = Interpretation(grouped_report, quantity)
        yield plain, number
        if quantity == WORK:
            yield plain._replace(doubled=True), number + 0.9
        for convention in conventions:
            if _counts(convention, quantity):
                yield plain._replace(convention=convention), number + 1
                if quantity == WORK and "FLOPs" not in convention.unit.split():
                    yield plain._replace(convention=convention, doubled=True), number + 2.9


def _counts(convention: Convention, quantity: str) -> bool:
    subject = {MODEL: PARAMS, VALUES: MEMORY}.get(quantity, quantity)
    return subject in convention.subjects


def reading(
    text: str, asked: Network, conventions: Sequence[Convention], quantity: str | None, batch: int
) -> Interpretation:
    """Return what one end of a difference is: a convention, macs, flops, a network, NETWORK:CONVENTION, or a figure."""
    if text[:1].isdigit():
        found = search(read_reported(text), asked, conventions, batch)
        if not found.answers:
            raise RequestError(f"{printable(text)}: nothing that was tried on {asked.spec.name} gives it")
        return found.answers[0].reading
    network, _, name = text.rpartition(":")
    known = {convention.name: convention for convention in conventions}
    if name not in (*known, "macs", "flops"):
        network, name = text, "macs"
    spec = asked.spec if not network else _spec(network, known)
    report = _report(asked._replace(spec=spec, penalty=0), batch)
    assert report is not None
    convention = known.get(name)
    counted = quantity or (convention.subjects[0] if convention else WORK)
    return Interpretation(grouped(report), counted, convention, name == "flops")


def _spec(name: str, conventions: dict[str, Convention]) -> NetworkSpec:
    from archcalc.errors import did_you_mean
    from archcalc.zoo import find

    try:
        return find(name)
    except RequestError as error:
        near = did_you_mean(name, conventions)
        raise RequestError(f"no convention '{printable(name)}'{near}, and {error}") from None
