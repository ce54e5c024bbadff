"""Why a reported figure is what it is: which network, input size and convention give it at the printed digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.terms import MEMORY, MODEL, PARAMS, WORK, Reading
from archcalc.engine.count import count
from archcalc.engine.elaborate import elaborate
from archcalc.errors import ArchcalcError, RequestError, printable
from archcalc.rules import tally
from archcalc.units import Printed, read_printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.conventions import Convention
    from archcalc.engine.report import Report
    from archcalc.spec.member import Spec

SIZES = (224, 227, 231, 256, 288, 299, 320, 331, 384)
"""Input sizes that are common, and tried where they are near the network's own."""

MAX_TRIED_LAYERS = 12_000
"""Layers of all networks that one search writes out."""

_HINTS = (
    (r"params?|parameters", (PARAMS,)),
    (r"values|activations", (MEMORY,)),
    (r"flops?|macs?|maccs?|ops|mult-?adds|multiply-?adds", (WORK,)),
)
"""Words after a figure that say what it is of."""


class Reported(NamedTuple):
    """A figure as it was reported: its readings with K = 1000 and 1024, and what it can be of."""

    text: str
    readings: tuple[tuple[int, Printed], ...]
    quantities: tuple[str, ...]


class Network(NamedTuple):
    """A network that a figure might be of, and how far-fetched that is."""

    effort: float
    spec: Spec
    input: tuple[int, ...] | None
    training: bool


class Answer(NamedTuple):
    """A reading, how far-fetched it is, and whether it gives the figure: rounded, cut, or not (empty)."""

    effort: float
    reading: Reading
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
    figure, quantities = text.strip(), (WORK, PARAMS)
    for words, named in _HINTS:
        shorter = re.sub(rf"\s*(?:{words})$", "", figure, flags=re.IGNORECASE)
        if shorter != figure:
            figure, quantities = shorter, named
            break
    try:
        printed = read_printed(figure)
        if printed.of_bytes:
            both = ((1024, printed), (1000, read_printed(figure, k=1000)))
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
    return ((1024, printed._replace(value=printed.value * more, place=printed.place * more)),)


def search(reported: Reported, asked: Network, conventions: Sequence[Convention], batch: int = 1) -> Found:
    """Look for the readings of a network, and of those near it, that give a figure."""
    answers: list[Answer] = []
    nearest: list[Answer] = []
    layers = 0
    for level in _levels(asked):
        for network in level:
            report = _report(network, batch)
            if report is None:
                continue
            layers += len(report.layers)
            if layers > MAX_TRIED_LAYERS and len(report.layers) < layers:
                return _found(reported, answers, nearest)
            for answer in _answers(reported, network, report, conventions):
                (answers if answer.agrees else nearest).append(answer)
        if any(answer.agrees == "rounded" and answer.effort < 4 for answer in answers):
            break
    return _found(reported, answers, nearest)


def _found(reported: Reported, answers: list[Answer], nearest: list[Answer]) -> Found:
    answers.sort(key=lambda answer: (answer.effort, answer.distance))
    nearest.sort(key=lambda answer: (answer.distance, answer.effort))
    return Found(reported, tuple(answers), tuple(_different(nearest)[:4]))


def _different(answers: list[Answer]) -> list[Answer]:
    """Keep the first answer of each value."""
    return list({answer.reading.value: answer for answer in reversed(answers[:40])}.values())[::-1]


def _report(network: Network, batch: int) -> Report | None:
    from archcalc.engine.count import basis

    try:
        return count(elaborate(network.spec, network.input), basis(batch), training=network.training)
    except ArchcalcError:
        if network.effort == 0:
            raise
        return None


