"""What was measured of a variant: the published rates of the network of its family that comes to the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.analyses.accuracy import MORE_WORK, how, percent
from archcalc.engine.count import setup
from archcalc.engine.sums import analyse
from archcalc.errors import ArchcalcError
from archcalc.language.networks import input_size, networks_of, with_values
from archcalc.published.figures import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.report import Report
    from archcalc.language.model import Family
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.figure import Figure

    Key = tuple[Any, ...]

RATES = ("top1_error", "top5_error", "error", "top1_accuracy", "top5_accuracy", "accuracy")


def rates(report: Report) -> dict[str, Any]:
    """Return the published rates of a variant in percent, exact; an error also as an accuracy, and the other way round.

    A variant is the network of its family with the same totals and input: arguments that change neither, such as the
    dropout, play no part.
    """
    return dict(_published(report.spec.family).get(_key(report), {}))


def _key(report: Report) -> Key:
    totals = report.totals
    return (report.params, sum(totals.ops.values()), totals.stored, report.depth, tuple(report.inputs.values()))


_known: dict[str, dict[Key, dict[str, Any]]] = {}
"""The rates of families that were looked at, by their text."""


def _published(family: Family) -> dict[Key, dict[str, Any]]:
    """Return the rates of all networks of a family, by what they come to."""
    text = family.source.text
    if text not in _known:
        _known[text] = _read(family)
    return _known[text]


def _read(family: Family) -> dict[Key, dict[str, Any]]:
    """Return the rates of each network: the first figure that did not take more work than one pass over one image."""
    found: dict[Key, dict[str, tuple[bool, Any]]] = {}
    for spec in networks_of(family):
        for figure, report in _measured(spec):
            value = percent(figure.printed)
            if value is None:
                continue
            own, effort = found.setdefault(_key(report), {}), how(figure.protocol, report) == MORE_WORK
            for word, rate in ((figure.quantity, value), (_other(figure.quantity), 100 - value)):
                if word not in own or effort < own[word][0]:
                    own[word] = (effort, rate)
    return {key: {word: rate for word, (_, rate) in own.items()} for key, own in found.items()}


def _other(word: str) -> str:
    """Return the accuracy that belongs to an error, and the other way round."""
    return word.replace("error", "accuracy") if "error" in word else word.replace("accuracy", "error")


def _measured(spec: NetworkSpec) -> Iterator[tuple[Figure, Report]]:
    """Yield the rates of a network, each with the report of the network that it was measured of."""
    reports: dict[Any, Report] = {}
    for figure in figures(spec):
        if figure.at is not None or figure.quantity not in RATES:
            continue
        key = (tuple(figure.set.items()), figure.input)
        try:
            if key not in reports:
                reports[key] = analyse(with_values(spec, figure.set), input_size(figure.input), setup())
        except ArchcalcError:  # check reports what is wrong with it
            continue
        yield figure, reports[key]