def _answers(
    reported: Reported, network: Network, report: Report, conventions: Sequence[Convention]
) -> Iterator[Answer]:
    for reading, effort in _readings(reported, report, conventions):
        value = reading.value
        for k, printed in reported.readings:
            usual = 1024 if printed.of_bytes else 1000
            if k != usual and reading.doubled:
                continue
            agrees = printed.agrees(value)
            if not agrees and k != usual:
                continue
            more = network.effort + effort + (4 if k != usual else 0) + (1.2 if agrees == "cut" else 0)
            yield Answer(more, reading, k, agrees, abs(value - printed.value) / (printed.value or 1))


def _readings(reported: Reported, report: Report, conventions: Sequence[Convention]) -> Iterator[tuple[Reading, float]]:
    """Yield what can be counted of a network, with how far-fetched it is."""
    tallied = tally(report)
    for number, quantity in enumerate(reported.quantities):
        plain = Reading(tallied, quantity)
        yield plain, number
        if quantity == WORK:
            yield plain._replace(doubled=True), number + 0.9
        for convention in conventions:
            if _counts(convention, quantity):
                yield plain._replace(convention=convention), number + 1
                if quantity == WORK and "FLOPs" not in convention.unit.split():
                    yield plain._replace(convention=convention, doubled=True), number + 2.9


def _counts(convention: Convention, quantity: str) -> bool:
    subject = {MODEL: "params"}.get(quantity, quantity)
    return subject in convention.subjects


def _levels(asked: Network) -> Iterator[list[Network]]:
    """Yield networks that a figure might be of, the less far-fetched first."""
    yield [asked, asked._replace(effort=2, training=not asked.training)]
    near = [asked._replace(effort=1.5, spec=spec) for spec in _variants(asked.spec)]
    near += [asked._replace(effort=2, spec=spec) for spec in _settings(asked.spec)]
    yield near
    yield [asked._replace(effort=3, spec=spec) for spec in _relatives(asked.spec)]
    if asked.input is None:
        for network in (asked, *near):
            yield [network._replace(effort=network.effort + 3, input=(size,)) for size in _sizes(network.spec)]


def _variants(spec: Spec) -> list[Spec]:
    from archcalc.spec.member import members

    return [each for each in members(spec.family) if each.values != spec.values or each.input is not spec.input]


def _settings(spec: Spec) -> Iterator[Spec]:
    """Yield the spec with the arguments that figures of its own were printed for."""
    from archcalc.published.figures import figures
    from archcalc.spec.member import with_values

    known: list[dict[str, str]] = [{}]
    for figure in figures(spec):
        if figure.set not in known:
            known.append(figure.set)
            yield with_values(spec, figure.set)


def _relatives(spec: Spec) -> Iterator[Spec]:
    """Yield the networks of archcalc's own spec files that are called after the same network."""
    import os

    from archcalc.spec.family import read_family
    from archcalc.spec.member import members
    from archcalc.spec.source import read_file
    from archcalc.zoo import spec_files

    stem = spec.family.name.split("-")[0]
    for path in spec_files():
        name = os.path.basename(path).removesuffix(".yaml")  # noqa: PTH119
        if (name == stem or name.startswith(f"{stem}-")) and path != spec.family.source.file:
            yield from members(read_family(read_file(path)))


def _sizes(spec: Spec) -> Iterator[int]:
    own = elaborate(spec).input.height
    yield from (size for size in SIZES if size != own and own <= 2 * size <= 4 * own)


def reading(text: str, asked: Network, conventions: Sequence[Convention], quantity: str | None, batch: int) -> Reading:
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
    report = _report(asked._replace(spec=spec, effort=0), batch)
    assert report is not None
    convention = known.get(name)
    counted = quantity or (convention.subjects[0] if convention else WORK)
    return Reading(tally(report), counted, convention, name == "flops")


def _spec(name: str, conventions: dict[str, Convention]) -> Spec:
    from archcalc.errors import did_you_mean
    from archcalc.zoo import find

    try:
        return find(name)
    except RequestError as error:
        near = did_you_mean(name, conventions)
        raise RequestError(f"no convention '{printable(name)}'{near}, and {error}") from None
